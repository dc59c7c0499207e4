// HTML laid out by Qt WebEngine, in its own process (glasspost-page-webengine).
#include "tests/support/htmlreader.h"
#include "ui/message/html/pagecolors.h"

#include <QClipboard>
#include <QDir>
#include <QGuiApplication>
#include <QScrollBar>

#include <csignal>

using namespace glasspost;
using namespace glasspost::test;
using namespace glasspost::ui;

namespace {

mail::Settings withWebEngine()
{
    mail::Settings settings;
    settings.htmlEngine = mail::HtmlEngine::WebEngine;
    return settings;
}

/// Whether what is shown was painted by the engine itself.
bool isOfWebEngine(const PageView &view)
{
    const QList<PageItem> &items = view.page()->items;
    return std::any_of(items.cbegin(), items.cend(),
        [](const PageItem &item) { return std::holds_alternative<PageStrip>(item.content); });
}

/// proc(5): of every process, its parent.
QHash<qint64, qint64> parents()
{
    QHash<qint64, qint64> all;
    const QStringList names = QDir(QStringLiteral("/proc")).entryList(QDir::Dirs);
    for (const QString &name : names) {
        QFile file(QStringLiteral("/proc/%1/stat").arg(name));
        if (!file.open(QIODevice::ReadOnly))
            continue;
        const QByteArray line = file.readAll();
        all.insert(name.toLongLong(), line.mid(line.lastIndexOf(')') + 2).split(' ').value(1).toLongLong());
    }
    return all;
}

QList<qint64> descendantsOf(qint64 process)
{
    const QHash<qint64, qint64> all = parents();
    QList<qint64> found{process};
    for (qsizetype i = 0; i < found.size(); ++i)
        found += all.keys(found.at(i));
    return found;
}

/// What the program makes of a document that nobody has cleaned.
std::shared_ptr<const Page> laidOut(const QByteArray &document)
{
    PageProcess process(PageProcess::standardProgram(mail::HtmlEngine::WebEngine));
    std::shared_ptr<const Page> page;
    QObject::connect(&process, &PageProcess::laidOut, &process,
        [&page](const std::shared_ptr<const Page> &one) { page = one; });
    QSignalSpy failed(&process, &PageProcess::failed);
    PageRequest request;
    request.html = document;
    request.width = 600;
    process.layOut(request);
    [&] { QTRY_VERIFY_WITH_TIMEOUT(page || !failed.isEmpty(), 40000); }();
    QTest::qWait(300); // for what would come late
    return page;
}

QString textOf(const Page &page)
{
    return PageWords(std::make_shared<const Page>(page))
        .text(PageWords(std::make_shared<const Page>(page)).all());
}

} // namespace

/// One process for all that can share it: each takes a second to start.
class WebEngineTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void fetchesNothingUnasked_data() { addWaysOut(); }
    void fetchesNothingUnasked();
    void letsNothingOut();
    void runsNoScripts();
    void findsSelectsAndCopies();
    void selectsWhereItIsPainted();
    void followsLinksWhereTheyArePainted();
    void showsPictures();
    void showsDarkPages();
    void isSharpWhenZoomed();
    void showsAllOfAPage();
    void prints();
    void fallsBackToLitehtml_data();
    void fallsBackToLitehtml();
    void survivesACrash();
    void changesWithTheSetting();

private:
    std::unique_ptr<Reader> m_reader;
};

void WebEngineTest::init()
{
    if (!m_reader) {
        m_reader = std::make_unique<Reader>();
        m_reader->settings.set(withWebEngine());
    }
    m_reader->view->setLook({});
    m_reader->pane.resize(640, 480);
}

void WebEngineTest::fetchesNothingUnasked()
{
    QFETCH(QString, html);
    expectNothingFetched(*m_reader, html);
    QVERIFY(isOfWebEngine(*m_reader->view));
}

