// HTML of several pages: what is looked for is found on any of them, or in the text where one fails.
#include "tests/support/htmlreader.h"

#include <QLabel>

#include <csignal>

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

/// Lays out as the program does, until it shall fail.
struct FailingReader
{
    QTemporaryDir folder;
    QFile broken{folder.filePath(QStringLiteral("broken"))};
    std::unique_ptr<Reader> reader;

    FailingReader()
    {
        const QString standard = PageProcess::standardProgram(mail::HtmlEngine::Litehtml);
        const QByteArray lines
            = "test -e '" + broken.fileName().toUtf8() + "' && exit 1\nexec '" + standard.toUtf8() + '\'';
        reader = std::make_unique<Reader>(PagePrograms{program(folder, lines)});
    }
    void failFromNowOn()
    {
        QVERIFY(broken.open(QIODevice::WriteOnly));
        const auto current = [this] { return reader->view->process().processId(); };
        QVERIFY(current() > 0);
        ::kill(pid_t(current()), SIGKILL);
        QTRY_COMPARE(current(), 0);
    }
    void workAgain() { QVERIFY(broken.remove()); }
};

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
    void waitsForThePage();
    void theLastRequestCounts();
    void aPageThatFailsLeavesTheText_data();
    void aPageThatFailsLeavesTheText();
    void nothingActsBehindTheText();

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

/// That is turned to while the words are looked for, and of a message that was just opened.
void LongHtmlTest::waitsForThePage()
{
    m_reader->pane.turnPage(1);
    QVERIFY(finds("omega"));
    QCOMPARE(marked(), QStringLiteral("omega"));
    QVERIFY(pageNumber() > 1);
    m_reader->pane.show(messageOf(longHtml()));
    QVERIFY(finds("alpha"));
    QCOMPARE(marked(), QStringLiteral("alpha"));
    m_reader->pane.show(messageOf("<p>one"));
    QVERIFY(!finds("two"));
}

void LongHtmlTest::theLastRequestCounts()
{
    QVERIFY(m_reader->pane.find(QStringLiteral("omega"), FindDirection::Forward));
    QVERIFY(m_reader->pane.isSearching());
    QVERIFY(!finds("nowhere"));
    QVERIFY(!m_reader->pane.isSearching());
    QCOMPARE(pageNumber(), 1);
    QVERIFY(m_reader->pane.find(QStringLiteral("nowhere"), FindDirection::Forward));
    QVERIFY(finds("omega"));
    QCOMPARE(marked(), QStringLiteral("omega"));
}

void LongHtmlTest::aPageThatFailsLeavesTheText_data()
{
    QTest::addColumn<bool>("isOfHits");
    QTest::newRow("words") << false;
    QTest::newRow("hits") << true;
}

void LongHtmlTest::aPageThatFailsLeavesTheText()
{
    QFETCH(bool, isOfHits);
    FailingReader failing;
    HtmlPane &pane = failing.reader->pane;
    failing.reader->show(messageOf(longHtml()));
    QVERIFY(!failing.reader->showsText());
    failing.failFromNowOn();
    const QSignalSpy found(&pane, &HtmlPane::findEnded), reached(&pane, &HtmlPane::hitEnded);
    if (isOfHits) {
        pane.setHits(mail::SearchHits(QStringLiteral("omega")));
        QVERIFY(pane.nextHit(FindDirection::Forward));
    } else {
        QVERIFY(pane.find(QStringLiteral("omega"), FindDirection::Forward));
    }
    const QSignalSpy &ended = isOfHits ? reached : found;
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, 40000);
    QVERIFY(ended.at(0).at(0).toBool());
    QVERIFY(failing.reader->showsText());
    QCOMPARE(failing.reader->text()->textCursor().selectedText(), QStringLiteral("omega"));
    QVERIFY(!pane.isSearching());
}

/// Neither pages nor pictures; what was consented to holds once the HTML is there again.
void LongHtmlTest::nothingActsBehindTheText()
{
    WebServer server;
    server.give("/a.png", pictureOf(Qt::darkRed));
    FailingReader failing;
    Reader &reader = *failing.reader;
    reader.show(
        messageOf("<img src=" + server.address(QStringLiteral("/a.png")).toLatin1() + ">" + longHtml()));
    QVERIFY(reader.pane.isPaged());
    failing.failFromNowOn();
    reader.pane.turnPage(1);
    QTRY_VERIFY_WITH_TIMEOUT(reader.showsText(), 40000);
    QVERIFY(!reader.pane.isPaged());
    reader.pane.turnPage(-1);
    const auto labels = reader.pane.findChildren<QLabel *>();
    QVERIFY(std::none_of(labels.cbegin(), labels.cend(), [](const QLabel *label) {
        return label->isVisible() && label->text().startsWith(QLatin1String("This message is long"));
    }));
    reader.pane.trustSender();
    QTest::qWait(100); // for what would come late
    QCOMPARE(server.connections(), 0);
    failing.workAgain();
    QVERIFY(reader.button(QStringLiteral("Try again")) != nullptr);
    reader.button(QStringLiteral("Try again"))->click();
    QTRY_COMPARE(server.paths(), QList<QByteArray>{"/a.png"});
    QTRY_VERIFY(reader.pane.isPaged());
    QVERIFY(!reader.showsText());
}

QTEST_MAIN(LongHtmlTest)
#include "tst_longhtml.moc"
