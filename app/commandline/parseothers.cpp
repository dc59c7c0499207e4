// queue, search, transcript, import and export: commands of a few words each.
#include "app/commandline/parsers.h"

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

} // namespace

Parsed<Command> parseQueue(const Words &words)
{
    QueueInvocation queue;
    queue.format = formatOf(words);
    const QString action = words.operands.value(0);
    if (action == u"run")
        queue.action = mail::QueueAction::TryNow;
    else if (action == u"hold")
        queue.action = mail::QueueAction::Hold;
    else if (action == u"release")
        queue.action = mail::QueueAction::Release;
    else if (action == u"remove")
        queue.action = mail::QueueAction::Remove;
    else if (action != u"list")
        return refused(action.isEmpty()
                ? QStringLiteral("queue needs one of list, run, hold, release, remove")
                : QStringLiteral("queue knows list, run, hold, release and remove, not \"%1\"").arg(action));
    for (const QString &id : words.operands.mid(1))
        queue.ids += id.toUtf8();
    // Throwing every message away takes more than a forgotten argument.
    if (queue.action == mail::QueueAction::Remove && queue.ids.isEmpty())
        return refused(QStringLiteral("queue remove needs the ID of each entry to remove, or ALL"));
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
        return refused(QStringLiteral("transcript takes one SESSION at most"));
    return TranscriptInvocation{words.operands.value(0).toUtf8(), formatOf(words)};
}

} // namespace glasspost::app