/// What neither the cleaner nor a content policy has held back. The words are there, so it was laid out.
void WebEngineTest::letsNothingOut()
{
    WebServer server;
    const Canaries files;
    QVERIFY(files.isWatched());
    const QString address = server.address({}).remove(QLatin1String("http://"));
    QByteArray all = "<!DOCTYPE html><p>first words</p><img src=http://" + address.toLatin1() + "/a.png>";
    for (const WayOut &way : waysOut(address, files.path()))
        if (QLatin1String(way.name) != QLatin1String("refresh"))
            all += way.html.toUtf8();
    const std::shared_ptr<const Page> page = laidOut(all);
    QVERIFY(page);
    QVERIFY2(textOf(*page).startsWith(QLatin1String("first words")), qPrintable(textOf(*page).left(200)));
    QCOMPARE(server.connections(), 0);
    // One that goes elsewhere by itself comes no further, and the process ends.
    QVERIFY(!laidOut("<meta http-equiv=refresh content='0;url=http://" + address.toLatin1() + "/'>a"));
    QCOMPARE(server.connections(), 0);
    QCOMPARE(files.opened(), QSet<QString>());
}

void WebEngineTest::runsNoScripts()
{
    const std::shared_ptr<const Page> page = laidOut(
        "<!DOCTYPE html><p id=a>before</p><script>document.getElementById('a').textContent='after'</script>"
        "<img src='data:,' onerror=\"document.body.textContent='after'\"><noscript>without</noscript>");
    QVERIFY(page);
    QCOMPARE(textOf(*page), QStringLiteral("before\nwithout"));
}

void WebEngineTest::findsSelectsAndCopies()
{
    PageView *view = m_reader->view;
    m_reader->show(
        messageOf("<p>One <b>two</b>\nthree</p><p>Four TWO five<br>six</p><table><tr><td>six<td>seven"
                  "</table><pre>a  b\n c</pre><p style='width:60px'>words that go on</p>"
            + QByteArray("<p>x</p>").repeated(100) + "<p>the end</p>"));
    QVERIFY(isOfWebEngine(*view));
    view->selectAll();
    QVERIFY2(view->selectedText().startsWith(QLatin1String(
                 "One two three\nFour TWO five\nsix\nsix\tseven\na  b\n c\nwords that go on\nx\n")),
        qPrintable(view->selectedText().left(100)));
    QVERIFY(view->selectedText().endsWith(QLatin1String("\nthe end")));
    QVERIFY(view->find(QStringLiteral("two th"), FindDirection::Forward)); // across elements
    QCOMPARE(view->selectedText(), QStringLiteral("two th"));
    QVERIFY(view->find(QStringLiteral("that go"), FindDirection::Forward)); // and lines
    QVERIFY(!view->find(QStringLiteral("eleven"), FindDirection::Forward));
    QCOMPARE(view->verticalScrollBar()->value(), 0);
    QVERIFY(view->find(QStringLiteral("the end"), FindDirection::Backward));
    QVERIFY(view->verticalScrollBar()->value() > 0);
    QTest::keySequence(view, QKeySequence::Copy);
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("the end"));
}

/// The place of a text is that of its letters: between the colors around it.
void WebEngineTest::selectsWhereItIsPainted()
{
    PageView *view = m_reader->view;
    m_reader->show(
        messageOf("<p style='font-size:30px'>some <b style='background:#00aa00;color:#00aa00'>words"
                  "</b> here</p>"));
    const QRect place = view->placeOnView(placeOf(*view->page(), "words"));
    QVERIFY(place.width() > 60 && place.height() > 20);
    QTRY_COMPARE(m_reader->colorAt(place.center()), QColor(0, 0xaa, 0));
    for (const QPoint &inside : {place.topLeft() + QPoint(1, 1), place.bottomRight() - QPoint(1, 1)})
        QCOMPARE(m_reader->colorAt(inside), QColor(0, 0xaa, 0));
    for (const QPoint &outside : {place.topLeft() - QPoint(2, 2), place.bottomRight() + QPoint(2, 2)})
        QCOMPARE(m_reader->colorAt(outside), QColor(Qt::white));
    QTest::mouseDClick(view->viewport(), Qt::LeftButton, {}, place.center());
    QCOMPARE(view->selectedText(), QStringLiteral("words"));
}

