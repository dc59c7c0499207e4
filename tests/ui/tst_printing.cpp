// Messages on paper: text and HTML of any length, below a head that says whose message it is.
#include "mail/message/messagereader.h"
#include "tests/support/awaited.h"
#include "tests/support/htmlreader.h"
#include "tests/support/paper.h"
#include "tests/support/runningmail.h"
#include "ui/message/html/paperthread.h"
#include "ui/message/htmlprint.h"
#include "ui/message/messagepane.h"

#include <QElapsedTimer>
#include <QFileDialog>
#include <QPdfWriter>
#include <QPrinter>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include <algorithm>
#include <atomic>

using namespace glasspost;
using namespace glasspost::test;
using namespace glasspost::ui;

namespace {

const QByteArray header = "From: Nina Sender <nina@a.example>\nTo: Rolf <rolf@b.example>\nCc: c@c.example\n"
                          "Subject: The yearly report\nDate: Sat, 29 Nov 2025 07:00:05 +0000\n";

QByteArray numbered(const QByteArray &before, const QByteArray &after, int count)
{
    QByteArray lines;
    for (int i = 1; i <= count; ++i)
        lines += before + "line" + QByteArray::number(i) + "end" + after;
    return lines;
}

/// How often every line of numbered() is on the paper: once each, in their order.
bool holdsEach(const QStringList &sheets, int count)
{
    const QString all = unbroken(sheets.join(u'\n'));
    qsizetype at = -1;
    for (int i = 1; i <= count; ++i) {
        const QString line = QStringLiteral("line%1end").arg(i);
        const qsizetype found = all.indexOf(line);
        if (found <= at || all.count(line) != 1)
            return false;
        at = found;
    }
    return true;
}

/// What a printer is given, and by whom.
class Spool : public QIODevice
{
public:
    std::atomic<qint64> written = 0, writtenByWindow = 0; ///< octets

protected:
    qint64 readData(char *, qint64) override { return -1; }
    qint64 writeData(const char *, qint64 size) override
    {
        written += size;
        writtenByWindow += QThread::currentThread() == thread() ? size : 0;
        return size;
    }
};

/// Once all is done that the thread of paper was asked for.
bool isPaperIdle()
{
    return awaited(runOnPaper([] {})).has_value();
}

QPushButton *cancelOf(const InlineBar &bar)
{
    const QList<QPushButton *> buttons = bar.findChildren<QPushButton *>();
    const auto found = std::find_if(buttons.begin(), buttons.end(),
        [](const QPushButton *button) { return button->text() == QStringLiteral("Cancel"); });
    return found == buttons.end() ? nullptr : *found;
}

} // namespace

class PrintingTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void savesWhatOneReads_data();
    void savesWhatOneReads();
    void everySheetSaysWhose();
    void textIsWrittenWhole();
    void longHtmlIsPrintedToItsEnd();
    void printsAsTextWhatCannotBeLaidOut();
    void aPrinterTakesTheSame();
    void saysWhatFailed();
    void leavesNoFileWhenCancelled();
    void saysWhatAPrinterHasWhenCancelled_data();
    void saysWhatAPrinterHasWhenCancelled();
    void sheetsAreBounded();

private:
    [[nodiscard]] QString path() const { return m_folder.filePath(QStringLiteral("paper.pdf")); }
    /// The PDF file, and what it is written in before it is whole.
    [[nodiscard]] QStringList files() const
    {
        return QDir(m_folder.path()).entryList({QStringLiteral("paper*")});
    }
    /// What Printing writes of it, without a dialog.
    QStringList written(const mail::MessageView &message, const Printing::Content &content);

    QTemporaryDir m_folder;
    std::unique_ptr<mail::MailSystem> m_system;
};

void PrintingTest::initTestCase()
{
    m_system = std::make_unique<mail::MailSystem>(m_folder.path());
    QVERIFY(test::start(*m_system));
}

