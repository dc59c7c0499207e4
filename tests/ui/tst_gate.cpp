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

} // namespace

class GateTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void letsNothingOut();
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

/// The same engine in the same process reaches the server where it has no Gate.
void GateTest::isWhatHoldsItBack()
{
    QWebEngineProfile profile;
    QWebEngineView view;
    view.setPage(new QWebEnginePage(&profile, &view));
    view.setHtml(QStringLiteral("<!DOCTYPE html><img src=http://%1/a.png>").arg(host()));
    QTRY_VERIFY_WITH_TIMEOUT(m_server.connections() > 0, patience);
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
