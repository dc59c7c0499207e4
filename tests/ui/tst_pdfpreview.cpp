// PDF files as pictures, drawn by a process that whatever is in a file takes with it at most.
#include "tests/support/awaited.h"
#include "tests/support/runningmail.h"
#include "ui/message/attachmentcard.h"
#include "ui/message/html/confinedprocess.h"
#include "ui/message/messagepane.h"
#include "ui/message/partsview.h"
#include "ui/message/partwindow.h"
#include "ui/message/pdfreading.h"
#include "ui/message/structureview.h"

#include <QBuffer>
#include <QElapsedTimer>
#include <QPainter>
#include <QPdfWriter>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>

using namespace glasspost;
using namespace glasspost::ui;

namespace {

/// A page of each color.
QByteArray pdfOf(const QList<QColor> &colors)
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    {
        QPdfWriter writer(&buffer);
        writer.setPageMargins({});
        QPainter painter(&writer);
        for (qsizetype i = 0; i < colors.size(); ++i) {
            if (i > 0)
                writer.newPage();
            painter.fillRect(painter.viewport(), colors.at(i));
        }
    }
    return buffer.data();
}

/// A password that nobody knows.
QByteArray encrypted(QByteArray pdf)
{
    const QByteArray hash = '<' + QByteArray(64, '7') + '>';
    const qsizetype trailer = pdf.lastIndexOf("<<", pdf.lastIndexOf("startxref"));
    return pdf.insert(trailer + 2,
        "\n/ID [<00> <00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O " + hash + " /U " + hash
            + " >>\n");
}

QByteArray stream(const QByteArray &entries, const QByteArray &content)
{
    return "<<" + entries + "/Length " + QByteArray::number(content.size()) + ">>stream\n" + content
        + "\nendstream endobj\n";
}

/// Lines in millions of dashes, and a color that takes long to reckon for each pixel.
QByteArray endless()
{
    const QByteArray strokes = QByteArray("/S sh\n").repeated(100) + "[0.001] 0 d 1 w\n"
        + QByteArray("0 0 m 595 842 l S\n").repeated(20000);
    const QByteArray reckoned = '{' + QByteArray(" 1 pop").repeated(20000) + " dup }";
    return "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
           "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
           "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
           "/Resources<</Shading<</S 5 0 R>>>>>>endobj\n4 0 obj"
        + stream({}, strokes)
        + "5 0 obj<</ShadingType 1/ColorSpace/DeviceRGB/Domain[0 1 0 1]/Matrix[595 0 0 842 0 0]"
          "/Function 6 0 R>>endobj\n6 0 obj"
        + stream("/FunctionType 4/Domain[0 1 0 1]/Range[0 1 0 1 0 1]", reckoned)
        + "trailer<</Root 1 0 R/Size 7>>\n%%EOF\n";
}

QImage drawn(const PdfRequest &request)
{
    QObject context;
    std::optional<QImage> picture;
    drawPdf(&context, request).then(&context, [&picture](const mail::Result<QImage> &result) {
        picture = result.value_or(QImage());
    });
    if (!QTest::qWaitFor([&picture] { return picture.has_value(); }, 25000))
        return QImage(1, 1, QImage::Format_Mono);
    return *picture;
}

} // namespace

class PdfPreviewTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void drawsPages();
    void survivesAnyFile_data();
    void survivesAnyFile();
    void trustsNoAnswer_data();
    void trustsNoAnswer();
    void opensNoFile();
    void attachmentsAreSeen();
};

void PdfPreviewTest::drawsPages()
{
    QVERIFY(canDrawPdf());
    const QByteArray file = pdfOf({Qt::red, Qt::blue, Qt::green});
    const QImage one = drawn({file, QSize(200, 200), 1});
    QVERIFY(one.width() <= 200 && one.height() > 150 && one.height() <= 200); // A4, upright
    QCOMPARE(one.pixelColor(one.rect().center()), QColor(Qt::red));
    const QImage two = drawn({file, QSize(200, 200), 2});
    QCOMPARE(two.height(), 2 * one.height() + 1);
    QCOMPARE(two.pixelColor(two.width() / 2, 20), QColor(Qt::red));
    QCOMPARE(two.pixelColor(two.width() / 2, two.height() - 20), QColor(Qt::blue));
    QCOMPARE(drawn({file, QSize(200, 200), mostPdfPages}).height(), 3 * one.height() + 2);
    const QImage large = drawn({file, QSize(largestPdfPage, largestPdfPage), mostPdfPages});
    QVERIFY2(large.height() > 2 * largestPdfPage, qPrintable(QString::number(large.height())));
    QCOMPARE(large.pixelColor(large.width() / 2, large.height() - 20), QColor(Qt::green));
}

void PdfPreviewTest::survivesAnyFile_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("no PDF") << QByteArray("text");
    QTest::newRow("damaged") << QByteArray("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 9 0 R>>endobj\n%%EOF\n");
    QTest::newRow("encrypted") << encrypted(pdfOf({Qt::red}));
    QTest::newRow("without end") << endless();
}

