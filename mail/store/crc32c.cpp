#include "mail/store/crc32c.h"

#include <QtEndian>

#include <array>

namespace glasspost::mail {

namespace {

using Tables = std::array<std::array<quint32, 256>, 8>;

// Eight tables let eight octets be taken at a time, some six times as fast as one by one.
constexpr Tables makeTables()
{
    Tables tables = {};
    for (quint32 octet = 0; octet < 256; ++octet) {
        quint32 value = octet;
        for (int bit = 0; bit < 8; ++bit)
            value = (value >> 1) ^ ((value & 1) != 0 ? 0x82F63B78U : 0U);
        tables[0][octet] = value;
    }
    for (size_t table = 1; table < 8; ++table) {
        for (size_t octet = 0; octet < 256; ++octet) {
            const quint32 value = tables[table - 1][octet];
            tables[table][octet] = (value >> 8) ^ tables[0][value & 0xFF];
        }
    }
    return tables;
}

constexpr Tables tables = makeTables();

} // namespace

quint32 crc32c(QByteArrayView data, quint32 before)
{
    quint32 crc = ~before;
    const char *at = data.data();
    qsizetype left = data.size();
    for (; left >= 8; left -= 8, at += 8) {
        const quint64 word = qFromLittleEndian<quint64>(at) ^ crc;
        crc = 0;
        for (size_t octet = 0; octet < 8; ++octet)
            crc ^= tables[7 - octet][(word >> (8 * octet)) & 0xFF];
    }
    for (; left > 0; --left, ++at)
        crc = (crc >> 8) ^ tables[0][(crc ^ quint8(*at)) & 0xFF];
    return ~crc;
}

} // namespace glasspost::mail
