#pragma once

#include <QString>

namespace glasspost::mail {

enum class DelSp { No, Yes };

/// Text of format=flowed (RFC 3676) with each paragraph on one line again: soft line breaks are gone,
/// space-stuffing too, and quotes keep their marks.
QString unflowed(const QString &text, DelSp delSp);

/// How deep a line of plain text is quoted: the ">" at its front, with or without blanks between them (RFC
/// 3676 4.5, and as others write it: "> > x").
int quoteDepth(QStringView line);

/// The words of text/enriched (RFC 1896) or text/richtext (RFC 1341) without its commands.
QString textOfEnriched(const QString &enriched);

} // namespace glasspost::mail
