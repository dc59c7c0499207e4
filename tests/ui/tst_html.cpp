#include "tests/support/htmlreader.h"
#include "tests/support/loopwatch.h"
#include "ui/message/html/pagecolors.h"
#include "ui/message/linkbar.h"
#include "ui/message/linktarget.h"
#include "ui/theme/theme.h"
#include "ui/words/plurals.h"

#include <QAction>
#include <QClipboard>
#include <QDesktopServices>
#include <QGuiApplication>
#include <QLabel>
#include <QScrollBar>
#include <QtEndian>

#include <csignal>

using namespace glasspost;
using namespace glasspost::test;
using namespace glasspost::ui;

/// What the browser would be asked to open.
class FollowedLinks : public QObject
{
    Q_OBJECT
public:
    FollowedLinks()
    {
        for (const char *scheme : schemes)
            QDesktopServices::setUrlHandler(QLatin1String(scheme), this, "take");
    }
    ~FollowedLinks() override
    {
        for (const char *scheme : schemes)
            QDesktopServices::unsetUrlHandler(QLatin1String(scheme));
    }

    QList<QUrl> links;

public Q_SLOTS:
    void take(const QUrl &url) { links.append(url); }

private:
    static constexpr const char *schemes[] = {"http", "https"};
};

class HtmlTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsTheLook();
    void showsPicturesOfTheMessage();
    void fetchesNothingUnasked_data();
    void fetchesNothingUnasked();
    void remembersConsent();
    void saysWhatIsHeldBack_data();
    void saysWhatIsHeldBack();
    void survivesAnyMessage_data();
    void survivesAnyMessage();
    void survivesTheProcess_data();
    void survivesTheProcess();
    void startsBeforeItIsAsked();
    void saysWhyItShowsText_data();
    void saysWhyItShowsText();
    void survivesACrash();
    void trustsNoAnswer_data();
    void trustsNoAnswer();
    void saysWhatIsInReach_data();
    void saysWhatIsInReach();
    void keepsThePixelsOfStrips();
    void showsWhereLinksLead();
    void warnsOfOtherServers_data();
    void warnsOfOtherServers();
    void followsWebPagesAlone_data();
    void followsWebPagesAlone();
    void findsSelectsAndCopies();
    void lightsAndWalksTheHits();
    void readsRightToLeft();
    void placesLines_data();
    void placesLines();
    void takesTheNextFamily_data();
    void takesTheNextFamily();
    void roundsTheEndsOfButtons();
    void mirrorsTables_data();
    void mirrorsTables();
    void numbersItems_data();
    void numbersItems();
    void mirrorsLists_data();
    void mirrorsLists();
    void zooms();
    void showsOtherWidths_data();
    void showsOtherWidths();
    void remembersLooks_data();
    void remembersLooks();
    void darkensColors_data();
    void darkensColors();
    void showsDarkPages();
    void prints();
    void writesForTheBrowser();
};

/// A centred button keeps its colour, its round corners and its place; what is behind it, its own.
void HtmlTest::keepsTheLook()
{
    Reader reader;
    reader.show(messageOf("<style>.btn a{background:#e4572e;color:#fff;padding:12px 28px;border-radius:9px;"
                          "display:inline-block}@media (max-width:300px){.btn a{background:#0000ff}}</style>"
                          "<body bgcolor=#ccddee><table width=100%><tr><td class=btn align=center>"
                          "<a href=https://a.example/>Read it</a></table>"));
    QVERIFY(!reader.showsText());
    const std::shared_ptr<const Page> page = reader.view->page();
    QCOMPARE(page->links.size(), 1);
    QRect place;
    for (const QRect &one : page->links.at(0).places)
        place |= one;
    QVERIFY(place.height() >= 24 && place.width() >= 56);
    QVERIFY(qAbs(place.center().x() - 320) <= 12);
    const QRect shown = reader.view->placeOnView(place);
    QTRY_COMPARE(reader.colorAt(shown.topLeft() + QPoint(shown.width() / 2, 3)), QColor(0xe4, 0x57, 0x2e));
    QCOMPARE(reader.colorAt(shown.topLeft()), QColor(0xcc, 0xdd, 0xee)); // outside of the round corner
    QCOMPARE(reader.colorAt(QPoint(3, 470)), QColor(0xcc, 0xdd, 0xee));
}

/// T37, and those within the HTML; each at its place.
void HtmlTest::showsPicturesOfTheMessage()
{
    Reader reader;
    reader.show(messageWithPictures());
    for (const QColor &color : colorsOfItsPictures)
        QTRY_VERIFY2(reader.shows(color), qPrintable(color.name()));
    QVERIFY(!reader.bar->isVisible());
    for (const PageItem &item : reader.view->page()->items)
        if (const auto *picture = std::get_if<PagePicture>(&item.content);
            picture != nullptr && !picture->repeatsAcross)
            QCOMPARE(picture->copy.size(), QSize(40, 30));
}

void HtmlTest::fetchesNothingUnasked_data()
{
    addWaysOut();
}

/// F20: a page that tries every way out reaches the server zero times; once asked for, its pictures do alone.
void HtmlTest::fetchesNothingUnasked()
{
    QFETCH(QString, html);
    Reader reader;
    expectNothingFetched(reader, html);
}

void HtmlTest::remembersConsent()
{
    test::WebServer server;
    server.give("/a.png", pictureOf(Qt::darkRed));
    const QByteArray html
        = "<img width=40 height=30 src=" + server.address(QStringLiteral("/a.png")).toLatin1() + ">";
    Reader reader;
    reader.show(messageOf(html));
    QVERIFY(reader.bar->isVisible());
    reader.button(QStringLiteral("Always from this sender"))->click();
    QTRY_VERIFY(reader.shows(Qt::darkRed));
    QVERIFY(!reader.bar->isVisible());
    QCOMPARE(reader.settings.value().picturesFrom, QStringList(QStringLiteral("news@a.example")));
    // Of the sender, the next one too; of another, not.
    reader.show(messageOf(html));
    QVERIFY(!reader.bar->isVisible());
    QTRY_COMPARE(server.requests().size(), 2);
    reader.show(messageOf(html, "news@b.example"));
    QVERIFY(reader.bar->isVisible());
    reader.button(QStringLiteral("Always"))->click();
    QTRY_COMPARE(server.requests().size(), 3);
    reader.show(messageOf(html, "news@c.example"));
    QVERIFY(!reader.bar->isVisible());
    QTRY_COMPARE(server.requests().size(), 4);

    PictureConsent consent(reader.settings);
    QVERIFY(consent.holdsFor(QStringLiteral("c@d")));
    reader.settings.set({});
    QVERIFY(!consent.holdsFor(QStringLiteral("a@b")));
    consent.give(QStringLiteral("a@b"));
    QVERIFY(consent.holdsFor(QStringLiteral("A@B")));
    QVERIFY(!consent.holdsFor(QStringLiteral("c@d")));
}