void WebEngineTest::followsLinksWhereTheyArePainted()
{
    PageView *view = m_reader->view;
    m_reader->show(
        messageOf("<p>before <a href='https://a.example/?q=1' style='background:#0000ff;color:#0000ff'>the "
                  "<b>link</b></a> and after</p><p><a href='mailto:me@b.example' "
                  "style='display:inline-block;padding:20px;background:#ff0000'>write</a></p>"));
    QCOMPARE(view->page()->links.size(), 2);
    const QRect link = view->placeOnView(view->page()->links.at(0).places.constFirst());
    QTRY_COMPARE(m_reader->colorAt(link.topLeft() + QPoint(1, 1)), QColor(0, 0, 255));
    QCOMPARE(m_reader->colorAt(link.bottomRight() - QPoint(1, 1)), QColor(0, 0, 255));
    QCOMPARE(m_reader->colorAt(link.topLeft() - QPoint(2, 2)), QColor(Qt::white));
    QCOMPARE(m_reader->colorAt(link.bottomRight() + QPoint(2, 2)), QColor(Qt::white));
    // None of them has the focus of the engine's own window, which would show.
    QCOMPARE(m_reader->colorAt(QPoint(link.center().x(), link.top() - 2)), QColor(Qt::white));
    const QRect button = view->placeOnView(view->page()->links.at(1).places.constFirst());
    QCOMPARE(m_reader->colorAt(button.topLeft() + QPoint(1, 1)), QColor(255, 0, 0));
    QSignalSpy activated(&m_reader->pane, &HtmlPane::linkActivated);
    QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, link.center());
    QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, button.topLeft() + QPoint(3, 3));
    QCOMPARE(activated.size(), 2);
    QCOMPARE(activated.at(0).at(0).toUrl(), QUrl(QStringLiteral("https://a.example/?q=1")));
    QCOMPARE(activated.at(0).at(1).toString(), QStringLiteral("the link"));
    QCOMPARE(activated.at(1).at(0).toUrl(), QUrl(QStringLiteral("mailto:me@b.example")));
}

/// T37, and those within the HTML, in lines and behind words; one that is large too.
void WebEngineTest::showsPictures()
{
    m_reader->show(messageWithPictures());
    for (const QColor &color : colorsOfItsPictures)
        QTRY_VERIFY2(m_reader->shows(color), qPrintable(color.name()));
    QVERIFY(isOfWebEngine(*m_reader->view));
    const auto picture = [](const QColor &color, const QSize &size) {
        return "data:image/png;base64," + pictureOf(color, size).toBase64();
    };
    m_reader->show(messageOf("<p style=\"background:url(" + picture(QColor(0, 200, 200), QSize(3, 3))
        + ");height:50px\">x</p><img width=50 height=50 src=\""
        + picture(QColor(200, 200, 0), QSize(2000, 2000)) + "\">"));
    for (const QColor &color : {QColor(0, 200, 200), QColor(200, 200, 0)})
        QTRY_VERIFY2(m_reader->shows(color), qPrintable(color.name()));
    QVERIFY(isOfWebEngine(*m_reader->view));
}

/// In the colors that litehtml's pages have then; pictures as they are, and the words upon them.
void WebEngineTest::showsDarkPages()
{
    m_reader->view->setLook({1, 0, Rendering::Dark});
    const QByteArray picture = "data:image/png;base64," + pictureOf(QColor(0, 100, 0)).toBase64();
    m_reader->show(messageOf("<style>p{font:bold 90px sans-serif;margin:0}</style><body style='margin:0'>"
                             "<p style='color:#0000ff'>I</p><p style='color:#ffffff;background:url("
        + picture + ")'>I</p></body>"));
    QTRY_VERIFY(m_reader->shows(QColor(0, 100, 0)));
    QCOMPARE(m_reader->colorAt(QPoint(300, 20)), QColor(darkened(0xffffffff)));
    QCOMPARE(m_reader->colorAt(QPoint(300, 470)), QColor(darkened(0xffffffff)));
    QVERIFY(m_reader->shows(QColor(darkened(0xff0000ff))));
    QVERIFY(m_reader->shows(Qt::white));
    m_reader->view->setLook({});
    QTRY_VERIFY(m_reader->shows(QColor(0, 0, 255)));
    QVERIFY(isOfWebEngine(*m_reader->view));
}

