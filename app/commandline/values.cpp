// The small languages inside option values: bindings, routes, numbers.
#include "app/commandline/parsers.h"

#include "mail/checks/spamcheck.h"
#include "smtp/syntax/hostport.h"

#include <QHash>
#include <QUrl>

namespace glasspost::app {

Parsed<qint64> parseNumber(const QString &option, const QString &text, qint64 minimum, qint64 maximum)
{
    bool ok = false;
    const qint64 number = text.toLongLong(&ok);
    if (!ok || number < minimum || number > maximum)
        return refused(QStringLiteral("%1 takes a whole number from %2 to %3, not \"%4\"")
                           .arg(option)
                           .arg(minimum)
                           .arg(maximum)
                           .arg(text));
    return number;
}

Parsed<QString> readSpamd(const Words &words)
{
    const QString option = QStringLiteral("spamd");
    const QString text = words.value(option);
    if (words.has(option) && !mail::spamdAddress(text))
        return refused(
            QStringLiteral("--spamd takes HOST:PORT or the path of a Unix socket, not \"%1\"").arg(text));
    return text;
}

std::optional<qint64> spanSeconds(const QString &text)
{
    static const QHash<QChar, qint64> units = {{u's', 1}, {u'm', 60}, {u'h', 3600}, {u'd', 86400}};
    bool isNumber = false;
    const qint64 number = text.size() > 1 ? text.chopped(1).toLongLong(&isNumber) : 0;
    if (!isNumber || number < 0 || number >= 1000000 || !units.contains(text.back()))
        return {};
    return number * units.value(text.back());
}

namespace {

/// ADDRESS:PORT as an option takes it.
Parsed<AddressBinding> parseAddressAndPort(const QString &option, const QString &text)
{
    const QString shape
        = QStringLiteral("%1 takes ADDRESS:PORT, for example [::1]:2525, not \"%2\"").arg(option, text);
    const auto parts = smtp::splitHostPort(text);
    if (!parts || !parts->port)
        return refused(shape);
    const bool isBracketed = text.startsWith(u'[');
    AddressBinding binding;
    if (parts->host == u"localhost")
        binding.address = QHostAddress(QHostAddress::LocalHost);
    else if (!binding.address.setAddress(parts->host)
        || (isBracketed && binding.address.protocol() != QAbstractSocket::IPv6Protocol))
        return refused(shape);
    const auto port = parseNumber(QStringLiteral("the port of ") + option, *parts->port, 0, 65535);
    if (!port)
        return refused(port.error());
    binding.port = quint16(*port);
    return binding;
}

} // namespace

Parsed<mail::ListenerBinding> parseBinding(const QString &text)
{
    const QString unixPrefix = QStringLiteral("unix:");
    if (text.startsWith(unixPrefix)) {
        mail::ListenerBinding binding;
        binding.unixPath = text.mid(unixPrefix.size());
        binding.port = 0;
        if (!binding.unixPath.startsWith(u'/'))
            return refused(
                QStringLiteral("--bind takes unix: and a path from the root, not \"%1\"").arg(text));
        return binding;
    }
    return parseAddressAndPort(QStringLiteral("--bind"), text).map([](const AddressBinding &where) {
        mail::ListenerBinding binding;
        binding.address = where.address;
        binding.port = where.port;
        return binding;
    });
}

Parsed<AddressBinding> parseHttpBinding(const QString &text)
{
    return parseAddressAndPort(QStringLiteral("--http"), text);
}

Parsed<AddressBinding> parsePop3Binding(const QString &text)
{
    auto binding = parseAddressAndPort(QStringLiteral("--pop3"), text);
    if (binding && !binding->address.isLoopback())
        return refused(
            QStringLiteral("--pop3 serves this machine alone, and other machines can reach %1").arg(text));
    return binding;
}

Parsed<NameserverAddress> parseNameserver(const QString &text)
{
    const QString shape = QStringLiteral("--nameserver takes ADDRESS[:PORT], not \"%1\"");
    NameserverAddress server;
    if (server.address.setAddress(text)) // an IPv6 address without brackets is all address
        return server;
    const auto parts = smtp::splitHostPort(text);
    if (!parts || !server.address.setAddress(parts->host))
        return refused(shape.arg(text));
    if (!parts->port)
        return server;
    const auto port = parseNumber(QStringLiteral("the port of --nameserver"), *parts->port, 1, 65535);
    if (!port)
        return refused(shape.arg(text));
    server.port = quint16(*port);
    return server;
}

Parsed<mail::OutgoingRoute> parseVia(const QString &text)
{
    const QUrl url(text, QUrl::StrictMode);
    const bool implicit = url.scheme() == u"smtps";
    const bool lmtp = url.scheme() == u"lmtp";
    const bool socket = lmtp && url.host().isEmpty() && url.path().size() > 1;
    const bool place = socket || (!url.host().isEmpty() && (url.path().isEmpty() || url.path() == u"/"));
    if (!url.isValid() || !place || (!implicit && !lmtp && url.scheme() != u"smtp") || url.hasQuery()
        || url.hasFragment() || url.port() == 0)
        return refused(QStringLiteral("--via takes smtp://[USER@]HOST[:PORT], smtps://..., "
                                      "lmtp://HOST[:PORT] or lmtp:///SOCKET, not \"%1\"")
                           .arg(url.password().isEmpty() ? text : url.toDisplayString(QUrl::RemovePassword)));
    if (lmtp && url.port() == 25)
        return refused(QStringLiteral("LMTP never goes to port 25, where SMTP is spoken")); // RFC 2033 5
    if (!url.password().isEmpty())
        return refused(QStringLiteral("--via takes no password, since every user of this machine can see "
                                      "command lines; set the environment variable GLASSPOST_PASSWORD"));
    mail::OutgoingRoute route;
    route.kind = mail::OutgoingRoute::Kind::Smarthost;
    route.protocol = lmtp ? smtp::ClientProtocol::Lmtp : smtp::ClientProtocol::Smtp;
    route.host = socket ? url.path(QUrl::FullyDecoded) : url.host(QUrl::FullyDecoded);
    route.user = url.userName(QUrl::FullyDecoded);
    route.tls = implicit ? smtp::TlsMode::Implicit : smtp::TlsMode::Opportunistic;
    route.verifyCertificate = implicit;
    // RFC 8314 3: 465 is submission under TLS; RFC 6409 3.1: who signs in submits, on 587.
    const quint16 standard = implicit ? 465 : lmtp ? 24 : route.user.isEmpty() ? 25 : 587;
    route.port = quint16(url.port(standard));
    return route;
}

} // namespace glasspost::app
