#include "mail/transfer/emlreader.h"

#include "mail/base/lineends.h"
#include "mail/message/messagereader.h"
#include "mail/transfer/statusfields.h"

#include <algorithm>
#include <optional>

namespace glasspost::mail {

namespace {

constexpr qint64 emlPiece = 256 * 1024;
constexpr qint64 headSize = 1024 * 1024; // octets in which a header is looked at
constexpr qint64 longestList = 64 * 1024; // octets of a property list

Error emlError(const QFileDevice &file)
{
    return {ErrorCode::InputOutput, file.fileName(), file.errorString()};
}

/// The number in an .emlx file's first line.
std::optional<qint64> emlxLength(const QByteArray &front)
{
    const qsizetype lineEnd = front.indexOf('\n');
    const QByteArray line = front.left(std::max<qsizetype>(0, lineEnd)).trimmed();
    bool isNumber = false;
    const qint64 length = line.toLongLong(&isNumber);
    const bool isDigits = std::all_of(line.begin(), line.end(), [](char c) { return c >= '0' && c <= '9'; });
    return isNumber && isDigits ? std::optional(length) : std::nullopt;
}

/// The bits in <key>flags</key><integer>N</integer>, as Apple Mail sets them.
MessageFlags emlxFlags(const QByteArray &list)
{
    const qsizetype key = list.indexOf("<key>flags</key>");
    const qsizetype begin = list.indexOf("<integer>", std::max<qsizetype>(0, key));
    const qsizetype end = list.indexOf("</integer>", std::max<qsizetype>(0, begin));
    if (key < 0 || begin < 0 || end < 0)
        return {};
    struct Bit
    {
        qulonglong mask;
        MessageFlag flag;
    };
    static constexpr Bit bits[] = {{1U << 0U, MessageFlag::Seen}, {1U << 1U, MessageFlag::Trashed},
        {1U << 2U, MessageFlag::Replied}, {1U << 4U, MessageFlag::Flagged}, {1U << 6U, MessageFlag::Draft},
        {1U << 8U, MessageFlag::Passed}};
    const qulonglong number = list.mid(begin + 9, end - begin - 9).toULongLong();
    MessageFlags flags;
    for (const Bit &bit : bits)
        flags.setFlag(bit.flag, (number & bit.mask) != 0);
    return flags;
}

/// Whether a file's lines end in CR alone, as its first line does.
bool endsInCr(const QByteArray &front)
{
    const qsizetype cr = front.indexOf('\r');
    const qsizetype lf = front.indexOf('\n');
    return cr >= 0 && (lf < 0 || cr < lf - 1);
}

/// What other programs put before the first field.
qsizetype prefixLength(const QByteArray &front)
{
    qsizetype at = front.startsWith("\xEF\xBB\xBF") ? 3 : 0;
    while (at < front.size() && (front.at(at) == '\n' || front.at(at) == '\r'))
        ++at;
    if (!QByteArrayView(front).sliced(at).startsWith("From "))
        return at;
    const qsizetype end = std::min(front.indexOf('\n', at) < 0 ? front.size() : front.indexOf('\n', at),
        front.indexOf('\r', at) < 0 ? front.size() : front.indexOf('\r', at));
    at = end;
    while (at < front.size() && (front.at(at) == '\n' || front.at(at) == '\r') && at < end + 2)
        ++at;
    return at;
}

} // namespace

Result<SingleMessage> readSingleMessage(QFileDevice &file, const QString &spoolFolder)
{
    const QByteArray front = file.peek(headSize);
    const std::optional<qint64> stated = emlxLength(front);
    const qint64 begin = stated ? front.indexOf('\n') + 1 : prefixLength(front);
    const qint64 end = stated ? std::min(file.size(), begin + *stated) : file.size();
    const bool isMac = !stated && endsInCr(front);
    file.seek(begin);
    OctetsWriter writer(spoolFolder);
    LfConverter converter;
    for (qint64 left = end - begin; left > 0;) {
        QByteArray piece = file.read(std::min(left, emlPiece));
        if (piece.isEmpty())
            return tl::unexpected(emlError(file));
        left -= piece.size();
        writer.write(isMac ? piece.replace('\r', '\n') : converter.toLf(piece));
    }
    writer.write(converter.rest());
    const Result<MessageOctets> octets = writer.finish();
    const Result<QByteArray> head = octets ? octets->front(headSize) : tl::unexpected(octets.error());
    if (!head)
        return tl::unexpected(head.error());
    if (!looksLikeMessage(*head))
        return tl::unexpected(Error{ErrorCode::NotAMessage, file.fileName(), {}});
    SingleMessage single{{*octets, notedFlags(*head)}, stated && begin + *stated > file.size()};
    if (stated)
        single.message.flags |= emlxFlags(file.read(longestList));
    return single;
}

} // namespace glasspost::mail