QStringList PrintingTest::written(const mail::MessageView &message, const Printing::Content &content)
{
    QFile::remove(path());
    QWidget window;
    InlineBar bar(&window);
    Printing printing(bar, &window);
    printing.writePdf(path(), message, content);
    if (!QTest::qWaitFor([&bar] { return bar.kind() == InlineBar::Kind::Success; }, 60000))
        return {bar.words()};
    return sheetsOf(path());
}

void PrintingTest::savesWhatOneReads_data()
{
    using View = MessagePane::View;
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("view");
    QTest::addColumn<QString>("words");
    const QByteArray text = "\nplain words\n";
    const QByteArray both = "Content-Type: multipart/alternative; boundary=b\n\n--b\n\nplain words\n"
                            "--b\nContent-Type: text/html\n\n<p>styled <b>words</b>\n--b--\n";
    QTest::newRow("a text") << text << int(View::Message) << QStringLiteral("plain words");
    QTest::newRow("a text whose source is shown")
        << text << int(View::Source) << QStringLiteral("plain words");
    QTest::newRow("HTML") << both << int(View::Html) << QStringLiteral("styled words");
    QTest::newRow("the text of HTML") << both << int(View::Message) << QStringLiteral("plain words");
    QTest::newRow("HTML whose header is shown")
        << both << int(View::Structure) << QStringLiteral("styled words");
}

/// By the dialog that the action opens.
void PrintingTest::savesWhatOneReads()
{
    QFETCH(QByteArray, body);
    QFETCH(int, view);
    QFETCH(QString, words);
    QFile::remove(path());
    MessagePane pane(m_system->mailboxes(), m_system->outbox(), m_system->sessions(), m_system->settings());
    pane.resize(700, 600);
    pane.setVisible(true);
    pane.show(mail::readMessage(header + body));
    pane.setView(MessagePane::View(view));
    pane.savePdf();
    auto *dialog = pane.findChild<QFileDialog *>();
    QVERIFY(dialog != nullptr);
    QVERIFY2(dialog->selectedFiles().constFirst().endsWith(QLatin1String("/The yearly report.pdf")),
        qPrintable(dialog->selectedFiles().constFirst()));
    dialog->selectFile(path());
    static_cast<QDialog *>(dialog)->accept();
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(path()), 20000);
    const QStringList sheets = sheetsOf(path());
    QCOMPARE(sheets.size(), 1);
    for (const QString &part :
        {QStringLiteral("The yearly report"), QStringLiteral("Nina Sender <nina@a.example>"),
            QStringLiteral("rolf@b.example"), QStringLiteral("c@c.example"), QStringLiteral("2025"), words})
        QVERIFY2(says(sheets.constFirst(), part), qPrintable(part + u'\n' + sheets.constFirst()));
}

void PrintingTest::everySheetSaysWhose()
{
    const mail::MessageView message = mail::readMessage(header + "\nx");
    const QStringList sheets
        = written(message, printedText(QString::fromLatin1(numbered({}, "\n", 300)), QFont()));
    QVERIFY2(sheets.size() > 3, qPrintable(sheets.join(u'\n')));
    QVERIFY(holdsEach(sheets, 300));
    for (qsizetype i = 0; i < sheets.size(); ++i) {
        QVERIFY2(says(sheets.at(i), QStringLiteral("The yearly report")), qPrintable(sheets.at(i)));
        QVERIFY2(says(sheets.at(i), QStringLiteral("nina@a.example")), qPrintable(sheets.at(i)));
        QCOMPARE(says(sheets.at(i), QStringLiteral("rolf@b.example")), i == 0);
    }
    // A head of any length leaves room for the message.
    mail::MessageView wordy = message;
    wordy.subject = QStringLiteral("words ").repeated(1000);
    for (int i = 0; i < 1000; ++i)
        wordy.to.append({QStringLiteral("Somebody with a name"), QStringLiteral("a%1@a.example").arg(i)});
    QCOMPARE(written(wordy, printedText(QStringLiteral("the text"), QFont())).size(), 1);
}

