// Finding within the message that is open: what is counted, where it looks, how it is left.
#include "mail/message/messagereader.h"
#include "tests/support/runningmail.h"
#include "ui/message/headerview.h"
#include "ui/message/html/htmlview.h"
#include "ui/message/htmlpane.h"
#include "ui/message/messagepane.h"
#include "ui/message/textview.h"
#include "ui/widgets/findrow.h"
#include "ui/words/plurals.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QElapsedTimer>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QShortcut>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeWidget>
#include <QVBoxLayout>

using namespace glasspost;
using namespace glasspost::ui;

namespace {

QStringList fieldsOf(const HeaderView &view)
{
    const auto *tree = view.findChild<QTreeWidget *>();
    QStringList names;
    for (int i = 0; i < tree->topLevelItemCount(); ++i)
        names += tree->topLevelItem(i)->text(0);
    return names;
}

} // namespace

class ReadingFindTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void countsOccurrences_data();
    void countsOccurrences();
    void saysHowMany();
    void saysThatItSearches();
    void countsWhatItGoesThrough();
    void findsInTheHeaderWhereThatIsShown();
    void findsWhatIsNotListed();
    void searchesLargeHeadersBesideTheWindow();
    void copiesAllOfAField();
    void escapeEndsTheSearchAlone();

private:
    QTemporaryDir m_folder;
    std::unique_ptr<mail::MailSystem> m_system;
};

void ReadingFindTest::initTestCase()
{
    m_system = std::make_unique<mail::MailSystem>(m_folder.path());
    QVERIFY(test::start(*m_system));
}

void ReadingFindTest::countsOccurrences_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("words");
    QTest::addColumn<int>("count");
    QTest::newRow("none") << QStringLiteral("one two") << QStringLiteral("three") << 0;
    QTest::newRow("whatever their case") << QStringLiteral("One two oNe") << QStringLiteral("one") << 2;
    QTest::newRow("one after the other") << QStringLiteral("aaaaa") << QStringLiteral("aa") << 2;
    QTest::newRow("up to the end") << QStringLiteral("x ab") << QStringLiteral("ab") << 1;
    QTest::newRow("nothing") << QStringLiteral("one") << QString() << 0;
}

void ReadingFindTest::countsOccurrences()
{
    QFETCH(QString, text);
    QFETCH(QString, words);
    QTEST(occurrences(text, words), "count");
}

void ReadingFindTest::saysHowMany()
{
    EnglishPlurals plurals;
    QVERIFY(QCoreApplication::installTranslator(&plurals));
    MessagePane pane(m_system->mailboxes(), m_system->outbox(), m_system->sessions(), m_system->settings());
    pane.resize(700, 600);
    pane.QWidget::show();
    pane.show(mail::readMessage("Subject: x\n\none two\none\n"));
    QTRY_VERIFY(!pane.text().isFilling());
    pane.openFind();
    auto *row = pane.findChild<FindRow *>();
    auto *words = row->findChild<QLineEdit *>();
    const auto *outcome = row->findChild<QLabel *>();
    QTest::keyClicks(words, QStringLiteral("one"));
    QCOMPARE(outcome->text(), QString());
    QTest::keyClick(words, Qt::Key_Return);
    QCOMPARE(outcome->text(), QStringLiteral("2 matches"));
    QCOMPARE(pane.text().textCursor().selectedText(), QStringLiteral("one"));
    QTest::keyClicks(words, QStringLiteral("x"));
    QCOMPARE(outcome->text(), QString()); // of other words
    QTest::keyClick(words, Qt::Key_Return);
    QCOMPARE(outcome->text(), QStringLiteral("Not found"));
    pane.setView(MessagePane::View::Source);
    words->setText(QStringLiteral("Subject"));
    QTest::keyClick(words, Qt::Key_Return);
    QCOMPARE(outcome->text(), QStringLiteral("1 match"));
}

