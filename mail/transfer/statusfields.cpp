#include "mail/transfer/statusfields.h"

#include "mail/message/headerfields.h"
#include "mail/message/mime.h"

#include <QStringList>

namespace glasspost::mail {

namespace {

MessageFlags flagsOfLetters(const QByteArray &letters)
{
    MessageFlags flags;
    for (const char letter : letters) {
        switch (letter) {
        case 'R':
            flags |= MessageFlag::Seen;
            break;
        case 'A':
            flags |= MessageFlag::Replied;
            break;
        case 'F':
            flags |= MessageFlag::Flagged;
            break;
        case 'T':
            flags |= MessageFlag::Draft;
            break;
        case 'D':
            flags |= MessageFlag::Trashed;
            break;
        default: // 'O', "old", and what others invent
            break;
        }
    }
    return flags;
}

/// Thunderbird's nsMsgMessageFlags, in hexadecimal. "Expunged" is deleted and not compacted yet.
MessageFlags flagsOfMozilla(const QByteArray &value)
{
    struct Bit
    {
        uint mask;
        MessageFlag flag;
    };
    static constexpr Bit bits[] = {{0x0001, MessageFlag::Seen}, {0x0002, MessageFlag::Replied},
        {0x0004, MessageFlag::Flagged}, {0x0008, MessageFlag::Trashed}, {0x1000, MessageFlag::Passed}};
    const uint number = value.toUInt(nullptr, 16);
    MessageFlags flags;
    for (const Bit &bit : bits)
        flags.setFlag(bit.flag, (number & bit.mask) != 0);
    return flags;
}

MessageFlags flagsOfLabels(const QByteArray &value)
{
    ensureMime();
    const QStringList labels = decodedText(value).split(u',');
    const auto has = [&labels](const char *name) {
        return std::any_of(labels.begin(), labels.end(), [name](const QString &label) {
            const QString plain = label.trimmed().remove(u'"');
            return plain.compare(QLatin1String(name), Qt::CaseInsensitive) == 0;
        });
    };
    MessageFlags flags;
    flags.setFlag(MessageFlag::Seen, has("Opened") || !has("Unread"));
    flags.setFlag(MessageFlag::Flagged, has("Starred"));
    flags.setFlag(MessageFlag::Trashed, has("Trash"));
    flags.setFlag(MessageFlag::Draft, has("Draft") || has("Drafts"));
    return flags;
}

bool isTheFilesOwn(const RawField &field)
{
    static constexpr QByteArrayView names[] = {"Status", "X-Status", "X-Mozilla-Status", "X-Mozilla-Status2"};
    return std::any_of(
        std::begin(names), std::end(names), [&field](QByteArrayView name) { return field.isNamed(name); });
}

} // namespace

MessageFlags notedFlags(const QByteArray &header)
{
    MessageFlags flags;
    visitHeader(header, [&flags](const RawField &field) {
        if (field.isNamed("Status") || field.isNamed("X-Status"))
            flags |= flagsOfLetters(field.unfolded());
        else if (field.isNamed("X-Mozilla-Status"))
            flags |= flagsOfMozilla(field.unfolded());
        else if (field.isNamed("X-Gmail-Labels"))
            flags |= flagsOfLabels(field.unfolded());
        return true;
    });
    return flags;
}

QByteArray withoutStatus(const QByteArray &header)
{
    QByteArray result;
    qsizetype kept = 0;
    visitHeader(header, [&](const RawField &field) {
        if (!isTheFilesOwn(field))
            return true;
        const qsizetype begin = field.name.data() - header.constData();
        result.append(header.constData() + kept, begin - kept);
        const qsizetype valueEnd = field.value.data() + field.value.size() - header.constData();
        const qsizetype lineEnd = header.indexOf('\n', valueEnd);
        kept = lineEnd < 0 ? header.size() : lineEnd + 1;
        return true;
    });
    return result.append(header.constData() + kept, header.size() - kept);
}

} // namespace glasspost::mail
