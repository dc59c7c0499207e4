#include "mail/message/trace.h"

#include "mail/message/headerfields.h"
#include "smtp/syntax/addressliteral.h"
#include "smtp/syntax/xtext.h"

#include <QLocale>
#include <QRandomGenerator>
#include <QStringBuilder>

#include <utility>

namespace glasspost::mail {

namespace {

/// What may stand in a trace field: whoever chose it, no line end, control or bracket gets in.
QByteArray plainWord(const QByteArray &text)
{
    QByteArray result = text.left(512);
    for (char &c : result) {
        if (uchar(c) <= ' ' || c == 127 || c == '(' || c == ')' || c == ';')
            c = '?';
    }
    return result;
}

/// A path keeps its quoted blanks; only controls are changed.
QByteArray plainPath(QByteArray path)
{
    for (char &c : path)
        if (uchar(c) < ' ' || c == 127)
            c = '?';
    return path;
}

/// "[192.0.2.1]", "[IPv6:2001:db8::1]" (RFC 5321 4.1.3); a proxy may not know it.
QByteArray addressLiteral(const QHostAddress &address)
{
    return address.isNull() ? QByteArray("unknown") : smtp::addressLiteral(address);
}

/// The "with" keyword: RFC 3848, and RFC 6531 4.3 for internationalized mail.
QByteArray protocol(const smtp::SessionFacts &session, bool esmtp, bool smtpUtf8)
{
    if (!esmtp)
        return QByteArrayLiteral("SMTP");
    QByteArray keyword = smtpUtf8 ? QByteArrayLiteral("UTF8SMTP") : QByteArrayLiteral("ESMTP");
    if (!session.tls.isEmpty())
        keyword += 'S';
    if (!session.user.isEmpty())
        keyword += 'A';
    return keyword;
}

QByteArray newDateTime(const QDateTime &when)
{
    // QLocale::c(): the names of days and months are English whatever the person speaks (RFC 5322 3.3).
    const QDateTime local = when.toLocalTime();
    const int minutes = local.offsetFromUtc() / 60;
    const int size = qAbs(minutes);
    return QLocale::c().toString(local, QStringLiteral("ddd, d MMM yyyy HH:mm:ss ")).toLatin1()
        + (minutes < 0 ? '-' : '+')
        + QStringLiteral("%1%2")
              .arg(size / 60, 2, 10, QLatin1Char('0'))
              .arg(size % 60, 2, 10, QLatin1Char('0'))
              .toLatin1();
}

} // namespace

namespace {

QByteArray receivedWith(const QByteArray &comment, const smtp::SessionFacts &session,
    const QByteArray &hostName, bool esmtp, const smtp::Envelope &envelope, const QDateTime &when)
{
    const QByteArray peer = addressLiteral(session.peerAddress);
    const QByteArray helo = session.peerName.isEmpty() ? peer : plainWord(session.peerName);
    // RFC 5321 7.2: more than one recipient would tell each of the others.
    QByteArray recipient;
    if (envelope.recipients.size() == 1)
        recipient = "\n\tfor <" % plainPath(envelope.recipients.constFirst().forwardPath.toBytes()) % '>';
    return "Received: from " % helo % " (" % peer % ")\n\t" % comment % "by " % plainWord(hostName) % " with "
        % protocol(session, esmtp, envelope.smtpUtf8) % " id " % plainWord(session.id) % recipient % ";\n\t"
        % dateTime(when) % '\n';
}

} // namespace

QByteArray receivedField(const smtp::SessionFacts &session, const QByteArray &hostName, bool esmtp,
    const smtp::Envelope &envelope, const QDateTime &when)
{
    return receivedWith({}, session, hostName, esmtp, envelope, when);
}

QByteArray capturedReceivedField(const smtp::SessionFacts &session, const QByteArray &hostName,
    const smtp::Envelope &envelope, const QDateTime &when)
{
    QByteArray comment;
    if (!session.user.isEmpty())
        comment = "(Authenticated sender: " % plainWord(session.user)
            % QByteArray(session.isUserUnchecked ? ", not checked)\n\t" : ")\n\t");
    return receivedWith(comment, session, hostName, session.esmtp, envelope, when);
}

QByteArray returnPathField(const smtp::Mailbox &reversePath)
{
    return "Return-Path: <" % plainPath(reversePath.toBytes()) % ">\n";
}

QByteArray deliveredToField(const QByteArray &address)
{
    return "Delivered-To: " % plainPath(address) % '\n';
}

QByteArray toleratedField(const QByteArray &tolerated)
{
    return "X-Glasspost-Tolerated: " % plainPath(tolerated) % '\n';
}

namespace {

QByteArray mailParameters(const smtp::Envelope &envelope)
{
    QByteArray text;
    if (envelope.dsnReturn != smtp::DsnReturn::Unspecified)
        text += envelope.dsnReturn == smtp::DsnReturn::Full ? " RET=FULL" : " RET=HDRS";
    if (!envelope.envelopeId.isEmpty())
        text += " ENVID=" + smtp::encodeXtext(envelope.envelopeId);
    if (!envelope.submitter.isEmpty())
        text += " AUTH=" + envelope.submitter;
    return text;
}

QByteArray rcptParameters(const smtp::EnvelopeRecipient &recipient)
{
    static constexpr std::pair<smtp::Notify, const char *> words[]
        = {{smtp::Notify::Never, "NEVER"}, {smtp::Notify::Success, "SUCCESS"},
            {smtp::Notify::Failure, "FAILURE"}, {smtp::Notify::Delay, "DELAY"}};
    QByteArrayList notify;
    for (const auto &[flag, word] : words) {
        if (recipient.notify.testFlag(flag))
            notify += word;
    }
    QByteArray text = notify.isEmpty() ? QByteArray() : " NOTIFY=" + notify.join(',');
    if (!recipient.originalRecipient.isEmpty())
        text += " ORCPT=" + recipient.originalRecipient;
    return text;
}

QByteArray parametersField(const QByteArray &command, const smtp::Mailbox &path, const QByteArray &parameters)
{
    if (parameters.isEmpty())
        return {};
    return "X-Glasspost-Parameters: " % command % '<' % plainPath(path.toBytes() + '>' + parameters) % '\n';
}

} // namespace

QByteArray parametersFields(const smtp::Envelope &envelope)
{
    QByteArray fields = parametersField("MAIL FROM:", envelope.reversePath, mailParameters(envelope));
    for (const smtp::EnvelopeRecipient &recipient : envelope.recipients)
        fields += parametersField("RCPT TO:", recipient.forwardPath, rcptParameters(recipient));
    return fields;
}

QByteArray dateTime(const QDateTime &when)
{
    // Made once for all messages of a second: it takes as long as the rest of a Received field together, and
    // two looks at /etc/localtime.
    static thread_local qint64 madeFor = -1;
    static thread_local QByteArray made;
    const qint64 second = when.toSecsSinceEpoch();
    if (std::exchange(madeFor, second) != second)
        made = newDateTime(when);
    return made;
}

QByteArray newMessageId(const QByteArray &hostName)
{
    const quint64 random = QRandomGenerator::system()->generate64();
    const QByteArray host = hostName.isEmpty() ? QByteArrayLiteral("localhost") : plainWord(hostName);
    return QByteArray::number(QDateTime::currentMSecsSinceEpoch(), 36) + '.' + QByteArray::number(random, 36)
        + '@' + host;
}

QByteArray missingFields(
    const QByteArray &message, const smtp::Envelope &envelope, const QByteArray &hostName)
{
    bool hasDate = false, hasId = false, hasFrom = false;
    visitHeader(message, [&](const RawField &field) {
        hasDate |= field.isNamed("Date");
        hasId |= field.isNamed("Message-ID");
        hasFrom |= field.isNamed("From");
        return !(hasDate && hasId && hasFrom);
    });
    QByteArray fields;
    if (!hasDate)
        fields += "Date: " + dateTime(QDateTime::currentDateTime()) + '\n';
    if (!hasFrom) {
        const QByteArray author = envelope.reversePath.isNull() ? "MAILER-DAEMON@" + plainWord(hostName)
                                                                : plainPath(envelope.reversePath.toBytes());
        fields += "From: " + author + '\n';
    }
    if (!hasId) {
        const QByteArray &domain = envelope.reversePath.domain;
        const bool named = !domain.isEmpty() && !domain.startsWith('[');
        fields += "Message-ID: <" + newMessageId(named ? domain : hostName) + ">\n";
    }
    return fields;
}

int hopCount(QByteArrayView message)
{
    int hops = 0;
    visitHeader(message, [&hops](const RawField &field) {
        hops += field.isNamed("Received") ? 1 : 0;
        return true;
    });
    return hops;
}

bool wasDeliveredTo(QByteArrayView message, const QByteArray &address)
{
    bool found = false;
    visitHeader(message, [&found, &address](const RawField &field) {
        found |= field.isNamed("Delivered-To") && field.unfolded().compare(address, Qt::CaseInsensitive) == 0;
        return !found;
    });
    return found;
}

} // namespace glasspost::mail
