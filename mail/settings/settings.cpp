#include "mail/settings/settings.h"

#include "smtp/syntax/hostport.h"

#include <QHostInfo>
#include <QSysInfo>

#include <pwd.h>
#include <unistd.h>

namespace glasspost::mail {

namespace {

using namespace std::chrono_literals;

/// A host name that may stand in HELO and Message-ID: letters, digits, hyphens and dots.
bool isUsableHostName(const QString &name)
{
    if (name.isEmpty() || name.size() > 255 || name.startsWith(u'.') || name.endsWith(u'.'))
        return false;
    return std::all_of(name.begin(), name.end(),
        [](QChar c) { return (c.unicode() < 128 && c.isLetterOrNumber()) || c == u'-' || c == u'.'; });
}

QString thisHost()
{
    for (const QString &name : {QHostInfo::localHostName(), QSysInfo::machineHostName()})
        if (isUsableHostName(name))
            return name.toLower();
    return QStringLiteral("localhost");
}

LocalUser signedInUser()
{
    LocalUser user;
    passwd entry = {};
    passwd *found = nullptr;
    QByteArray buffer(16384, '\0');
    if (getpwuid_r(getuid(), &entry, buffer.data(), size_t(buffer.size()), &found) == 0 && found) {
        user.name = QString::fromLocal8Bit(found->pw_name);
        user.fullName = QString::fromLocal8Bit(found->pw_gecos).section(u',', 0, 0).trimmed();
    }
    if (user.name.isEmpty())
        user.name = QString::fromLocal8Bit(qgetenv("USER"));
    if (user.name.isEmpty())
        user.name = QStringLiteral("user");
    return user;
}

} // namespace

QString ListenerBinding::place() const
{
    return unixPath.isEmpty() ? smtp::hostPort(address, port) : QStringLiteral("unix:") + unixPath;
}

bool ListenerSettings::takesAnySignIn() const
{
    const bool isWanted
        = signIn == SignInPolicy::Anybody || (signIn == SignInPolicy::Automatic && authFile.isEmpty());
    return policy == RecipientPolicy::CatchAll && isWanted;
}

smtp::PathStyle ListenerSettings::pathStyle() const
{
    const bool isTolerant = paths == PathPolicy::Tolerant
        || (paths == PathPolicy::Automatic && policy == RecipientPolicy::CatchAll);
    return isTolerant ? smtp::PathStyle::Tolerant : smtp::PathStyle::Strict;
}

RetrySchedule RetrySchedule::standard()
{
    RetrySchedule schedule;
    schedule.waits = {5min, 10min, 20min, 30min, 1h, 2h, 3h};
    return schedule;
}

Settings Settings::forFirstStart()
{
    Settings settings;
    settings.hostName = thisHost();
    const LocalUser user = signedInUser();
    settings.users = {user};
    settings.identities = {{user.fullName, user.name + u'@' + settings.hostName, user.name}};
    return settings;
}

Settings withAccepted(Settings settings, const AcceptedCertificate &which)
{
    if (!settings.acceptedCertificates.contains(which))
        settings.acceptedCertificates.append(which);
    return settings;
}

bool areListenersDifferent(const Settings &before, const Settings &after)
{
    return before.listener != after.listener || before.hostName != after.hostName
        || before.hopLimit != after.hopLimit;
}

} // namespace glasspost::mail