void HtmlTest::saysWhatIsHeldBack_data()
{
    QTest::addColumn<QStringList>("addresses");
    QTest::addColumn<QString>("words");
    const auto of = [](const QStringList &servers) {
        QStringList addresses;
        for (const QString &server : servers)
            addresses.append(QStringLiteral("https://%1/%2").arg(server).arg(addresses.size()));
        return addresses;
    };
    const QString a = QStringLiteral("a.example"), b = QStringLiteral("b.example"),
                  c = QStringLiteral("c.example"), d = QStringLiteral("d.example");
    QTest::newRow("one picture") << of({a}) << QStringLiteral("A picture from a.example was not loaded.");
    QTest::newRow("one server") << of({a, a, a})
                                << QStringLiteral("3 pictures from a.example were not loaded.");
    QTest::newRow("three") << of(
        {a, b, c}) << QStringLiteral("3 pictures from a.example, b.example, c.example were not loaded.");
    QTest::newRow("more") << of({a, b, c, d})
                          << QStringLiteral(
                                 "4 pictures from a.example, b.example, c.example and 1 other server "
                                 "were not loaded.");
}

void HtmlTest::saysWhatIsHeldBack()
{
    QFETCH(QStringList, addresses);
    QFETCH(QString, words);
    EnglishPlurals plurals;
    QVERIFY(QCoreApplication::installTranslator(&plurals));
    QCOMPARE(heldBackWords(addresses), words);
}

void HtmlTest::survivesAnyMessage_data()
{
    QTest::addColumn<QByteArray>("html");
    const auto row = [](const char *name, const QByteArray &html) { QTest::newRow(name) << html; };
    row("T101 tables in tables", QByteArray("<table><tr><td>x").repeated(3000));
    row("T101 tables in tables of two columns", QByteArray("<table><tr><td>a<td>").repeated(19) + "x");
    row("T101 fans of tables", QByteArray("<table><tr><td><table><tr><td>x<td>y y</table><td>").repeated(19));
    row("T101 a million cells", "<table>" + ("<tr>" + QByteArray("<td>x").repeated(100)).repeated(10000));
    row("T101 spans", "<table>" + QByteArray("<tr><td rowspan=1000 colspan=1000>x").repeated(2000));
    row("T91 a million elements", QByteArray("<b>x</b><i>y</i> ").repeated(500000));
    row("T91 elements in elements", QByteArray("<div><span>x").repeated(100000));
    row("T91 boxes that shrink to fit", QByteArray("<div style='float:left'>").repeated(99) + "x");
    row("T91 boxes in lines", QByteArray("<b style='display:inline-block'>").repeated(99) + "x y");
    row("T91 floats", QByteArray("<i style='float:left;width:9px'>x</i>").repeated(20000));
    row("T91 a large style sheet",
        "<style>" + QByteArray(".a b i u .b{color:red}").repeated(20000) + "</style>"
            + QByteArray("<p class=b>x").repeated(5000));
    row("T91 costly selectors",
        "<style>" + QByteArray("*>*~*>*~* *>*~* i{color:red}").repeated(4000) + "</style>"
            + QByteArray("<p><i>x</i>").repeated(5000));
    row("T91 large numbers",
        QByteArray("<p style='padding:2000px;width:2000%;font-size:200px'>x").repeated(90));
    row("T91 one word", QByteArray(3000000, 'x'));
    row("T91 marks upon one letter", "e" + QByteArray("\xcc\x81").repeated(100000));
    row("T91 letters of two directions",
        QByteArray("\xd7\x90"
                   "a")
            .repeated(30000));
    row("T91 many things at one place",
        QByteArray("<div style='margin-top:-20px;height:20px;background:#eee;border:1px dotted red;"
                   "border-radius:9px'>x</div>")
            .repeated(8000));
}

/// Shown or given up, in bounded time, while the window answers.
void HtmlTest::survivesAnyMessage()
{
    QFETCH(QByteArray, html);
    const mail::MessageView message = messageOf(html);
    Reader reader;
    test::LoopWatch watch;
    QSignalSpy shown(reader.view, &HtmlView::shown);
    QSignalSpy failed(reader.view, &HtmlView::failed);
    QElapsedTimer timer;
    timer.start();
    reader.pane.show(message);
    QTRY_VERIFY_WITH_TIMEOUT(shown.size() + failed.size() > 0, 40000);
    QTest::qWait(100); // it is painted
    QVERIFY2(watch.longest() < test::LoopWatch::bound(),
        qPrintable(QStringLiteral("%1 ms").arg(double(watch.longest().count()) / 1000)));
    QCOMPARE(reader.showsText(), !failed.isEmpty());
    // And the next message is shown as if nothing had been.
    reader.show(messageOf("<p>next</p>"));
    QVERIFY(!reader.showsText());
}

void HtmlTest::survivesTheProcess_data()
{
    QTest::addColumn<QByteArray>("lines");
    QTest::addColumn<PageFailure>("failure");
    QTest::newRow("T91 one that never answers") << QByteArray("exec sleep 1000") << PageFailure::TookTooLong;
    QTest::newRow("T91 one that takes all time")
        << QByteArray("while :; do :; done") << PageFailure::TookTooLong;
    QTest::newRow("T91 one that takes more memory than it may")
        << QByteArray("exit ") + QByteArray::number(outOfMemoryStatus) << PageFailure::TookTooMuch;
    QTest::newRow("one that ends") << QByteArray("exit 1") << PageFailure::Stopped;
    QTest::newRow("one that crashes") << QByteArray("kill -SEGV $$") << PageFailure::Stopped;
    QTest::newRow("one that is killed") << QByteArray("kill -KILL $$") << PageFailure::Stopped;
    QTest::newRow("one that answers with nothing")
        << QByteArray("printf '\\0\\0\\0\\0'; sleep 1000") << PageFailure::TookTooMuch;
    QTest::newRow("one that answers with what it was asked")
        << QByteArray("exec cat") << PageFailure::Stopped;
    QTest::newRow("one that never stops to answer") << QByteArray("exec yes") << PageFailure::Stopped;
}

void HtmlTest::survivesTheProcess()
{
    QFETCH(QByteArray, lines);
    QFETCH(PageFailure, failure);
    QTemporaryDir folder;
    PageProcess process(program(folder, lines));
    process.setTimeLimit(std::chrono::milliseconds(500));
    QSignalSpy failed(&process, &PageProcess::failed);
    for (int times = 1; times <= 2; ++times) { // the second time another process is asked
        process.layOut(PageRequest());
        QTRY_COMPARE(failed.size(), times);
        QCOMPARE(failed.constLast().at(0).value<PageFailure>(), failure);
        QCOMPARE(process.processId(), 0);
    }
    PageProcess none(folder.filePath(QStringLiteral("none")));
    QSignalSpy notStarted(&none, &PageProcess::failed);
    none.layOut(PageRequest());
    QTRY_COMPARE(notStarted.size(), 1);
    QCOMPARE(notStarted.at(0).at(0).value<PageFailure>(), PageFailure::NotStarted);
}

