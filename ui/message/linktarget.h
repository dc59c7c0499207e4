#pragma once

#include <QString>
#include <QUrl>

namespace glasspost::ui {

/// The server that a link's words name, where its target is at another one: "www.bank.example" of
/// "https://www.bank.example/" that leads to evil.example. Empty when they name none, or the same.
[[nodiscard]] QString promisedServer(const QString &words, const QUrl &target);

} // namespace glasspost::ui
