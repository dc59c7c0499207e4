#include "app/windowcommand.h"

#include "app/console/output.h"
#include "app/console/passwords.h"
#include "app/console/terminationsignal.h"
#include "app/control/controlclient.h"
#include "app/control/controlpath.h"
#include "app/control/requests.h"
#include "app/http/httpswitch.h"
#include "mail/queue/networkwatch.h"
#include "mail/system/mailsystem.h"
#include "ui/mainwindow.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/words/plurals.h"

#include <QApplication>
#include <QInputDialog>
#include <QStandardPaths>
#include <QTimer>
#include <QUrl>

#include <chrono>

namespace glasspost::app {

namespace {

/// The program with its window: hands over to a first instance, or becomes it.
class WindowProgram : public QObject
{
    Q_OBJECT
public:
    WindowProgram(QString dataFolder, QString mailto)
        : m_dataFolder(std::move(dataFolder)), m_mailto(std::move(mailto)),
          m_first(controlPath(m_dataFolder)),
          m_control([this](const QJsonObject &request, QObject *context, ControlServer::Done done) {
              m_handler->answer(request, context, std::move(done));
          })
    {
        connect(&m_first, &ControlClient::answered, this, [] { QCoreApplication::exit(0); });
        connect(&m_first, &ControlClient::unreachable, this, &WindowProgram::open);
        connect(&m_signal, &TerminationSignal::terminated, this, [this] {
            if (m_window)
                m_window->close();
            QCoreApplication::exit(0);
        });
    }

    void start() { m_first.ask(openRequest(m_mailto)); }

private:
    void open()
    {
        m_mail = std::make_unique<mail::MailSystem>(m_dataFolder);
        m_handler = std::make_unique<RequestHandler>(*m_mail);
        connect(m_handler.get(), &RequestHandler::openRequested, this, &WindowProgram::raise);
        connect(m_mail.get(), &mail::MailSystem::started, this, &WindowProgram::takeStarted);
        connect(m_mail.get(), &mail::MailSystem::startFailed, this, &WindowProgram::fail);
        connect(&m_mail->outbox(), &mail::Outbox::passwordNeeded, this, &WindowProgram::findPassword);
        m_window = std::make_unique<ui::MainWindow>(*m_mail);
        connect(m_window.get(), &ui::MainWindow::passwordGiven, this, &WindowProgram::keep);
        m_http = std::make_unique<HttpSwitch>(*m_mail);
        // After the window's own, which clears the bar.
        connect(m_mail.get(), &mail::MailSystem::started, m_http.get(), &HttpSwitch::follow);
        connect(m_http.get(), &HttpSwitch::changed, m_window.get(), &ui::MainWindow::showHttp);
        connect(m_window.get(), &ui::MainWindow::httpStartRequested, m_http.get(), &HttpSwitch::start);
        m_window->show();
        QGuiApplication::setQuitOnLastWindowClosed(true);
        // Not before the window is there: asking the system may take some milliseconds.
        m_network = std::make_unique<mail::NetworkWatch>();
        connect(
            m_network.get(), &mail::NetworkWatch::changed, &m_mail->outbox(), &mail::Outbox::setReachability);
        m_mail->outbox().setReachability(m_network->reachability());
        m_mail->start();
    }

    void takeStarted()
    {
        m_control.listen(controlPath(m_dataFolder));
        compose(m_mailto);
    }

    void compose(const QString &mailto)
    {
        if (!mailto.isEmpty())
            m_window->compose(QUrl(mailto));
    }

    void raise(const QString &mailto)
    {
        m_window->setWindowState(m_window->windowState() & ~Qt::WindowMinimized);
        m_window->show();
        m_window->raise();
        m_window->activateWindow();
        compose(mailto);
    }

    void fail(const mail::Error &error)
    {
        // Another instance that was just starting or ending when it was asked: ask again, for some seconds.
        if (error.code == mail::ErrorCode::InUse && --m_triesLeft > 0) {
            QGuiApplication::setQuitOnLastWindowClosed(false);
            m_window.reset();
            m_http.reset();
            m_handler.reset();
            m_mail.release()->deleteLater();
            QTimer::singleShot(std::chrono::milliseconds(200), this, [this] { start(); });
            return;
        }
        const ExitCode code = complain(error);
        QCoreApplication::exit(int(code));
    }

