#include "mail/journal/journalsegment.h"

#include "mail/base/crc32c.h"
#include "mail/journal/journalrecord.h"
#include "mail/maildir/maildirlisting.h"

#include <QtEndian>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace glasspost::mail {

namespace {

constexpr const char *segmentMagic = "GPJOURN1"; // the last digit is the version
constexpr qint64 leastAhead = 64 * 1024;
constexpr qint64 mostAhead = 2 * 1024 * 1024;

QByteArray headOf(quint64 number, quint64 before, qint64 endBefore)
{
    QByteArray head(segmentMagic);
    head.resize(JournalSegment::headSize);
    qToLittleEndian(number, head.data() + 8);
    qToLittleEndian(before, head.data() + 16);
    qToLittleEndian(quint64(endBefore), head.data() + 24);
    qToLittleEndian(crc32c(QByteArrayView(head).first(32)), head.data() + 32);
    return head;
}

/// Whether another version wrote the head: its records may be all there is of some mail.
bool isOfAnotherVersion(QByteArrayView segment)
{
    const QByteArrayView magic(segmentMagic);
    if (segment.size() < magic.size() || segment.startsWith(magic))
        return false;
    const bool isSound = segment.size() >= JournalSegment::headSize
        && crc32c(segment.first(32)) == qFromLittleEndian<quint32>(segment.data() + 32);
    return isSound || segment.startsWith(magic.chopped(1));
}

/// The record at the segment's end; or, where that one is damaged, the first whole one that the lengths lead
/// to. A torn tail has none behind it. (What a power loss left of one unsynced write may look like damage
/// too: then what was never answered comes with it, which is the lesser evil.)
std::optional<ReadRecord> nextRecord(QByteArrayView bytes, ReadSegment &segment)
{
    qint64 at = segment.end;
    while (at < bytes.size()) {
        if (auto record = readRecord(bytes, at, segment.number)) {
            if (at != segment.end && segment.damagedAt < 0)
                segment.damagedAt = segment.end;
            return record;
        }
        const qint64 length = recordLength(bytes, at);
        if (length <= 0)
            return {};
        at += length;
    }
    return {};
}

} // namespace

Result<JournalSegment> JournalSegment::create(
    FileSystemCalls &calls, int journalFolder, quint64 number, quint64 before, qint64 endBefore)
{
    const QByteArray name = segmentName(number);
    const QString subject = QStringLiteral("journal/") + QString::fromLatin1(name);
    JournalSegment segment;
    segment.m_number = number;
    segment.m_file = FileDescriptor(
        calls.openAt(journalFolder, name.constData(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600));
    if (!segment.m_file.isOpen())
        return systemFailure(errno, subject);
    int failed = writeAll(calls, segment.m_file.get(), headOf(number, before, endBefore));
    if (failed == 0 && (calls.fdatasync(segment.m_file.get()) != 0 || calls.fsync(journalFolder) != 0))
        failed = errno;
    if (failed != 0) {
        calls.unlinkAt(journalFolder, name.constData());
        return systemFailure(failed, subject);
    }
    return segment;
}

Result<void> JournalSegment::append(FileSystemCalls &calls, QByteArrayView records)
{
    const QString subject = QStringLiteral("journal/") + QString::fromLatin1(segmentName(m_number));
    const int unwritten = writeAll(calls, m_file.get(), records);
    if (unwritten == 0)
        makeRoom(calls, m_end + records.size());
    if (unwritten == 0 && calls.fdatasync(m_file.get()) == 0) {
        m_end += records.size();
        return {};
    }
    const int failed = unwritten != 0 ? unwritten : errno;
    // What a failed sync has left in memory may look clean and never reach the disk, so that a second sync
    // says nothing: such a segment is not trusted again.
    m_suspect = unwritten == 0;
    m_zeroedTo = m_end;
    if (calls.ftruncate(m_file.get(), m_end) != 0 || ::lseek(m_file.get(), m_end, SEEK_SET) != m_end
        || calls.fdatasync(m_file.get()) != 0)
        m_suspect = true;
    return systemFailure(failed, subject);
}

/// Zeros behind the end, for the records to come. A sync of a file that has grown waits until the file system
/// has written its own journal, and that waits for every file made meanwhile (1.0 ms); a sync of octets that
/// were written over does not (0.3 ms). Zeros read as the end. Without room for them it goes on as before.
void JournalSegment::makeRoom(FileSystemCalls &calls, qint64 end)
{
    if (end <= m_zeroedTo)
        return;
    const QByteArray zeros(std::clamp(end, leastAhead, mostAhead), '\0');
    const bool isWritten = writeAll(calls, m_file.get(), zeros) == 0;
    m_zeroedTo = isWritten ? end + zeros.size() : end;
    // Should neither work, the next records go to a new segment; what stands here behind the end reads as it.
    if ((!isWritten && calls.ftruncate(m_file.get(), end) != 0)
        || ::lseek(m_file.get(), end, SEEK_SET) != end)
        m_suspect = true;
}

QByteArray segmentName(quint64 number)
{
    return QByteArray::number(number, 16).rightJustified(16, '0') + ".wal";
}

QList<quint64> listSegments(int journalFolder)
{
    QList<quint64> numbers;
    for (const QByteArray &name : listFolder(journalFolder, ".")) {
        bool good = false;
        const quint64 number = name.endsWith(".wal") ? name.chopped(4).toULongLong(&good, 16) : 0;
        if (good)
            numbers.append(number);
    }
    std::sort(numbers.begin(), numbers.end());
    return numbers;
}

Result<std::optional<ReadSegment>> readSegment(int journalFolder, quint64 number)
{
    const auto bytes = readFileAt(journalFolder, segmentName(number));
    if (!bytes)
        return tl::unexpected(bytes.error());
    if (isOfAnotherVersion(*bytes))
        return tl::unexpected(
            Error{ErrorCode::Damaged, QStringLiteral("journal/") + QString::fromLatin1(segmentName(number)),
                QStringLiteral(
                    "it was written by a newer version of Glasspost, and only that version can read it")});
    if (bytes->size() < JournalSegment::headSize)
        return std::optional<ReadSegment>();
    ReadSegment segment;
    segment.number = number;
    segment.before = qFromLittleEndian<quint64>(bytes->constData() + 16);
    segment.endBefore = qint64(qFromLittleEndian<quint64>(bytes->constData() + 24));
    if (bytes->first(JournalSegment::headSize) != headOf(number, segment.before, segment.endBefore))
        return std::optional<ReadSegment>();
    segment.end = JournalSegment::headSize;
    while (auto record = nextRecord(*bytes, segment)) {
        segment.end = record->end;
        segment.transactions.append(std::move(record->transaction));
        segment.ends.append(segment.end);
    }
    return std::optional(std::move(segment));
}

} // namespace glasspost::mail
