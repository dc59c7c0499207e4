// show, check, wait, watch, delete, mark and tag: commands about messages that are here.
#include "app/commandline/parsers.h"
#include "mail/index/messagetags.h"

#include <QDateTime>
#include <QRegularExpression>

namespace glasspost::app {

namespace {

constexpr qint64 second = 1'000'000; // microseconds

OutputFormat outputFormat(const Words &words)
{
    return words.has(QStringLiteral("json")) ? OutputFormat::Json : OutputFormat::Text;
}

} // namespace

Parsed<mail::ArrivalMoment> parseSince(const QString &option, const QString &text)
{
    if (text == u"now")
        return mail::ArrivalMoment::now();
    if (text == u"all")
        return mail::ArrivalMoment();
    if (const auto span = text.startsWith(u'-') ? spanSeconds(text.mid(1)) : std::nullopt)
        return mail::ArrivalMoment{mail::ArrivalMoment::now().micros - *span * second, 0};
    const QDateTime at = QDateTime::fromString(text, Qt::ISODateWithMs);
    if (at.isValid())
        return mail::ArrivalMoment{at.toMSecsSinceEpoch() * 1000, 0};
    if (const auto moment = mail::arrivalMoment(text.toUtf8()))
        return *moment;
    return refused(QStringLiteral(
        "%1 takes now, all, -5m, a time such as 2026-11-25T08:00 or the ID of a message, not \"%2\"")
                       .arg(option, text));
}

Parsed<QString> parsePattern(const QString &option, const QString &text)
{
    const QRegularExpression pattern(text);
    if (text.isEmpty() || !pattern.isValid())
        return refused(
            QStringLiteral("%1 takes a regular expression, and \"%2\" is not a valid one: %3")
                .arg(option, text, text.isEmpty() ? QStringLiteral("it is empty") : pattern.errorString()));
    return text;
}

Parsed<std::pair<QString, QString>> parseHeaderPattern(const QString &option, const QString &text)
{
    const qsizetype equals = text.indexOf(u'=');
    if (equals <= 0)
        return refused(QStringLiteral("%1 takes NAME=RE, not \"%2\"").arg(option, text));
    const auto pattern = parsePattern(option, text.mid(equals + 1));
    if (!pattern)
        return refused(pattern.error());
    return std::pair(text.left(equals), *pattern);
}

namespace {

Parsed<QString> parseOptionalPattern(const Words &words, const QString &option)
{
    return words.has(option) ? parsePattern(QStringLiteral("--") + option, words.value(option))
                             : Parsed<QString>(QString());
}

Parsed<QString> parseOptionalAddress(const Words &words, const QString &option)
{
    const QString address = words.value(option);
    if (words.has(option) && (address.isEmpty() || address.contains(u' ')))
        return refused(QStringLiteral("--%1 takes one address, not \"%2\"").arg(option, address));
    return address;
}

Parsed<int> parsePart(const Words &words)
{
    const QString part = QStringLiteral("part");
    return parseNumber(QStringLiteral("--part"), words.value(part), 0, 1'000'000).map([](qint64 number) {
        return int(number);
    });
}

/// What wait and watch have in common.
Parsed<WaitInvocation> parseFollowing(const Words &words, const QString &name)
{
    WaitInvocation wait;
    wait.format = outputFormat(words);
    wait.mailbox = words.value(QStringLiteral("mailbox"));
    if (!words.operands.isEmpty())
        return refused(QStringLiteral("%1 takes only options, not \"%2\"").arg(name, words.operands.first()));
    const QString since = QStringLiteral("since");
    const auto moment = parseSince(
        QStringLiteral("--since"), words.has(since) ? words.value(since) : QStringLiteral("now"));
    if (!moment)
        return refused(moment.error());
    wait.since = *moment;
    return wait;
}

Parsed<void> readNumbers(const Words &words, WaitInvocation &wait)
{
    if (words.has(QStringLiteral("count"))) {
        const auto count
            = parseNumber(QStringLiteral("--count"), words.value(QStringLiteral("count")), 1, 1'000'000);
        if (!count)
            return refused(count.error());
        wait.count = int(*count);
    }
    constexpr qint64 year = 366 * 86400;
    const auto timeout = words.has(QStringLiteral("timeout"))
        ? parseNumber(QStringLiteral("--timeout"), words.value(QStringLiteral("timeout")), 0, year)
        : Parsed<qint64>(30);
    if (!timeout)
        return refused(timeout.error());
    wait.timeout = std::chrono::seconds(*timeout);
    return {};
}

/// The IDs, or ALL of a mailbox.
Parsed<void> readChosen(const QString &name, const QStringList &operands, ChangeInvocation &change)
{
    for (const QString &id : operands)
        change.ids += id.toUtf8();
    if (change.ids.isEmpty())
        return refused(QStringLiteral("%1 needs the ID of each message, or ALL with --mailbox").arg(name));
    if (change.ids != QList<QByteArray>{QByteArrayLiteral("ALL")})
        return {};
    // What cannot be taken back takes more than a forgotten argument.
    if (change.mailbox.isEmpty())
        return refused(QStringLiteral("%1 ALL needs --mailbox").arg(name));
    change.ids.clear();
    return {};
}

struct MarkWord
{
    const char *word;
    mail::MessageFlag flag;
    bool isSet;
};
constexpr MarkWord markWords[]
    = {{"read", mail::MessageFlag::Seen, true}, {"unread", mail::MessageFlag::Seen, false},
        {"flagged", mail::MessageFlag::Flagged, true}, {"unflagged", mail::MessageFlag::Flagged, false}};

} // namespace

Parsed<Command> parseShow(const Words &words)
{
    using Form = ShowInvocation::Form;
    ShowInvocation show;
    if (words.operands.size() != 1 || words.operands.first().isEmpty())
        return refused(QStringLiteral("show takes one ID, or latest"));
    show.id = words.operands.first().toUtf8();
    show.mailbox = words.value(QStringLiteral("mailbox"));
    const bool isJson = words.has(QStringLiteral("json"));
    const bool isRaw = words.has(QStringLiteral("raw"));
    const bool isPart = words.has(QStringLiteral("part"));
    if (isJson + isRaw + isPart > 1)
        return refused(QStringLiteral("show takes one of --json, --raw and --part"));
    show.form = isJson ? Form::Json : isRaw ? Form::Raw : isPart ? Form::Part : Form::Text;
    if (isPart) {
        const auto part = parsePart(words);
        if (!part)
            return refused(part.error());
        show.part = *part;
    }
    return show;
}

Parsed<Command> parseCheck(const Words &words)
{
    if (words.operands.size() != 1 || words.operands.first().isEmpty())
        return refused(QStringLiteral("check takes one ID, or latest"));
    const auto spamd = readSpamd(words);
    if (!spamd)
        return refused(spamd.error());
    return CheckInvocation{
        words.operands.first().toUtf8(), words.value(QStringLiteral("mailbox")), *spamd, outputFormat(words)};
}

Parsed<Command> parseWait(const Words &words)
{
    auto wait = parseFollowing(words, QStringLiteral("wait"));
    if (!wait)
        return refused(wait.error());
    const auto to = parseOptionalAddress(words, QStringLiteral("to"));
    const auto from = parseOptionalAddress(words, QStringLiteral("from"));
    if (!to || !from)
        return refused(to ? from.error() : to.error());
    wait->to = *to;
    wait->from = *from;
    const auto subject = parseOptionalPattern(words, QStringLiteral("subject"));
    const auto body = parseOptionalPattern(words, QStringLiteral("body"));
    if (!subject || !body)
        return refused(subject ? body.error() : subject.error());
    wait->subject = *subject;
    wait->body = *body;
    for (const QString &text : words.values(QStringLiteral("header"))) {
        const auto header = parseHeaderPattern(QStringLiteral("--header"), text);
        if (!header)
            return refused(header.error());
        wait->headers += *header;
    }
    if (const auto numbers = readNumbers(words, *wait); !numbers)
        return refused(numbers.error());
    return *wait;
}

Parsed<Command> parseWatch(const Words &words)
{
    auto watch = parseFollowing(words, QStringLiteral("watch"));
    if (!watch)
        return refused(watch.error());
    watch->prints = WaitInvocation::Prints::Rows;
    watch->count = 0;
    return *watch;
}

Parsed<Command> parseDelete(const Words &words)
{
    ChangeInvocation change;
    change.format = outputFormat(words);
    change.mailbox = words.value(QStringLiteral("mailbox"));
    if (const auto chosen = readChosen(QStringLiteral("delete"), words.operands, change); !chosen)
        return refused(chosen.error());
    return change;
}

Parsed<Command> parseMark(const Words &words)
{
    ChangeInvocation change;
    change.change = ChangeInvocation::Change::Mark;
    change.format = outputFormat(words);
    change.mailbox = words.value(QStringLiteral("mailbox"));
    const QString word = words.operands.value(0);
    QStringList known;
    for (const MarkWord &one : markWords) {
        known += QLatin1String(one.word);
        if (word == QLatin1String(one.word))
            (one.isSet ? change.set : change.clear) |= one.flag;
    }
    if (!change.set && !change.clear)
        return refused(QStringLiteral("mark takes one of %1 first, not \"%2\"")
                           .arg(known.join(QStringLiteral(", ")), word));
    if (const auto chosen = readChosen(QStringLiteral("mark"), words.operands.mid(1), change); !chosen)
        return refused(chosen.error());
    return change;
}

Parsed<Command> parseTag(const Words &words)
{
    ChangeInvocation change;
    change.change = ChangeInvocation::Change::Tag;
    change.format = outputFormat(words);
    change.mailbox = words.value(QStringLiteral("mailbox"));
    QStringList ids;
    for (const QString &word : words.operands) {
        if (!word.startsWith(u'+') && !word.startsWith(u'-')) {
            ids += word;
            continue;
        }
        const QString tag = mail::tagOf(word.mid(1));
        if (tag.isEmpty())
            return refused(QStringLiteral("\"%1\" names no tag").arg(word));
        (word.startsWith(u'+') ? change.addedTags : change.removedTags) += tag;
    }
    if (change.addedTags.isEmpty() && change.removedTags.isEmpty())
        return refused(QStringLiteral("tag needs +TAG or -TAG"));
    if (const auto chosen = readChosen(QStringLiteral("tag"), ids, change); !chosen)
        return refused(chosen.error());
    return change;
}

} // namespace glasspost::app
