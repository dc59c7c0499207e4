#include "mail/settings/settingsfile.h"

#include "mail/settings/settingsini.h"

#include <QDir>
#include <QFile>
#include <QSaveFile>

namespace glasspost::mail {

namespace {

QString filePath(const QString &dataFolder)
{
    return QDir(dataFolder).filePath(QStringLiteral("settings.ini"));
}

Result<void> checkRoute(const OutgoingRoute &route, const QString &section)
{
    const auto bad = [&section](const char16_t *key, const QString &why) {
        return tl::unexpected(Error{ErrorCode::BadSettings, section + u'.' + QString::fromUtf16(key), why});
    };
    if (route.kind == OutgoingRoute::Kind::Smarthost && route.host.isEmpty())
        return bad(u"host", QStringLiteral("a smarthost needs a host"));
    if (route.certificateFile.isEmpty() != route.keyFile.isEmpty())
        return bad(u"key-file", QStringLiteral("a certificate and its key go together"));
    if (route.protocol == smtp::ClientProtocol::Lmtp
        && (route.kind == OutgoingRoute::Kind::Direct || (route.port == 25 && !route.host.startsWith(u'/'))))
        return bad(
            u"protocol", QStringLiteral("LMTP goes to a smarthost, and never to port 25")); // RFC 2033 5
    return {};
}

/// What the keys alone cannot say.
Result<void> checkSense(const Settings &settings)
{
    const auto bad = [](const QString &key, const QString &why) {
        return tl::unexpected(Error{ErrorCode::BadSettings, key, why});
    };
    QStringList names;
    for (const LocalUser &user : settings.users) {
        if (user.name.isEmpty() || user.name.contains(u'@'))
            return bad(
                QStringLiteral("user.name"), QStringLiteral("\"%1\" is not a local name").arg(user.name));
        if (names.contains(user.name, Qt::CaseInsensitive))
            return bad(QStringLiteral("user.name"), QStringLiteral("\"%1\" is listed twice").arg(user.name));
        names += user.name;
    }
    for (const Alias &alias : settings.aliases)
        if (alias.name.isEmpty() || alias.name.contains(u'@'))
            return bad(
                QStringLiteral("alias.name"), QStringLiteral("\"%1\" is not a local name").arg(alias.name));
    if (const Result<void> route = checkRoute(settings.route, QStringLiteral("route")); !route)
        return route;
    return settings.listener.handOn ? checkRoute(*settings.listener.handOn, QStringLiteral("hand-on"))
                                    : Result<void>();
}

Error fileError(const QFileDevice &file)
{
    ErrorCode code = ErrorCode::InputOutput;
    if (file.error() == QFileDevice::PermissionsError)
        code = ErrorCode::NotPermitted;
    else if (file.error() == QFileDevice::ResourceError)
        code = ErrorCode::NoSpace;
    return {code, file.fileName(), file.errorString()};
}

} // namespace

Result<Settings> loadSettings(const QString &dataFolder)
{
    QFile file(filePath(dataFolder));
    if (!file.exists())
        return tl::unexpected(Error{ErrorCode::NotFound, file.fileName(), {}});
    if (!file.open(QIODevice::ReadOnly))
        return tl::unexpected(fileError(file));
    Result<Settings> settings = parseIni(file.readAll()).and_then(ini::settingsFrom);
    if (!settings)
        return settings;
    if (const Result<void> sense = checkSense(*settings); !sense)
        return tl::unexpected(sense.error());
    if (settings->hostName.isEmpty())
        settings->hostName = Settings::forFirstStart().hostName;
    return settings;
}

Result<void> saveSettings(const QString &dataFolder, const Settings &settings)
{
    QSaveFile file(filePath(dataFolder));
    // The permissions come before the first octet: a name of a person's users is nobody else's business
    // (F30).
    if (!file.open(QIODevice::WriteOnly) || !file.setPermissions(QFile::ReadOwner | QFile::WriteOwner))
        return tl::unexpected(fileError(file));
    file.write("# Glasspost's settings. A key that is not here has its default; a list is a repeated key or "
               "section.\n# Glasspost rewrites this file when a setting is changed in its window.\n");
    file.write(writeIni(ini::iniFrom(settings)));
    if (!file.commit())
        return tl::unexpected(fileError(file));
    return {};
}

} // namespace glasspost::mail
