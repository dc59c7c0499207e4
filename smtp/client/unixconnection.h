#pragma once

#include <QByteArray>

#include <tl/expected.hpp>

namespace glasspost::smtp {

/// A connection to a Unix socket, as a descriptor that the caller owns; the system answers at once, so
/// nothing waits. The error is one line for people.
tl::expected<qintptr, QByteArray> connectToUnixSocket(const QByteArray &path);

} // namespace glasspost::smtp
