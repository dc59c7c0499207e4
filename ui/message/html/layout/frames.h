#pragma once

#include <QByteArray>

#include <optional>

namespace glasspost::ui {

// What a process that answers ConfinedProcess reads on standard input and writes on standard output: octets
// behind their length, in four octets, the highest first.

/// Waits for a request; nothing at the end of the input, and for one that is too large.
[[nodiscard]] std::optional<QByteArray> readFrame();
[[nodiscard]] bool writeFrame(const QByteArray &octets);

} // namespace glasspost::ui