/// One that cannot be started is nothing to say before there is a page.
void HtmlTest::startsBeforeItIsAsked()
{
    PageProcess process;
    process.prepare();
    const qint64 prepared = process.processId();
    QVERIFY(prepared > 0);
    QSignalSpy laidOut(&process, &PageProcess::laidOut);
    process.layOut(PageRequest());
    QTRY_COMPARE_WITH_TIMEOUT(laidOut.size(), 1, 40000);
    process.prepare();
    QCOMPARE(process.processId(), prepared);

    QTemporaryDir folder;
    PageProcess none(folder.filePath(QStringLiteral("none")));
    QSignalSpy failed(&none, &PageProcess::failed);
    none.prepare();
    QTRY_COMPARE(none.processId(), 0);
    QCOMPARE(failed.size(), 0);
    none.layOut(PageRequest());
    QTRY_COMPARE(failed.size(), 1);
}

void HtmlTest::saysWhyItShowsText_data()
{
    QTest::addColumn<QByteArray>("lines");
    QTest::addColumn<QString>("words");
    QTest::newRow("T91 a program that is missing")
        << QByteArray() << QStringLiteral("glasspost-page, is missing");
    QTest::newRow("T91 one that is killed") << QByteArray("kill -KILL $$") << QStringLiteral("stopped while");
    QTest::newRow("T91 one that crashes") << QByteArray("kill -SEGV $$") << QStringLiteral("stopped while");
    QTest::newRow("T91 one without time")
        << QByteArray("ulimit -S -t 0; while :; do :; done") << QStringLiteral("takes too long");
    QTest::newRow("T91 one without memory")
        << QByteArray("exit ") + QByteArray::number(outOfMemoryStatus) << QStringLiteral("is too large");
}

/// At the first message. With a program that is sound the same message can be tried again, and the next one
/// is shown as if nothing had been.
void HtmlTest::saysWhyItShowsText()
{
    QFETCH(QByteArray, lines);
    QFETCH(QString, words);
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("page"));
    if (!lines.isEmpty())
        QCOMPARE(program(folder, lines), path);
    Reader reader(PagePrograms{path});
    reader.show(messageOf("<p>first words</p>"));
    QVERIFY(reader.showsText());
    QVERIFY(reader.text()->toPlainText().contains(QLatin1String("first words")));
    QVERIFY2(reader.said().contains(words), qUtf8Printable(reader.said()));

    QCOMPARE(QFile::exists(path), !lines.isEmpty());
    QFile::remove(path);
    QVERIFY(QFile::link(PageProcess::standardProgram(), path));
    QSignalSpy shown(reader.view, &HtmlView::shown);
    QTRY_VERIFY(reader.button(QStringLiteral("Try again")) != nullptr); // shown from the event loop
    reader.button(QStringLiteral("Try again"))->click();
    QTRY_COMPARE_WITH_TIMEOUT(shown.size(), 1, 40000);
    QVERIFY(!reader.showsText());
    QCOMPARE(reader.said(), QString());
    reader.show(messageOf("<p>second words</p>"));
    QVERIFY(!reader.showsText());
}

/// While a message is read, and while one is laid out. A process that served another message before may have
/// been at fault itself, so that the message is tried once more.
void HtmlTest::survivesACrash()
{
    Reader reader;
    reader.show(messageOf("<p>first words</p>"));
    const qint64 first = reader.view->process().processId();
    QVERIFY(first > 0);
    ::kill(pid_t(first), SIGSEGV);
    QTRY_COMPARE(reader.view->process().processId(), 0);
    QVERIFY(!reader.showsText()); // what is shown stays
    reader.show(messageOf("<p>second words</p>"));
    QVERIFY(!reader.showsText());

    QSignalSpy failed(reader.view, &HtmlView::failed);
    reader.pane.show(messageOf("<style>" + QByteArray("*>*~*>*~* *>*~* i{color:red}").repeated(4000)
        + "</style>" + QByteArray("<p><i>third</i>").repeated(5000)));
    const qint64 second = reader.view->process().processId();
    QVERIFY(second > 0);
    ::kill(pid_t(second), SIGSEGV);
    const auto current = [&reader] { return reader.view->process().processId(); };
    QTRY_VERIFY(current() > 0 && current() != second);
    QCOMPARE(failed.size(), 0);
    ::kill(pid_t(current()), SIGSEGV);
    QTRY_COMPARE(failed.size(), 1);
    QVERIFY(reader.showsText());
    QVERIFY(reader.text()->toPlainText().contains(QLatin1String("third")));
    reader.show(messageOf("<p>fourth words</p>"));
    QVERIFY(!reader.showsText());
}

void HtmlTest::trustsNoAnswer_data()
{
    QTest::addColumn<Page>("page");
    const auto row = [](const char *name, const auto &change) {
        Page page;
        page.size = QSize(100, 100);
        page.fonts = {PageFont()};
        page.items = {{QRect(0, 0, 10, 10), -1, PageText{QStringLiteral("x"), 0, 0xff000000, false}}};
        change(page);
        QTest::newRow(name) << page;
    };
    row("a font that is not there", [](Page &page) { std::get<PageText>(page.items[0].content).font = 1; });
    row("a font below none", [](Page &page) { std::get<PageText>(page.items[0].content).font = -1; });
    row("a clip that is not there", [](Page &page) { page.items[0].clip = 0; });
    row("a place far away", [](Page &page) { page.items[0].place.moveLeft(largestPage + 1); });
    row("a large place", [](Page &page) { page.items[0].place.setWidth(largestPage + 1); });
    row("a place inside out", [](Page &page) { page.items[0].place.setWidth(-5); });
    row("a large page", [](Page &page) { page.size.setHeight(largestPage + 1); });
    row("a border of another style", [](Page &page) {
        PageBorder border;
        border.top.style = PageBorder::Style(17);
        page.items[0].content = border;
    });
    const auto strip = [&row](const char *name, const QSize &size, qreal scale) {
        row(name, [&](Page &page) {
            PageStrip one;
            one.pixels = QRect(QPoint(), size);
            one.scale = scale;
            page.items[0].content = one;
        });
    };
    strip("a strip without pixels", QSize(0, 10), 1);
    strip("a strip of too many pixels", QSize(100000, 100000), 1);
    strip("a strip of no scale", QSize(10, 10), 0);
    strip("a strip of a scale that is no number", QSize(10, 10), qQNaN());
}

void HtmlTest::trustsNoAnswer()
{
    QFETCH(Page, page);
    QVERIFY(!readPage(written(page)));
    page.items.clear();
    page.size = QSize(1, 1);
    const QByteArray whole = written(page);
    QCOMPARE(readPage(whole), std::optional(page));
    for (qsizetype length = 0; length < whole.size(); ++length)
        QVERIFY(!readPage(whole.first(length)));
}

void HtmlTest::saysWhatIsInReach_data()
{
    QTest::addColumn<PageReach>("reach");
    QTest::addColumn<QString>("words");
    QTest::newRow("nothing") << PageReach() << QString();
    QTest::newRow("the network") << PageReach{true, false} << QStringLiteral("from the network.");
    QTest::newRow("files") << PageReach{false, true} << QStringLiteral("from your files.");
    QTest::newRow("both") << PageReach{true, true} << QStringLiteral("from the network and your files.");
}

