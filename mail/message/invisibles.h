#pragma once

#include <QString>

namespace glasspost::mail {

/// Characters that show nothing and come along when text is copied: zero-width and bidirectional marks, soft
/// hyphens, byte order marks.
[[nodiscard]] bool isInvisible(QChar c);
/// Without blanks and invisible characters at either end.
[[nodiscard]] QString withoutInvisibleEnds(const QString &text);
/// An address that holds one would look like another. The two joiners are letters' business, and stay between
/// letters past ASCII (RFC 6532).
[[nodiscard]] bool hidesCharacters(const QString &address);
/// Each spelt, so that a person sees it: "a[U+200B]b".
[[nodiscard]] QString withInvisiblesShown(const QString &text);

} // namespace glasspost::mail
