// HTML of several pages: what is looked for is found on any of them.
#include "tests/support/htmlreader.h"

#include <QLabel>

using namespace glasspost;
using namespace glasspost::test;
using namespace glasspost::ui;

namespace {

/// Some pages of rows; "alpha" is on the first of them, "omega" on the last, "beta" on both.
QByteArray longHtml()
{
    return "<p>alpha <b>be</b>ta</p><table>" + QByteArray("<tr><td>filler</td></tr>").repeated(2500)
        + "</table><p>omega <a href=https://x.example/hidden>a</a> link be<i>ta</i></p>";
}

} // namespace

class LongHtmlTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void findsOnAnyPage();
    void findsWhatIsPartedByElements();
    void staysWhereNothingIsFound();
    void walksTheHits();
    void anotherMessageEndsTheSearch();
    void aShortMessageAnswersAtOnce();

private:
    /// Whether find() marks it, now or later.
    bool finds(const char *words, FindDirection direction = FindDirection::Forward);
    bool goesToHit(FindDirection direction);
    [[nodiscard]] QString marked() const { return m_reader->view->selectedText(); }
    [[nodiscard]] int pageNumber() const;

    std::unique_ptr<Reader> m_reader;
};

void LongHtmlTest::init()
{
    m_reader = std::make_unique<Reader>();
    m_reader->show(messageOf(longHtml()));
    QVERIFY(m_reader->pane.hasFurtherPages());
}

bool LongHtmlTest::finds(const char *words, FindDirection direction)
{
    QSignalSpy ended(&m_reader->pane, &HtmlPane::findEnded);
    const QString before = marked();
    if (!m_reader->pane.find(QLatin1String(words), direction))
        return false;
    // Either it was marked on the page in sight, or the answer comes.
    if (marked() != before && marked().compare(QLatin1String(words), Qt::CaseInsensitive) == 0)
        return true;
    return QTest::qWaitFor([&ended] { return !ended.isEmpty(); }, 60000) && ended.at(0).at(0).toBool();
}

bool LongHtmlTest::goesToHit(FindDirection direction)
{
    QSignalSpy ended(&m_reader->pane, &HtmlPane::hitEnded);
    const QString before = marked();
    if (!m_reader->pane.nextHit(direction))
        return false;
    if (marked() != before && !marked().isEmpty())
        return true;
    return QTest::qWaitFor([&ended] { return !ended.isEmpty(); }, 60000) && ended.at(0).at(0).toBool();
}

int LongHtmlTest::pageNumber() const
{
    for (const QLabel *label : m_reader->pane.findChildren<QLabel *>())
        if (label->text().startsWith(QLatin1String("This message is long. Page ")))
            return label->text().section(u' ', -1).toInt();
    return 0;
}

void LongHtmlTest::findsOnAnyPage()
{
    QVERIFY(finds("omega"));
    QCOMPARE(marked(), QStringLiteral("omega"));
    const int last = pageNumber();
    QVERIFY(last > 1);
    QVERIFY(finds("alpha")); // around the end
    QCOMPARE(marked(), QStringLiteral("alpha"));
    QCOMPARE(pageNumber(), 1);
    QVERIFY(finds("omega", FindDirection::Backward)); // around the beginning
    QCOMPARE(marked(), QStringLiteral("omega"));
    QCOMPARE(pageNumber(), last);
    QVERIFY(finds("ALPHA", FindDirection::Backward));
    QCOMPARE(pageNumber(), 1);
    QVERIFY(finds("alpha")); // the only one there is
    QCOMPARE(marked(), QStringLiteral("alpha"));
    QCOMPARE(pageNumber(), 1);
}

void LongHtmlTest::findsWhatIsPartedByElements()
{
    QVERIFY(finds("link beta"));
    QCOMPARE(marked(), QStringLiteral("link beta"));
    QVERIFY(pageNumber() > 1);
    QVERIFY(finds("alpha beta"));
    QCOMPARE(pageNumber(), 1);
}

/// Neither what is nowhere nor what only a link's target has.
void LongHtmlTest::staysWhereNothingIsFound()
{
    QVERIFY(!finds("nowhere"));
    QCOMPARE(pageNumber(), 1);
    QVERIFY(!finds("hidden"));
    QCOMPARE(pageNumber(), 1);
    QVERIFY(finds("omega"));
    const int last = pageNumber();
    QVERIFY(!finds("nowhere", FindDirection::Backward));
    QCOMPARE(pageNumber(), last);
}

void LongHtmlTest::walksTheHits()
{
    m_reader->pane.setHits(mail::SearchHits(QStringLiteral("alpha OR omega")));
    for (const char *words : {"alpha", "omega", "alpha"}) {
        QVERIFY(goesToHit(FindDirection::Forward));
        QCOMPARE(marked(), QLatin1String(words));
    }
    QVERIFY(goesToHit(FindDirection::Backward));
    QCOMPARE(marked(), QStringLiteral("omega"));
    m_reader->pane.setHits(mail::SearchHits(QStringLiteral("nowhere")));
    QVERIFY(!goesToHit(FindDirection::Forward));
    m_reader->pane.setHits({});
    QVERIFY(!m_reader->pane.nextHit(FindDirection::Forward));
}

void LongHtmlTest::anotherMessageEndsTheSearch()
{
    QSignalSpy ended(&m_reader->pane, &HtmlPane::findEnded);
    QVERIFY(m_reader->pane.find(QStringLiteral("omega"), FindDirection::Forward));
    m_reader->show(messageOf(longHtml()));
    QVERIFY(finds("alpha"));
    QCOMPARE(pageNumber(), 1);
    QVERIFY(ended.isEmpty());
}

void LongHtmlTest::aShortMessageAnswersAtOnce()
{
    m_reader->show(messageOf("<p>one <b>two</b> one"));
    for (int i = 0; i < 3; ++i) {
        QVERIFY(m_reader->pane.find(QStringLiteral("one"), FindDirection::Forward));
        QCOMPARE(marked(), QStringLiteral("one"));
    }
    QVERIFY(!m_reader->pane.find(QStringLiteral("three"), FindDirection::Forward));
}

QTEST_MAIN(LongHtmlTest)
#include "tst_longhtml.moc"