/// Where the system has no confinement for the process: once, since it is so for every message.
void HtmlTest::saysWhatIsInReach()
{
    QFETCH(PageReach, reach);
    QFETCH(QString, words);
    QTemporaryDir folder;
    Page page;
    page.size = QSize(10, 10);
    page.reach = reach;
    const QByteArray octets = written(page);
    const quint32 length = qToBigEndian(quint32(octets.size()));
    QFile answer(folder.filePath(QStringLiteral("answer")));
    QVERIFY(answer.open(QIODevice::WriteOnly));
    answer.write(reinterpret_cast<const char *>(&length), sizeof length);
    answer.write(octets);
    answer.close();
    Reader reader(PagePrograms{program(folder, "cat \"${0%/*}/answer\"")});
    reader.show(messageOf("<p>one"));
    QVERIFY(!reader.showsText());
    QCOMPARE(reader.said().isEmpty(), words.isEmpty());
    QVERIFY2(reader.said().endsWith(words), qPrintable(reader.said()));
    reader.show(messageOf("<p>two"));
    QCOMPARE(reader.said(), QString());
}

void HtmlTest::keepsThePixelsOfStrips()
{
    QImage image(30, 20, QImage::Format_RGB32);
    image.fill(Qt::white);
    image.setPixel(29, 19, 0xff123456);
    const PageStrip strip(image, QPoint(4, 8), 2);
    QCOMPARE(strip.exactPlace(), QRectF(2, 4, 15, 10));
    QCOMPARE(strip.image(), image);
    Page page;
    page.size = QSize(30, 20);
    page.items = {{QRect(2, 4, 15, 10), -1, strip}};
    QCOMPARE(readPage(written(page)), std::optional(page));
    PageStrip other = strip; // one whose octets are of another size than it says
    other.pixels.setWidth(31);
    QVERIFY(other.image().isNull());
    other = strip;
    other.octets = QByteArray("\0\0\x09\x60garbage", 11);
    QVERIFY(other.image().isNull());
    other.octets.clear();
    QVERIFY(other.image().isNull());
}

/// Under the pointer and by the keyboard; followed where the button went down and up on it.
void HtmlTest::showsWhereLinksLead()
{
    Reader reader;
    reader.show(
        messageOf("<p>some words before <a href='https://a.example/?q=1'>the <b>link</b></a> and after</p>"
                  "<p><a href='mailto:me@b.example'>write</a></p><p><a name=x>none</a></p>"
                  "<p><a href='https://evil.example/'>bank.example</a></p>"));
    const std::shared_ptr<const Page> page = reader.view->page();
    QCOMPARE(page->links.size(), 3);
    QSignalSpy hovered(reader.view, &HtmlView::linkHovered);
    QSignalSpy activated(&reader.pane, &HtmlPane::linkActivated);
    QWidget *viewport = reader.view->viewport();
    const QPoint link = reader.view->placeOnView(page->links.at(0).places.constFirst()).center();
    QTest::mouseMove(viewport, link);
    QTRY_COMPARE(hovered.size(), 1);
    QCOMPARE(hovered.at(0).at(0).toString(), QStringLiteral("https://a.example/?q=1"));
    const auto isShown = [&reader](const QString &text) {
        const QList<QLabel *> labels = reader.pane.findChildren<QLabel *>();
        return std::any_of(labels.cbegin(), labels.cend(),
            [&text](const QLabel *label) { return label->isVisible() && label->text() == text; });
    };
    QVERIFY(isShown(QStringLiteral("https://a.example/?q=1")));
    QTest::mouseClick(viewport, Qt::LeftButton, {}, link);
    QCOMPARE(activated.size(), 1);
    QCOMPARE(activated.at(0).at(0).toUrl(), QUrl(QStringLiteral("https://a.example/?q=1")));
    QCOMPARE(activated.at(0).at(1).toString(), QStringLiteral("the link"));
    QTest::mouseMove(viewport, QPoint(5, 400));
    QTRY_VERIFY(!isShown(QStringLiteral("https://a.example/?q=1")));
    const QPoint other = reader.view->placeOnView(page->links.at(2).places.constFirst()).center();
    QTest::mouseMove(viewport, other);
    QTRY_VERIFY(isShown(QStringLiteral("Not bank.example, but https://evil.example/")));

    reader.view->setFocus();
    QTest::keyClick(reader.view, Qt::Key_Tab);
    QTest::keyClick(reader.view, Qt::Key_Tab);
    QVERIFY(isShown(QStringLiteral("mailto:me@b.example")));
    QTest::keyClick(reader.view, Qt::Key_Return);
    QCOMPARE(activated.size(), 2);
    QCOMPARE(activated.at(1).at(0).toUrl(), QUrl(QStringLiteral("mailto:me@b.example")));
}

void HtmlTest::warnsOfOtherServers_data()
{
    QTest::addColumn<QString>("words");
    QTest::addColumn<QString>("target");
    QTest::addColumn<QString>("promised");
    const auto row = [](const char *words, const char *target, const char *promised) {
        QTest::newRow(words) << QString::fromUtf8(words) << QString::fromUtf8(target)
                             << QString::fromUtf8(promised);
    };
    row("https://www.bank.example/login", "https://evil.example/", "www.bank.example");
    row("bank.example", "https://bank.example.evil.example/", "bank.example");
    row("HTTPS://BANK.EXAMPLE", "http://192.0.2.1/", "bank.example");
    row("www.bank.example", "https://bank.example/", "");
    row("bank.example/a", "https://click.bank.example/a", "");
    row("Read more", "https://evil.example/", "");
    row("report.pdf", "https://files.example/", "");
    row("3.50", "https://shop.example/", "");
    row("me@bank.example", "https://other.example/", "");
    row("", "https://other.example/", "");
    row("paypal.com", "https://evil.example/", "paypal.com");
    row("Log in at https://www.bank.example/login.", "https://evil.example/", "www.bank.example");
    row("(www.bank.example)", "https://evil.example/", "www.bank.example");
    row("bank.example.", "https://evil.example/", "bank.example");
    row("bank\xe2\x80\x8b.example", "https://evil.example/", "bank.example");
    row("\xe2\x80\xae"
        "bank.example",
        "https://evil.example/", "bank.example");
    row("https://www.bank.example/@me", "https://evil.example/", "www.bank.example");
    row("https://bank.example@evil.example/", "https://evil.example/", "");
    const QString umlaut = QStringLiteral("http://b\u00e4nk.example/");
    QTest::newRow("another letter") << umlaut << QStringLiteral("https://bank.example/")
                                    << QUrl(umlaut).host();
    QTest::newRow("a target with another letter")
        << QStringLiteral("bank.example") << umlaut << QStringLiteral("bank.example");
    row("bank.example or shop.example", "https://evil.example/", "");
    row("Write to me@www.bank.example", "https://other.example/", "");
}

void HtmlTest::warnsOfOtherServers()
{
    QFETCH(QString, words);
    QFETCH(QString, target);
    QFETCH(QString, promised);
    QCOMPARE(promisedServer(words, QUrl(target)), promised);
}

