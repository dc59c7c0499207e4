#include "mail/journal/journalrecord.h"

#include "mail/base/crc32c.h"

#include <QtEndian>

#include <array>

namespace glasspost::mail {

namespace {

constexpr qint64 recordHeadSize = 8;

void appendNumber(QByteArray &to, quint32 number)
{
    std::array<char, 4> octets = {};
    qToLittleEndian(number, octets.data());
    to.append(octets.data(), 4);
}

void appendBytes(QByteArray &to, QByteArrayView bytes)
{
    appendNumber(to, quint32(bytes.size()));
    to.append(bytes.data(), bytes.size());
}

quint32 seedFor(quint64 segmentNumber, qint64 offset)
{
    std::array<char, 16> octets = {};
    qToLittleEndian(segmentNumber, octets.data());
    qToLittleEndian(quint64(offset), octets.data() + 8);
    return crc32c(QByteArrayView(octets.data(), 16));
}

/// Takes numbers and strings from the front of a payload; says no when it is too short.
class Taker
{
public:
    explicit Taker(QByteArrayView bytes) : m_bytes(bytes) { }

    quint32 number()
    {
        if (m_bytes.size() < 4)
            return fail();
        const quint32 value = qFromLittleEndian<quint32>(m_bytes.data());
        m_bytes = m_bytes.sliced(4);
        return value;
    }

    QByteArray bytes()
    {
        const qsizetype size = number();
        if (size > m_bytes.size())
            return fail(), QByteArray();
        const QByteArray value = m_bytes.first(size).toByteArray();
        m_bytes = m_bytes.sliced(size);
        return value;
    }

    [[nodiscard]] bool isGood() const { return m_good; }
    [[nodiscard]] bool isAtEnd() const { return m_bytes.isEmpty(); }

private:
    quint32 fail()
    {
        m_good = false;
        m_bytes = {};
        return 0;
    }

    QByteArrayView m_bytes;
    bool m_good = true;
};

std::optional<FileTransaction> readPayload(QByteArrayView payload)
{
    Taker taker(payload);
    FileTransaction transaction;
    const quint32 steps = taker.number();
    for (quint32 i = 0; i < steps && taker.isGood(); ++i) {
        FileStep step;
        const quint32 kind = taker.number();
        if (kind > quint32(FileStep::Kind::Remove))
            return {};
        step.kind = FileStep::Kind(kind);
        step.path = QString::fromUtf8(taker.bytes());
        step.other = QString::fromUtf8(taker.bytes());
        step.contentFile = QString::fromUtf8(taker.bytes());
        step.content = taker.bytes();
        transaction.append(step);
    }
    if (!taker.isGood() || !taker.isAtEnd())
        return {};
    return transaction;
}

} // namespace

void appendRecord(
    QByteArray &segment, const FileTransaction &transaction, quint64 segmentNumber, qint64 segmentOffset)
{
    const qsizetype start = segment.size();
    segment.append(recordHeadSize, '\0');
    appendNumber(segment, quint32(transaction.size()));
    for (const FileStep &step : transaction) {
        appendNumber(segment, quint32(step.kind));
        appendBytes(segment, step.path.toUtf8());
        appendBytes(segment, step.other.toUtf8());
        appendBytes(segment, step.contentFile.toUtf8());
        appendBytes(segment, step.content);
    }
    const QByteArrayView payload = QByteArrayView(segment).sliced(start + recordHeadSize);
    const quint32 sum = crc32c(payload, seedFor(segmentNumber, segmentOffset));
    const quint32 size = quint32(payload.size());
    qToLittleEndian(size, segment.data() + start);
    qToLittleEndian(sum, segment.data() + start + 4);
}

qint64 recordLength(QByteArrayView segment, qint64 offset)
{
    if (offset + recordHeadSize > segment.size())
        return 0;
    const qint64 size = qFromLittleEndian<quint32>(segment.data() + offset);
    return size < 4 || offset + recordHeadSize + size > segment.size() ? 0 : recordHeadSize + size;
}

std::optional<ReadRecord> readRecord(QByteArrayView segment, qint64 offset, quint64 segmentNumber)
{
    const qint64 size = recordLength(segment, offset) - recordHeadSize;
    if (size < 0)
        return {};
    const quint32 sum = qFromLittleEndian<quint32>(segment.data() + offset + 4);
    const QByteArrayView payload = segment.sliced(offset + recordHeadSize, size);
    if (crc32c(payload, seedFor(segmentNumber, offset)) != sum)
        return {};
    auto transaction = readPayload(payload);
    if (!transaction)
        return {};
    return ReadRecord{std::move(*transaction), offset + recordHeadSize + size};
}

} // namespace glasspost::mail
