#include "mail/base/octetsreader.h"

#include <QFile>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace glasspost::mail {

Result<OctetsReader> OctetsReader::open(const MessageOctets &octets)
{
    if (!octets.isSpooled())
        return OctetsReader(octets.inMemory());
    return open(AT_FDCWD, QFile::encodeName(octets.file()->path()));
}

Result<OctetsReader> OctetsReader::open(int folder, const QByteArray &path)
{
    auto opened = openFileAt(folder, path);
    if (!opened)
        return tl::unexpected(opened.error());
    struct stat facts = {};
    if (::fstat(opened->get(), &facts) != 0)
        return systemFailure(errno, QString::fromUtf8(path));
    return OctetsReader(std::make_shared<const FileDescriptor>(std::move(*opened)), QString::fromUtf8(path),
        qint64(facts.st_size));
}

OctetsReader OctetsReader::stoppedBy(std::stop_token stop) const
{
    OctetsReader reader(*this);
    reader.m_stop = std::move(stop);
    return reader;
}

Result<QByteArray> OctetsReader::read(qint64 from, qint64 most) const
{
    if (m_stop.stop_requested())
        return systemFailure(ECANCELED, m_path);
    if (!m_file)
        return m_octets.mid(from, most);
    QByteArray octets(qsizetype(std::clamp<qint64>(m_size - from, 0, most)), Qt::Uninitialized);
    qsizetype had = 0;
    while (had < octets.size()) {
        const ssize_t got = ::pread(
            m_file->get(), octets.data() + had, size_t(octets.size() - had), off_t(m_begin + from + had));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return systemFailure(errno, m_path);
        if (got == 0)
            break;
        had += got;
    }
    octets.truncate(had);
    return octets;
}

OctetPieces OctetsReader::pieces(qint64 from, qint64 to) const
{
    static constexpr qint64 pieceSize = 256 * 1024;
    return [reader = *this, at = from, to]() mutable {
        const Result<QByteArray> piece = reader.read(at, std::min<qint64>(pieceSize, to - at));
        at += piece ? piece->size() : 0;
        return piece;
    };
}

OctetsReader OctetsReader::within(qint64 from, qint64 to) const
{
    if (!m_file)
        return OctetsReader(m_octets.mid(from, to - from));
    OctetsReader part = *this;
    part.m_begin += from;
    part.m_size = std::clamp<qint64>(to - from, 0, m_size - from);
    return part;
}

Result<void> writeAll(FileSystemCalls &calls, int file, const OctetPieces &pieces, const QString &path)
{
    for (;;) {
        const Result<QByteArray> piece = pieces();
        if (!piece)
            return tl::unexpected(piece.error());
        if (piece->isEmpty())
            return {};
        if (const int failed = writeAll(calls, file, *piece); failed != 0)
            return systemFailure(failed, path);
    }
}

Result<void> replaceFile(const QString &path, const OctetPieces &pieces)
{
    FileSystemCalls calls;
    const QByteArray name = QFile::encodeName(path);
    const QByteArray beside = name + ".part";
    int failed = makeFolders(AT_FDCWD, name.first(std::max<qsizetype>(0, name.lastIndexOf('/'))));
    if (failed != 0)
        return systemFailure(failed, path);
    ::unlink(beside.constData()); // left by a crash
    const FileDescriptor file(
        calls.openAt(AT_FDCWD, beside.constData(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600));
    Result<void> done
        = file.isOpen() ? writeAll(calls, file.get(), pieces, path) : systemFailure(errno, path);
    if (done
        && (calls.fsync(file.get()) != 0
            || calls.renameAt(AT_FDCWD, beside.constData(), AT_FDCWD, name.constData()) != 0))
        done = systemFailure(errno, path);
    if (!done)
        ::unlink(beside.constData());
    return done;
}

} // namespace glasspost::mail