/// Painted again for the scale, for as many CSS pixels as there are then, each of its pixels on one of the
/// window's.
void WebEngineTest::isSharpWhenZoomed()
{
    PageView *view = m_reader->view;
    m_reader->show(
        messageOf("<style>@media (max-width:400px){p{color:#ff0000}}</style><body style='margin:0'>"
                  "<p style='background:#00ff00;width:100px;height:40px;margin:0'>x</p>"));
    QTRY_COMPARE(m_reader->colorAt(QPoint(99, 20)), QColor(0, 255, 0));
    QCOMPARE(m_reader->colorAt(QPoint(100, 20)), QColor(Qt::white));
    QSignalSpy shown(view, &HtmlView::shown);
    view->setLook({2, 0});
    QTRY_COMPARE_WITH_TIMEOUT(shown.size(), 1, 20000);
    QTRY_COMPARE(m_reader->colorAt(QPoint(199, 79)), QColor(0, 255, 0));
    QCOMPARE(m_reader->colorAt(QPoint(200, 79)), QColor(Qt::white));
    QCOMPARE(m_reader->colorAt(QPoint(199, 80)), QColor(Qt::white));
    QVERIFY(m_reader->shows(QColor(255, 0, 0)));
    // In a width of its own too, where litehtml's page would only be painted larger.
    view->setLook({1, phoneWidth});
    QTRY_COMPARE_WITH_TIMEOUT(shown.size(), 2, 20000);
    view->setLook({1.5, phoneWidth});
    QTRY_COMPARE_WITH_TIMEOUT(shown.size(), 3, 20000);
    const PageItem strip = view->page()->items.constFirst();
    QCOMPARE(std::get<PageStrip>(strip.content).scale, 1.5);
    QCOMPARE(view->page()->size.width(), phoneWidth);
}

/// What is higher and wider than the engine's window, in its place.
void WebEngineTest::showsAllOfAPage()
{
    PageView *view = m_reader->view;
    m_reader->show(messageOf("<body style='margin:0'>"
        + QByteArray("<p style='margin:0;height:20px'>x</p>").repeated(400)
        + "<div style='width:1550px;height:20px'>"
          "<div style='margin-left:1500px;width:50px;height:20px;background:#aa0000'></div></div>"));
    QCOMPARE(view->page()->size, QSize(1550, 8020));
    QCOMPARE(view->page()->background, 0xffffffff);
    view->horizontalScrollBar()->setValue(view->horizontalScrollBar()->maximum());
    view->verticalScrollBar()->setValue(view->verticalScrollBar()->maximum());
    const QRect place = view->placeOnView(QRect(1500, 8000, 50, 20));
    QTRY_COMPARE(m_reader->colorAt(place.topLeft()), QColor(0xaa, 0, 0));
    QCOMPARE(m_reader->colorAt(place.bottomRight()), QColor(0xaa, 0, 0));
    QCOMPARE(m_reader->colorAt(place.topLeft() - QPoint(1, 0)), QColor(Qt::white));
    QCOMPARE(m_reader->colorAt(place.topLeft() - QPoint(0, 1)), QColor(Qt::white));
    // A short one is no higher than what is on it.
    m_reader->show(
        messageOf("<style>html,body{height:100%;margin:0}</style><p style='margin:0;height:30px'>x</p>"));
    QCOMPARE(view->page()->size.height(), 30);
}

void WebEngineTest::prints()
{
    QTemporaryDir folder;
    m_reader->show(messageOf(QByteArray("<p>some words</p>").repeated(200)));
    const QString path = folder.filePath(QStringLiteral("page.pdf"));
    QVERIFY(printTo(path, *m_reader));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const qsizetype sheets = file.readAll().count("/Type /Page\n");
    QVERIFY2(sheets > 3 && sheets < 20, QByteArray::number(sheets).constData());
}

void WebEngineTest::fallsBackToLitehtml_data()
{
    QTest::addColumn<QByteArray>("lines");
    QTest::newRow("a program that is missing") << QByteArray();
    QTest::newRow("one that ends, as without a sandbox") << QByteArray("kill -ABRT $$");
    QTest::newRow("one whose libraries are missing") << QByteArray("exit 127");
}