/// Lines of any length, of any direction, empty ones, and no text at all.
void PrintingTest::textIsWrittenWhole()
{
    const mail::MessageView message = mail::readMessage(header + "\nx");
    const int words = 200; // of one sheet: where it ends, a word may be cut, and the next head is between
    const QString line = QString::fromLatin1(numbered({}, " ", words)).trimmed();
    const QStringList sheets = written(message, printedText(line + QStringLiteral("\n\n\nlast"), QFont()));
    QCOMPARE(sheets.size(), 1);
    const QString &all = sheets.constFirst();
    for (int i = 1; i <= words; ++i)
        QVERIFY2(says(all, QStringLiteral("line%1end").arg(i)), qPrintable(QString::number(i)));
    QVERIFY(says(all, QStringLiteral("last")));
    QCOMPARE(written(message, printedText(QString(), QFont())).size(), 1);
    QElapsedTimer clock;
    clock.start();
    QVERIFY(!written(message, printedText(QString(100000, u'x'), QFont())).isEmpty());
    QVERIFY2(clock.elapsed() < 20000, qPrintable(QString::number(clock.elapsed())));
}

/// More than is laid out at once: a page after another, each below the one before.
void PrintingTest::longHtmlIsPrintedToItsEnd()
{
    const int rows = 2500;
    Reader reader;
    const mail::MessageView message = mail::readMessage(header + "Content-Type: text/html\n\n<table>"
        + numbered("<tr><td>", "</td></tr>", rows) + "</table>");
    reader.show(message);
    QVERIFY(reader.pane.hasFurtherPages());
    const QStringList sheets = written(message, reader.pane.printed());
    QVERIFY2(holdsEach(sheets, rows), qPrintable(sheets.join(u'\n').left(2000)));
    for (const QString &sheet : sheets)
        QVERIFY2(says(sheet, QStringLiteral("The yearly report")), qPrintable(sheet));
    // What is in sight stays.
    reader.view->selectAll();
    QVERIFY(reader.view->selectedText().startsWith(QLatin1String("line1end")));
    QTRY_COMPARE(reader.pane.findChildren<PageView *>().size(), 1);
}

void PrintingTest::printsAsTextWhatCannotBeLaidOut()
{
    Reader reader(PagePrograms{QStringLiteral("/none")});
    const mail::MessageView message
        = mail::readMessage(header + "Content-Type: text/html\n\n<p>some <b>words</b></p>");
    reader.show(message);
    QVERIFY(reader.showsText());
    QVERIFY(says(written(message, reader.pane.printed()).join(u'\n'), QStringLiteral("some words")));
    // The process may fail for what is printed alone.
    QTemporaryDir folder;
    PageView view(PagePrograms{program(folder, "exit 1")});
    const PrintedHtml html{QStringLiteral("<p>other <b>words</b></p>"), {}, {}, {}};
    const QStringList sheets = written(message,
        [&](const std::shared_ptr<Sheets> &paper) { return print(html, view.another(nullptr), paper); });
    QVERIFY2(says(sheets.join(u'\n'), QStringLiteral("other words")), qPrintable(sheets.join(u'\n')));
}

void PrintingTest::aPrinterTakesTheSame()
{
    const auto printer = std::make_shared<QPrinter>(QPrinter::HighResolution);
    printer->setOutputFormat(QPrinter::PdfFormat);
    printer->setOutputFileName(path());
    const auto sheets
        = sharedOnPaper(std::make_unique<Sheets>(printer, sheetHead(mail::readMessage(header + "\nx"))));
    QObject context;
    std::optional<bool> isDone;
    printedText(QString::fromLatin1(numbered({}, "\n", 100)), QFont())(sheets)
        .andThen(&context, [sheets] { return runOnPaper([sheets] { return sheets->finish(); }); })
        .then(&context, [&isDone](const mail::Result<void> &result) { isDone = result.has_value(); });
    QTRY_COMPARE_WITH_TIMEOUT(isDone, std::optional(true), 20000);
    const QStringList paper = sheetsOf(path());
    QVERIFY(paper.size() > 1);
    QVERIFY(holdsEach(paper, 100));
    QVERIFY(says(paper.constLast(), QStringLiteral("The yearly report")));
}