void HtmlTest::followsWebPagesAlone_data()
{
    QTest::addColumn<QString>("target");
    QTest::addColumn<QString>("words");
    QTest::addColumn<QString>("said");
    QTest::addColumn<bool>("isFollowed");
    const auto row = [](const char *name, const QString &target, const QString &words, const char *said,
                         bool isFollowed) {
        QTest::newRow(name) << target << words << QString::fromLatin1(said) << isFollowed;
    };
    const QString bank = QStringLiteral("www.bank.example");
    row("https", QStringLiteral("https://a.example/?b=c"), {}, "leads to https://a.example/?b=c", true);
    row("http", QStringLiteral("http://a.example/"), QStringLiteral("a.example"),
        "leads to http://a.example/", true);
    row("other words", QStringLiteral("https://evil.example/"), bank,
        "looks like one to www.bank.example, but leads to "
        "https://evil.example/",
        true);
    row("letters of another script", QStringLiteral("https://b\u0430nk.example/"), {},
        "leads to https://xn--", true);
    row("marks of direction", QStringLiteral("https://evil.example/\u202egpj"), {}, "/%E2%80%AEgpj", true);
    row("a file", QStringLiteral("file:///etc/hostname"), {}, "not followed", false);
    row("a script", QStringLiteral("javascript:alert(1)"), bank, "not followed", false);
    row("data", QStringLiteral("data:text/html,x"), {}, "not followed", false);
    row("another program", QStringLiteral("ssh://a.example/"), {}, "not followed", false);
    row("no server", QStringLiteral("https:///a"), {}, "not followed", false);
    row("nothing", {}, {}, "not followed", false);
}

/// Once the person has seen where to.
void HtmlTest::followsWebPagesAlone()
{
    QFETCH(QString, target);
    QFETCH(QString, words);
    QFETCH(QString, said);
    QFETCH(bool, isFollowed);
    QWidget message;
    LinkBar bar(&message);
    FollowedLinks followed;
    bar.ask(QUrl(target), words);
    QVERIFY2(bar.words().contains(said), qUtf8Printable(bar.words()));
    const bool isWarned = !isFollowed || said.startsWith(QLatin1String("looks"));
    QCOMPARE(bar.kind(), isWarned ? InlineBar::Kind::Warning : InlineBar::Kind::Info);
    QCOMPARE(followed.links, QList<QUrl>());
    auto *open = bar.findChild<QPushButton *>();
    QCOMPARE(open != nullptr, isFollowed);
    if (open == nullptr)
        return;
    open->click();
    QCOMPARE(followed.links, QList<QUrl>{QUrl(target)});
}

void HtmlTest::lightsAndWalksTheHits()
{
    Reader reader;
    PageView *view = reader.view;
    const auto lit = [view] {
        QStringList texts;
        for (const PageRange &hit : view->hits())
            texts += PageWords(view->page()).text(hit);
        return texts;
    };
    reader.pane.setHits(mail::SearchHits(QStringLiteral("two OR end ")));
    reader.show(messageOf("<p>One <b>two</b> twofold</p><p>Four TWO five</p>"
        + QByteArray("<p>x</p>").repeated(100) + "<p>the end</p>"));
    QCOMPARE(lit(), (QStringList{QStringLiteral("two"), QStringLiteral("TWO"), QStringLiteral("end")}));
    for (const char *word : {"two", "TWO", "end", "two"}) {
        QVERIFY(reader.pane.nextHit(FindDirection::Forward));
        QCOMPARE(view->selectedText(), QString::fromLatin1(word));
    }
    QVERIFY(reader.pane.nextHit(FindDirection::Backward)); // around the beginning
    QCOMPARE(view->selectedText(), QStringLiteral("end"));
    QVERIFY(view->verticalScrollBar()->value() > 0);
    QVERIFY(reader.pane.nextHit(FindDirection::Backward));
    QCOMPARE(view->selectedText(), QStringLiteral("TWO"));
    // They are drawn, and gone with the search.
    QVERIFY(reader.pane.nextHit(FindDirection::Backward));
    const QImage before = view->viewport()->grab().toImage();
    reader.pane.setHits({});
    QVERIFY(view->hits().isEmpty());
    QVERIFY(view->viewport()->grab().toImage() != before);
    QVERIFY(!reader.pane.nextHit(FindDirection::Forward));
}

void HtmlTest::findsSelectsAndCopies()
{
    Reader reader;
    reader.show(messageOf("<p>One <b>two</b> three</p><p>Four two five</p><table><tr><td>six<td>seven</table>"
        + QByteArray("<p>filler</p>").repeated(100) + "<p>the end</p>"));
    PageView *view = reader.view;
    view->selectAll();
    QVERIFY2(
        view->selectedText().startsWith(QLatin1String("One two three\nFour two five\nsix\tseven\nfiller\n")),
        qPrintable(view->selectedText().left(80)));
    QVERIFY(view->selectedText().endsWith(QLatin1String("\nthe end")));

    reader.show(messageOf("<p>One <b>two</b> three</p><p>Four TWO five</p>"
        + QByteArray("<p>x</p>").repeated(100) + "<p>the end</p>"));
    QVERIFY(view->find(QStringLiteral("two th"), FindDirection::Forward)); // across elements
    QCOMPARE(view->selectedText(), QStringLiteral("two th"));
    QVERIFY(view->find(QStringLiteral("two"), FindDirection::Forward));
    QCOMPARE(view->selectedText(), QStringLiteral("TWO"));
    QVERIFY(view->find(QStringLiteral("two"), FindDirection::Forward)); // around the end
    QCOMPARE(view->selectedText(), QStringLiteral("two"));
    QVERIFY(!view->find(QStringLiteral("eleven"), FindDirection::Forward));
    QCOMPARE(view->verticalScrollBar()->value(), 0);
    QVERIFY(view->find(QStringLiteral("the end"), FindDirection::Backward));
    QVERIFY(view->verticalScrollBar()->value() > 0);
    QTest::keySequence(view, QKeySequence::Copy);
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("the end"));

    QVERIFY(reader.pane.find(QStringLiteral("three"), FindDirection::Forward));
    QCOMPARE(view->selectedText(), QStringLiteral("three"));

    // The same in the text that stands in for HTML.
    Reader none(PagePrograms{QStringLiteral("/none")});
    none.show(messageOf("<p>One two three</p><p>Four TWO five</p>"));
    const auto selected = [&none] { return none.text()->textCursor().selectedText(); };
    QTRY_VERIFY(!none.text()->isFilling());
    for (const char *found : {"two", "TWO", "two"}) {
        QVERIFY(none.pane.find(QStringLiteral("two"), FindDirection::Forward));
        QCOMPARE(selected(), QLatin1String(found));
    }
    QVERIFY(none.pane.find(QStringLiteral("two"), FindDirection::Backward));
    QCOMPARE(selected(), QStringLiteral("TWO"));
    QVERIFY(!none.pane.find(QStringLiteral("eleven"), FindDirection::Forward));
    QCOMPARE(selected(), QStringLiteral("TWO"));
}