    void findPassword(const QString &host, const QString &user)
    {
        if (user.isEmpty())
            return askForUser(host);
        if (const QByteArray given = passwordFromEnvironment(); !given.isEmpty())
            return m_mail->outbox().setPassword(host, user, given);
        readPassword(host, user, m_mail.get(), [this, host, user](const QByteArray &password) {
            if (!password.isEmpty())
                m_mail->outbox().setPassword(host, user, password);
            else
                askPerson(host, user);
        });
    }

    // The server takes no mail without a sign-in, and the settings name nobody.
    void askForUser(const QString &host)
    {
        if (m_mail->settings().value().route.host != host)
            return; // of a message's own route; its place in the queue says what the server answered
        auto *dialog = new QInputDialog(m_window.get());
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setWindowTitle(tr("User name"));
        dialog->setLabelText(tr("%1 accepts mail only after sign-in. User name:").arg(host));
        connect(dialog, &QInputDialog::textValueSelected, this, [this, host](const QString &typed) {
            mail::Settings settings = m_mail->settings().value();
            settings.route.user = typed.trimmed();
            if (settings.route.user.isEmpty())
                return;
            m_mail->settings().set(settings);
            findPassword(host, settings.route.user);
        });
        dialog->resize(360, dialog->sizeHint().height()); // its title, too, is to be read
        dialog->open();
    }

    void askPerson(const QString &host, const QString &user)
    {
        auto *dialog = new QInputDialog(m_window.get());
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setWindowTitle(tr("Password"));
        dialog->setLabelText(tr("Password for %1 at %2:").arg(user, host));
        dialog->setTextEchoMode(QLineEdit::Password);
        connect(dialog, &QInputDialog::textValueSelected, this, [this, host, user](const QString &typed) {
            m_mail->outbox().setPassword(host, user, typed.toUtf8());
            keep(host, user, typed.toUtf8());
        });
        dialog->resize(360, dialog->sizeHint().height()); // its title, too, is to be read
        dialog->open();
    }

    void keep(const QString &host, const QString &user, const QByteArray &password)
    {
        // Where there is no secret store it is asked for again at the next start, and never written to a
        // file.
        keepPassword(host, user, password, this, [](bool) {});
    }

    QString m_dataFolder;
    QString m_mailto;
    ControlClient m_first;
    TerminationSignal m_signal;
    std::unique_ptr<mail::NetworkWatch> m_network;
    std::unique_ptr<mail::MailSystem> m_mail;
    std::unique_ptr<RequestHandler> m_handler;
    std::unique_ptr<HttpSwitch> m_http;
    std::unique_ptr<ui::MainWindow> m_window;
    ControlServer m_control;
    int m_triesLeft = 25;
};

bool hasDisplay()
{
    const auto given = [](const char *name) { return !qEnvironmentVariableIsEmpty(name); };
    return given("DISPLAY") || given("WAYLAND_DISPLAY") || given("QT_QPA_PLATFORM");
}

} // namespace

ExitCode runWindow(int &argc, char *argv[], const WindowInvocation &invocation, const QString &dataFolder)
{
    if (!hasDisplay()) {
        complain(
            QStringLiteral("there is no display for the window; \"glasspost listen\" works without one"));
        return ExitCode::Unavailable;
    }
    QApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("glasspost"));
    QCoreApplication::setApplicationVersion(QStringLiteral(GLASSPOST_VERSION));
    QApplication::setApplicationDisplayName(QStringLiteral("Glasspost"));
    QGuiApplication::setDesktopFileName(QStringLiteral("glasspost"));
    ui::applyTheme();
    QApplication::setWindowIcon(ui::applicationIcon());
    ui::EnglishPlurals english;
    QCoreApplication::installTranslator(&english);
    const QString folder = dataFolder.isEmpty()
        ? QStandardPaths::writableLocation(QStandardPaths::AppDataLocation)
        : dataFolder;
    WindowProgram program(folder, invocation.mailto);
    program.start();
    return ExitCode(QApplication::exec());
}

} // namespace glasspost::app

#include "windowcommand.moc"
