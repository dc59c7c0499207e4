// The report of a delivery on paper: all that the page says, on as many sheets as it takes.
#include "tests/support/awaited.h"
#include "tests/support/journeys.h"
#include "tests/support/paper.h"
#include "ui/message/html/paperthread.h"
#include "ui/message/printing.h"
#include "ui/message/reportpage.h"
#include "ui/message/reportpaper.h"
#include "ui/widgets/inlinebar.h"

#include <QImage>
#include <QTemporaryDir>
#include <QTest>

using namespace glasspost;
using namespace glasspost::ui;

namespace {

using Addresses = AddressMask::Addresses;

const QByteArray session = "1J1B9AUMIJ5GHHBMQ";

/// Refused, with so many stages of RCPT more than one.
mail::Journey refusedAfter(int more)
{
    mail::Journey journey;
    journey.entry = test::entryTo("1J1B9AUMIJ5AAAAAA", {"bob"});
    smtp::RecipientReport refused
        = test::reportOf("bob", smtp::DeliveryResult::Refused, {550, {5, 1, 1}, {"no <b>such</b> & user"}});
    for (const mail::QueueEvent &event : mail::QueueEvents{mail::AttemptBegan{0, 0},
             mail::SessionOpened{session}, mail::Attempted{0, refused, mail::AttemptOutcome::Failed}}) {
        journey.events.append({test::noon, event});
        journey.entry = mail::apply(journey.entry, event);
    }
    journey.traces = {test::traceOf(session)};
    for (int i = 0; i < more; ++i)
        journey.traces[0].stages.insert(5, journey.traces[0].stages[5]);
    return journey;
}

mail::Transcript saidIn(const QByteArray &id)
{
    mail::Transcript transcript;
    transcript.first.id = id;
    transcript.first.role = smtp::SessionRole::Client;
    transcript.first.startedAt = test::noon * 1000;
    transcript.first.messages = 1;
    for (int i = 1; i <= 90; ++i)
        transcript.second.append({test::noon * 1000 + 376'000, smtp::Speaker::Server, false,
            "250-line" + QByteArray::number(i) + "end", 0});
    return transcript;
}

QByteArray pageOf(const mail::Journey &journey, const QList<mail::Transcript> &transcripts = {})
{
    return reportPage({{journey}, transcripts, QDateTime::fromMSecsSinceEpoch(test::noon + 60'000), {},
                          QList<mail::HeaderField>{{QStringLiteral("X-Kept"), QStringLiteral("kept words")}}},
        Addresses::Shown);
}

mail::Result<void> written(const QString &path, const QByteArray &page)
{
    return test::awaited(runOnPaper([page, path]() -> mail::Result<void> {
        Sheets sheets(path, reportHead(page));
        if (!paintReport(page, sheets))
            return tl::unexpected(sheets.error());
        return sheets.finish();
    }));
}

} // namespace

class TestReportPaper : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void hasAllOfThePage();
    void takesWhatXmlCannotSay();
    void goesOntoFurtherSheets();
    void barsArePainted();
    void whatIsNoPageIsNotWritten();
    void theBarSaysWhereItIs();

private:
    [[nodiscard]] QString path() const { return m_folder.filePath(QStringLiteral("report.pdf")); }

    QTemporaryDir m_folder;
};

void TestReportPaper::hasAllOfThePage()
{
    QVERIFY(written(path(), pageOf(refusedAfter(0), {saidIn(session)})));
    const QStringList sheets = test::sheetsOf(path());
    QVERIFY(!sheets.isEmpty());
    QVERIFY(test::says(sheets[0], QStringLiteral("Delivery of “{\"journey\":\"no head\"}”")));
    const QString all = sheets.join(u'\n');
    for (const char *part : {"Recipients", "bob@example.org", "Where the time went", "Every stage",
             "Greeting", "550 5.1.1", "no <b>such</b> & user", "TLS with mx1.example.org",
             "TLSv1.3 TLS_AES_256_GCM_SHA384", "issued by An authority", "kept words", "line90end"})
        QVERIFY2(test::says(all, QLatin1String(part)), part);
}

void TestReportPaper::takesWhatXmlCannotSay()
{
    mail::Journey journey = refusedAfter(0);
    journey.entry.subject = QStringLiteral("Plans & %1%2 ]]> <").arg(QChar(1)).arg(QChar(0xfffe));
    journey.traces[0].stages[2].reply.lines = {"hello \x01 \xff"};
    QVERIFY(written(path(), pageOf(journey)));
    const QStringList sheets = test::sheetsOf(path());
    QVERIFY(!sheets.isEmpty());
    QVERIFY2(test::says(sheets[0], QStringLiteral("Delivery of “Plans &")), qPrintable(sheets[0]));
    QVERIFY(test::says(sheets.join(u'\n'), QStringLiteral("kept words")));
}

void TestReportPaper::goesOntoFurtherSheets()
{
    QVERIFY(written(path(), pageOf(refusedAfter(200), {saidIn(session)})));
    const QStringList sheets = test::sheetsOf(path());
    QVERIFY2(sheets.size() > 6, qPrintable(QString::number(sheets.size())));
    for (const QString &sheet : sheets)
        QVERIFY(test::says(sheet, QStringLiteral("{\"journey\":\"no head\"}")));
    const QString all = test::unbroken(sheets.join(u'\n'));
    for (int line = 1; line <= 90; ++line)
        QCOMPARE(all.count(QStringLiteral("line%1end").arg(line)), 1);
    QVERIFY(all.count(QStringLiteral("bob@example.org")) > 200); // a row each
}

/// In the color of what happened.
void TestReportPaper::barsArePainted()
{
    QVERIFY(written(path(), pageOf(refusedAfter(0))));
    QPdfDocument document;
    QCOMPARE(document.load(path()), QPdfDocument::Error::None);
    bool hasGreen = false;
    for (int sheet = 0; sheet < document.pageCount(); ++sheet) {
        const QImage picture = document.render(sheet, document.pagePointSize(sheet).toSize() * 4);
        for (int y = 0; y < picture.height() && !hasGreen; ++y) {
            for (int x = 0; x < picture.width() && !hasGreen; ++x) {
                const QColor color = picture.pixelColor(x, y);
                hasGreen = color.alpha() == 255 && color.green() > 2 * color.red() && color.green() > 90;
            }
        }
    }
    QVERIFY(hasGreen);
}

void TestReportPaper::whatIsNoPageIsNotWritten()
{
    QFile::remove(path());
    QVERIFY(!written(path(), "<p>no page"));
    QVERIFY(!QFile::exists(path()));
    QVERIFY(!written(m_folder.filePath(QStringLiteral("none/report.pdf")), pageOf(refusedAfter(0))));
}

void TestReportPaper::theBarSaysWhereItIs()
{
    QFile::remove(path());
    QWidget window;
    InlineBar bar(&window);
    Printing printing(bar, &window);
    const QByteArray page = pageOf(refusedAfter(0));
    printing.writePdf(path(), reportHead(page), [page](const std::shared_ptr<Sheets> &sheets) {
        return runOnPaper([page, sheets]() -> mail::Result<void> {
            if (!paintReport(page, *sheets))
                return tl::unexpected(sheets->error());
            return {};
        });
    });
    QTRY_COMPARE_WITH_TIMEOUT(bar.kind(), InlineBar::Kind::Success, 60000);
    QVERIFY2(bar.words().contains(QStringLiteral("report.pdf")), qPrintable(bar.words()));
    QVERIFY(!test::sheetsOf(path()).isEmpty());
}

QTEST_MAIN(TestReportPaper)
#include "tst_reportpaper.moc"
