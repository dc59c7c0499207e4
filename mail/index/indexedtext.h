#pragma once

#include <QString>

namespace glasspost::mail {

/// Text as the index takes it in, and as a search asks for it: every character of a script that writes
/// without spaces (Han, Kana, Hangul, Thai and their like), and every emoji, stands alone between zero-width
/// spaces. Each is a word to FTS5 then, and a term is a phrase of them, found inside of whatever sentence.
/// Wide and half-width forms are made one (NFKC).
QString indexedText(const QString &text);
/// A piece of it as people read it.
QString readableText(QString indexed);

} // namespace glasspost::mail
