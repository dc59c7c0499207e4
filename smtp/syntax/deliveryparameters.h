#pragma once

#include "smtp/syntax/envelope.h"

#include <QByteArrayView>

#include <optional>

namespace glasspost::smtp {

/// Values of the MAIL parameters that say when and how urgently a message is to be delivered. Nothing when
/// the text is not such a value.

/// by-time ";" by-mode ["T"], RFC 2852 4: "120;R". A time that is over already goes with N alone.
std::optional<DeliverBy> parseDeliverBy(QByteArrayView text);
/// 1*9DIGIT seconds, RFC 4865 4.
std::optional<qint64> parseHoldFor(QByteArrayView text);
/// date-time of RFC 3339 5.6 ("2026-11-24T22:00:00Z"), RFC 4865 4 with its erratum 2040: seconds since the
/// Unix epoch.
std::optional<qint64> parseHoldUntil(QByteArrayView text);
/// -9 to 9, RFC 6710 4.1.
std::optional<int> parsePriority(QByteArrayView text);

} // namespace glasspost::smtp
