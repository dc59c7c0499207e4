#include "ui/message/repeatcommand.h"

#include "ui/message/repeatedsession.h"
#include "ui/message/swakscommand.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QUrl>

#include <algorithm>

namespace glasspost::ui {

namespace {

using SessionTls = RepeatedSession::Tls;

struct RepeatWords
{
    Q_DECLARE_TR_FUNCTIONS(glasspost::ui::RepeatCommand)
};

QString inShellWords(const QStringList &words)
{
    QStringList quoted;
    for (const QString &word : words)
        quoted << shellWord(word);
    return quoted.join(u' ');
}

bool isSocket(const RepeatedSession &session)
{
    return session.host.startsWith(u'/') || session.address.isNull();
}

/// A name that a certificate can be for; curl reads braces and brackets in others as patterns.
bool hasName(const RepeatedSession &session)
{
    static const QRegularExpression name(QStringLiteral("\\A[A-Za-z0-9][A-Za-z0-9.-]*\\z"));
    return QHostAddress(session.host).isNull() && name.match(session.host).hasMatch();
}

QString bracketed(const QHostAddress &address)
{
    return address.protocol() == QAbstractSocket::IPv6Protocol ? u'[' + address.toString() + u']'
                                                               : address.toString();
}

/// A parameter of MAIL or RCPT that curl does not say; those about the body belong to the body.
QString foreignParameter(const RepeatedSession &session)
{
    static const QStringList ofTheBody{QStringLiteral("SIZE"), QStringLiteral("BODY")};
    const auto found = std::find_if(session.parameters.begin(), session.parameters.end(),
        [](const QString &one) { return !ofTheBody.contains(one); });
    return found == session.parameters.end() ? QString() : *found;
}

bool isPlainAscii(const QString &text)
{
    return std::all_of(
        text.begin(), text.end(), [](QChar one) { return one.unicode() >= 0x20 && one.unicode() < 0x7f; });
}

/// Of what both curl and openssl cannot say.
QString whyNotOpened(const RepeatedSession &session, const QString &program)
{
    if (isSocket(session))
        return RepeatWords::tr("%1 does not connect to a socket in the file system.").arg(program);
    if (!isPlainAscii(session.name))
        return RepeatWords::tr("%1 does not say the name after EHLO as it is.").arg(program);
    return {};
}

QString whyNotCurl(const RepeatedSession &session)
{
    static const QStringList mechanisms{
        QStringLiteral("PLAIN"), QStringLiteral("LOGIN"), QStringLiteral("CRAM-MD5")};
    if (const QString why = whyNotOpened(session, QStringLiteral("curl")); !why.isEmpty())
        return why;
    if (session.verb != u"EHLO")
        return RepeatWords::tr("curl begins with EHLO, and this session said %1.").arg(session.verb);
    if (!session.isWhole)
        return RepeatWords::tr("The recipients were named in several sessions, and curl opens one.");
    if (session.senders.size() > 1)
        return RepeatWords::tr("The session had several transactions for this message, and curl has one.");
    if (session.hasChunks)
        return RepeatWords::tr("The message went in chunks, and curl does not say BDAT.");
    if (const QString parameter = foreignParameter(session); !parameter.isEmpty())
        return RepeatWords::tr("curl does not say the parameter %1.").arg(parameter);
    if (!session.mechanism.isEmpty() && !mechanisms.contains(session.mechanism))
        return RepeatWords::tr("curl does not sign in by %1 without a secret on its command line.")
            .arg(session.mechanism);
    if (session.user.contains(u':') || !isPlainAscii(session.user))
        return RepeatWords::tr("curl cannot be given this user name without a password.");
    if (!isPlainAscii(session.senders.first() + session.recipients.join(QString())))
        return RepeatWords::tr("curl does not say addresses beyond ASCII as they are.");
    return {};
}

QStringList curlOpening(const RepeatedSession &session)
{
    const QString port = QString::number(session.port);
    const QString host = hasName(session) ? session.host : bracketed(session.address);
    QStringList words{QStringLiteral("curl"),
        QStringLiteral("%1://%2:%3/")
                .arg(session.tls == SessionTls::Implicit ? QStringLiteral("smtps") : QStringLiteral("smtp"),
                    host, port)
            + QString::fromLatin1(QUrl::toPercentEncoding(session.name))};
    words << QStringLiteral("--noproxy") << QStringLiteral("*");
    if (hasName(session)) // whatever the DNS says now
        words << QStringLiteral("--resolve") << host + u':' + port + u':' + bracketed(session.address);
    if (session.tls == SessionTls::StartTls)
        words << QStringLiteral("--ssl-reqd");
    if (session.tls != SessionTls::None && !session.isVerified) // the session went on likewise
        words << QStringLiteral("--insecure");
    if (session.mechanism.isEmpty())
        return words;
    words << QStringLiteral("--login-options") << QStringLiteral("AUTH=") + session.mechanism;
    if (session.hasInitialResponse)
        words << QStringLiteral("--sasl-ir");
    return words << QStringLiteral("--user") << session.user; // curl asks for the password
}

QString curlLine(const RepeatedSession &session)
{
    QStringList words = curlOpening(session);
    const QString from = session.senders.first();
    words << QStringLiteral("--mail-from") << (from.isEmpty() ? QStringLiteral("<>") : from);
    for (const QString &one : session.recipients)
        words << QStringLiteral("--mail-rcpt") << one;
    if (session.recipients.size() > 1) // the others are not given up for one that is refused
        words << QStringLiteral("--mail-rcpt-allowfails");
    words << QStringLiteral("--upload-file") << QStringLiteral("-");
    const QStringList body{QStringLiteral("printf"), QStringLiteral("%s\\r\\n"),
        QStringLiteral("Subject: Test"), QString(), QStringLiteral("This is a test message.")};
    return inShellWords(body) + QStringLiteral(" | ") + inShellWords(words);
}

QString whyNotOpenssl(const RepeatedSession &session)
{
    if (session.tls == SessionTls::None)
        return RepeatWords::tr("openssl is for TLS, which this session did not have.");
    if (session.tls == SessionTls::StartTls && session.verb == u"HELO")
        return RepeatWords::tr("openssl begins with EHLO, and this session said %1.").arg(session.verb);
    return whyNotOpened(session, QStringLiteral("openssl"));
}

/// Without -nocommands it would take a line that begins with R, as RCPT does, for a command of its own.
QString opensslLine(const RepeatedSession &session)
{
    QStringList words{QStringLiteral("openssl"), QStringLiteral("s_client")};
    if (session.tls == SessionTls::StartTls) {
        words << QStringLiteral("-starttls")
              << (session.verb == u"LHLO" ? QStringLiteral("lmtp") : QStringLiteral("smtp"));
        if (!session.name.isEmpty())
            words << QStringLiteral("-name") << session.name;
    }
    words << QStringLiteral("-connect") << bracketed(session.address) + u':' + QString::number(session.port);
    if (hasName(session))
        words << QStringLiteral("-servername") << session.host;
    else
        words << QStringLiteral("-noservername");
    return inShellWords(words << QStringLiteral("-crlf") << QStringLiteral("-nocommands"));
}

RepeatCommand commandOf(RepeatWith program, const mail::Journey &journey)
{
    const std::optional<RepeatedSession> session = lastSession(journey);
    if (!session)
        return {};
    QString whyNot;
    switch (program) {
    case RepeatWith::Swaks:
        return {swaksCommand(journey), {}};
    case RepeatWith::Curl:
        whyNot = whyNotCurl(*session);
        return {whyNot.isEmpty() ? curlLine(*session) : QString(), whyNot};
    case RepeatWith::Openssl:
        whyNot = whyNotOpenssl(*session);
        return {whyNot.isEmpty() ? opensslLine(*session) : QString(), whyNot};
    }
    return {};
}

} // namespace

RepeatCommand repeatCommand(RepeatWith program, const QList<mail::Journey> &journeys)
{
    for (const mail::Journey &journey : journeys) {
        const RepeatCommand command = commandOf(program, journey);
        if (!(command == RepeatCommand()))
            return command;
    }
    return {{}, RepeatWords::tr("The record has no session in which a sender was named.")};
}

} // namespace glasspost::ui
