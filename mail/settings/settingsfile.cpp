#include "mail/settings/settingsfile.h"

#include "mail/settings/inifile.h"

#include <QDir>
#include <QFile>
#include <QSaveFile>

#include <limits>

namespace glasspost::mail {

namespace {

QString filePath(const QString &dataFolder)
{
    return QDir(dataFolder).filePath(QStringLiteral("settings.ini"));
}

/// Why a value makes no sense; empty when it does.
using Trouble = QString;
const Trouble fine;

template <typename Enum> struct Word
{
    Enum value;
    QLatin1String word;
};

constexpr std::array tlsWords = {Word<smtp::TlsMode>{smtp::TlsMode::None, QLatin1String("none")},
    Word<smtp::TlsMode>{smtp::TlsMode::Opportunistic, QLatin1String("opportunistic")},
    Word<smtp::TlsMode>{smtp::TlsMode::Required, QLatin1String("required")},
    Word<smtp::TlsMode>{smtp::TlsMode::Implicit, QLatin1String("implicit")}};
constexpr std::array clientCertificateWords
    = {Word<smtp::ClientCertificate>{smtp::ClientCertificate::NotAsked, QLatin1String("not-asked")},
        Word<smtp::ClientCertificate>{smtp::ClientCertificate::Asked, QLatin1String("asked")},
        Word<smtp::ClientCertificate>{smtp::ClientCertificate::Required, QLatin1String("required")}};
constexpr std::array proxyWords = {Word<smtp::ProxyHeaders>{smtp::ProxyHeaders::None, QLatin1String("none")},
    Word<smtp::ProxyHeaders>{smtp::ProxyHeaders::Expected, QLatin1String("expected")}};
constexpr std::array tlsVersionWords
    = {Word<smtp::TlsPolicy::Version>{smtp::TlsPolicy::Version::Tls12, QLatin1String("1.2")},
        Word<smtp::TlsPolicy::Version>{smtp::TlsPolicy::Version::Tls13, QLatin1String("1.3")}};
constexpr std::array aliasWords = {Word<Alias::Kind>{Alias::Kind::Alias, QLatin1String("alias")},
    Word<Alias::Kind>{Alias::Kind::List, QLatin1String("list")},
    Word<Alias::Kind>{Alias::Kind::Forward, QLatin1String("forward")}};
constexpr std::array routeWords
    = {Word<OutgoingRoute::Kind>{OutgoingRoute::Kind::Direct, QLatin1String("direct")},
        Word<OutgoingRoute::Kind>{OutgoingRoute::Kind::Smarthost, QLatin1String("smarthost")}};
constexpr std::array protocolWords
    = {Word<smtp::ClientProtocol>{smtp::ClientProtocol::Smtp, QLatin1String("smtp")},
        Word<smtp::ClientProtocol>{smtp::ClientProtocol::Lmtp, QLatin1String("lmtp")}};
constexpr std::array useWords = {Word<smtp::TlsPolicyUse>{smtp::TlsPolicyUse::Off, QLatin1String("no")},
    Word<smtp::TlsPolicyUse>{smtp::TlsPolicyUse::On, QLatin1String("yes")}};
constexpr std::array policyWords
    = {Word<RecipientPolicy>{RecipientPolicy::CatchAll, QLatin1String("catch-all")},
        Word<RecipientPolicy>{RecipientPolicy::Mailboxes, QLatin1String("mailboxes")}};

template <typename Enum, size_t n> QString wordFor(Enum value, const std::array<Word<Enum>, n> &words)
{
    const auto found
        = std::find_if(words.begin(), words.end(), [value](const auto &word) { return word.value == value; });
    return found == words.end() ? QString() : QString(found->word);
}

template <typename Enum, size_t n>
Trouble readWord(const QString &text, Enum &value, const std::array<Word<Enum>, n> &words)
{
    QStringList known;
    for (const auto &word : words) {
        if (text.compare(word.word, Qt::CaseInsensitive) == 0) {
            value = word.value;
            return fine;
        }
        known += word.word;
    }
    return QStringLiteral("\"%1\" is none of %2").arg(text, known.join(QLatin1String(", ")));
}

template <typename Number> Trouble readNumber(const QString &text, Number &value, qint64 least, qint64 most)
{
    bool ok = false;
    const qint64 number = text.toLongLong(&ok);
    if (!ok || number < least || number > most)
        return QStringLiteral("\"%1\" is no number from %2 to %3").arg(text).arg(least).arg(most);
    value = Number(number);
    return fine;
}

Trouble readFlag(const QString &text, bool &value)
{
    const QString word = text.toLower();
    if (word == QLatin1String("yes") || word == QLatin1String("true") || word == QLatin1String("1"))
        value = true;
    else if (word == QLatin1String("no") || word == QLatin1String("false") || word == QLatin1String("0"))
        value = false;
    else
        return QStringLiteral("\"%1\" is neither yes nor no").arg(text);
    return fine;
}

Trouble readKeywords(const QString &text, smtp::CapabilityFlags &value)
{
    const auto flags = smtp::Capabilities::flagsOf(text.toLatin1());
    if (!flags)
        return QStringLiteral("\"%1\" names an extension that is not known").arg(text);
    value = *flags;
    return fine;
}

Trouble readAddress(const QString &text, QHostAddress &value)
{
    if (text.isEmpty()) {
        value = QHostAddress();
        return fine;
    }
    QHostAddress address;
    if (!address.setAddress(text))
        return QStringLiteral("\"%1\" is no IPv4 or IPv6 address").arg(text);
    value = address;
    return fine;
}

/// "5m", "2h", "5d", "90s" or plain seconds.
Trouble readDuration(const QString &text, std::chrono::seconds &value)
{
    static constexpr qint64 longest = 366LL * 24 * 3600;
    qint64 unit = 1;
    QString digits = text;
    if (text.endsWith(u's') || text.endsWith(u'm') || text.endsWith(u'h') || text.endsWith(u'd')) {
        unit = text.endsWith(u's') ? 1 : text.endsWith(u'm') ? 60 : text.endsWith(u'h') ? 3600 : 86400;
        digits.chop(1);
    }
    qint64 number = 0;
    if (const Trouble trouble = readNumber(digits.trimmed(), number, 1, longest / unit); !trouble.isEmpty())
        return QStringLiteral("\"%1\" is no time such as 30s, 5m, 2h or 5d").arg(text);
    value = std::chrono::seconds(number * unit);
    return fine;
}

QString durationText(std::chrono::seconds value)
{
    const qint64 seconds = value.count();
    for (const auto &[unit, letter] : {std::pair{86400, u'd'}, std::pair{3600, u'h'}, std::pair{60, u'm'}})
        if (seconds % unit == 0 && seconds > 0)
            return QString::number(seconds / unit) + QChar(letter);
    return QString::number(seconds) + u's';
}

QString flagText(bool value)
{
    return value ? QStringLiteral("yes") : QStringLiteral("no");
}

QString addressText(const QHostAddress &address)
{
    return address.isNull() ? QString() : address.toString();
}

/// Which key of a section goes into which place, and back.
struct Field
{
    QString key;
    std::function<Trouble(const QString &)> read;
    std::function<QStringList()> write; ///< one line for each value
};
using Fields = QList<Field>;

Field text(const char16_t *key, QString &value)
{
    return {QString::fromUtf16(key), [&value](const QString &t) { return value = t, fine; },
        [&value] { return QStringList{value}; }};
}

Field texts(const char16_t *key, QStringList &values)
{
    return {QString::fromUtf16(key), [&values](const QString &t) { return values += t, fine; },
        [&values] { return values; }};
}

template <typename Number>
Field number(
    const char16_t *key, Number &value, qint64 least, qint64 most = std::numeric_limits<Number>::max())
{
    return {QString::fromUtf16(key),
        [&value, least, most](const QString &t) { return readNumber(t, value, least, most); },
        [&value] { return QStringList{QString::number(value)}; }};
}

Field flag(const char16_t *key, bool &value)
{
    return {QString::fromUtf16(key), [&value](const QString &t) { return readFlag(t, value); },
        [&value] { return QStringList{flagText(value)}; }};
}

Field hostAddress(const char16_t *key, QHostAddress &value)
{
    return {QString::fromUtf16(key), [&value](const QString &t) { return readAddress(t, value); },
        [&value] { return QStringList{addressText(value)}; }};
}

Field duration(const char16_t *key, std::chrono::seconds &value)
{
    return {QString::fromUtf16(key), [&value](const QString &t) { return readDuration(t, value); },
        [&value] { return QStringList{durationText(value)}; }};
}

/// "never" for 0.
Field optionalDuration(const char16_t *key, std::chrono::seconds &value)
{
    const QString never = QStringLiteral("never");
    return {QString::fromUtf16(key),
        [&value, never](const QString &t) {
            if (t != never)
                return readDuration(t, value);
            value = std::chrono::seconds(0);
            return fine;
        },
        [&value, never] { return QStringList{value.count() == 0 ? never : durationText(value)}; }};
}

Field durations(const char16_t *key, QList<std::chrono::seconds> &values)
{
    const auto read = [&values](const QString &t) {
        std::chrono::seconds value{};
        const Trouble trouble = readDuration(t, value);
        if (trouble.isEmpty())
            values += value;
        return trouble;
    };
    const auto write = [&values] {
        QStringList lines;
        for (const std::chrono::seconds value : values)
            lines += durationText(value);
        return lines;
    };
    return {QString::fromUtf16(key), read, write};
}

Field keywords(const char16_t *key, smtp::CapabilityFlags &value)
{
    return {QString::fromUtf16(key), [&value](const QString &t) { return readKeywords(t, value); },
        [&value] { return QStringList{QString::fromLatin1(smtp::Capabilities::keywordsOf(value))}; }};
}

template <typename Enum, size_t n>
Field word(const char16_t *key, Enum &value, const std::array<Word<Enum>, n> &words)
{
    return {QString::fromUtf16(key), [&value, &words](const QString &t) { return readWord(t, value, words); },
        [&value, &words] { return QStringList{wordFor(value, words)}; }};
}

Fields fieldsOf(Settings &s)
{
    return {text(u"host-name", s.hostName), texts(u"local-domain", s.localDomains),
        number(u"undo-seconds", s.undoSeconds, 0, 3600), number(u"hop-limit", s.hopLimit, 1, 10000),
        number(u"sessions-kept-days", s.sessionsKeptDays, 0, 36500)};
}

Fields fieldsOf(LocalUser &user)
{
    return {text(u"name", user.name), text(u"full-name", user.fullName)};
}

Fields fieldsOf(Alias &alias)
{
    return {
        text(u"name", alias.name), word(u"kind", alias.kind, aliasWords), texts(u"target", alias.targets)};
}

Fields fieldsOf(Identity &identity)
{
    return {text(u"name", identity.name), text(u"address", identity.address), text(u"user", identity.user)};
}

Fields fieldsOf(OutgoingRoute &route)
{
    return {word(u"kind", route.kind, routeWords), word(u"protocol", route.protocol, protocolWords),
        text(u"host", route.host), number(u"port", route.port, 1), word(u"tls", route.tls, tlsWords),
        flag(u"verify-certificate", route.verifyCertificate), text(u"authority-file", route.authorityFile),
        text(u"fingerprint", route.fingerprint), text(u"certificate-file", route.certificateFile),
        text(u"key-file", route.keyFile), keywords(u"passed-over", route.passedOver),
        text(u"user", route.user), hostAddress(u"nameserver", route.nameserver),
        number(u"nameserver-port", route.nameserverPort, 1),
        text(u"trust-anchor-file", route.trustAnchorFile), word(u"dane", route.dane, useWords),
        word(u"mta-sts", route.mtaSts, useWords), number(u"mta-sts-port", route.mtaStsPort, 1),
        flag(u"allow-private-addresses", route.allowPrivateAddresses)};
}

/// bindingCount tells a listener with no binding from a file that says nothing of bindings; -1 when not
/// given.
Fields fieldsOf(ListenerSettings &listener, int &bindingCount)
{
    return {flag(u"enabled", listener.enabled), word(u"policy", listener.policy, policyWords),
        number(u"max-message-size", listener.maxMessageSize, 1),
        text(u"certificate-file", listener.certificateFile), text(u"key-file", listener.keyFile),
        text(u"auth-file", listener.authFile), texts(u"mechanism", listener.mechanisms),
        word(u"tls-minimum", listener.tlsMinimum, tlsVersionWords), text(u"tls-ciphers", listener.tlsCiphers),
        text(u"client-authority-file", listener.clientAuthorityFile),
        texts(u"trusted-peer", listener.trustedPeers),
        number(u"mails-per-session", listener.mailsPerSession, 0),
        number(u"bindings", bindingCount, 0, 1000)};
}

Fields fieldsOf(ListenerBinding &binding)
{
    return {hostAddress(u"address", binding.address), number(u"port", binding.port, 0),
        word(u"tls", binding.tls, tlsWords), flag(u"require-auth", binding.requireAuth),
        word(u"client-certificate", binding.clientCertificate, clientCertificateWords),
        word(u"proxy-headers", binding.proxyHeaders, proxyWords),
        text(u"capture-mailbox", binding.captureMailbox)};
}

Fields fieldsOf(ListenerExtensions &extensions)
{
    return {flag(u"chunking", extensions.chunking), flag(u"smtputf8", extensions.smtpUtf8),
        flag(u"limits", extensions.limits), flag(u"vrfy", extensions.verify),
        flag(u"expn", extensions.expand), flag(u"xclient", extensions.xclient), flag(u"dsn", extensions.dsn),
        flag(u"requiretls", extensions.requireTls), flag(u"deliverby", extensions.deliverBy),
        flag(u"futurerelease", extensions.futureRelease), flag(u"mt-priority", extensions.priority)};
}

Fields fieldsOf(RetrySchedule &retry)
{
    return {durations(u"wait", retry.waits), duration(u"give-up-after", retry.giveUpAfter),
        optionalDuration(u"tell-delay-after", retry.delayAfter)};
}

Fields fieldsOf(SendingLimits &limits)
{
    return {number(u"connections", limits.connections, 1, 10000),
        number(u"connections-per-destination", limits.connectionsPerDestination, 1, 10000),
        number(u"messages-per-connection", limits.messagesPerConnection, 1, 1000000),
        number(u"messages-per-minute", limits.messagesPerMinute, 0, 1000000)};
}

Result<void> readSection(const IniSection &section, const Fields &fields)
{
    for (const IniSection::Entry &entry : section.entries) {
        const QString where = section.name + u'.' + entry.key;
        const auto found = std::find_if(
            fields.begin(), fields.end(), [&entry](const Field &field) { return field.key == entry.key; });
        const Trouble trouble
            = found == fields.end() ? QStringLiteral("no such key") : found->read(entry.value);
        if (!trouble.isEmpty())
            return tl::unexpected(Error{
                ErrorCode::BadSettings, where, QStringLiteral("line %1: %2").arg(entry.line).arg(trouble)});
    }
    return {};
}

void addSection(IniFile &file, const QString &name, const Fields &fields)
{
    IniSection section;
    section.name = name;
    for (const Field &field : fields) {
        const QStringList values = field.write();
        for (const QString &value : values)
            section.add(field.key, value);
    }
    file.append(section);
}

template <typename T> Result<void> readItem(const IniSection &section, QList<T> &list)
{
    T item;
    const Fields fields = fieldsOf(item);
    const Result<void> result = readSection(section, fields);
    list.append(item);
    return result;
}

template <typename T> void addItems(IniFile &file, const QString &name, QList<T> list)
{
    for (T &item : list)
        addSection(file, name, fieldsOf(item));
}

Result<Settings> settingsFrom(const IniFile &file)
{
    Settings settings;
    int bindingCount = -1;
    QList<ListenerBinding> bindings;
    for (const IniSection &section : file) {
        Result<void> result;
        if (section.name == QLatin1String("general")) {
            result = readSection(section, fieldsOf(settings));
        } else if (section.name == QLatin1String("user")) {
            result = readItem(section, settings.users);
        } else if (section.name == QLatin1String("alias")) {
            result = readItem(section, settings.aliases);
        } else if (section.name == QLatin1String("identity")) {
            result = readItem(section, settings.identities);
        } else if (section.name == QLatin1String("route")) {
            result = readSection(section, fieldsOf(settings.route));
        } else if (section.name == QLatin1String("listener")) {
            result = readSection(section, fieldsOf(settings.listener, bindingCount));
        } else if (section.name == QLatin1String("extensions")) {
            result = readSection(section, fieldsOf(settings.listener.extensions));
        } else if (section.name == QLatin1String("binding")) {
            result = readItem(section, bindings);
        } else if (section.name == QLatin1String("hand-on")) {
            settings.listener.handOn = OutgoingRoute();
            settings.listener.handOn->kind = OutgoingRoute::Kind::Smarthost;
            result = readSection(section, fieldsOf(*settings.listener.handOn));
        } else if (section.name == QLatin1String("limits")) {
            result = readSection(section, fieldsOf(settings.limits));
        } else if (section.name == QLatin1String("retry")) {
            RetrySchedule retry;
            result = readSection(section, fieldsOf(retry));
            settings.retry.giveUpAfter = retry.giveUpAfter;
            settings.retry.delayAfter = retry.delayAfter;
            if (!retry.waits.isEmpty())
                settings.retry.waits = retry.waits;
        } else {
            result = tl::unexpected(
                Error{ErrorCode::BadSettings, section.name, QStringLiteral("no such section")});
        }
        if (!result)
            return tl::unexpected(result.error());
    }
    if (!bindings.isEmpty() || bindingCount == 0)
        settings.listener.bindings = bindings;
    return settings;
}

IniFile iniFrom(Settings settings)
{
    IniFile file;
    int bindingCount = int(settings.listener.bindings.size());
    addSection(file, QStringLiteral("general"), fieldsOf(settings));
    addItems(file, QStringLiteral("user"), settings.users);
    addItems(file, QStringLiteral("alias"), settings.aliases);
    addItems(file, QStringLiteral("identity"), settings.identities);
    addSection(file, QStringLiteral("route"), fieldsOf(settings.route));
    addSection(file, QStringLiteral("listener"), fieldsOf(settings.listener, bindingCount));
    addSection(file, QStringLiteral("extensions"), fieldsOf(settings.listener.extensions));
    addItems(file, QStringLiteral("binding"), settings.listener.bindings);
    if (settings.listener.handOn)
        addSection(file, QStringLiteral("hand-on"), fieldsOf(*settings.listener.handOn));
    addSection(file, QStringLiteral("retry"), fieldsOf(settings.retry));
    addSection(file, QStringLiteral("limits"), fieldsOf(settings.limits));
    return file;
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
            return bad(QStringLiteral("user.name"), QStringLiteral("\"%1\" is no local name").arg(user.name));
        if (names.contains(user.name, Qt::CaseInsensitive))
            return bad(
                QStringLiteral("user.name"), QStringLiteral("\"%1\" stands there twice").arg(user.name));
        names += user.name;
    }
    for (const Alias &alias : settings.aliases)
        if (alias.name.isEmpty() || alias.name.contains(u'@'))
            return bad(
                QStringLiteral("alias.name"), QStringLiteral("\"%1\" is no local name").arg(alias.name));
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
    Result<Settings> settings = parseIni(file.readAll()).and_then(settingsFrom);
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
    file.write(
        "# Glasspost's settings. A key that is not here has its default; a list is a key or section that "
        "comes again.\n# Glasspost writes this file anew when a setting is changed in its window.\n");
    file.write(writeIni(iniFrom(settings)));
    if (!file.commit())
        return tl::unexpected(fileError(file));
    return {};
}

} // namespace glasspost::mail
