#pragma once

#include <QString>
#include <QUrl>

namespace glasspost::ui {

/// The target as it is shown: in ASCII, so that neither letters of another script nor marks of direction make
/// it look like another one. At most 300 characters.
[[nodiscard]] QString shownTarget(const QUrl &target);

/// The server that a link's words name, where its target is at another one: "www.bank.example" of
/// "https://www.bank.example/" that leads to evil.example. The words are one name, or hold an address among
/// others. Empty when they name none, or the same.
[[nodiscard]] QString promisedServer(const QString &words, const QUrl &target);

} // namespace glasspost::ui
