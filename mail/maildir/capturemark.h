#pragma once

#include <QString>

namespace glasspost::mail {

/// The file that marks a user's folder as a mailbox of captured mail, beside its new/ and cur/.
inline constexpr char captureMark[] = "captured-inbox";
/// The mailbox of captured mail that is known by its name.
inline constexpr char16_t usualCaptureMailbox[] = u"captured";

/// Whether that mailbox is one of captured mail, whose messages a program sent to be looked at. dataFolder:
/// an open one.
[[nodiscard]] bool isCaptureMailbox(int dataFolder, const QString &user);

} // namespace glasspost::mail