void PdfPreviewTest::survivesAnyFile()
{
    QFETCH(QByteArray, file);
    QElapsedTimer clock;
    clock.start();
    QVERIFY(drawn({file, QSize(1000, 1400), 1}).isNull());
    QVERIFY2(clock.elapsed() < 30000, qPrintable(QString::number(clock.elapsed())));
}

void PdfPreviewTest::trustsNoAnswer_data()
{
    QTest::addColumn<QByteArray>("answer");
    const QByteArray good = written(QImage(3, 2, QImage::Format_RGB32));
    QTest::newRow("cut") << good.chopped(1);
    QTest::newRow("longer") << good + 'x';
    QByteArray wider = good;
    wider[3] = 4;
    QTest::newRow("another width") << wider;
    QByteArray endlessly = good;
    endlessly[0] = 0x7f;
    QTest::newRow("a width without bounds") << endlessly;
    QTest::newRow("nothing") << QByteArray();
}

void PdfPreviewTest::trustsNoAnswer()
{
    QFETCH(QByteArray, answer);
    QVERIFY(readPdfPicture(answer).isNull());
    QCOMPARE(readPdfPicture(written(QImage(3, 2, QImage::Format_RGB32))).size(), QSize(3, 2));
    const PdfRequest request{QByteArray("x"), QSize(3, 2), 1};
    QCOMPARE(readPdfRequest(written(request)), std::optional(request));
    QVERIFY(!readPdfRequest(written(PdfRequest{QByteArray(), QSize(largestPdfPage + 1, 1), 1})));
    QVERIFY(!readPdfRequest(written(PdfRequest{QByteArray(), QSize(1, 1), mostPdfPages + 1})));
}

void PdfPreviewTest::opensNoFile()
{
    ConfinedProcess process(ConfinedProcess::pathOf(QStringLiteral("glasspost-page-pdf")));
    const QSignalSpy answered(&process, &ConfinedProcess::answered);
    const QSignalSpy failed(&process, &ConfinedProcess::failed);
    process.ask(written(PdfRequest{pdfOf({Qt::red}), QSize(100, 100), 1}));
    QTRY_VERIFY_WITH_TIMEOUT(answered.size() + failed.size() > 0, 25000);
    QCOMPARE(answered.size(), 1);
    QFile limits(QStringLiteral("/proc/%1/limits").arg(process.processId()));
    QVERIFY(limits.open(QIODevice::ReadOnly));
    const QStringList lines = QString::fromLatin1(limits.readAll()).split(u'\n');
    const auto files = std::find_if(lines.cbegin(), lines.cend(),
        [](const QString &line) { return line.startsWith(QLatin1String("Max open files")); });
    QVERIFY(files != lines.cend());
    QCOMPARE(
        files->simplified().split(u' ').mid(3, 2), QStringList({QStringLiteral("0"), QStringLiteral("0")}));
}

/// On their card, and in the window that looks into them.
void PdfPreviewTest::attachmentsAreSeen()
{
    QTemporaryDir folder;
    mail::MailSystem system(folder.path());
    QVERIFY(test::start(system));
    const mail::FolderId inbox{QStringLiteral("alice"), {}};
    const QByteArray message = "Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\ntext\n"
                               "--b\nContent-Type: application/pdf; name=a.pdf\n"
                               "Content-Disposition: attachment\nContent-Transfer-Encoding: base64\n\n"
        + pdfOf({Qt::red, Qt::blue}).toBase64() + "\n--b--\n";
    QVERIFY(test::awaited(system.mailboxes().keepMessages(inbox, {{message, {}}})).has_value());
    const mail::RowPage page = test::rowsOnceThere(system, inbox);
    QVERIFY(!page.rows.isEmpty());
    MessagePane pane(system.mailboxes(), system.outbox(), system.sessions(), system.settings());
    pane.resize(700, 600);
    pane.setVisible(true);
    pane.open(page.rows.constFirst().id);
    QTRY_COMPARE(pane.findChildren<AttachmentCard *>().size(), 1);
    const auto *card = pane.findChild<AttachmentCard *>();
    QTRY_VERIFY_WITH_TIMEOUT(!card->icon().availableSizes().isEmpty(), 25000); // a drawn icon has none
    pane.setView(MessagePane::View::Structure);
    auto *tree = pane.findChild<PartsView *>();
    tree->setCurrentItem(tree->topLevelItem(0)->child(1));
    QTest::keyClick(tree, Qt::Key_Return);
    auto *window = pane.findChild<PartWindow *>();
    QVERIFY(window != nullptr);
    const auto *tabs = window->findChild<QTabWidget *>();
    QTRY_COMPARE_WITH_TIMEOUT(tabs->count(), 4, 25000);
    QCOMPARE(tabs->tabText(0), QStringLiteral("Up to 5 &pages"));
}

QTEST_MAIN(PdfPreviewTest)
#include "tst_pdfpreview.moc"
