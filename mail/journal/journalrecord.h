#pragma once

#include "mail/journal/transaction.h"

#include <QByteArray>
#include <QByteArrayView>

#include <optional>

namespace glasspost::mail {

/// A transaction as the journal's segments hold it: length (4 octets), CRC-32C (4 octets, over the segment's
/// number, the record's offset and the payload, so that what an older file left on the disk never fits),
/// payload. All numbers little-endian.
void appendRecord(
    QByteArray &segment, const FileTransaction &transaction, quint64 segmentNumber, qint64 segmentOffset);

struct ReadRecord
{
    FileTransaction transaction;
    qint64 end = 0; ///< where the next record starts
};
/// The record at this offset, or nothing when what stands there is torn, damaged or the end.
std::optional<ReadRecord> readRecord(QByteArrayView segment, qint64 offset, quint64 segmentNumber);

/// Octets of the record at this offset by its length field alone, whole or damaged; 0 when that leads out of
/// the segment or nowhere.
qint64 recordLength(QByteArrayView segment, qint64 offset);

} // namespace glasspost::mail
