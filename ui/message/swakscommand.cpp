#include "ui/message/swakscommand.h"

#include "ui/message/waterfall.h"

#include <QRegularExpression>

#include <algorithm>

namespace glasspost::ui {

namespace {

QByteArray pathIn(const QByteArray &command)
{
    const qsizetype from = command.indexOf('<');
    const qsizetype to = command.lastIndexOf('>');
    return from < 0 || to < from ? QByteArray() : command.mid(from + 1, to - from - 1);
}

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

bool isCommand(const smtp::TracedStage &stage, const char *verb)
{
    return stage.command.left(qstrlen(verb)).toUpper() == verb;
}

/// The last one in which a sender was named.
const smtp::SessionTrace *lastWithMail(const mail::Journey &journey)
{
    const smtp::SessionTrace *last = nullptr;
    for (const smtp::SessionTrace &trace : journey.traces) {
        const bool has = std::any_of(trace.stages.begin(), trace.stages.end(),
            [](const smtp::TracedStage &stage) { return stage.stage == smtp::TraceStage::Mail; });
        if (has && (last == nullptr || trace.startedAt > last->startedAt))
            last = &trace;
    }
    return last;
}

/// Of the whole session, whose opening may have been another message's.
QStringList openingWords(const smtp::SessionTrace &trace)
{
    QStringList words;
    bool hasStartTls = false;
    for (const smtp::TracedStage &stage : trace.stages) {
        hasStartTls |= stage.stage == smtp::TraceStage::StartTls && stage.reply.isPositive();
        if (isCommand(stage, "HELO "))
            words << QStringLiteral("--protocol") << QStringLiteral("SMTP");
        else if (isCommand(stage, "LHLO "))
            words << QStringLiteral("--protocol") << QStringLiteral("LMTP");
        const bool isHello
            = isCommand(stage, "EHLO ") || isCommand(stage, "HELO ") || isCommand(stage, "LHLO ");
        const QString name = QString::fromUtf8(stage.command.mid(5));
        if (isHello && !words.contains(QStringLiteral("--helo")) && !looksLikeOption(name))
            words << QStringLiteral("--helo") << name;
    }
    if (trace.tls && !trace.tls->summary.isEmpty())
        words << (hasStartTls ? QStringLiteral("--tls") : QStringLiteral("--tls-on-connect"));
    if (trace.mechanism.isEmpty())
        return words;
    words << QStringLiteral("--auth") << QString::fromUtf8(trace.mechanism);
    if (const QString user = QString::fromUtf8(trace.user); !looksLikeOption(user)) // swaks asks for it
        words << QStringLiteral("--auth-user") << user;
    return words;
}

/// Sender and recipients as that message had them.
QStringList envelopeWords(const mail::Journey &journey, const smtp::SessionTrace &trace)
{
    mail::Journey last = journey;
    last.traces = {trace};
    const QList<WaterfallRow> rows = waterfallOf(last);
    const auto isOwn = [&](const smtp::TracedStage &stage) {
        return std::any_of(rows.begin(), rows.end(), [&](const WaterfallRow &row) {
            return row.kind == WaterfallRow::Kind::Stage && row.from == stage.from && row.to == stage.to;
        });
    };
    QStringList from;
    QStringList to;
    for (const smtp::TracedStage &stage : trace.stages) {
        if (!isOwn(stage))
            continue;
        const QString path
            = swaksAddress(QString::fromUtf8(pathIn(stage.command.left(stage.command.indexOf('>') + 1))));
        if (isCommand(stage, "MAIL FROM:"))
            from = QStringList{QStringLiteral("--from"), path.isEmpty() ? QStringLiteral("<>") : path};
        else if (isCommand(stage, "RCPT TO:") && !to.contains(path))
            to << path;
    }
    if (from.isEmpty() || to.isEmpty())
        return {};
    return from + QStringList{QStringLiteral("--to"), to.join(u',')};
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
    const smtp::SessionTrace *trace = lastWithMail(journey);
    const QStringList envelope = trace == nullptr ? QStringList() : envelopeWords(journey, *trace);
    if (envelope.isEmpty())
        return {};
    const QString host = trace->address.isNull() ? QString::fromUtf8(trace->host) : trace->address.toString();
    QStringList words{QStringLiteral("swaks"), QStringLiteral("--server"), host};
    if (host.startsWith(u'/')) // a socket in the file system
        words = QStringList{QStringLiteral("swaks"), QStringLiteral("--socket"), host};
    else
        words << QStringLiteral("--port") << QString::number(trace->port);
    words += openingWords(*trace) + envelope;
    QStringList quoted;
    for (const QString &word : std::as_const(words))
        quoted << shellWord(word);
    return quoted.join(u' ');
}

} // namespace glasspost::ui
