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

/// A file that GMime can neither read nor write once a stop is requested, so that whatever it does there ends
/// soon. It is never synced.
struct StoppableFile
{
    GMimeStreamFs file;
    std::stop_token *stop;
};

GMimeStreamClass *fileClass = nullptr;

StoppableFile *stoppable(gpointer stream)
{
    return static_cast<StoppableFile *>(stream);
}

bool isStopped(GMimeStream *stream)
{
    return stoppable(stream)->stop->stop_requested();
}

/// Owns the descriptor, or shares another's.
GMimeStream *newStoppableFile(
    int descriptor, bool isOwner, const std::stop_token &stop, qint64 begin, qint64 end);

ssize_t readUnlessStopped(GMimeStream *stream, char *octets, size_t size)
{
    return isStopped(stream) ? (errno = ECANCELED, -1) : fileClass->read(stream, octets, size);
}

ssize_t writeUnlessStopped(GMimeStream *stream, const char *octets, size_t size)
{
    return isStopped(stream) ? (errno = ECANCELED, -1) : fileClass->write(stream, octets, size);
}

gboolean isAtEnd(GMimeStream *stream)
{
    return isStopped(stream) ? TRUE : fileClass->eos(stream);
}

GMimeStream *partOf(GMimeStream *stream, gint64 begin, gint64 end)
{
    return newStoppableFile(stoppable(stream)->file.fd, false, *stoppable(stream)->stop, begin, end);
}

void finalizeStoppable(GObject *object)
{
    delete stoppable(object)->stop;
    G_OBJECT_CLASS(fileClass)->finalize(object);
}

void overrideMethods(gpointer methods, gpointer)
{
    fileClass = GMIME_STREAM_CLASS(g_type_class_peek_parent(methods));
    GMimeStreamClass *own = GMIME_STREAM_CLASS(methods);
    own->read = readUnlessStopped;
    own->write = writeUnlessStopped;
    own->flush = [](GMimeStream *) { return 0; };
    own->eos = isAtEnd;
    own->substream = partOf;
    G_OBJECT_CLASS(methods)->finalize = finalizeStoppable;
}

GMimeStream *newStoppableFile(
    int descriptor, bool isOwner, const std::stop_token &stop, qint64 begin, qint64 end)
{
    static const GType type = g_type_register_static_simple(GMIME_TYPE_STREAM_FS, "GlasspostStoppableFile",
        sizeof(GMimeStreamFsClass), overrideMethods, sizeof(StoppableFile), nullptr, GTypeFlags(0));
    auto *made = stoppable(g_object_new(type, nullptr));
    made->stop = new std::stop_token(stop);
    made->file.owner = isOwner ? TRUE : FALSE;
    made->file.eos = FALSE;
    made->file.fd = descriptor;
    g_mime_stream_construct(&made->file.parent_object, begin, end);
    return &made->file.parent_object;
}

/// Closes the descriptor.
GRef<GMimeStream> streamOver(int descriptor, const std::stop_token &stop)
{
    return GRef<GMimeStream>(stop.stop_possible() ? newStoppableFile(descriptor, true, stop, 0, -1)
                                                  : g_mime_stream_fs_new(descriptor));
}

} // namespace

Result<GRef<GMimeStream>> mimeStreamOver(const MessageOctets &octets, const std::stop_token &stop)
{
    ensureMime();
    if (octets.isSpooled())
        return mimeStreamOver(octets.file()->path(), stop);
    const QByteArray &bytes = octets.inMemory();
    return GRef<GMimeStream>(g_mime_stream_mem_new_with_buffer(bytes.constData(), size_t(bytes.size())));
}

Result<GRef<GMimeStream>> mimeStreamOver(const QString &path, const std::stop_token &stop)
{
    ensureMime();
    const int file = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return systemFailure(errno, path);
    return streamOver(file, stop);
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

Result<MimeTarget> MimeTarget::open(const QString &folder, qint64 expectedSize, const std::stop_token &stop)
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
    const GRef<GMimeStream> file = streamOver(own, stop);
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
    if (g_mime_stream_flush(stream()) != 0) // syncs the file, where that is asked for
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