/// Words of a line from right to left are read from the right, those from left to right among them as they
/// are.
void HtmlTest::readsRightToLeft()
{
    Reader reader;
    reader.show(messageOf(
        "<p dir=rtl>\xd7\x90\xd7\x97\xd7\x93 one two \xd7\xa9\xd7\xaa\xd7\x99\xd7\x99\xd7\x9d</p>"));
    QHash<QString, QRect> places;
    for (const PageItem &item : reader.view->page()->items)
        if (const auto *text = std::get_if<PageText>(&item.content))
            places.insert(text->text, item.place);
    const int first = places.value(QStringLiteral("\u05d0\u05d7\u05d3")).left();
    const int last = places.value(QStringLiteral("\u05e9\u05ea\u05d9\u05d9\u05dd")).left();
    const int one = places.value(QStringLiteral("one")).left();
    const int two = places.value(QStringLiteral("two")).left();
    QVERIFY(last < one && one < two && two < first);
    // Marks at the ends of words do not part them.
    reader.show(messageOf(
        "<p dir=rtl>\xd7\x90\xd7\x97\xd7\x93 (three four), \xd7\xa9\xd7\xaa\xd7\x99\xd7\x99\xd7\x9d</p>"));
    QVERIFY(placeOf(*reader.view->page(), "(three").left() < placeOf(*reader.view->page(), "four),").left());
    reader.show(messageOf(
        "<p dir=rtl>\xd7\x90\xd7\x97\xd7\x93 one two \xd7\xa9\xd7\xaa\xd7\x99\xd7\x99\xd7\x9d</p>"));
    QVERIFY(first > 500); // at the right edge
    reader.view->selectAll();
    QVERIFY(reader.view->selectedText().contains(QStringLiteral("\u05d0\u05d7\u05d3 one two")));
}

void HtmlTest::placesLines_data()
{
    QTest::addColumn<QByteArray>("html");
    QTest::addColumn<int>("distance"); // from the top of "one" to that of "two"; below 0: in lines of "one"
    QTest::newRow("a line of its own") << QByteArray("<div>one</div><div>two</div>") << -1;
    QTest::newRow("an empty one") << QByteArray("<div>one</div><div><br></div><div>two</div>") << -2;
    QTest::newRow("one within words")
        << QByteArray("<div>one</div><div><b><font size=3><br></font></b></div>two") << -2;
    QTest::newRow("two breaks at the end") << QByteArray("<p style='margin:0'>one<br><br></p>two") << -2;
    QTest::newRow("one before a block") << QByteArray("<div>one</div><br><div>two</div>") << -2;
    QTest::newRow("a break at the end") << QByteArray("<p style='margin:0'>one<br></p>two") << -1;
    QTest::newRow("a high cell") << QByteArray(
        "<table cellspacing=0 cellpadding=0><tr><td height=80 valign=top>one<tr><td>two</table>")
                                 << 80;
    QTest::newRow("a high row") << QByteArray(
        "<table cellspacing=0 cellpadding=0><tr height=70><td valign=top>one<tr><td>two</table>")
                                << 70;
    QTest::newRow("a table without lines")
        << QByteArray("<table border=0 cellspacing=0 cellpadding=0><tr><td>one<tr><td>two</table>") << -1;
}

void HtmlTest::placesLines()
{
    QFETCH(QByteArray, html);
    QFETCH(int, distance);
    Reader reader;
    reader.show(messageOf(html));
    const QRect one = placeOf(*reader.view->page(), "one"), two = placeOf(*reader.view->page(), "two");
    QCOMPARE(two.top() - one.top(), distance < 0 ? -distance * one.height() : distance);
}

void HtmlTest::takesTheNextFamily_data()
{
    QTest::addColumn<QByteArray>("html");
    QTest::newRow("a kind") << QByteArray("<span style='font-family:monospace'>iiii mmmm</span>");
    QTest::newRow("behind one that is not there")
        << QByteArray("<span style='font-family:No-Such-Family,monospace'>iiii mmmm</span>");
    QTest::newRow("of a font element")
        << QByteArray("<font face='No Such Family, monospace'>iiii mmmm</font>");
}

/// Of a list of families the first that is there.
void HtmlTest::takesTheNextFamily()
{
    QFETCH(QByteArray, html);
    Reader reader;
    reader.show(messageOf(html));
    const Page &page = *reader.view->page();
    QCOMPARE(placeOf(page, "iiii").width(), placeOf(page, "mmmm").width());
}

/// However large their corners are.
void HtmlTest::roundsTheEndsOfButtons()
{
    Reader reader;
    reader.show(messageOf("<body style='margin:0'><div style='width:200px;height:40px;background:#00aa00;"
                          "border-radius:999px'></div>"));
    QTRY_COMPARE(reader.colorAt({100, 20}), QColor(0, 0xaa, 0));
    QCOMPARE(reader.colorAt({24, 2}), QColor(0, 0xaa, 0)); // an ellipse would leave it white
    QCOMPARE(reader.colorAt({2, 2}), QColor(Qt::white));
}

void HtmlTest::mirrorsTables_data()
{
    QTest::addColumn<QByteArray>("html");
    QTest::addColumn<QStringList>("words"); // from left to right, those of a column by their left ends
    const auto row = [](const char *name, const QByteArray &html, const char *words) {
        QTest::newRow(name) << html << QString::fromLatin1(words).split(u' ');
    };
    row("from the left", "<table><tr><td>one<td>two<td>three</table>", "one two three");
    row("a row", "<table dir=rtl><tr><td>one<td>two<td>three</table>", "three two one");
    row("all around it", "<div dir=rtl><table><tr><td>one<td>two</table></div>", "two one");
    row("by a style", "<table style='direction:rtl'><tr><td>one<td>two</table>", "two one");
    row("from the left within", "<div dir=rtl><table dir=ltr><tr><td>one<td>two</table></div>", "one two");
    row("a cell of two rows", "<table dir=rtl><tr><td rowspan=2>one<td>two<tr><td>three</table>",
        "three two one");
    row("a cell of two columns",
        "<table dir=rtl width=300><tr><td>one<td>two<td>three<tr><td colspan=2>four<td>five</table>",
        "three five two four one");
    row("a row that is short", "<table dir=rtl><tr><td>one<td>two<tr><td>three</table>", "two three one");
    row("a table within, from the left",
        "<table dir=rtl><tr><td>one<td><table dir=ltr><tr><td>two<td>three</table></table>", "two three one");
    row("tables within tables",
        "<table "
        "dir=rtl><tr><td>one<td><table><tr><td>two<td><table><tr><td>three<td>four</table></table></table>",
        "four three two one");
    row("widths", "<table dir=rtl width=400><tr><td width=300>one<td>two</table>", "two one");
}

void HtmlTest::mirrorsTables()
{
    QFETCH(QByteArray, html);
    QFETCH(QStringList, words);
    Reader reader;
    reader.show(messageOf(html));
    QList<std::pair<int, QString>> placed;
    for (const PageItem &item : reader.view->page()->items)
        if (const auto *text = std::get_if<PageText>(&item.content))
            placed.append({item.place.left(), text->text});
    std::sort(placed.begin(), placed.end());
    QStringList shown;
    for (const auto &[left, word] : placed)
        shown.append(word);
    QCOMPARE(shown, words);
}

