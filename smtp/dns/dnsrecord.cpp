#include "smtp/dns/dnsrecord.h"

#include "smtp/syntax/octets.h"

#include <QtEndian>

#include <algorithm>

namespace glasspost::smtp {

namespace {

constexpr int labelLimit = 63; // RFC 1035 2.3.4
constexpr qsizetype nameLimit = 255;

bool isNameOctet(char octet)
{
    return isLetterOrDigit(octet) || octet == '-' || octet == '_';
}

} // namespace

std::optional<QByteArray> nameFromData(const QByteArray &data)
{
    if (data.isEmpty() || data.size() > nameLimit)
        return std::nullopt;
    QList<QByteArray> labels;
    qsizetype at = 0;
    while (at < data.size() && data.at(at) != 0) {
        const int length = uchar(data.at(at));
        const QByteArray label = data.mid(at + 1, length);
        if (length > labelLimit || label.size() != length
            || !std::all_of(label.cbegin(), label.cend(), isNameOctet))
            return std::nullopt;
        labels.append(label);
        at += length + 1;
    }
    if (at != data.size() - 1) // no root label at the end, or something behind it
        return std::nullopt;
    return labels.join('.');
}

std::optional<MxRecord> mxFromData(const QByteArray &data)
{
    if (data.size() < 3)
        return std::nullopt;
    const auto host = nameFromData(data.sliced(2));
    if (!host)
        return std::nullopt;
    return MxRecord{qFromBigEndian<quint16>(data.constData()), *host};
}

std::optional<QHostAddress> addressFromData(const QByteArray &data)
{
    if (data.size() == 4)
        return QHostAddress(qFromBigEndian<quint32>(data.constData()));
    if (data.size() != 16)
        return std::nullopt;
    Q_IPV6ADDR six;
    std::copy(data.cbegin(), data.cend(), six.c);
    return QHostAddress(six);
}

std::optional<QByteArray> textFromData(const QByteArray &data)
{
    if (data.isEmpty())
        return std::nullopt;
    QByteArray text;
    for (qsizetype at = 0; at < data.size();) {
        const int length = uchar(data.at(at));
        if (at + 1 + length > data.size())
            return std::nullopt;
        text += data.mid(at + 1, length);
        at += length + 1;
    }
    return text;
}

QList<MxRecord> mxRecords(const DnsAnswer &answer)
{
    QList<MxRecord> records;
    for (const QByteArray &data : answer.data) {
        if (const auto record = mxFromData(data))
            records.append(*record);
    }
    return records;
}

QList<QHostAddress> addresses(const DnsAnswer &answer)
{
    QList<QHostAddress> list;
    for (const QByteArray &data : answer.data) {
        if (const auto address = addressFromData(data))
            list.append(*address);
    }
    return list;
}

} // namespace glasspost::smtp
