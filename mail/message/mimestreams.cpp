#include "mail/message/mimestreams.h"

#include <QFile>

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace glasspost::mail {

namespace {

constexpr qsizetype streamPiece = 64 * 1024;
constexpr qsizetype longestMailLine = 998; // octets, RFC 5322 2.1.1

/// Takes octets piece by piece.
class ShapeReader
{
public:
    void take(QByteArrayView octets)
    {
        for (const char c : octets) {
            const bool endsLine = c == '\n' || c == '\r';
            m_shape.hasBareCr = m_shape.hasBareCr || (m_before == '\r' && c != '\n');
            if (c == '\n')
                (m_before == '\r' ? m_shape.hasCrLf : m_shape.hasBareLf) = true;
            m_line = endsLine ? 0 : m_line + 1;
            m_shape.hasLongLine = m_shape.hasLongLine || m_line > longestMailLine;
            m_shape.hasEightBit = m_shape.hasEightBit || uchar(c) >= 0x80;
            m_shape.hasNul = m_shape.hasNul || c == '\0';
            m_before = c;
        }
    }
    [[nodiscard]] OctetShape shape() const
    {
        OctetShape whole = m_shape;
        whole.hasBareCr = whole.hasBareCr || m_before == '\r';
        return whole;
    }

private:
    OctetShape m_shape;
    qsizetype m_line = 0;
    char m_before = ' ';
};

Result<GRef<GMimeStream>> openForReading(const QByteArray &name)
{
    const int file = ::open(name.constData(), O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return systemFailure(errno, QFile::decodeName(name));
    return GRef<GMimeStream>(g_mime_stream_fs_new(file)); // closes it
}

} // namespace

Result<GRef<GMimeStream>> mimeStreamOver(const MessageOctets &octets)
{
    ensureMime();
    if (octets.isSpooled())
        return mimeStreamOver(octets.file()->path());
    const QByteArray &bytes = octets.inMemory();
    return GRef<GMimeStream>(g_mime_stream_mem_new_with_buffer(bytes.constData(), size_t(bytes.size())));
}

Result<GRef<GMimeStream>> mimeStreamOver(const QString &path)
{
    ensureMime();
    return openForReading(QFile::encodeName(path));
}

GRef<GMimeMessage> parsedMessage(GMimeStream *stream)
{
    g_mime_stream_reset(stream);
    const GRef<GMimeParser> parser(g_mime_parser_new_with_stream(stream));
    g_mime_parser_set_persist_stream(parser.get(), TRUE);
    return GRef<GMimeMessage>(g_mime_parser_construct_message(parser.get(), readingOptions()));
}

MimeTarget::MimeTarget(QString folder, std::shared_ptr<const SpoolFile> file, GRef<GMimeStream> stream)
    : m_folder(std::move(folder)), m_file(std::move(file)), m_stream(std::move(stream))
{ }

Result<MimeTarget> MimeTarget::open(const QString &folder, qint64 expectedSize)
{
    ensureMime();
    if (expectedSize <= MessageOctets::mostInMemory)
        return MimeTarget(folder, nullptr, GRef<GMimeStream>(g_mime_stream_mem_new()));
    Result<NewSpoolFile> made = makeSpoolFile(folder);
    if (!made)
        return tl::unexpected(made.error());
    const int own = ::dup(made->descriptor.get());
    if (own < 0)
        return systemFailure(errno, made->file->path());
    const GRef<GMimeStream> file(g_mime_stream_fs_new(own));
    // Headers are written word by word.
    return MimeTarget(folder, made->file,
        GRef<GMimeStream>(g_mime_stream_buffer_new(file.get(), GMIME_STREAM_BUFFER_BLOCK_WRITE)));
}

bool MimeTarget::write(QByteArrayView octets) const
{
    return g_mime_stream_write(stream(), octets.data(), size_t(octets.size())) == octets.size();
}

Result<MessageOctets> MimeTarget::finish() const
{
    OctetsWriter writer(m_folder);
    if (!m_file) {
        const GByteArray *array = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream()));
        writer.write({reinterpret_cast<const char *>(array->data), qsizetype(array->len)});
        return writer.finish();
    }
    if (g_mime_stream_flush(stream()) != 0) // syncs the file
        return systemFailure(errno, m_file->path());
    const MessageOctets written(m_file, QFile(m_file->path()).size(), -1);
    qint64 onTheWire = written.size();
    char before = 0;
    const auto read = forEachPiece(written, [&](QByteArrayView piece) {
        for (const char c : piece) {
            onTheWire += c == '\n' && before != '\r' ? 1 : 0;
            before = c;
        }
    });
    if (!read)
        return tl::unexpected(read.error());
    return MessageOctets(m_file, written.size(), onTheWire);
}

OctetShape octetShapeOf(QByteArrayView octets)
{
    ShapeReader reader;
    reader.take(octets);
    return reader.shape();
}

OctetShape octetShapeOf(GMimeStream *stream)
{
    ShapeReader reader;
    QByteArray piece(streamPiece, Qt::Uninitialized);
    g_mime_stream_reset(stream);
    for (;;) {
        const ssize_t got = g_mime_stream_read(stream, piece.data(), size_t(piece.size()));
        if (got <= 0)
            return reader.shape();
        reader.take(QByteArrayView(piece).first(got));
    }
}

} // namespace glasspost::mail
