#include "mail/message/outgoingmessage.h"

#include "mail/base/lineends.h"
#include "mail/message/headerfields.h"
#include "mail/message/messagereader.h"
#include "mail/message/sevenbit.h"

#include <QBuffer>
#include <QFile>

#include <algorithm>
#include <optional>

namespace glasspost::mail {

namespace {

constexpr qint64 bodyPiece = 256 * 1024;
constexpr qsizetype longestHeader = 16 * 1024 * 1024;
constexpr char encodingField[] = "content-transfer-encoding";

tl::unexpected<Error> notAMessage(const QString &why)
{
    return tl::unexpected(Error{ErrorCode::NotAMessage, {}, why});
}

enum class LineEnd { Lf, Cr }; ///< CRLF is LF with something before it

/// Decided by the first line; nothing while that is not whole.
std::optional<LineEnd> lineEndOf(QByteArrayView octets)
{
    const auto first
        = std::find_if(octets.begin(), octets.end(), [](char c) { return c == '\r' || c == '\n'; });
    if (first == octets.end() || (*first == '\r' && first + 1 == octets.end()))
        return std::nullopt;
    return *first == '\r' && *(first + 1) != '\n' ? LineEnd::Cr : LineEnd::Lf;
}

/// Offset behind the empty line that ends the header; -1 when it has not come.
qsizetype headerEnd(QByteArrayView octets, LineEnd ends, qsizetype from)
{
    const char end = ends == LineEnd::Cr ? '\r' : '\n';
    for (qsizetype at = octets.indexOf(end, from); at >= 0; at = octets.indexOf(end, at + 1)) {
        qsizetype next = at + 1;
        if (ends == LineEnd::Lf && next < octets.size() && octets[next] == '\r')
            ++next;
        if (next < octets.size() && octets[next] == end)
            return next + 1;
    }
    return -1;
}

struct Head
{
    QByteArray header; ///< with the empty line, LF
    QByteArray rest; ///< what was read behind it
    LineEnd lineEnd = LineEnd::Lf;
};

/// The header in LF; what is ambiguous about it is refused.
Result<QByteArray> plainHeader(QByteArray header, LineEnd ends)
{
    if (header.contains('\0'))
        return notAMessage(QStringLiteral("its header contains a NUL octet"));
    if (ends == LineEnd::Cr)
        return header.replace('\r', '\n');
    header = withLf(header);
    if (header.contains('\r'))
        return notAMessage(QStringLiteral("its header contains a bare carriage return"));
    return header;
}

/// What other programs put before the first field: a byte order mark, the dividing line of an mbox or of git.
QByteArray withoutPrefix(QByteArray header)
{
    if (header.startsWith("\xEF\xBB\xBF"))
        header.remove(0, 3);
    while (header.startsWith("From ") || header.startsWith(">From "))
        header.remove(0, header.indexOf('\n') + 1);
    return header;
}

QByteArray withoutBcc(const QByteArray &header)
{
    QByteArray result;
    bool drops = false;
    for (qsizetype at = 0; at < header.size();) {
        const qsizetype end = header.indexOf('\n', at) + 1;
        const QByteArray line = header.mid(at, end > 0 ? end - at : -1);
        if (!line.startsWith(' ') && !line.startsWith('\t')) {
            const QByteArray name = line.left(line.indexOf(':')).trimmed().toLower();
            drops = name == "bcc" || name == "resent-bcc";
        }
        if (!drops)
            result += line;
        at += line.size();
    }
    return result;
}

Result<Head> readHead(QIODevice &message)
{
    QByteArray octets;
    std::optional<LineEnd> ends;
    qsizetype end = -1;
    for (;;) {
        const QByteArray piece = message.read(bodyPiece);
        const qsizetype before = octets.size();
        octets += piece;
        ends = ends ? ends : lineEndOf(octets);
        if (ends)
            end = headerEnd(octets, *ends, std::max<qsizetype>(0, before - 2));
        if (end >= 0 || piece.isEmpty())
            break;
        if (octets.size() > longestHeader)
            return notAMessage(QStringLiteral("its header does not end"));
    }
    Head head;
    head.lineEnd = ends.value_or(LineEnd::Lf);
    head.rest = end < 0 ? QByteArray() : octets.mid(end);
    if (head.lineEnd == LineEnd::Cr && octets.contains('\n'))
        return notAMessage(QStringLiteral("its line ends are mixed"));
    Result<QByteArray> header = plainHeader(end < 0 ? octets : octets.left(end), head.lineEnd);
    if (!header)
        return tl::unexpected(header.error());
    head.header = withoutBcc(withoutPrefix(*header));
    if (!looksLikeMessage(head.header))
        return notAMessage(QStringLiteral("it does not start with a header"));
    return head;
}

/// Looks for fields that say "binary", wherever they stand, and for octets past 7F.
class BodyWatch
{
public:
    void take(QByteArrayView octets)
    {
        for (const char c : octets) {
            m_eightBit = m_eightBit || uchar(c) >= 0x80;
            if (c == '\n' || c == '\r') {
                endLine();
            } else if (m_line.size() < longestSeen) {
                m_line += c;
            }
        }
    }
    [[nodiscard]] bool sawEightBit() const { return m_eightBit; }
    [[nodiscard]] bool sawBinary() const { return m_binary; }

private:
    static constexpr qsizetype longestSeen = 100; // octets of a line

