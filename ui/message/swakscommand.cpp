#include "ui/message/swakscommand.h"

#include "ui/message/repeatedsession.h"

#include <QRegularExpression>

namespace glasspost::ui {

namespace {

/// What begins with a dash swaks takes for an option, even behind "=", and one of them runs a command.
bool looksLikeOption(const QString &word)
{
    return word.startsWith(u'-');
}

/// The same mailbox in other words where it looks like an option (RFC 5321 4.1.2: a Quoted-string).
QString swaksAddress(const QString &path)
{
    const qsizetype at = path.lastIndexOf(u'@');
    if (!looksLikeOption(path))
        return path;
    return u'"' + path.left(at) + u'"' + (at < 0 ? QString() : path.mid(at));
}

QStringList swaksOpening(const RepeatedSession &session)
{
    QStringList words;
    if (session.verb == u"HELO")
        words << QStringLiteral("--protocol") << QStringLiteral("SMTP");
    else if (session.verb == u"LHLO")
        words << QStringLiteral("--protocol") << QStringLiteral("LMTP");
    if (!session.verb.isEmpty() && !looksLikeOption(session.name))
        words << QStringLiteral("--helo") << session.name;
    if (session.tls == RepeatedSession::Tls::StartTls)
        words << QStringLiteral("--tls");
    else if (session.tls == RepeatedSession::Tls::Implicit)
        words << QStringLiteral("--tls-on-connect");
    if (session.mechanism.isEmpty())
        return words;
    words << QStringLiteral("--auth") << session.mechanism;
    if (!looksLikeOption(session.user)) // swaks asks for it
        words << QStringLiteral("--auth-user") << session.user;
    return words;
}

/// Sender and recipients as that message had them.
QStringList swaksEnvelope(const RepeatedSession &session)
{
    const QString from = session.senders.last();
    QStringList to;
    for (const QString &one : session.recipients)
        to << swaksAddress(one);
    return {QStringLiteral("--from"), from.isEmpty() ? QStringLiteral("<>") : swaksAddress(from),
        QStringLiteral("--to"), to.join(u',')};
}

} // namespace

QString shellWord(const QString &word)
{
    static const QRegularExpression plain(QStringLiteral("\\A[\\w@%+=:,./-]+\\z"));
    if (plain.match(word).hasMatch())
        return word;
    QString quoted = word;
    quoted.replace(u'\'', QLatin1String("'\\''"));
    return u'\'' + quoted + u'\'';
}

QString swaksCommand(const mail::Journey &journey)
{
    const std::optional<RepeatedSession> session = lastSession(journey);
    if (!session)
        return {};
    const QString host = session->address.isNull() ? session->host : session->address.toString();
    QStringList words{QStringLiteral("swaks"), QStringLiteral("--server"), host};
    if (host.startsWith(u'/')) // a socket in the file system
        words = QStringList{QStringLiteral("swaks"), QStringLiteral("--socket"), host};
    else
        words << QStringLiteral("--port") << QString::number(session->port);
    words += swaksOpening(*session) + swaksEnvelope(*session);
    QStringList quoted;
    for (const QString &word : std::as_const(words))
        quoted << shellWord(word);
    return quoted.join(u' ');
}

} // namespace glasspost::ui
