// What holds a page back in Qt WebEngine itself: in a process that has a network, with HTML that nobody has
// cleaned.
#include "tests/support/canaries.h"
#include "tests/support/waysout.h"
#include "tests/support/webserver.h"
#include "ui/message/html/webengine/weblayout.h"

#include <QApplication>
#include <QQuickWindow>
#include <QSignalSpy>
#include <QTest>

#if defined(__SANITIZE_ADDRESS__)
/// As in glasspost-page-webengine: Chromium has a delete that is not of its new's size.
extern "C" const char *__asan_default_options()
{
    return "new_delete_type_mismatch=0:detect_leaks=0";
}
#endif

using namespace glasspost;
using namespace glasspost::ui;

namespace {

constexpr int patience = 60000; // milliseconds
constexpr int lateness = 500; // milliseconds, for what would come late

/// One way out each, by the name of what is asked for: "$" is that path of the server, "^" the folder that
/// has the file. None needs a script, which WebLayout runs none of.
constexpr std::pair<const char *, const char *> singleWays[] = {
    {"picture", "<img src=$>"},
    {"set", "<img srcset='$ 1x'>"},
    {"button", "<input type=image src=$>"},
    {"paper", "<table background=$><tr><td>a</table>"},
    {"style", "<p style='background:url($)'>a</p>"},
    {"mark", "<ul style='list-style-image:url($)'><li>a</ul>"},
    {"sheet", "<link rel=stylesheet href=$>"},
    {"import", "<style>@import '$';</style>"},
    {"font", "<style>@font-face{font-family:x;src:url($)}</style><p style='font-family:x'>a</p>"},
    {"frame", "<iframe src=$></iframe>"},
    {"inner", "<iframe srcdoc='<img src=$>'></iframe>"},
    {"data", "<iframe src='data:text/html,<img src=$>'></iframe>"},
    {"refresh", "<iframe srcdoc='<meta http-equiv=refresh content=\"0;url=$\">'></iframe>"},
    {"object", "<object data=$></object>"},
    {"embed", "<embed src=$>"},
    {"video", "<video preload=auto src=$></video>"},
    {"poster", "<video poster=$></video>"},
    {"drawing", "<svg><image href=$ /></svg>"},
    {"preload", "<link rel=preload as=image href=$>"},
    {"prefetch", "<link rel=prefetch href=$>"},
    {"script", "<script src=$></script>"},
    {"use", "<svg><use href='$#a'/></svg>"},
    {"within",
        "<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><image href='$'/></svg>\">"},
    {"applet", "<applet code=$></applet>"},
    {"sound", "<bgsound src=$>"},
    {"portal", "<portal src=$></portal>"},
    {"html", "<link rel=import href=$>"},
    {"manifest", "<link rel=manifest href=$>"},
    {"a.png", "<img src=file://^/a.png>"},
    {"a.css", "<link rel=stylesheet href=file://^/a.css>"},
    {"a.html", "<iframe src=file://^/a.html></iframe>"},
    {"a.svg", "<object data=file://^/a.svg></object>"},
    {"a.js", "<script src=file://^/a.js></script>"},
    {"a.ttf",
        "<style>@font-face{font-family:y;src:url(file://^/a.ttf)}</style><p style='font-family:y'>a</p>"},
};

/// What this engine does not follow in a page of the Gate's scheme, with nobody to hold it back.
constexpr const char *notFollowed[] = {
    "use", // drawings are used of one's own origin alone
    "within", // a drawing that is a picture loads nothing
    "applet", "sound", "portal", "html", // are gone, or never came
    "manifest", // is for browsers that install applications
    "a.png", "a.css", "a.html", "a.svg", "a.js", "a.ttf", // files are for pages that are files
};

QSet<QString> followedAlone()
{
    QSet<QString> names;
    for (const auto &[name, html] : singleWays)
        names.insert(QLatin1String(name));
    for (const char *name : notFollowed)
        names.remove(QLatin1String(name));
    return names;
}

QByteArray pageOfSingleWays(const test::WebServer &server, const test::Canaries &files)
{
    QByteArray page = "<!DOCTYPE html><p>first words</p>";
    for (const auto &[name, html] : singleWays)
        page += QByteArray(html)
                    .replace('$', server.address(u'/' + QLatin1String(name)).toUtf8())
                    .replace('^', files.path().toUtf8());
    return page;
}

QString listOf(const QSet<QString> &names)
{
    return names.values().join(u' ');
}

} // namespace

class GateTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void letsNothingOut();
    void isWhatHoldsItBack_data();
    void isWhatHoldsItBack();

private:
    [[nodiscard]] QString host() const { return m_server.address({}).remove(QLatin1String("http://")); }
    /// But for a page that goes elsewhere by itself, at which the program ends.
    [[nodiscard]] QString everyWay() const
    {
        QString all
            = QStringLiteral("<!DOCTYPE html><p>first words</p><img src=http://%1/a.png>").arg(host());
        for (const test::WayOut &way : test::waysOut(host(), m_files.path()))
            if (QLatin1String(way.name) != QLatin1String("refresh"))
                all += way.html;
        return all;
    }

    test::WebServer m_server;
    test::Canaries m_files;
};

void GateTest::letsNothingOut()
{
    QVERIFY(m_files.isWatched());
    WebLayout layout;
    QSignalSpy laidOut(&layout, &WebLayout::laidOut);
    PageRequest request;
    request.html = everyWay().toUtf8();
    request.width = 600;
    layout.layOut(request);
    QTRY_COMPARE_WITH_TIMEOUT(laidOut.size(), 1, patience);
    QVERIFY(!laidOut.at(0).at(0).value<Page>().items.isEmpty());
    QTest::qWait(lateness);
    QCOMPARE(m_server.connections(), 0);
    QCOMPARE(m_files.opened(), QSet<QString>());
}

void GateTest::isWhatHoldsItBack_data()
{
    QTest::addColumn<bool>("hasGate");
    QTest::addColumn<QSet<QString>>("followed");
    QTest::newRow("the engine alone") << false << followedAlone();
    QTest::newRow("with a Gate") << true << QSet<QString>();
}

/// One page, and but for the Gate the same engine, with the settings it comes with: what is reached of all.
void GateTest::isWhatHoldsItBack()
{
    QFETCH(bool, hasGate);
    QFETCH(QSet<QString>, followed);
    const test::WebServer server;
    const test::Canaries files;
    QVERIFY(files.isWatched());
    Gate gate;
    DocumentSource source;
    source.setDocument(pageOfSingleWays(server, files));
    QWebEngineProfile profile;
    profile.installUrlSchemeHandler(Gate::scheme(), &source);
    if (hasGate)
        profile.setUrlRequestInterceptor(&gate);
    QWebEngineView view;
    view.setPage(new QWebEnginePage(&profile, &view));
    QSignalSpy loaded(&view, &QWebEngineView::loadFinished);
    view.resize(600, 400);
    view.show();
    view.load(gate.nextUrl());
    QTRY_VERIFY_WITH_TIMEOUT(!loaded.isEmpty(), patience);
    QVERIFY(loaded.at(0).at(0).toBool());

    QSet<QString> reached;
    const auto missed = [&] {
        reached += files.opened();
        for (const QByteArray &path : server.paths())
            reached.insert(QString::fromLatin1(path.mid(1)));
        return listOf(followed - reached);
    };
    QTRY_COMPARE_WITH_TIMEOUT(missed(), QString(), patience);
    QTest::qWait(lateness);
    QCOMPARE(missed(), QString());
    QCOMPARE(listOf(reached - followed), QString());
    if (hasGate)
        QCOMPARE(server.connections(), 0);
}

int main(int argc, char *argv[])
{
    qputenv("QTWEBENGINE_CHROMIUM_FLAGS", "--disable-gpu");
    QQuickWindow::setGraphicsApi(QSGRendererInterface::Software);
    Gate::registerScheme();
    const QApplication application(argc, argv);
    GateTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_gate.moc"