    void endLine()
    {
        if (!m_line.isEmpty() && (m_line.at(0) == 'c' || m_line.at(0) == 'C')) {
            const QByteArray line = m_line.toLower();
            const QByteArray value = line.mid(line.indexOf(':') + 1).trimmed();
            m_binary = m_binary
                || (line.startsWith(encodingField) && (value.isEmpty() || value.contains("binary")));
        }
        m_line.truncate(0);
    }

    QByteArray m_line;
    bool m_eightBit = false;
    bool m_binary = false;
};

/// Gives everything behind the header to take, and says why it could not be read.
template <typename Take> Result<void> readRest(QIODevice &message, const Head &head, Take take)
{
    take(head.rest);
    for (QByteArray piece = message.read(bodyPiece); !piece.isEmpty(); piece = message.read(bodyPiece))
        take(piece);
    const auto *file = qobject_cast<QFile *>(&message);
    if (file != nullptr && file->error() != QFileDevice::NoError)
        return tl::unexpected(Error{ErrorCode::InputOutput, file->fileName(), file->errorString()});
    return {};
}

Result<MessageOctets> withRawBody(QIODevice &message, const QString &folder)
{
    message.seek(0);
    const Result<Head> head = readHead(message);
    if (!head)
        return tl::unexpected(head.error());
    OctetsWriter writer(folder);
    writer.write(head->header);
    if (const auto read
        = readRest(message, *head, [&writer](const QByteArray &piece) { writer.write(piece); });
        !read)
        return tl::unexpected(read.error());
    return writer.finish();
}

} // namespace

Result<OutgoingMessage> prepareOutgoing(QIODevice &message, const QString &spoolFolder)
{
    const Result<Head> head = readHead(message);
    if (!head)
        return tl::unexpected(head.error());
    OctetsWriter writer(spoolFolder);
    BodyWatch watch;
    LfConverter converter;
    writer.write(head->header);
    watch.take(head->header);
    const auto read = readRest(message, *head, [&](QByteArray piece) {
        watch.take(piece);
        writer.write(head->lineEnd == LineEnd::Cr ? piece.replace('\r', '\n') : converter.toLf(piece));
    });
    if (!read)
        return tl::unexpected(read.error());
    writer.write(converter.rest());
    const auto octets = writer.finish();
    if (!octets)
        return tl::unexpected(octets.error());
    OutgoingMessage outgoing{
        *octets, watch.sawEightBit() ? smtp::BodyType::EightBitMime : smtp::BodyType::SevenBit};
    if (!watch.sawBinary())
        return outgoing;
    const auto raw = withRawBody(message, spoolFolder);
    const auto isBinary = raw ? hasBinaryParts(*raw) : tl::unexpected(raw.error());
    if (!isBinary || !*isBinary)
        return isBinary ? Result<OutgoingMessage>(outgoing) : tl::unexpected(isBinary.error());
    return toBinaryMime(*raw, spoolFolder).map([](const MessageOctets &canonical) {
        return OutgoingMessage{canonical, smtp::BodyType::BinaryMime};
    });
}

std::unique_ptr<QIODevice> deviceOver(const MessageOctets &octets)
{
    std::unique_ptr<QIODevice> device;
    if (octets.isSpooled()) {
        device = std::make_unique<QFile>(octets.file()->path());
    } else {
        auto buffer = std::make_unique<QBuffer>();
        buffer->setData(octets.inMemory());
        device = std::move(buffer);
    }
    device->open(QIODevice::ReadOnly);
    return device;
}

} // namespace glasspost::mail