void HtmlTest::numbersItems_data()
{
    QTest::addColumn<QByteArray>("html");
    QTest::addColumn<QStringList>("words");
    const auto row = [](const char *name, const QByteArray &html, const char *words) {
        QTest::newRow(name) << html << QString::fromLatin1(words).split(u' ');
    };
    row("numbers", "<ol><li>x<li>y<li>z</ol>", "1. 2. 3.");
    row("from another on", "<ol start=7><li>x<li>y</ol>", "7. 8.");
    row("one that has its own", "<ol><li>x<li value=10>y<li>z</ol>", "1. 10. 11.");
    row("letters", "<ol type=a start=26><li>x<li>y</ol>", "z. aa.");
    row("Roman numbers", "<ol type=I start=3><li>x<li>y</ol>", "III. IV.");
    row("lists in lists", "<ol><li>x<ol><li>y<li>z</ol><li>u</ol>", "1. 1. 2. 2.");
    row("past what an octet holds", "<ol start=299><li>x<li>y</ol>", "299. 300.");
    row("no letter before the first", "<ol type=a start=0><li>x<li>y</ol>", "a.");
    const QByteArray largest = QByteArray(100, 'm') + '.'; // whatever is asked for
    row("a Roman number of a million", "<ol type=i start=999999><li>x</ol>", largest.constData());
}

void HtmlTest::numbersItems()
{
    QFETCH(QByteArray, html);
    QFETCH(QStringList, words);
    Reader reader;
    reader.show(messageOf(html));
    QVERIFY(!reader.showsText());
    QMap<int, QString> byHeight; // an item's number is drawn before what is in the items
    for (const PageItem &item : reader.view->page()->items)
        if (const auto *text = std::get_if<PageText>(&item.content);
            text != nullptr && text->text.endsWith(u'.'))
            byHeight.insert(item.place.top(), text->text);
    QCOMPARE(byHeight.values(), words);
}

void HtmlTest::mirrorsLists_data()
{
    QTest::addColumn<QByteArray>("html");
    QTest::addColumn<bool>("isMirrored");
    const auto row = [](const char *name, const QByteArray &html, bool isMirrored) {
        QTest::newRow(name) << html << isMirrored;
    };
    row("a mark", "<ul><li>item</ul>", false);
    row("a number", "<ol><li>item</ol>", false);
    row("a mark from the right", "<ul dir=rtl><li>item</ul>", true);
    row("a number from the right", "<ol dir=rtl><li>item</ol>", true);
    row("a letter, all around it", "<div dir=rtl><ol type=a><li>item</ol></div>", true);
    row("one item", "<div dir=rtl><ul dir=ltr><li>item</ul></div>", false);
    row("in a cell that is mirrored", "<table dir=rtl width=400><tr><td><ul><li>item</ul><td>x</table>",
        true);
}

/// The mark lies on the side where the item begins, within the page.
void HtmlTest::mirrorsLists()
{
    QFETCH(QByteArray, html);
    QFETCH(bool, isMirrored);
    Reader reader;
    reader.show(messageOf(html));
    const std::shared_ptr<const Page> page = reader.view->page();
    QRect mark, item;
    for (const PageItem &one : page->items) {
        const auto *text = std::get_if<PageText>(&one.content);
        if (text != nullptr && text->text == QLatin1String("item"))
            item = one.place;
        else if (std::holds_alternative<PageMarker>(one.content)
            || (text != nullptr && text->text != QLatin1String("x")))
            mark = one.place;
    }
    QVERIFY(!mark.isEmpty() && !item.isEmpty());
    QCOMPARE(mark.left() > item.right(), isMirrored);
    QCOMPARE(mark.right() < item.left(), !isMirrored);
    const int apart = isMirrored ? mark.left() - item.right() : item.left() - mark.right();
    QVERIFY2(apart < 40, QByteArray::number(apart).constData());
    QVERIFY(QRect(QPoint(), page->size).contains(mark));
}

void HtmlTest::zooms()
{
    Reader reader;
    reader.show(messageOf("<style>@media (max-width:400px){p{color:#ff0000}}</style>"
                          "<p style='background:#00ff00;width:100px;height:40px'>x</p>"));
    QTRY_COMPARE(reader.colorAt(QPoint(100, 20)), QColor(0, 255, 0));
    QCOMPARE(reader.colorAt(QPoint(180, 20)), QColor(Qt::white));
    QSignalSpy shown(reader.view, &HtmlView::shown);
    QSignalSpy changed(reader.view, &HtmlView::lookChanged);
    reader.view->setLook({2, 0});
    QCOMPARE(changed.size(), 1);
    QTRY_COMPARE(shown.size(), 1); // laid out for half the width
    QTRY_COMPARE(reader.colorAt(QPoint(180, 60)), QColor(0, 255, 0));
    QTest::keyClick(reader.view, Qt::Key_0, Qt::ControlModifier);
    QCOMPARE(reader.view->look(), PageLook());
    QTRY_COMPARE(reader.colorAt(QPoint(180, 20)), QColor(Qt::white));
    QTest::keySequence(reader.view, QKeySequence::ZoomIn);
    QVERIFY(reader.view->look().zoom > 1);
    QTest::keySequence(reader.view, QKeySequence::ZoomOut);
    QCOMPARE(reader.view->look().zoom, 1.0);
}

void HtmlTest::showsOtherWidths_data()
{
    QTest::addColumn<int>("width");
    QTest::newRow("the window's") << 0;
    QTest::newRow("a phone's") << phoneWidth;
    QTest::newRow("a tablet's") << tabletWidth;
    QTest::newRow("a desktop's") << desktopWidth;
}

/// Laid out by the rules for that width, in the middle where the window is wider, scrolled where it is
/// narrower.
void HtmlTest::showsOtherWidths()
{
    QFETCH(int, width);
    Reader reader;
    reader.view->setLook({1, width});
    reader.show(messageOf("<style>body{margin:0}p{background:#00ff00;margin:0;height:100px}"
                          "@media (max-width:375px){p{background:#ff0000}}"
                          "@media (min-width:700px){p{background:#0000ff}}</style><p>x</p>"));
    const QColor color(width == phoneWidth ? 0xffff0000 : width > 700 ? 0xff0000ff : 0xff00ff00);
    const int room = reader.view->viewport()->width();
    QTRY_COMPARE(reader.colorAt(QPoint(room / 2, 50)), color);
    const int shown = width == 0 ? room : width;
    QCOMPARE(reader.colorAt(QPoint(room / 2 - qMin(shown, room) / 2 + 20, 50)), color);
    QCOMPARE(reader.colorAt(QPoint(5, 50)) == color, shown > room - 10);
    QCOMPARE(reader.view->horizontalScrollBar()->maximum(), qMax(0, shown - room));
    const QRect place = reader.view->placeOnView(reader.view->page()->items.first().place);
    QCOMPARE(place.left(), qMax(0, room - shown) / 2);
}

