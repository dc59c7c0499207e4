#include "smtp/syntax/xclient.h"

#include "smtp/syntax/octets.h"
#include "smtp/syntax/xtext.h"

#include <QList>

#include <algorithm>

namespace glasspost::smtp {

namespace {

template <typename T> bool keepValue(const std::optional<T> &value, std::optional<T> &place)
{
    place = value;
    return value.has_value();
}

std::optional<QHostAddress> readAddress(QByteArrayView value)
{
    if (startsWithIgnoringCase(value, "IPV6:"))
        value = value.sliced(5);
    const QHostAddress address(QString::fromLatin1(value));
    return address.isNull() ? std::nullopt : std::optional(address);
}

std::optional<quint16> readPort(QByteArrayView value)
{
    bool isNumber = false;
    const quint16 port = value.toByteArray().toUShort(&isNumber);
    return isNumber && std::all_of(value.begin(), value.end(), isDigit) ? std::optional(port) : std::nullopt;
}

std::optional<bool> readProtocol(QByteArrayView value)
{
    if (equalIgnoringCase(value, "ESMTP"))
        return true;
    return equalIgnoringCase(value, "SMTP") ? std::optional(false) : std::nullopt;
}

bool keepText(const QByteArray &value, QByteArray &place)
{
    place = value;
    return !value.isEmpty() && isUtf8(value) && !hasControl(value);
}

struct Attribute
{
    QByteArrayView name;
    bool (*apply)(const QByteArray &value, XclientAttributes &attributes);
};

const Attribute attributeTable[] = {
    {"NAME", [](const QByteArray &v, XclientAttributes &a) { return keepText(v, a.name); }},
    {"HELO", [](const QByteArray &v, XclientAttributes &a) { return keepText(v, a.helo); }},
    {"LOGIN", [](const QByteArray &v, XclientAttributes &a) { return keepText(v, a.login); }},
    {"ADDR", [](const QByteArray &v, XclientAttributes &a) { return keepValue(readAddress(v), a.address); }},
    {"PORT", [](const QByteArray &v, XclientAttributes &a) { return keepValue(readPort(v), a.port); }},
    {"PROTO", [](const QByteArray &v, XclientAttributes &a) { return keepValue(readProtocol(v), a.esmtp); }},
    {"DESTADDR",
        [](const QByteArray &v, XclientAttributes &a) { return keepValue(readAddress(v), a.destination); }},
    {"DESTPORT",
        [](const QByteArray &v, XclientAttributes &a) { return keepValue(readPort(v), a.destinationPort); }},
};

bool applyAttribute(const QByteArray &word, XclientAttributes &attributes)
{
    const qsizetype equals = word.indexOf('=');
    const auto value = equals > 0 ? decodeXtext(QByteArrayView(word).sliced(equals + 1)) : std::nullopt;
    const auto *known = std::find_if(std::begin(attributeTable), std::end(attributeTable),
        [&](const Attribute &attribute) { return equalIgnoringCase(attribute.name, word.left(equals)); });
    if (!value || known == std::end(attributeTable))
        return false;
    if (equalIgnoringCase(*value, "[UNAVAILABLE]") || equalIgnoringCase(*value, "[TEMPUNAVAIL]"))
        return true;
    return known->apply(*value, attributes);
}

} // namespace

std::optional<XclientAttributes> parseXclient(QByteArrayView text)
{
    XclientAttributes attributes;
    const QList<QByteArray> words = text.toByteArray().split(' ');
    const bool isWhole = std::all_of(
        words.begin(), words.end(), [&](const QByteArray &word) { return applyAttribute(word, attributes); });
    return isWhole ? std::optional(attributes) : std::nullopt;
}

} // namespace glasspost::smtp