/// On the pages of long HTML, until it is known whether one of them has the words.
void ReadingFindTest::saysThatItSearches()
{
    EnglishPlurals plurals;
    QVERIFY(QCoreApplication::installTranslator(&plurals));
    MessagePane pane(m_system->mailboxes(), m_system->outbox(), m_system->sessions(), m_system->settings());
    pane.resize(700, 600);
    pane.QWidget::show();
    const QSignalSpy laidOut(pane.html().view(), &HtmlView::shown);
    pane.show(mail::readMessage("Subject: x\nContent-Type: text/html\n\n<p>alpha<ul>"
        + QByteArray("<li>line").repeated(3000) + "</ul><p>omega"));
    QTRY_VERIFY_WITH_TIMEOUT(!laidOut.isEmpty(), 40000);
    pane.openFind();
    auto *row = pane.findChild<FindRow *>();
    auto *words = row->findChild<QLineEdit *>();
    const auto *outcome = row->findChild<QLabel *>();
    words->setText(QStringLiteral("omega"));
    QTest::keyClick(words, Qt::Key_Return);
    QCOMPARE(outcome->text(), QStringLiteral("Searching…"));
    QTRY_COMPARE_WITH_TIMEOUT(outcome->text(), QStringLiteral("1 match on this page"), 40000);
    words->setText(QStringLiteral("nowhere"));
    QTest::keyClick(words, Qt::Key_Return);
    QCOMPARE(outcome->text(), QStringLiteral("Searching…"));
    QTRY_COMPARE_WITH_TIMEOUT(outcome->text(), QStringLiteral("Not found"), 40000);
    pane.show(mail::readMessage("Subject: y\n\nanother\n"));
    QCOMPARE(outcome->text(), QString());
}

/// A long line is laid out in several, and words that are parted so are not found.
void ReadingFindTest::countsWhatItGoesThrough()
{
    TextView view(TextView::Look::Prose);
    view.showText(QString(498, u'a') + QStringLiteral("needle needle\nneedle\nnon\u00a0breaking\n"));
    QTRY_VERIFY(!view.isFilling());
    QSet<int> places;
    for (int i = 0; i < 5; ++i) {
        QVERIFY(view.findNext(QStringLiteral("NEEDLE"), FindDirection::Forward));
        places.insert(view.textCursor().selectionStart());
    }
    QCOMPARE(int(places.size()), 2);
    QCOMPARE(view.count(QStringLiteral("NEEDLE")), 2);
    QVERIFY(view.findNext(QStringLiteral("non breaking"), FindDirection::Forward));
    QCOMPARE(view.count(QStringLiteral("non breaking")), 1);
}

void ReadingFindTest::findsInTheHeaderWhereThatIsShown()
{
    MessagePane pane(m_system->mailboxes(), m_system->outbox(), m_system->sessions(), m_system->settings());
    pane.resize(700, 600);
    pane.QWidget::show();
    pane.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&pane));
    pane.show(mail::readMessage("Subject: x\nX-Own: y\n\ntext\n"));
    pane.setView(MessagePane::View::Structure);
    pane.openFind();
    QCOMPARE(int(pane.view()), int(MessagePane::View::Structure));
    auto *search = pane.findChild<HeaderView *>()->findChild<QLineEdit *>();
    QVERIFY(search->hasFocus());
    QVERIFY(!pane.findChild<FindRow *>()->isVisible());
    QTest::keyClicks(search, QStringLiteral("own"));
    QTRY_COMPARE(fieldsOf(*pane.findChild<HeaderView *>()), QStringList{QStringLiteral("X-Own")});
}

