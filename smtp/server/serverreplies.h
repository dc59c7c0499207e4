#pragma once

#include "smtp/syntax/reply.h"
#include "smtp/syntax/syntaxerror.h"

namespace glasspost::smtp {

/// The words of the server: RFC 5321 4.2.3, with the enhanced status codes of RFC 2034 and 3463.
Reply makeReply(int code, const EnhancedStatusCode &status, const QByteArray &text);
/// Without an enhanced status code: greeting, HELO, EHLO, 3xx (RFC 2034 4).
Reply makeReply(int code, const QByteArray &text);

/// What is wrong with a path, behind a colon or in brackets: "malformed domain".
QByteArray faultWords(SyntaxError error);

enum class PathKind { Reverse, Forward };
/// What a malformed MAIL (Reverse) or RCPT (Forward) argument is told.
Reply syntaxReply(SyntaxError error, PathKind kind);

} // namespace glasspost::smtp
