#include "mail/base/messageoctets.h"

#include "mail/base/lineends.h"

#include <QFile>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace glasspost::mail {

namespace {

constexpr qsizetype octetsPiece = 256 * 1024;

QString newSpoolPath(const QString &folder)
{
    // Never the same name twice in one process: the owner of an earlier file may yet delete its own.
    static std::atomic<quint64> count = 0;
    return folder + QStringLiteral("/glasspost-%1-%2").arg(::getpid()).arg(++count);
}

Result<void> readPieces(int file, const QString &path, const std::function<void(QByteArrayView)> &take)
{
    QByteArray piece(octetsPiece, Qt::Uninitialized);
    for (;;) {
        const ssize_t got = ::read(file, piece.data(), size_t(piece.size()));
        if (got == 0)
            return {};
        if (got < 0 && errno != EINTR)
            return systemFailure(errno, path);
        if (got > 0)
            take(QByteArrayView(piece).first(got));
    }
}

} // namespace

SpoolFile::~SpoolFile()
{
    if (m_ownership == Ownership::Ours)
        ::unlink(QFile::encodeName(m_path).constData());
}

MessageOctets::MessageOctets(QByteArray octets)
    : m_octets(std::move(octets)), m_size(m_octets.size()), m_wireSize(mail::wireSize(m_octets))
{ }

MessageOctets::MessageOctets(std::shared_ptr<const SpoolFile> file, qint64 size, qint64 wireSize)
    : m_file(std::move(file)), m_size(size), m_wireSize(wireSize)
{ }

MessageOctets MessageOctets::inFile(const QString &path)
{
    return {std::make_shared<SpoolFile>(path, SpoolFile::Ownership::Theirs), -1, -1};
}

Result<QByteArray> MessageOctets::front(qint64 limit) const
{
    if (!isSpooled())
        return limit < 0 ? m_octets : m_octets.left(limit);
    return readFileAt(AT_FDCWD, QFile::encodeName(m_file->path()), limit);
}

Result<NewSpoolFile> makeSpoolFile(const QString &folder)
{
    for (;;) {
        const QString path = newSpoolPath(folder);
        FileDescriptor file(::open(
            QFile::encodeName(path).constData(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
        if (file.isOpen())
            return NewSpoolFile{std::make_shared<SpoolFile>(path), std::move(file)};
        if (errno != EEXIST)
            return systemFailure(errno, path);
    }
}

void OctetsWriter::write(QByteArrayView octets)
{
    char before = m_last;
    for (const char c : octets) {
        m_bareLineFeeds += c == '\n' && before != '\r' ? 1 : 0;
        before = c;
    }
    m_last = before;
    m_size += octets.size();
    if (!m_state)
        return;
    m_octets.append(octets);
    if (m_size > MessageOctets::mostInMemory && m_octets.size() >= octetsPiece)
        spill();
}

void OctetsWriter::spill()
{
    if (!m_spooled.file) {
        Result<NewSpoolFile> made = makeSpoolFile(m_folder);
        if (!made) {
            m_state = tl::unexpected(made.error());
            return;
        }
        m_spooled = std::move(*made);
    }
    FileSystemCalls calls;
    if (const int failed = writeAll(calls, m_spooled.descriptor.get(), m_octets); failed != 0)
        m_state = systemFailure(failed, m_spooled.file->path());
    m_octets.clear();
}

Result<MessageOctets> OctetsWriter::finish()
{
    OctetsWriter done = std::exchange(*this, OctetsWriter(m_folder));
    if (done.m_state && !done.m_spooled.file && done.m_size <= MessageOctets::mostInMemory)
        return MessageOctets(done.m_octets);
    if (done.m_state)
        done.spill();
    if (done.m_state && ::fdatasync(done.m_spooled.descriptor.get()) != 0)
        done.m_state = systemFailure(errno, done.m_spooled.file->path());
    if (!done.m_state)
        return tl::unexpected(done.m_state.error());
    return MessageOctets(done.m_spooled.file, done.m_size, done.m_size + done.m_bareLineFeeds);
}

Result<MessageOctets> openOctets(const QString &path)
{
    const auto front = readFileAt(AT_FDCWD, QFile::encodeName(path), MessageOctets::mostInMemory + 1);
    if (!front)
        return tl::unexpected(front.error());
    if (front->size() <= MessageOctets::mostInMemory)
        return MessageOctets(*front);
    return MessageOctets(
        std::make_shared<SpoolFile>(path, SpoolFile::Ownership::Theirs), QFile(path).size(), -1);
}

Result<MessageOctets> linkedOctets(int folder, const QByteArray &path, const QString &spoolFolder)
{
    const auto front = readFileAt(folder, path, MessageOctets::mostInMemory + 1);
    if (!front)
        return tl::unexpected(front.error());
    if (front->size() <= MessageOctets::mostInMemory)
        return MessageOctets(*front);
    const QString name = newSpoolPath(spoolFolder);
    if (::linkat(folder, path.constData(), AT_FDCWD, QFile::encodeName(name).constData(), 0) == 0)
        return MessageOctets(std::make_shared<SpoolFile>(name), QFile(name).size(), -1);
    const auto opened = openFileAt(folder, path);
    if (!opened)
        return tl::unexpected(opened.error());
    OctetsWriter writer(spoolFolder);
    const auto read = readPieces(
        opened->get(), QString::fromUtf8(path), [&writer](QByteArrayView piece) { writer.write(piece); });
    return read ? writer.finish() : tl::unexpected(read.error());
}

Result<void> forEachPiece(const MessageOctets &octets, const std::function<void(QByteArrayView)> &take)
{
    if (!octets.isSpooled()) {
        take(octets.inMemory());
        return {};
    }
    const QString path = octets.file()->path();
    const FileDescriptor file(::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC));
    if (!file.isOpen())
        return systemFailure(errno, path);
    return readPieces(file.get(), path, take);
}

Result<MessageOctets> withHead(const QByteArray &head, const MessageOctets &octets, const QString &folder)
{
    OctetsWriter writer(folder);
    writer.write(head);
    if (const auto read = forEachPiece(octets, [&writer](QByteArrayView piece) { writer.write(piece); });
        !read)
        return tl::unexpected(read.error());
    return writer.finish();
}

} // namespace glasspost::mail
