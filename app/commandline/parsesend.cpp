#include "app/commandline/parsers.h"

#include <QFileInfo>

namespace glasspost::app {

namespace {

Parsed<TranscriptFormat> parseTranscriptFormat(const Words &words)
{
    const QString text = words.value(QStringLiteral("transcript"));
    if (!words.has(QStringLiteral("transcript")) || text == u"text")
        return TranscriptFormat::Text;
    if (text == u"json")
        return TranscriptFormat::Json;
    if (text == u"none")
        return TranscriptFormat::None;
    return refused(QStringLiteral("--transcript is text, json or none, not \"%1\"").arg(text));
}

Parsed<QString> readableFile(const Words &words, const QString &option)
{
    const QString file = words.value(option);
    if (words.has(option) && !QFileInfo(file).isReadable())
        return refused(QStringLiteral("--%1: the file \"%2\" cannot be read").arg(option, file));
    return file;
}

/// --nameserver, --trust-anchor and --mta-sts-port: whom to ask, and whom to trust.
Parsed<void> readNameserver(const Words &words, SendInvocation &send)
{
    if (words.has(QStringLiteral("nameserver"))) {
        const auto server = parseNameserver(words.value(QStringLiteral("nameserver")));
        if (!server)
            return refused(server.error());
        send.nameserver = server->address;
        send.nameserverPort = server->port;
    }
    if (words.has(QStringLiteral("mta-sts-port"))) {
        const auto port = parseNumber(
            QStringLiteral("--mta-sts-port"), words.value(QStringLiteral("mta-sts-port")), 1, 65535);
        if (!port)
            return refused(port.error());
        send.mtaStsPort = quint16(*port);
    }
    const auto anchor = readableFile(words, QStringLiteral("trust-anchor"));
    if (!anchor)
        return refused(anchor.error());
    send.trustAnchorFile = *anchor;
    return {};
}

/// --via, --direct, --port and --nameserver into send's route.
Parsed<void> readRoute(const Words &words, SendInvocation &send)
{
    const QString via = words.value(QStringLiteral("via"));
    if (words.has(QStringLiteral("port"))) {
        const auto port
            = parseNumber(QStringLiteral("--port"), words.value(QStringLiteral("port")), 1, 65535);
        if (!port)
            return refused(port.error());
        send.port = quint16(*port);
    }
    if (words.has(QStringLiteral("via"))) {
        if (words.has(QStringLiteral("direct")))
            return refused(QStringLiteral("--via and --direct cannot be used together"));
        auto route = parseVia(via);
        if (!route)
            return refused(route.error());
        send.route = *route;
    } else if (words.has(QStringLiteral("direct"))) {
        send.route = mail::OutgoingRoute();
    }
    return readNameserver(words, send);
}

/// The sentence for what does not go together; empty when all does.
QString contradiction(const Words &words, const SendInvocation &send)
{
    if (!words.operands.isEmpty())
        return QStringLiteral("send takes only options, not \"%1\"").arg(words.operands.first());
    if (!words.has(QStringLiteral("from")))
        return QStringLiteral("--from is missing");
    if (send.to.isEmpty() && send.cc.isEmpty() && send.bcc.isEmpty())
        return QStringLiteral("--to is missing");
    if (!send.messageFile.isEmpty()) {
        for (const QString &option : {QStringLiteral("subject"), QStringLiteral("text"),
                 QStringLiteral("html"), QStringLiteral("attach")}) {
            if (words.has(option))
                return QStringLiteral("--message is a whole message, so --%1 cannot go with it").arg(option);
        }
    } else if (send.from.isEmpty() || send.from == u"<>") {
        return QStringLiteral("--from needs an address; the empty one goes with --message alone");
    }
    return {};
}

} // namespace

Parsed<Command> parseSend(const Words &words)
{
    SendInvocation send;
    send.from = words.value(QStringLiteral("from"));
    send.to = words.values(QStringLiteral("to"));
    send.cc = words.values(QStringLiteral("cc"));
    send.bcc = words.values(QStringLiteral("bcc"));
    send.subject = words.value(QStringLiteral("subject"));
    send.textFile = words.value(QStringLiteral("text"));
    send.htmlFile = words.value(QStringLiteral("html"));
    send.attachments = words.values(QStringLiteral("attach"));
    send.messageFile = words.value(QStringLiteral("message"));
    for (const QString &option :
        {QStringLiteral("text"), QStringLiteral("html"), QStringLiteral("message")}) {
        if (words.has(option) && words.value(option).isEmpty())
            return refused(QStringLiteral("--%1 needs the name of a file").arg(option));
    }
    if (const auto route = readRoute(words, send); !route)
        return refused(route.error());
    const auto overrides = parseRouteOverrides(words);
    if (!overrides)
        return refused(overrides.error());
    send.overrides = *overrides;
    if (const auto envelope = readEnvelopeOptions(words, send); !envelope)
        return refused(envelope.error());
    send.handover = words.has(QStringLiteral("queue")) ? Handover::Queue : Handover::Now;
    const auto transcript = parseTranscriptFormat(words);
    if (!transcript)
        return refused(transcript.error());
    send.transcript = *transcript;
    if (const QString sentence = contradiction(words, send); !sentence.isEmpty())
        return refused(sentence);
    return send;
}

} // namespace glasspost::app
