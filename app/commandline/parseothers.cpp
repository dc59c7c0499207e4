// queue, search, transcript, journey, import and export: commands of a few words each.
#include "app/commandline/parsers.h"

#include <QDateTime>
#include <QUrl>

#include <array>

namespace glasspost::app {

namespace {

OutputFormat formatOf(const Words &words)
{
    return words.has(QStringLiteral("json")) ? OutputFormat::Json : OutputFormat::Text;
}

Parsed<TransferInvocation::Format> transferFormat(const Words &words)
{
    const QString text = words.value(QStringLiteral("format"));
    if (!words.has(QStringLiteral("format")))
        return TransferInvocation::Format::Detect;
    if (text == u"eml")
        return TransferInvocation::Format::Eml;
    if (text == u"mbox")
        return TransferInvocation::Format::Mbox;
    if (text == u"maildir")
        return TransferInvocation::Format::Maildir;
    return refused(QStringLiteral("--format is eml, mbox or maildir, not \"%1\"").arg(text));
}

Parsed<Command> parseTransfer(const Words &words, TransferInvocation::Direction direction)
{
    TransferInvocation transfer;
    transfer.direction = direction;
    const QString name = direction == TransferInvocation::Direction::Import ? QStringLiteral("import")
                                                                            : QStringLiteral("export");
    if (words.operands.size() != 1 || words.operands.first().isEmpty())
        return refused(QStringLiteral("%1 takes one PATH").arg(name));
    transfer.path = words.operands.first();
    const auto format = transferFormat(words);
    if (!format)
        return refused(format.error());
    transfer.format = *format;
    transfer.mailbox = words.value(QStringLiteral("mailbox"));
    return transfer;
}

struct QueueWord
{
    const char *word;
    mail::QueueAction action;
};
constexpr QueueWord queueWords[] = {{"run", mail::QueueAction::TryNow}, {"hold", mail::QueueAction::Hold},
    {"release", mail::QueueAction::Release}, {"remove", mail::QueueAction::Remove},
    {"expire", mail::QueueAction::Expire}, {"at", mail::QueueAction::Postpone},
    {"route", mail::QueueAction::Reroute}};

/// A word of its own before the IDs.
bool takesMore(mail::QueueAction action)
{
    return action == mail::QueueAction::Postpone || action == mail::QueueAction::Reroute;
}

bool namesEntries(mail::QueueAction action)
{
    return takesMore(action) || action == mail::QueueAction::Remove || action == mail::QueueAction::Expire;
}

/// "2026-11-25T08:00" (local time, or with a zone), or "+90s", "+30m", "+2h", "+1d" from now.
Parsed<qint64> parseTime(const QString &text)
{
    const auto span = text.startsWith(u'+') ? spanSeconds(text.mid(1)) : std::nullopt;
    if (span)
        return QDateTime::currentDateTime().addSecs(*span).toMSecsSinceEpoch();
    const QDateTime at = QDateTime::fromString(text, Qt::ISODate);
    if (at.isValid())
        return at.toMSecsSinceEpoch();
    return refused(
        QStringLiteral("queue at takes a time such as 2026-11-25T08:00 or +2h, not \"%1\"").arg(text));
}

/// "direct", "default" (the settings' route again) or smtp[s]://...
Parsed<std::optional<mail::OutgoingRoute>> parseWay(const QString &text)
{
    if (text == u"default")
        return std::optional<mail::OutgoingRoute>();
    if (text == u"direct")
        return std::optional<mail::OutgoingRoute>(mail::OutgoingRoute());
    const auto route = parseVia(text);
    if (!route)
        return refused(
            QStringLiteral("queue route takes direct, default or smtp[s]://[USER@]HOST[:PORT], not \"%1\"")
                .arg(QUrl(text).toDisplayString(QUrl::RemovePassword))); // no secret on a terminal
    return std::optional<mail::OutgoingRoute>(*route);
}

Parsed<mail::QueueRequest> queueRequest(const QString &word, const QString &more)
{
    QStringList known{QStringLiteral("list")};
    for (const QueueWord &one : queueWords) {
        known += QLatin1String(one.word);
        if (word != QLatin1String(one.word))
            continue;
        mail::QueueRequest request(one.action);
        if (one.action == mail::QueueAction::Postpone) {
            const auto at = parseTime(more);
            if (!at)
                return refused(at.error());
            request.at = *at;
        } else if (one.action == mail::QueueAction::Reroute) {
            const auto way = parseWay(more);
            if (!way)
                return refused(way.error());
            request.route = *way;
        }
        return request;
    }
    return refused(word.isEmpty()
            ? QStringLiteral("queue needs one of %1").arg(known.join(QStringLiteral(", ")))
            : QStringLiteral("queue takes %1, not \"%2\"").arg(known.join(QStringLiteral(", ")), word));
}

} // namespace

Parsed<Command> parseQueue(const Words &words)
{
    QueueInvocation queue;
    queue.format = formatOf(words);
    const QString word = words.operands.value(0);
    qsizetype ids = 1;
    if (word != u"list") {
        const auto request = queueRequest(word, words.operands.value(1));
        if (!request)
            return refused(request.error());
        queue.request = *request;
        ids = takesMore(request->action) ? 2 : 1;
    }
    for (const QString &id : words.operands.mid(ids))
        queue.ids += id.toUtf8();
    // What cannot be taken back takes more than a forgotten argument.
    if (queue.request && namesEntries(queue.request->action) && queue.ids.isEmpty())
        return refused(QStringLiteral("queue %1 needs the ID of each entry, or ALL").arg(word));
    if (queue.ids == QList<QByteArray>{QByteArrayLiteral("ALL")})
        queue.ids.clear();
    return queue;
}

Parsed<Command> parseSearch(const Words &words)
{
    SearchInvocation search;
    search.format = formatOf(words);
    search.query = words.operands.join(u' ');
    if (search.query.trimmed().isEmpty())
        return refused(QStringLiteral("search needs words to look for"));
    if (words.has(QStringLiteral("limit"))) {
        const auto limit
            = parseNumber(QStringLiteral("--limit"), words.value(QStringLiteral("limit")), 1, 1000000);
        if (!limit)
            return refused(limit.error());
        search.limit = int(*limit);
    }
    return search;
}

Parsed<Command> parseImport(const Words &words)
{
    return parseTransfer(words, TransferInvocation::Direction::Import);
}

Parsed<Command> parseExport(const Words &words)
{
    return parseTransfer(words, TransferInvocation::Direction::Export);
}

Parsed<Command> parseTranscript(const Words &words)
{
    if (words.operands.size() > 1)
        return refused(QStringLiteral("transcript takes one SESSION, or the ID of one message, at most"));
    return TranscriptInvocation{words.operands.value(0).toUtf8(), formatOf(words)};
}

namespace {

using JourneyForm = JourneyInvocation::Form;

/// Options that say what a journey is told as, each alone; without one it is told in words.
struct JourneyOption
{
    const char *name;
    JourneyForm form;
};
constexpr std::array journeyOptions{JourneyOption{"html", JourneyForm::Page},
    JourneyOption{"pdf", JourneyForm::Paper}, JourneyOption{"swaks", JourneyForm::Swaks},
    JourneyOption{"curl", JourneyForm::Curl}, JourneyOption{"openssl", JourneyForm::Openssl}};

} // namespace

Parsed<Command> parseJourney(const Words &words)
{
    if (words.operands.size() != 1 || words.operands.first().isEmpty())
        return refused(QStringLiteral("journey takes the ID of one message, queue entry or session"));
    JourneyInvocation journey;
    journey.name = words.operands.first().toUtf8();
    journey.format = formatOf(words);
    journey.showsAddresses = words.has(QStringLiteral("addresses"));
    journey.showsHeader = words.has(QStringLiteral("headers"));
    journey.other = words.value(QStringLiteral("compare")).toUtf8();
    const bool isCompared = words.has(QStringLiteral("compare"));
    const bool isDeleted = words.has(QStringLiteral("delete"));
    int forms = words.has(QStringLiteral("json")) ? 1 : 0;
    for (const JourneyOption &option : journeyOptions) {
        const QString name = QLatin1String(option.name);
        if (!words.has(name))
            continue;
        ++forms;
        journey.form = option.form;
        journey.file = words.value(name);
    }
    if (forms > 1)
        return refused(
            QStringLiteral("journey takes one of --json, --html, --pdf, --swaks, --curl and --openssl"));
    const bool isReport = journey.form == JourneyForm::Page || journey.form == JourneyForm::Paper;
    if (isReport && journey.file.isEmpty())
        return refused(QStringLiteral("--html and --pdf need a file to write"));
    if ((journey.showsAddresses || journey.showsHeader) && !isReport)
        return refused(QStringLiteral("--addresses and --headers go with --html or --pdf"));
    if ((isCompared || isDeleted) && (journey.form != JourneyForm::Told || (isCompared && isDeleted)))
        return refused(QStringLiteral("--compare and --delete go with --json alone, not with --html, --pdf, "
                                      "--swaks, --curl or --openssl"));
    if (isCompared && journey.other.isEmpty())
        return refused(QStringLiteral("--compare needs the ID of another message, queue entry or session"));
    if (isCompared)
        journey.form = JourneyForm::Compared;
    if (isDeleted)
        journey.form = JourneyForm::Deleted;
    return journey;
}

Parsed<Command> parseMcp(const Words &words)
{
    if (!words.operands.isEmpty())
        return refused(QStringLiteral("mcp takes no arguments; remove \"%1\"").arg(words.operands.first()));
    return McpInvocation();
}

} // namespace glasspost::app
