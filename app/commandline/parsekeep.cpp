// keep: how much of its mail a folder keeps.
#include "app/commandline/parsers.h"

#include "mail/settings/folderkeeping.h"

namespace glasspost::app {

namespace {

constexpr qint64 secondsOfDay = 24 * 3600;
constexpr qint64 longestKept = 366 * secondsOfDay; // as settings.ini has it
constexpr qint64 largestKept = qint64(1) << 50;

Parsed<void> readKeptNumber(const Words &words, KeepInvocation &keep)
{
    const QString option = QStringLiteral("number");
    if (!words.has(option))
        return {};
    const auto number = parseNumber(QStringLiteral("--number"), words.value(option), 0, 1'000'000'000);
    if (!number)
        return refused(number.error());
    keep.number = int(*number);
    return {};
}

Parsed<void> readKeptAge(const Words &words, KeepInvocation &keep)
{
    if (!words.has(QStringLiteral("age")))
        return {};
    const QString text = words.value(QStringLiteral("age"));
    bool isDays = false;
    const qint64 days = text.toLongLong(&isDays);
    const std::optional<qint64> seconds
        = isDays && days >= 0 && days <= 366 ? std::optional(days * secondsOfDay) : spanSeconds(text);
    if (!seconds || *seconds > longestKept)
        return refused(QStringLiteral("--age takes days, or a time such as 12h or 7d, up to 366d, not \"%1\"")
                           .arg(text));
    keep.age = std::chrono::seconds(*seconds);
    return {};
}

Parsed<void> readKeptSize(const Words &words, KeepInvocation &keep)
{
    if (!words.has(QStringLiteral("size")))
        return {};
    const QString text = words.value(QStringLiteral("size"));
    const qsizetype unit = QStringLiteral("kmg").indexOf(text.right(1).toLower());
    const bool hasUnit = !text.isEmpty() && unit >= 0;
    bool isNumber = false;
    const qint64 number = (hasUnit ? text.chopped(1) : text).toLongLong(&isNumber);
    const int shift = hasUnit ? int(10 * (unit + 1)) : 0;
    if (!isNumber || number < 0 || number > (largestKept >> shift))
        return refused(
            QStringLiteral("--size takes octets, or a size such as 500k or 10M, not \"%1\"").arg(text));
    keep.size = number << shift;
    return {};
}

Parsed<void> readKeptColor(const Words &words, KeepInvocation &keep)
{
    if (!words.has(QStringLiteral("color")))
        return {};
    const QString text = words.value(QStringLiteral("color"));
    const auto color = mail::folderColorFrom(text);
    if (!color || text.isEmpty())
        return refused(QStringLiteral("--color takes one of %1, none or #rrggbb, not \"%2\"")
                           .arg(mail::folderColorNames().join(QStringLiteral(", ")), text));
    keep.color = *color;
    return {};
}

} // namespace

Parsed<Command> parseKeep(const Words &words)
{
    KeepInvocation keep;
    keep.mailbox = words.operands.value(0);
    keep.format = words.has(QStringLiteral("json")) ? OutputFormat::Json : OutputFormat::Text;
    const auto read = readKeptNumber(words, keep)
                          .and_then([&] { return readKeptAge(words, keep); })
                          .and_then([&] { return readKeptSize(words, keep); })
                          .and_then([&] { return readKeptColor(words, keep); });
    if (!read)
        return refused(read.error());
    const bool isNamed = !keep.mailbox.isEmpty() && !keep.mailbox.startsWith(u'/');
    if (words.operands.size() > 1 || (!words.operands.isEmpty() && !isNamed))
        return refused(QStringLiteral("keep takes one MAILBOX, such as alice or alice/Lists"));
    if (keep.changes() && !isNamed)
        return refused(QStringLiteral("keep needs a MAILBOX to set that for, such as alice or alice/Lists"));
    return keep;
}

} // namespace glasspost::app
