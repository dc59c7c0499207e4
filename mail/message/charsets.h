#pragma once

#include <QByteArray>
#include <QString>

namespace glasspost::mail {

/// Whether the octets are all there are, or were cut at a limit of ours, which may lie within a character.
enum class Extent { Whole, Cut };

/// Octets in a named charset as text. Names mean what they mean to browsers (the table of the WHATWG's
/// Encoding Standard: iso-8859-1 is windows-1252, euc-kr is CP949 ...), and a byte order mark goes before the
/// name. Octets that are no character of the charset become U+FFFD, each by itself. Without a name, or with
/// one that nobody knows: UTF-8 where more of it fits than does not, else windows-1252.
QString decodedCharset(const QByteArray &octets, const QByteArray &charset, Extent extent = Extent::Whole);

/// The charset that an HTML document names in a <meta> of its first kilobytes; empty when it names none.
QByteArray metaCharset(const QByteArray &html);

} // namespace glasspost::mail
