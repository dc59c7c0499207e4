// What send's options ask of the connection and of the server.
#include "app/commandline/parsers.h"

#include <QDateTime>

#include <algorithm>

namespace glasspost::app {

namespace {

Parsed<smtp::TlsMode> parseTlsMode(const QString &text)
{
    if (text == u"none")
        return smtp::TlsMode::None;
    if (text == u"opportunistic")
        return smtp::TlsMode::Opportunistic;
    if (text == u"required")
        return smtp::TlsMode::Required;
    return refused(
        QStringLiteral("--tls is none, opportunistic or required (or smtps:// in --via), not \"%1\"")
            .arg(text));
}

/// "v1", "v2", "v1,192.0.2.7,4711".
Parsed<smtp::ProxyAnnouncement> parseProxy(const QString &text)
{
    const QStringList parts = text.split(u',');
    smtp::ProxyAnnouncement proxy;
    using Version = smtp::ProxyAnnouncement::Version;
    proxy.version = parts.first() == u"v1" ? Version::V1
        : parts.first() == u"v2"           ? Version::V2
                                           : Version::None;
    const bool named = parts.size() == 3 && proxy.source.setAddress(parts.at(1));
    const auto port
        = parseNumber(QStringLiteral("the port of --proxy"), parts.value(2, QStringLiteral("0")), 0, 65535);
    if (proxy.version == Version::None || (parts.size() != 1 && !named) || !port)
        return refused(QStringLiteral("--proxy takes v1 or v2, or v1,ADDRESS,PORT, not \"%1\"").arg(text));
    proxy.sourcePort = quint16(*port);
    return proxy;
}

Parsed<smtp::DeliverBy> parseDeliverBy(const QString &text)
{
    const QStringList parts = text.split(u',');
    const QString mode = parts.value(1, QStringLiteral("notify"));
    const auto seconds = parseNumber(
        QStringLiteral("--deliver-by"), parts.first(), mode == u"return" ? 1 : -999'999'999, 999'999'999);
    if (!seconds)
        return refused(seconds.error());
    if (parts.size() > 2 || (mode != u"return" && mode != u"notify"))
        return refused(
            QStringLiteral("--deliver-by takes SECONDS,return or SECONDS,notify, not \"%1\"").arg(text));
    using Mode = smtp::DeliverBy::Mode;
    return smtp::DeliverBy{*seconds, mode == u"return" ? Mode::Return : Mode::Notify, false};
}

/// --envid, --ret and --notify: RFC 3461.
Parsed<void> readDsnOptions(const Words &words, SendInvocation &send)
{
    const auto id = parseEnvelopeId(QStringLiteral("--envid"), words.value(QStringLiteral("envid")));
    if (!id)
        return refused(id.error());
    send.envelope.envelopeId = *id;
    if (words.has(QStringLiteral("ret"))) {
        const QString what = words.value(QStringLiteral("ret"));
        if (what != u"full" && what != u"headers")
            return refused(QStringLiteral("--ret is full or headers, not \"%1\"").arg(what));
        send.envelope.dsnReturn = what == u"full" ? smtp::DsnReturn::Full : smtp::DsnReturn::Headers;
    }
    if (!words.has(QStringLiteral("notify")))
        return {};
    const auto notify = parseNotify(QStringLiteral("--notify"), words.value(QStringLiteral("notify")));
    if (!notify)
        return refused(notify.error());
    send.notify = *notify;
    return {};
}

} // namespace

Parsed<smtp::NotifyFlags> parseNotify(const QString &option, const QString &text)
{
    smtp::NotifyFlags flags;
    const QStringList words = text.split(u',');
    for (const QString &word : words) {
        if (word == u"never" && words.size() == 1)
            flags |= smtp::Notify::Never;
        else if (word == u"success")
            flags |= smtp::Notify::Success;
        else if (word == u"failure")
            flags |= smtp::Notify::Failure;
        else if (word == u"delay")
            flags |= smtp::Notify::Delay;
        else
            return refused(QStringLiteral("%1 takes never, or some of success,failure,delay, not \"%2\"")
                               .arg(option, text));
    }
    return flags;
}

Parsed<QByteArray> parseEnvelopeId(const QString &option, const QString &text)
{
    const QByteArray id = text.toUtf8(); // RFC 3461 4.4: printable, 100 octets as xtext
    const bool printable = std::all_of(id.begin(), id.end(), [](char c) { return c >= ' ' && c <= '~'; });
    if (!printable || id.size() > 100)
        return refused(QStringLiteral("%1 takes at most 100 printable ASCII characters").arg(option));
    return id;
}

Parsed<RouteOverrides> parseRouteOverrides(const Words &words)
{
    RouteOverrides overrides;
    if (words.has(QStringLiteral("tls"))) {
        const auto tls = parseTlsMode(words.value(QStringLiteral("tls")));
        if (!tls)
            return refused(tls.error());
        overrides.tls = *tls;
    }
    overrides.verify = words.has(QStringLiteral("verify"));
    overrides.authorityFile = words.value(QStringLiteral("ca"));
    overrides.fingerprint = words.value(QStringLiteral("fingerprint"));
    overrides.certificateFile = words.value(QStringLiteral("client-cert"));
    overrides.keyFile = words.value(QStringLiteral("client-key"));
    if (overrides.certificateFile.isEmpty() != overrides.keyFile.isEmpty())
        return refused(QStringLiteral("--client-cert and --client-key go together"));
    if (words.has(QStringLiteral("without"))) {
        const QString names = words.values(QStringLiteral("without")).join(u' ');
        const auto flags = smtp::Capabilities::flagsOf(names.toLatin1());
        if (!flags)
            return refused(
                QStringLiteral("--without takes an extension such as CHUNKING, and \"%1\" is not known")
                    .arg(names));
        overrides.passedOver = *flags;
    }
    for (const QString &mechanism : words.values(QStringLiteral("auth")))
        overrides.mechanisms += mechanism.toUpper();
    const qsizetype inClear = words.values(QStringLiteral("auth-in-clear")).size();
    if (inClear > 0)
        overrides.authInClear = inClear > 1 ? smtp::ClearAuth::Anywhere : smtp::ClearAuth::Loopback;
    for (const QString &attribute : words.values(QStringLiteral("xclient")))
        overrides.xclient += attribute.toUtf8();
    if (words.has(QStringLiteral("proxy"))) {
        const auto proxy = parseProxy(words.value(QStringLiteral("proxy")));
        if (!proxy)
            return refused(proxy.error());
        overrides.proxy = *proxy;
    }
    return overrides;
}

Parsed<void> readEnvelopeOptions(const Words &words, SendInvocation &send)
{
    send.envelope.requireTls = words.has(QStringLiteral("requiretls"));
    if (words.has(QStringLiteral("deliver-by"))) {
        const auto by = parseDeliverBy(words.value(QStringLiteral("deliver-by")));
        if (!by)
            return refused(by.error());
        send.envelope.deliverBy = *by;
    }
    if (words.has(QStringLiteral("hold-until"))) {
        const QString text = words.value(QStringLiteral("hold-until"));
        const QDateTime time = QDateTime::fromString(text, Qt::ISODate);
        if (!time.isValid())
            return refused(
                QStringLiteral("--hold-until takes a time such as 2030-01-31T08:00:00Z, not \"%1\"")
                    .arg(text));
        send.envelope.holdUntil = time.toSecsSinceEpoch();
    }
    if (words.has(QStringLiteral("priority"))) {
        const auto priority
            = parseNumber(QStringLiteral("--priority"), words.value(QStringLiteral("priority")), -9, 9);
        if (!priority)
            return refused(priority.error());
        send.envelope.priority = int(*priority);
    }
    return readDsnOptions(words, send);
}

} // namespace glasspost::app
