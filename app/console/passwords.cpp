#include "app/console/passwords.h"

#include "app/console/output.h"
#include "mail/system/outbox.h"

#include <qt6keychain/keychain.h>

#include <cstdio>
#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

namespace glasspost::app {

namespace {

const QString service = QStringLiteral("glasspost");

QString keyFor(const QString &host, const QString &user)
{
    return QStringLiteral("%1@%2").arg(user, host);
}

/// One line from the terminal, octet by octet, so that nothing of a longer buffer stays behind.
QByteArray readSecret(int terminal)
{
    QByteArray line;
    char octet = 0;
    while (::read(terminal, &octet, 1) == 1 && octet != '\n')
        line += octet;
    return line;
}

} // namespace

void readPassword(
    const QString &host, const QString &user, QObject *context, std::function<void(const QByteArray &)> done)
{
    auto *job = new QKeychain::ReadPasswordJob(service, context);
    job->setKey(keyFor(host, user));
    job->setInsecureFallback(false);
    QObject::connect(job, &QKeychain::Job::finished, context, [job, done = std::move(done)] {
        done(job->error() == QKeychain::NoError ? job->textData().toUtf8() : QByteArray());
    });
    job->start();
}

void keepPassword(const QString &host, const QString &user, const QByteArray &password, QObject *context,
    std::function<void(bool)> done)
{
    auto *job = new QKeychain::WritePasswordJob(service, context);
    job->setKey(keyFor(host, user));
    job->setTextData(QString::fromUtf8(password));
    job->setInsecureFallback(false);
    QObject::connect(job, &QKeychain::Job::finished, context,
        [job, done = std::move(done)] { done(job->error() == QKeychain::NoError); });
    job->start();
}

QString signInWanted(const QString &host)
{
    return QStringLiteral("%1 accepts mail only after sign-in; name the user in settings.ini, user= below "
                          "[route], or for a message with \"glasspost queue route smtp://USER@%1\"")
        .arg(host);
}

QByteArray passwordFromEnvironment()
{
    return qgetenv("GLASSPOST_PASSWORD");
}

QByteArray tokenFromEnvironment()
{
    return qgetenv("GLASSPOST_TOKEN");
}

QByteArray askPassword(const QString &host, const QString &user)
{
    const int terminal = ::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    struct termios before = {};
    if (terminal < 0 || ::tcgetattr(terminal, &before) != 0) {
        if (terminal >= 0)
            ::close(terminal);
        return {};
    }
    struct termios silent = before;
    silent.c_lflag &= tcflag_t(~ECHO);
    ::dprintf(terminal, "Password of %s at %s: ", printable(user.toUtf8()).constData(),
        printable(host.toUtf8()).constData());
    ::tcsetattr(terminal, TCSAFLUSH, &silent);
    const QByteArray password = readSecret(terminal);
    ::tcsetattr(terminal, TCSAFLUSH, &before);
    ::dprintf(terminal, "\n");
    ::close(terminal);
    return password;
}

void answerPasswords(mail::Outbox &outbox, QObject *context)
{
    QObject::connect(&outbox, &mail::Outbox::passwordNeeded, context,
        [&outbox, context](const QString &host, const QString &user) {
            if (user.isEmpty())
                return void(complain(signInWanted(host)));
            if (const QByteArray given = passwordFromEnvironment(); !given.isEmpty())
                return outbox.setPassword(host, user, given);
            readPassword(host, user, context, [&outbox, host, user](const QByteArray &password) {
                if (password.isEmpty())
                    complain(
                        QStringLiteral("%1 requires the password for %2; set GLASSPOST_PASSWORD, or sign "
                                       "in once in the window")
                            .arg(host, user));
                else
                    outbox.setPassword(host, user, password);
            });
        });
}

} // namespace glasspost::app