/// Said once; the engine is not started for further messages.
void WebEngineTest::fallsBackToLitehtml()
{
    QFETCH(QByteArray, lines);
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("page"));
    const QByteArray counted = "echo x >> " + folder.filePath(QStringLiteral("starts")).toUtf8() + "\n";
    if (!lines.isEmpty())
        QCOMPARE(test::program(folder, counted + lines), path);
    Reader reader(PagePrograms{PageProcess::standardProgram(mail::HtmlEngine::Litehtml), path});
    reader.settings.set(withWebEngine());
    reader.show(messageOf("<p>first words</p>"));
    QVERIFY(!reader.showsText());
    QVERIFY(!isOfWebEngine(*reader.view));
    QVERIFY2(reader.said().contains(QLatin1String("does not start")), qPrintable(reader.said()));
    reader.view->selectAll();
    QCOMPARE(reader.view->selectedText(), QStringLiteral("first words"));
    reader.show(messageOf("<p>second words</p>"));
    QVERIFY(!reader.showsText());
    QCOMPARE(reader.said(), QString());
    QFile starts(folder.filePath(QStringLiteral("starts")));
    QCOMPARE(starts.open(QIODevice::ReadOnly), !lines.isEmpty());
    QCOMPARE(starts.readAll(), lines.isEmpty() ? QByteArray() : QByteArray("x\n"));
}

/// One message at which the engine ends is litehtml's, the next one is the engine's again. Nothing of it
/// stays when its process is ended.
void WebEngineTest::survivesACrash()
{
    Reader &reader = *m_reader;
    reader.show(messageOf("<p>first words</p>"));
    const auto current = [&reader] { return reader.view->process().processId(); };
    const QList<qint64> processes = descendantsOf(current());
    QVERIFY2(processes.size() > 2, QByteArray::number(processes.size()).constData());
    ::kill(pid_t(current()), SIGKILL);
    const auto areGone = [&processes] {
        const QHash<qint64, qint64> all = parents();
        return std::none_of(
            processes.cbegin(), processes.cend(), [&all](qint64 process) { return all.contains(process); });
    };
    QTRY_VERIFY_WITH_TIMEOUT(areGone(), 20000);
    QTRY_COMPARE(current(), 0);
    reader.show(messageOf("<p>second words</p>"));
    QVERIFY(isOfWebEngine(*reader.view));

    QSignalSpy shown(reader.view, &HtmlView::shown);
    reader.pane.show(messageOf("<p>third words</p>" + QByteArray("<p>x</p>").repeated(1000)));
    const qint64 second = current();
    QTRY_VERIFY(second > 0);
    ::kill(pid_t(second), SIGSEGV);
    QTRY_VERIFY(current() > 0 && current() != second);
    ::kill(pid_t(current()), SIGSEGV);
    QTRY_COMPARE_WITH_TIMEOUT(shown.size(), 1, 40000);
    QVERIFY(!reader.showsText());
    QVERIFY(!isOfWebEngine(*reader.view));
    QVERIFY2(
        reader.said().contains(QLatin1String("could not lay out this message")), qPrintable(reader.said()));
    reader.show(messageOf("<p>fourth words</p>"));
    QVERIFY(isOfWebEngine(*reader.view));
    QCOMPARE(reader.said(), QString());
}

/// At once, and what was found not to start is tried again.
void WebEngineTest::changesWithTheSetting()
{
    QSignalSpy shown(m_reader->view, &HtmlView::shown);
    m_reader->show(messageOf("<p>some words</p>"));
    QVERIFY(isOfWebEngine(*m_reader->view));
    m_reader->settings.set({});
    QTRY_COMPARE_WITH_TIMEOUT(shown.size(), 2, 20000);
    QVERIFY(!isOfWebEngine(*m_reader->view));
    m_reader->settings.set(withWebEngine());
    QTRY_COMPARE_WITH_TIMEOUT(shown.size(), 3, 20000);
    QVERIFY(isOfWebEngine(*m_reader->view));
}

QTEST_MAIN(WebEngineTest)
#include "tst_webengine.moc"
