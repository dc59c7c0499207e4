#include "smtp/client/mailcommands.h"

#include "smtp/syntax/domain.h"
#include "smtp/syntax/octets.h"
#include "smtp/syntax/xtext.h"

#include <QDateTime>

#include <algorithm>

namespace glasspost::smtp {

namespace {

/// RFC 5321 4.1.2 Quoted-string: every quote or backslash inside is escaped, and the last quote closes.
bool isQuotedString(const QByteArray &text)
{
    if (text.size() < 2 || !text.startsWith('"') || !text.endsWith('"'))
        return false;
    const QByteArray inside = text.sliced(1, text.size() - 2);
    for (qsizetype i = 0; i < inside.size(); ++i) {
        if (inside.at(i) == '"')
            return false;
        if (inside.at(i) == '\\' && ++i == inside.size())
            return false;
    }
    return true;
}

bool isPlain(const QByteArray &text, QByteArrayView forbidden)
{
    return std::none_of(
        text.cbegin(), text.cend(), [forbidden](char c) { return isControl(c) || forbidden.contains(c); });
}

QByteArray notifyWords(NotifyFlags notify)
{
    if (notify.testFlag(Notify::Never))
        return "NEVER";
    QList<QByteArray> words;
    if (notify.testFlag(Notify::Success))
        words.append("SUCCESS");
    if (notify.testFlag(Notify::Failure))
        words.append("FAILURE");
    if (notify.testFlag(Notify::Delay))
        words.append("DELAY");
    return words.join(',');
}

/// ORCPT=addr-type;xtext (RFC 3461 4.2).
QByteArray originalRecipient(const QByteArray &decoded)
{
    const qsizetype semicolon = decoded.indexOf(';');
    if (semicolon < 1)
        return "rfc822;" + encodeXtext(decoded);
    return decoded.first(semicolon + 1) + encodeXtext(QByteArrayView(decoded).sliced(semicolon + 1));
}

/// RFC 2852 4: BY=seconds;R or N, T for a trace.
QByteArray byWords(const DeliverBy &by)
{
    return QByteArray::number(by.seconds) + (by.mode == DeliverBy::Mode::Return ? ";R" : ";N")
        + (by.trace ? "T" : "");
}

/// What MAIL says of the message itself.
QByteArray bodyParameters(const MailParameters &parameters, const Capabilities &offered)
{
    QByteArray line;
    if (offered.has(Capability::Size) && parameters.size >= 0)
        line += " SIZE=" + QByteArray::number(parameters.size);
    if (parameters.body == BodyType::BinaryMime)
        line += " BODY=BINARYMIME";
    else if (offered.has(Capability::EightBitMime) && parameters.body == BodyType::EightBitMime)
        line += " BODY=8BITMIME";
    if (parameters.smtpUtf8)
        line += " SMTPUTF8";
    return line;
}

/// What MAIL says of how the message is to be handled.
QByteArray handlingParameters(
    const Envelope &envelope, const MailParameters &parameters, const Capabilities &offered)
{
    QByteArray line;
    if (parameters.requireTls)
        line += " REQUIRETLS"; // RFC 8689 2
    if (offered.has(Capability::DeliverBy) && parameters.deliverBy)
        line += " BY=" + byWords(*parameters.deliverBy);
    if (offered.has(Capability::FutureRelease) && parameters.holdUntil > 0) {
        const QDateTime time = QDateTime::fromSecsSinceEpoch(parameters.holdUntil, Qt::UTC);
        line += " HOLDUNTIL=" + time.toString(Qt::ISODate).toLatin1(); // RFC 4865 4.1.2
    }
    if (offered.has(Capability::MtPriority) && envelope.priority)
        line += " MT-PRIORITY=" + QByteArray::number(*envelope.priority); // RFC 6710 4
    if (offered.has(Capability::Auth) && !parameters.submitter.isEmpty())
        line += " AUTH=" + (parameters.submitter == "<>" ? "<>" : encodeXtext(parameters.submitter));
    return line;
}

} // namespace

bool isSafeText(const QByteArray &text)
{
    return isPlain(text, {});
}

bool isSafeWord(const QByteArray &word)
{
    return !word.isEmpty() && isPlain(word, " <>");
}

bool isSafePath(const Mailbox &path)
{
    if (path.localPart.isEmpty())
        return path.isNull();
    const bool local = path.localPart.startsWith('"')
        ? isSafeText(path.localPart) && isQuotedString(path.localPart)
        : isPlain(path.localPart, " \"(),:;<>@[\\]");
    return local && isPlain(path.domain, " \"(),;<>@\\");
}

std::optional<Mailbox> wirePath(const Mailbox &path)
{
    const Mailbox localOnly{path.localPart, {}};
    if (!path.needsSmtpUtf8() || localOnly.needsSmtpUtf8())
        return path;
    const std::optional<QByteArray> domain = toAscii(path.domain);
    return domain ? std::optional(Mailbox{path.localPart, *domain}) : std::nullopt;
}

QByteArray mailLine(const Envelope &envelope, const Mailbox &reversePath, const MailParameters &parameters,
    const Capabilities &offered)
{
    QByteArray line = "MAIL FROM:<" + reversePath.toBytes() + '>' + bodyParameters(parameters, offered)
        + handlingParameters(envelope, parameters, offered);
    if (!offered.has(Capability::Dsn))
        return line;
    if (envelope.dsnReturn != DsnReturn::Unspecified)
        line += envelope.dsnReturn == DsnReturn::Full ? " RET=FULL" : " RET=HDRS";
    if (!envelope.envelopeId.isEmpty())
        line += " ENVID=" + encodeXtext(envelope.envelopeId);
    return line;
}

QByteArray rcptLine(
    const EnvelopeRecipient &recipient, const Mailbox &forwardPath, const Capabilities &offered)
{
    QByteArray line = "RCPT TO:<" + forwardPath.toBytes() + '>';
    if (!offered.has(Capability::Dsn))
        return line;
    if (recipient.notify)
        line += " NOTIFY=" + notifyWords(recipient.notify);
    if (!recipient.originalRecipient.isEmpty())
        line += " ORCPT=" + originalRecipient(recipient.originalRecipient);
    return line;
}

} // namespace glasspost::smtp
