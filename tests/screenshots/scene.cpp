#include "scene.h"

#include "ui/mailbox/messagelist.h"

#include <QApplication>
#include <QTcpServer>

using namespace glasspost;

namespace {

quint16 portToListen()
{
    // The port that the program has by default makes the pictures true; any other does when it is taken.
    QTcpServer probe;
    return probe.listen(QHostAddress::LocalHost, 2525) ? 2525 : 0;
}

mail::StartOptions options(quint16 smarthostPort)
{
    mail::StartOptions start;
    start.adjust = [smarthostPort, port = portToListen()](mail::Settings settings) {
        settings.hostName = QStringLiteral("mail.example.test");
        settings.localDomains = {QStringLiteral("example.test")};
        settings.users = {{QStringLiteral("alice"), QStringLiteral("Alice Example")},
            {QStringLiteral("bob"), QStringLiteral("Bob Example")}};
        settings.identities = {
            {QStringLiteral("Alice Example"), QStringLiteral("alice@example.test"), QStringLiteral("alice")}};
        settings.listener.bindings.first().port = port;
        settings.undoSeconds = 0;
        if (smarthostPort != 0) {
            settings.listener.policy = mail::RecipientPolicy::Mailboxes;
            settings.route.kind = mail::OutgoingRoute::Kind::Smarthost;
            settings.route.host = QStringLiteral("127.0.0.1");
            settings.route.port = smarthostPort;
        }
        return settings;
    };
    return start;
}

void settle()
{
    QTest::qWait(120);
}

} // namespace

Scene::Scene(const QString &dataFolder, const Stage &stage, quint16 smarthostPort)
    : system(dataFolder), window(system)
{
    QObject::connect(&system.listener(), &mail::ListenerSwitch::changed, &system,
        [this](const mail::ListenerState &state) { listener = state; });
    system.start(options(smarthostPort));
    window.resize(stage.size);
    window.show();
    ready = await([this] { return listener.kind != mail::ListenerState::Kind::Off; });
}

ui::CentralArea &Scene::area() const
{
    return *window.findChild<ui::CentralArea *>();
}

ui::MessagesPage &Scene::messages() const
{
    return area().messages();
}

int Scene::rowsShown() const
{
    return messages().list()->model()->rowCount();
}

void Scene::openMessage(int row)
{
    messages().list()->selectRow(row);
    const auto wanted = messages().list()->currentRow();
    if (await([this, &wanted] { return wanted && messages().message().id == wanted->id; }))
        Q_EMIT messages().list()->opened(wanted->id); // in its place where the window is narrow
}

void shoot(const Stage &stage, QWidget *window, const char *name)
{
    settle();
    const QString path = QStringLiteral("%1/%2%3.png").arg(stage.folder, QLatin1String(name), stage.suffix);
    if (!window->grab().save(path))
        std::fprintf(stderr, "screenshots: cannot write %s\n", qUtf8Printable(path));
    else
        std::printf("%s\n", qUtf8Printable(path));
}

void shootOthers(const Stage &stage, const Scene &scene, const char *name)
{
    settle();
    for (QWidget *widget : QApplication::topLevelWidgets()) {
        if (widget != &scene.window && widget->isVisible() && widget->isWindow()
            && widget->windowType() != Qt::ToolTip) {
            shoot(stage, widget, name);
            widget->close();
        }
    }
}

mail::FolderId inboxOf(const char *user)
{
    return {QLatin1String(user), {}};
}
