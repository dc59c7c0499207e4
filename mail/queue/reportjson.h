#pragma once

#include "mail/base/jsontext.h"
#include "smtp/client/deliveryreport.h"

#include <QJsonObject>
#include <QJsonValue>

namespace glasspost::mail {

/// What state files and journeys share: the report of an attempt, and texts that may be no UTF-8. Such octets
/// stand as "base64:...".
void writeStateOctets(JsonText &json, QByteArrayView key, const QByteArray &octets);
void writeStateOctetsList(JsonText &json, QByteArrayView key, const QList<QByteArray> &list);
void writeStateText(JsonText &json, QByteArrayView key, const QString &text);
[[nodiscard]] QByteArray stateOctets(const QJsonValue &value);
[[nodiscard]] QList<QByteArray> stateOctetsList(const QJsonValue &value);
/// A double holds every integer to 2^53, which is enough for microseconds until the year 2255.
[[nodiscard]] inline qint64 stateInteger(const QJsonValue &value, qint64 missing = 0)
{
    return value.toInteger(missing);
}
/// An enum is written as its number: a number past the last value is damage, not undefined behaviour.
template <typename Enum> [[nodiscard]] Enum stateEnum(const QJsonValue &value, Enum last)
{
    const qint64 number = value.toInteger(0);
    return number < 0 || number > qint64(last) ? Enum(0) : Enum(number);
}
/// Null when there is none.
[[nodiscard]] smtp::EnhancedStatusCode statusFromJson(const QJsonValue &value);

/// A member "reply".
void writeReply(JsonText &json, const smtp::Reply &reply);
[[nodiscard]] smtp::Reply replyFromJson(const QJsonObject &value);

/// As an object; who the recipient is stands outside it.
void writeRecipientReport(JsonText &json, QByteArrayView key, const smtp::RecipientReport &report);
[[nodiscard]] smtp::RecipientReport recipientReport(const QJsonObject &value, const smtp::Mailbox &recipient);

} // namespace glasspost::mail
