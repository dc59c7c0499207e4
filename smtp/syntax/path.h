#pragma once

#include "smtp/syntax/mailbox.h"
#include "smtp/syntax/syntaxerror.h"

#include <QByteArrayView>

#include <tl/expected.hpp>

#include <optional>

namespace glasspost::smtp {

/// Strict is the grammar of RFC 5321 4.1.2. Tolerant also takes what clients write beside it and can be kept
/// and answered without doubt: blanks around the path, no brackets, a local-part without a domain, dots and
/// lengths that are not allowed, underscores. Invisible characters and malformed A-labels are refused either
/// way.
enum class PathStyle { Strict, Tolerant };

/// A path, and what follows it on the line (parameters, or nothing), blanks before it taken off.
struct ParsedPath
{
    Mailbox mailbox;
    QByteArrayView rest; ///< points into the octets that were parsed
    std::optional<SyntaxError> departure; ///< why Strict refuses what Tolerant took; nothing when it does not
};

/// The parsers are total: any octets give a value or a SyntaxError. Octets past 7F must be UTF-8 and are
/// taken as RFC 6531 3.3 extends the grammar; whether SMTPUTF8 was asked for is the caller's question.

/// Reverse-path (RFC 5321 4.1.2): "<>" or a path; a source route is dropped (RFC 5321 appendix C).
tl::expected<ParsedPath, SyntaxError> parseReversePath(
    QByteArrayView text, PathStyle style = PathStyle::Strict);

/// Forward-path: a path, or "<postmaster>" in any case without a domain (RFC 5321 4.1.1.3).
tl::expected<ParsedPath, SyntaxError> parseForwardPath(
    QByteArrayView text, PathStyle style = PathStyle::Strict);

/// Mailbox alone, without brackets, the whole of the text: what a person types as an address. A local-part
/// over 64 octets passes: RFC 5321 4.5.3.1 has it tried, and confirmations and rewritten senders (SRS) have
/// such.
tl::expected<Mailbox, SyntaxError> parseMailbox(QByteArrayView text);

/// Domain or address literal as EHLO takes it (RFC 5321 4.1.1.1).
bool isDomainOrLiteral(QByteArrayView text);

/// Domain alone: labels of letters, digits and hyphens (and UTF-8), 63 octets each, 255 in all.
bool isDomain(QByteArrayView text);

} // namespace glasspost::smtp
