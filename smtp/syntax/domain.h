#pragma once

#include <QByteArray>

#include <optional>

namespace glasspost::smtp {

/// The domain (UTF-8) with A-labels for its U-labels (RFC 5890 2.3.2.1): what goes where SMTPUTF8 does not.
/// Nothing when it has none.
std::optional<QByteArray> toAscii(const QByteArray &domain);

/// A domain (UTF-8) for comparing: A-labels, small letters, no dot at the end. One without A-labels stays as
/// it is.
QByteArray foldedDomain(const QByteArray &domain);

} // namespace glasspost::smtp
