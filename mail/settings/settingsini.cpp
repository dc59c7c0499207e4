#include "mail/settings/settingsini.h"

#include "mail/settings/inifields.h"

namespace glasspost::mail::ini {

namespace {

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
constexpr std::array signInWords = {Word<SignInPolicy>{SignInPolicy::Automatic, QLatin1String("automatic")},
    Word<SignInPolicy>{SignInPolicy::Anybody, QLatin1String("any")},
    Word<SignInPolicy>{SignInPolicy::FileOnly, QLatin1String("file")}};
constexpr std::array clearAuthWords = {Word<smtp::ClearAuth>{smtp::ClearAuth::Never, QLatin1String("never")},
    Word<smtp::ClearAuth>{smtp::ClearAuth::Loopback, QLatin1String("loopback")},
    Word<smtp::ClearAuth>{smtp::ClearAuth::Anywhere, QLatin1String("anywhere")}};
constexpr std::array pathWords = {Word<PathPolicy>{PathPolicy::Automatic, QLatin1String("automatic")},
    Word<PathPolicy>{PathPolicy::Strict, QLatin1String("strict")},
    Word<PathPolicy>{PathPolicy::Tolerant, QLatin1String("tolerant")}};
constexpr std::array bareLineFeedWords
    = {Word<smtp::BareLineFeeds>{smtp::BareLineFeeds::Refused, QLatin1String("refuse")},
        Word<smtp::BareLineFeeds>{smtp::BareLineFeeds::Marked, QLatin1String("mark")}};
constexpr std::array policyWords
    = {Word<RecipientPolicy>{RecipientPolicy::CatchAll, QLatin1String("catch-all")},
        Word<RecipientPolicy>{RecipientPolicy::Mailboxes, QLatin1String("mailboxes")}};

constexpr std::array appearanceWords = {Word<Appearance>{Appearance::System, QLatin1String("system")},
    Word<Appearance>{Appearance::Light, QLatin1String("light")},
    Word<Appearance>{Appearance::Dark, QLatin1String("dark")}};
constexpr std::array pictureLoadingWords = {Word<PictureLoading>{PictureLoading::Ask, QLatin1String("ask")},
    Word<PictureLoading>{PictureLoading::Always, QLatin1String("always")}};
constexpr std::array htmlEngineWords = {Word<HtmlEngine>{HtmlEngine::Litehtml, QLatin1String("litehtml")},
    Word<HtmlEngine>{HtmlEngine::WebEngine, QLatin1String("webengine")}};

Field captureRule(const char16_t *key, CaptureRule &value)
{
    return {QString::fromUtf16(key),
        [&value](const QString &text) {
            const auto rule = captureRuleFrom(text);
            if (!rule)
                return QStringLiteral(
                    "\"%1\" is not one of binding, sign-in, domain, tag, client, header:NAME")
                    .arg(text);
            value = *rule;
            return Trouble();
        },
        [&value] { return QStringList{wordsOf(value)}; }};
}

/// An empty one would name no mailbox: the usual one stays.
Field captureMailbox(const char16_t *key, QString &value)
{
    Field field = text(key, value);
    field.read = [read = field.read](const QString &text) { return text.isEmpty() ? Trouble() : read(text); };
    return field;
}

Field folderColor(const char16_t *key, QString &value)
{
    return {QString::fromUtf16(key),
        [&value](const QString &text) {
            const auto color = folderColorFrom(text);
            if (!color)
                return QStringLiteral("\"%1\" is not one of %2, none, #rrggbb")
                    .arg(text, folderColorNames().join(QStringLiteral(", ")));
            value = *color;
            return Trouble();
        },
        [&value] { return QStringList{value.isEmpty() ? QStringLiteral("none") : value}; }};
}

Fields fieldsOf(FolderKeeping &keeping)
{
    CaptureRetention &retention = keeping.retention;
    return {text(u"mailbox", keeping.mailbox), text(u"name", keeping.folder),
        number(u"keep-messages", retention.messages, 0),
        duration(u"keep-age", retention.age, QStringLiteral("forever")),
        number(u"keep-size", retention.octets, 0), folderColor(u"color", keeping.color)};
}

Fields fieldsOf(Settings &s)
{
    return {text(u"host-name", s.hostName), texts(u"local-domain", s.localDomains),
        number(u"undo-seconds", s.undoSeconds, 0, 3600), number(u"hop-limit", s.hopLimit, 1, 10000),
        number(u"sessions-kept-days", s.sessionsKeptDays, 0, 36500),
        number(u"journeys-kept-days", s.journeysKeptDays, 0, 36500),
        text(u"message-id-domain", s.messageIdDomain), word(u"appearance", s.appearance, appearanceWords),
        word(u"html-engine", s.htmlEngine, htmlEngineWords),
        word(u"remote-pictures", s.remotePictures, pictureLoadingWords),
        texts(u"pictures-from", s.picturesFrom), text(u"spamd", s.spamd)};
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
        text(u"user", route.user), texts(u"mechanism", route.mechanisms),
        word(u"auth-in-clear", route.authInClear, clearAuthWords),
        hostAddress(u"nameserver", route.nameserver), number(u"nameserver-port", route.nameserverPort, 1),
        text(u"trust-anchor-file", route.trustAnchorFile), word(u"dane", route.dane, useWords),
        word(u"mta-sts", route.mtaSts, useWords), number(u"mta-sts-port", route.mtaStsPort, 1),
        flag(u"allow-private-addresses", route.allowPrivateAddresses)};
}

/// bindingCount tells a listener with no binding from a file that says nothing of bindings; -1 when not
/// given.
Fields fieldsOf(ListenerSettings &listener, int &bindingCount)
{
    return {flag(u"enabled", listener.enabled), word(u"policy", listener.policy, policyWords),
        captureRule(u"file-by", listener.captureRule),
        number(u"most-inboxes", listener.mostInboxes, 0, 10000),
        number(u"keep-messages", listener.retention.messages, 0),
        duration(u"keep-age", listener.retention.age, QStringLiteral("forever")),
        number(u"keep-size", listener.retention.octets, 0),
        texts(u"reject-recipient", listener.rejectedRecipients),
        texts(u"discard-recipient", listener.discardedRecipients),
        texts(u"allow-release", listener.releaseAllowed), texts(u"allow-client", listener.allowedClients),
        number(u"max-message-size", listener.limits.messageSize, 1),
        text(u"certificate-file", listener.certificateFile), text(u"key-file", listener.keyFile),
        text(u"auth-file", listener.authFile), word(u"sign-in", listener.signIn, signInWords),
        word(u"clear-sign-in", listener.clearSignIn, clearAuthWords),
        word(u"paths", listener.paths, pathWords),
        word(u"bare-lf", listener.bareLineFeeds, bareLineFeedWords), texts(u"mechanism", listener.mechanisms),
        word(u"tls-minimum", listener.tlsMinimum, tlsVersionWords), text(u"tls-ciphers", listener.tlsCiphers),
        text(u"client-authority-file", listener.clientAuthorityFile),
        texts(u"trusted-peer", listener.trustedPeers),
        number(u"mails-per-session", listener.limits.mailsPerSession, 0),
        number(u"bindings", bindingCount, 0, 1000)};
}

Fields fieldsOf(ListenerBinding &binding)
{
    return {hostAddress(u"address", binding.address), number(u"port", binding.port, 0),
        text(u"unix-socket", binding.unixPath), word(u"tls", binding.tls, tlsWords),
        flag(u"require-auth", binding.requireAuth),
        word(u"client-certificate", binding.clientCertificate, clientCertificateWords),
        word(u"proxy-headers", binding.proxyHeaders, proxyWords),
        captureMailbox(u"capture-mailbox", binding.captureMailbox)};
}

Fields fieldsOf(ListenerExtensions &extensions)
{
    return {flag(u"chunking", extensions.chunking), flag(u"smtputf8", extensions.smtpUtf8),
        flag(u"limits", extensions.limits), flag(u"vrfy", extensions.verify),
        flag(u"expn", extensions.expand), flag(u"xclient", extensions.xclient), flag(u"dsn", extensions.dsn),
        flag(u"requiretls", extensions.requireTls), flag(u"deliverby", extensions.deliverBy),
        flag(u"futurerelease", extensions.futureRelease), flag(u"mt-priority", extensions.priority)};
}

Fields fieldsOf(HttpInterfaceSettings &http)
{
    return {
        flag(u"enabled", http.enabled), hostAddress(u"address", http.address), number(u"port", http.port, 0)};
}

Fields fieldsOf(AcceptedCertificate &accepted)
{
    return {text(u"server", accepted.server), text(u"fingerprint", accepted.fingerprint)};
}

Fields fieldsOf(RetrySchedule &retry)
{
    return {durations(u"wait", retry.waits), duration(u"give-up-after", retry.giveUpAfter),
        duration(u"tell-delay-after", retry.delayAfter, QStringLiteral("never"))};
}

Fields fieldsOf(SendingLimits &limits)
{
    return {number(u"connections", limits.connections, 1, 10000),
        number(u"connections-per-destination", limits.connectionsPerDestination, 1, 10000),
        number(u"messages-per-connection", limits.messagesPerConnection, 1, 1000000),
        number(u"messages-per-minute", limits.messagesPerMinute, 0, 1000000)};
}

/// "strict-paths" is what older versions wrote among the limits; "no" lives on as paths = tolerant.
Field olderStrictPaths(PathPolicy &paths)
{
    return {QStringLiteral("strict-paths"),
        [&paths](const QString &text) {
            if (text == QLatin1String("no"))
                paths = PathPolicy::Tolerant;
            return Trouble();
        },
        [] { return QStringList(); }};
}

Fields limitFieldsOf(ListenerSettings &listener)
{
    smtp::ServerLimits &limits = listener.limits;
    const QString none = QStringLiteral("none");
    return {number(u"command-line", limits.commandLine, 512, 1 << 20), // RFC 5321 4.5.3.1.4
        number(u"text-line", limits.textLine, 1000), // RFC 5321 4.5.3.1.6
        number(u"header-size", limits.headerSize, 65536),
        number(u"recipients", limits.recipients, 1), // below 100 against RFC 5321 4.5.3.1.8, to test clients
        number(u"errors", limits.errors, 1), number(u"junk-commands", limits.junkCommands, 1),
        number(u"slow-after-errors", limits.slowAfterErrors, 0),
        number(u"slow-after-junk", limits.slowAfterJunk, 0),
        duration(u"error-delay", limits.errorDelay, none), number(u"auth-failures", limits.authFailures, 1),
        number(u"connections", limits.connections, 1),
        number(u"connections-per-address", limits.connectionsPerAddress, 1),
        number(u"connections-from-loopback", limits.connectionsFromLoopback, 1),
        duration(u"idle", limits.idle), duration(u"without-message", limits.withoutMessage),
        number(u"minimum-rate", limits.minimumRate, 0),
        duration(u"least-deliver-by", limits.leastDeliverBy, none),
        duration(u"longest-hold", limits.longestHold), olderStrictPaths(listener.paths)};
}

Fields fieldsOf(smtp::ClientTimeouts &timeouts)
{
    return {duration(u"connect", timeouts.connect), duration(u"greeting", timeouts.greeting),
        duration(u"hello", timeouts.hello), duration(u"tls-handshake", timeouts.handshake),
        duration(u"sign-in", timeouts.auth), duration(u"mail", timeouts.mail),
        duration(u"rcpt", timeouts.rcpt), duration(u"data", timeouts.dataInitiation),
        duration(u"data-block", timeouts.dataBlock), duration(u"end-of-data", timeouts.dataTermination),
        duration(u"quit", timeouts.quit)};
}

/// A section that stands there once.
struct Section
{
    QString name;
    Fields fields;
};

QList<Section> sectionsOf(Settings &settings, int &bindingCount)
{
    ListenerSettings &listener = settings.listener;
    return {{QStringLiteral("general"), fieldsOf(settings)},
        {QStringLiteral("route"), fieldsOf(settings.route)},
        {QStringLiteral("listener"), fieldsOf(listener, bindingCount)},
        {QStringLiteral("extensions"), fieldsOf(listener.extensions)},
        {QStringLiteral("listener-limits"), limitFieldsOf(listener)},
        {QStringLiteral("http"), fieldsOf(settings.http)},
        {QStringLiteral("retry"), fieldsOf(settings.retry)},
        {QStringLiteral("limits"), fieldsOf(settings.limits)},
        {QStringLiteral("timeouts"), fieldsOf(settings.timeouts)}};
}

template <typename T> Result<void> readItem(const IniSection &section, QList<T> &list)
{
    T item;
    const Result<void> result = readSection(section, fieldsOf(item));
    list.append(item);
    return result;
}

/// One that names no mailbox would say nothing.
Result<void> readFolder(const IniSection &section, QList<FolderKeeping> &folders)
{
    const Result<void> result = readItem(section, folders);
    if (result && folders.constLast().mailbox.isEmpty())
        return tl::unexpected(
            Error{ErrorCode::BadSettings, QStringLiteral("folder.mailbox"), QStringLiteral("it is missing")});
    return result;
}

template <typename T> void addItems(IniFile &file, const QString &name, QList<T> list)
{
    for (T &item : list)
        addSection(file, name, fieldsOf(item));
}

/// A section that may stand there any number of times.
Result<void> readRepeated(const IniSection &section, Settings &settings, QList<ListenerBinding> &bindings)
{
    if (section.name == QLatin1String("user"))
        return readItem(section, settings.users);
    if (section.name == QLatin1String("alias"))
        return readItem(section, settings.aliases);
    if (section.name == QLatin1String("identity"))
        return readItem(section, settings.identities);
    if (section.name == QLatin1String("folder"))
        return readFolder(section, settings.folders);
    if (section.name == QLatin1String("accepted-certificate"))
        return readItem(section, settings.acceptedCertificates);
    if (section.name == QLatin1String("binding"))
        return readItem(section, bindings);
    if (section.name == QLatin1String("hand-on")) {
        settings.listener.handOn = OutgoingRoute();
        settings.listener.handOn->kind = OutgoingRoute::Kind::Smarthost;
        return readSection(section, fieldsOf(*settings.listener.handOn));
    }
    return tl::unexpected(Error{ErrorCode::BadSettings, section.name, QStringLiteral("no such section")});
}

} // namespace

Result<Settings> settingsFrom(const IniFile &file)
{
    Settings settings;
    int bindingCount = -1;
    QList<ListenerBinding> bindings;
    const QList<Section> single = sectionsOf(settings, bindingCount);
    for (const IniSection &section : file) {
        const auto found = std::find_if(single.begin(), single.end(),
            [&section](const Section &one) { return one.name == section.name; });
        const Result<void> result = found == single.end() ? readRepeated(section, settings, bindings)
                                                          : readSection(section, found->fields);
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
    const QList<Section> single = sectionsOf(settings, bindingCount);
    for (const Section &section : single)
        addSection(file, section.name, section.fields);
    addItems(file, QStringLiteral("user"), settings.users);
    addItems(file, QStringLiteral("alias"), settings.aliases);
    addItems(file, QStringLiteral("identity"), settings.identities);
    addItems(file, QStringLiteral("folder"), settings.folders);
    addItems(file, QStringLiteral("accepted-certificate"), settings.acceptedCertificates);
    addItems(file, QStringLiteral("binding"), settings.listener.bindings);
    if (settings.listener.handOn)
        addSection(file, QStringLiteral("hand-on"), fieldsOf(*settings.listener.handOn));
    return file;
}

} // namespace glasspost::mail::ini
