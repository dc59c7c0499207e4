#pragma once

#include "mail/base/posix.h"
#include "mail/journal/transaction.h"

#include <QByteArray>
#include <QList>

#include <optional>

namespace glasspost::mail {

/// The segment that is written to: journal/<16 hex digits>.wal. Its head (36 octets: "GPJOURN1", own number,
/// number of the one before and where that one's durable part ends, CRC-32C) lets a replay pass over what a
/// failed write or sync may have left behind in the one before.
class JournalSegment
{
public:
    /// Makes the file (O_EXCL, 0600) and syncs it and the folder.
    static Result<JournalSegment> create(
        FileSystemCalls &calls, int journalFolder, quint64 number, quint64 before, qint64 endBefore);

    /// Writes and syncs. After a failure nothing of the records comes back: the file is cut to where it was;
    /// where that or the sync fails, the segment takes no more (isSuspect) and the next one's head tells.
    Result<void> append(FileSystemCalls &calls, QByteArrayView records);

    [[nodiscard]] quint64 number() const { return m_number; }
    [[nodiscard]] qint64 end() const { return m_end; } ///< where the durable part ends
    [[nodiscard]] bool isSuspect() const { return m_suspect; }

    static constexpr qint64 headSize = 36;

private:
    void makeRoom(FileSystemCalls &calls, qint64 end);

    FileDescriptor m_file;
    quint64 m_number = 0;
    qint64 m_end = headSize;
    qint64 m_zeroedTo = 0; ///< to here the file is zeros behind m_end
    bool m_suspect = false;
};

/// A segment read back.
struct ReadSegment
{
    quint64 number = 0;
    quint64 before = 0;
    qint64 endBefore = 0;
    qint64 end = 0; ///< where the last whole record ends
    qint64 damagedAt = -1; ///< the first record that reads otherwise than written, with whole ones behind it
    QList<FileTransaction> transactions;
    QList<qint64> ends; ///< of each transaction's record
};

QByteArray segmentName(quint64 number); ///< "00000000000000a1.wal"
/// The numbers of the segments in journal/, lowest first.
QList<quint64> listSegments(int journalFolder);
/// Nothing when even its head is not whole: such a segment never held a durable record. An error when it
/// has another version's head.
Result<std::optional<ReadSegment>> readSegment(int journalFolder, quint64 number);

} // namespace glasspost::mail
