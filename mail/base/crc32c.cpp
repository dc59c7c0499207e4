#include "mail/base/crc32c.h"

#include <QtEndian>

#include <array>

namespace glasspost::mail {

namespace {

using Tables = std::array<std::array<quint32, 256>, 8>;

// Eight crcTables let eight octets be taken at a time, some six times as fast as one by one.
constexpr Tables makeTables()
{
    Tables crcTables = {};
    for (quint32 octet = 0; octet < 256; ++octet) {
        quint32 value = octet;
        for (int bit = 0; bit < 8; ++bit)
            value = (value >> 1) ^ ((value & 1) != 0 ? 0x82F63B78U : 0U);
        crcTables[0][octet] = value;
    }
    for (size_t table = 1; table < 8; ++table) {
        for (size_t octet = 0; octet < 256; ++octet) {
            const quint32 value = crcTables[table - 1][octet];
            crcTables[table][octet] = (value >> 8) ^ crcTables[0][value & 0xFF];
        }
    }
    return crcTables;
}

constexpr Tables crcTables = makeTables();

#if defined(__x86_64__)
/// The same by the instruction that processors since 2008 have for it.
__attribute__((target("sse4.2"))) quint32 byInstruction(QByteArrayView data, quint32 crc)
{
    const char *at = data.data();
    qsizetype left = data.size();
    quint64 wide = crc;
    for (; left >= 8; left -= 8, at += 8)
        wide = __builtin_ia32_crc32di(wide, qFromUnaligned<quint64>(at));
    crc = quint32(wide);
    for (; left > 0; --left, ++at)
        crc = __builtin_ia32_crc32qi(crc, quint8(*at));
    return crc;
}
#endif

quint32 byTables(QByteArrayView data, quint32 crc)
{
    const char *at = data.data();
    qsizetype left = data.size();
    for (; left >= 8; left -= 8, at += 8) {
        const quint64 word = qFromLittleEndian<quint64>(at) ^ crc;
        crc = 0;
        for (size_t octet = 0; octet < 8; ++octet)
            crc ^= crcTables[7 - octet][(word >> (8 * octet)) & 0xFF];
    }
    for (; left > 0; --left, ++at)
        crc = (crc >> 8) ^ crcTables[0][(crc ^ quint8(*at)) & 0xFF];
    return crc;
}

} // namespace

quint32 crc32c(QByteArrayView data, quint32 before)
{
#if defined(__x86_64__)
    static const bool hasInstruction = __builtin_cpu_supports("sse4.2") != 0;
    if (hasInstruction)
        return ~byInstruction(data, ~before);
#endif
    return ~byTables(data, ~before);
}

} // namespace glasspost::mail