void ReadingFindTest::findsWhatIsNotListed()
{
    HeaderView view;
    QList<mail::HeaderField> fields;
    for (int i = 0; i < 700; ++i)
        fields.append({QStringLiteral("X-%1").arg(i), QStringLiteral("value")});
    fields.append(
        {QStringLiteral("X-Last"), QString(3000, u'a') + QStringLiteral("needle") + QString(3000, u'b')});
    view.show(fields);
    QCOMPARE(fieldsOf(view).size(), 501);
    QCOMPARE(fieldsOf(view).constLast(), QStringLiteral("201 more"));
    auto *search = view.findChild<QLineEdit *>();
    search->setText(QStringLiteral("NEEDLE"));
    QTRY_COMPARE(fieldsOf(view), QStringList{QStringLiteral("X-Last")});
    const QString value = view.findChild<QTreeWidget *>()->topLevelItem(0)->text(1);
    QVERIFY2(value.contains(QStringLiteral("needle")) && value.size() < 1100, qPrintable(value));
    search->setText(QStringLiteral("x-69"));
    QTRY_COMPARE(fieldsOf(view).size(), 11);
    search->clear();
    QCOMPARE(fieldsOf(view).size(), 501);
}

/// The words of now, whatever is searched for while one types.
void ReadingFindTest::searchesLargeHeadersBesideTheWindow()
{
    HeaderView view;
    QList<mail::HeaderField> fields(5000, {QStringLiteral("X-Large"), QString(65000, u'a')});
    fields.append({QStringLiteral("X-Last"), QStringLiteral("zq")});
    view.show(fields);
    auto *search = view.findChild<QLineEdit *>();
    QElapsedTimer clock;
    clock.start();
    search->setText(QStringLiteral("z"));
    search->setText(QStringLiteral("zq"));
    QVERIFY2(clock.elapsed() < 200, qPrintable(QString::number(clock.elapsed())));
    QTRY_COMPARE_WITH_TIMEOUT(fieldsOf(view), QStringList{QStringLiteral("X-Last")}, 40000);
    search->setText(QStringLiteral("no such words"));
    search->clear();
    QCOMPARE(fieldsOf(view).size(), 501);
    search->setText(QStringLiteral("zq"));
    view.show({{QStringLiteral("Subject"), QStringLiteral("zq")}});
    QTRY_COMPARE_WITH_TIMEOUT(fieldsOf(view), QStringList{QStringLiteral("Subject")}, 40000);
}

void ReadingFindTest::copiesAllOfAField()
{
    HeaderView view;
    const QString value = QString(3000, u'a') + u'z';
    view.show({{QStringLiteral("X-Long"), value}});
    view.resize(500, 400);
    view.QWidget::show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    auto *tree = view.findChild<QTreeWidget *>();
    const QPoint at = tree->visualItemRect(tree->topLevelItem(0)).topLeft() + QPoint(5, 5);
    QContextMenuEvent event(QContextMenuEvent::Mouse, at, tree->viewport()->mapToGlobal(at));
    QCoreApplication::sendEvent(tree->viewport(), &event);
    auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
    QVERIFY(menu != nullptr);
    menu->actions().constLast()->trigger();
    menu->close();
    QCOMPARE(QApplication::clipboard()->text(), value);
}

/// In a window that Escape closes as well.
void ReadingFindTest::escapeEndsTheSearchAlone()
{
    QWidget window;
    auto *column = new QVBoxLayout(&window);
    auto *header = new HeaderView;
    auto *row = new FindRow(
        [](const QString &, FindDirection) { return true; }, [](const QString &) { return QString(); });
    column->addWidget(header);
    column->addWidget(row);
    const QShortcut close(QKeySequence(Qt::Key_Escape), &window);
    const QSignalSpy closed(&close, &QShortcut::activated);
    window.show();
    window.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    row->open();
    QTest::keyClick(row->findChild<QLineEdit *>(), Qt::Key_Escape);
    QVERIFY(row->isHidden());
    header->show({{QStringLiteral("Subject"), QStringLiteral("x")}});
    auto *search = header->findChild<QLineEdit *>();
    header->openFind();
    QTest::keyClicks(search, QStringLiteral("nothing"));
    QTest::keyClick(search, Qt::Key_Escape);
    QVERIFY(search->text().isEmpty());
    QVERIFY(!search->hasFocus());
    QVERIFY(closed.isEmpty());
    QTest::keyClick(header->findChild<QTreeWidget *>(), Qt::Key_Escape);
    QCOMPARE(closed.size(), 1);
}

QTEST_MAIN(ReadingFindTest)
#include "tst_readingfind.moc"