void HtmlTest::remembersLooks_data()
{
    QTest::addColumn<QVariantMap>("values");
    QTest::addColumn<PageLook>("look");
    const auto row = [](const char *name, const QVariant &zoom, const QVariant &width, const PageLook &look) {
        QTest::newRow(name) << QVariantMap{{QStringLiteral("message/zoom"), zoom},
            {QStringLiteral("message/width"), width}}
                            << look;
    };
    QTest::newRow("nothing") << QVariantMap() << PageLook();
    row("as a file has it", QStringLiteral("1.5"), QStringLiteral("375"), {1.5, phoneWidth});
    row("no numbers", QStringLiteral("x"), QStringLiteral("y"), {});
    row("a large zoom", 1000, desktopWidth, {1, desktopWidth});
    row("no zoom", 0, 0, {});
    row("another width", 2, 1, {2, 0});
    QTest::newRow("dark") << QVariantMap{{QStringLiteral("message/dark"), QStringLiteral("true")}}
                          << PageLook{1, 0, Rendering::Dark};
}

void HtmlTest::remembersLooks()
{
    QFETCH(QVariantMap, values);
    QFETCH(PageLook, look);
    QCOMPARE(readPageLook(values), look);
    QCOMPARE(readPageLook(written(look)), look);
}

void HtmlTest::darkensColors_data()
{
    QTest::addColumn<QColor>("words");
    QTest::addColumn<QColor>("paper");
    const auto row = [](const char *name, QRgb words, QRgb paper) {
        QTest::newRow(name) << QColor(words) << QColor(paper);
    };
    row("gray on white", 0x767676, 0xffffff);
    row("a link on white", 0x0000ee, 0xffffff);
    row("a button's words", 0xffffff, 0xe4572e);
    row("green on a light green", 0x1b5e20, 0xe8f5e9);
    row("yellow on navy", 0xffee58, 0x0d47a1);
    row("orange on cream", 0xbf360c, 0xfff8e1);
}

/// As easy to read as what was sent, in the same hues; white is dark, and black is light.
void HtmlTest::darkensColors()
{
    QFETCH(QColor, words);
    QFETCH(QColor, paper);
    const QColor darkWords(darkened(words.rgb())), darkPaper(darkened(paper.rgb()));
    const qreal sent = contrast(words, paper), dark = contrast(darkWords, darkPaper);
    QVERIFY2(qAbs(sent - dark) < 0.05 * sent, qPrintable(QStringLiteral("%1, %2").arg(sent).arg(dark)));
    const auto lightness = [](const QColor &color) { return contrast(color, Qt::black); };
    QCOMPARE(lightness(words) < lightness(paper), lightness(darkWords) > lightness(darkPaper));
    for (const auto &[before, after] : {std::pair(words, darkWords), std::pair(paper, darkPaper)})
        if (before.hslSaturation() > 0 && after.hslSaturation() > 20)
            QVERIFY(qAbs((before.hslHue() - after.hslHue() + 540) % 360 - 180) < 12);
    QCOMPARE(darkened(0xffffffff), 0xff121212);
    QVERIFY(contrast(QColor(darkened(0xff000000)), QColor(darkened(0xffffffff))) > 15);
    QCOMPARE(qAlpha(darkened(0x40ff8800)), 0x40);
}

/// Pictures as they are, and the words upon them; on paper as it was sent.
void HtmlTest::showsDarkPages()
{
    Reader reader;
    reader.view->setLook({1, 0, Rendering::Dark});
    const QByteArray picture = "data:image/png;base64," + pictureOf(QColor(0, 100, 0)).toBase64();
    reader.show(messageOf("<style>p{font:bold 90px sans-serif;margin:0}</style><body style='margin:0'>"
                          "<p style='color:#0000ff'>I</p><p style='color:#ffffff;background:url("
        + picture + ")'>I</p></body>"));
    QTRY_VERIFY(reader.shows(QColor(0, 100, 0)));
    QCOMPARE(reader.colorAt(QPoint(300, 20)), QColor(darkened(0xffffffff)));
    QCOMPARE(reader.colorAt(QPoint(300, 470)), QColor(darkened(0xffffffff)));
    QVERIFY(reader.shows(QColor(darkened(0xff0000ff))));
    QVERIFY(!reader.shows(QColor(0, 0, 255)));
    QVERIFY(reader.shows(Qt::white));
    reader.view->setLook({});
    QTRY_VERIFY(reader.shows(QColor(0, 0, 255)));
    QCOMPARE(reader.colorAt(QPoint(300, 20)), QColor(Qt::white));
}

void HtmlTest::prints()
{
    Reader reader;
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("page.pdf"));
    QVERIFY(!printTo(path, reader)); // nothing is shown
    reader.show(messageOf(QByteArray("<p>some words</p>").repeated(200)));
    QVERIFY(printTo(path, reader));
    QVERIFY(!printTo(folder.filePath(QStringLiteral("none/page.pdf")), reader));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray paper = file.readAll();
    QVERIFY(paper.startsWith("%PDF"));
    const qsizetype sheets = paper.count("/Type /Page\n");
    QVERIFY2(sheets > 3 && sheets < 20, QByteArray::number(sheets).constData());
}

/// With what pictures there are, also where the message could not be laid out. From the view's menu, from the
/// bar.
void HtmlTest::writesForTheBrowser()
{
    test::WebServer server;
    server.give("/a.png", pictureOf(Qt::darkRed));
    const QByteArray html = "<p>some words</p><img src=\"data:image/png;base64,"
        + pictureOf(Qt::darkBlue).toBase64()
        + "\"><img src=" + server.address(QStringLiteral("/a.png")).toLatin1() + ">";
    Reader reader;
    QSignalSpy asked(&reader.pane, &HtmlPane::browserRequested);
    const auto written = [&asked] { return asked.constLast().constFirst().toByteArray(); };
    const auto choose = [&reader](const QString &text) {
        for (QAction *action : reader.view->actions())
            if (action->text() == text)
                action->trigger();
    };
    reader.show(messageOf(html));
    choose(QStringLiteral("Open in the browser"));
    QTRY_COMPARE(asked.size(), 1);
    QVERIFY(written().contains("some words"));
    QVERIFY(written().contains("default-src 'none'"));
    QVERIFY(written().contains(pictureOf(Qt::darkBlue).toBase64()));
    QVERIFY(!written().contains("127.0.0.1"));
    QCOMPARE(server.connections(), 0);

    QTRY_VERIFY(reader.button(QStringLiteral("Load pictures")) != nullptr);
    reader.button(QStringLiteral("Load pictures"))->click();
    QTRY_VERIFY(reader.shows(Qt::darkRed));
    reader.pane.openInBrowser();
    QTRY_COMPARE(asked.size(), 2);
    QVERIFY(written().contains(pictureOf(Qt::darkRed).toBase64()));
    QVERIFY(!written().contains("127.0.0.1"));

    Reader none(PagePrograms{QStringLiteral("/none")});
    QSignalSpy askedOfText(&none.pane, &HtmlPane::browserRequested);
    none.show(messageOf(html));
    QVERIFY(none.showsText());
    none.button(QStringLiteral("Open in the browser"))->click();
    QTRY_COMPARE(askedOfText.size(), 1);
    QVERIFY(askedOfText.at(0).at(0).toByteArray().contains("some words"));
}

QTEST_MAIN(HtmlTest)
#include "tst_html.moc"
