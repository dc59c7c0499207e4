#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace glasspost::mail {

/// What a line of an mbox may be, by itself.
enum class DividerShape {
    None, ///< no "From "
    Sentence, ///< "From " and words: text almost surely
    Bare, ///< "From ", perhaps a sender, no date or a part of one, as some programs write it
    Dated ///< "From ", perhaps a sender, a date with its time and nothing else: a divider almost surely
};

/// Dates as ctime(3), with zones before or behind the year, with two digits of it, as RFC 5322 has them, and
/// as ISO 8601: what mutt, Thunderbird, Gmail, Eudora, git and UUCP write.
DividerShape dividerShape(QByteArrayView line);

/// Whether a line could begin a header (RFC 5322 2.2): a field's name and a colon, or another program's "From
/// ".
bool looksLikeField(QByteArrayView line);
/// The same, and the name is one that mail begins with.
bool looksLikeFirstField(QByteArrayView line);

} // namespace glasspost::mail