void PrintingTest::saysWhatFailed()
{
    QWidget window;
    InlineBar bar(&window);
    Printing printing(bar, &window);
    const QString nowhere = m_folder.filePath(QStringLiteral("none/paper.pdf"));
    printing.writePdf(nowhere, mail::readMessage(header + "\nx"), printedText(QStringLiteral("x"), QFont()));
    QTRY_COMPARE(bar.kind(), InlineBar::Kind::Error);
    QVERIFY2(bar.words().contains(nowhere), qPrintable(bar.words()));
}

/// Half a message is none.
void PrintingTest::leavesNoFileWhenCancelled()
{
    QFile::remove(path());
    {
        QWidget window;
        InlineBar bar(&window);
        Printing printing(bar, &window);
        printing.writePdf(path(), mail::readMessage(header + "\nx"),
            printedText(QString::fromLatin1(numbered({}, "\n", 20000)), QFont()));
        QVERIFY(cancelOf(bar) != nullptr);
        cancelOf(bar)->click();
        QVERIFY(isPaperIdle());
        QTRY_VERIFY2(bar.isHidden(), qPrintable(bar.words()));
        QTRY_COMPARE(files(), QStringList());
        printing.writePdf(path(), mail::readMessage(header + "\nx"),
            printedText(QString::fromLatin1(numbered({}, "\n", 20000)), QFont()));
    }
    QVERIFY(isPaperIdle()); // the window is gone
    QTRY_COMPARE(files(), QStringList());
}

void PrintingTest::saysWhatAPrinterHasWhenCancelled_data()
{
    QTest::addColumn<bool>("hasSheets");
    QTest::addColumn<QString>("words");
    QTest::newRow("before the first sheet") << false << QString();
    QTest::newRow("a sheet is painted")
        << true << QStringLiteral("Cancelled. The sheets prepared so far may still be printed.");
}

/// It prints what it has when painting ends, which is not on the thread of the window.
void PrintingTest::saysWhatAPrinterHasWhenCancelled()
{
    QFETCH(bool, hasSheets);
    QFETCH(QString, words);
    Spool spool;
    QVERIFY(spool.open(QIODevice::WriteOnly));
    auto printer = std::make_shared<QPdfWriter>(&spool);
    const std::weak_ptr<QPdfWriter> left = printer;
    QWidget window;
    InlineBar bar(&window);
    Printing printing(bar, &window);
    const mail::Promise<void> painted;
    bool isPainting = false;
    printing.printOn(std::exchange(printer, nullptr), mail::readMessage(header + "\nx"),
        [&](const std::shared_ptr<Sheets> &sheets) {
            return runOnPaper([sheets, hasSheets] {
                return !hasSheets || sheets->next();
            }).andThen(&window, [painted, &isPainting](bool isPainted) {
                isPainting = isPainted;
                return painted.task();
            });
        });
    QTRY_VERIFY(isPainting);
    QVERIFY(cancelOf(bar) != nullptr);
    cancelOf(bar)->click();
    painted.answer(tl::unexpected(mail::Error()));
    QTRY_VERIFY(left.expired());
    QVERIFY(isPaperIdle());
    QCOMPARE(bar.isHidden() ? QString() : bar.words(), words);
    QCOMPARE(spool.written > 0, hasSheets);
    QCOMPARE(spool.writtenByWindow, 0);
}

/// What fits is kept, and it is said that it is not all.
void PrintingTest::sheetsAreBounded()
{
    QWidget window;
    InlineBar bar(&window);
    Printing printing(bar, &window);
    const QString text = QStringLiteral("x\n").repeated(Sheets::most * 100);
    printing.writePdf(path(), mail::readMessage(header + "\nx"), printedText(text, QFont()));
    QTRY_COMPARE_WITH_TIMEOUT(bar.kind(), InlineBar::Kind::Warning, 120000);
    QCOMPARE(sheetsOf(path()).size(), Sheets::most);
}

QTEST_MAIN(PrintingTest)
#include "tst_printing.moc"
