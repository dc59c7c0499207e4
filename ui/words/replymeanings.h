#pragma once

#include "smtp/syntax/enhancedstatuscode.h"

#include <QByteArrayView>
#include <QString>

#include <optional>

namespace glasspost::ui {

/// The start of one line of a reply: "250-", "550 5.1.1 ".
struct ReplyHead
{
    int code = 0;
    bool isLast = true; ///< no hyphen after the code: the reply ends with this line (RFC 5321 4.2.1)
    smtp::EnhancedStatusCode status; ///< null when the line carries none
    int length = 0; ///< octets of code, separator and status code

    friend bool operator==(const ReplyHead &, const ReplyHead &) = default;
};

/// Nothing when the line does not begin as a reply does.
std::optional<ReplyHead> parseReplyHead(QByteArrayView line);

/// What a reply code means, one sentence for people: RFC 5321 4.2.3 and the extensions' own codes; for a code
/// that none defines what its first digit says.
QString replyCodeMeaning(int code);

/// Where that is defined: "RFC 5321 4.2.3".
QString replyCodeClause(int code);

/// Why, without the class: "the mailbox does not exist". Empty for the null code.
QString statusCodeReason(const smtp::EnhancedStatusCode &status);

/// What an enhanced status code means: RFC 3463 and the registry of RFC 5248; for one not registered what its
/// class and subject say. Empty for the null code.
QString statusCodeMeaning(const smtp::EnhancedStatusCode &status);

/// Where that is defined: "RFC 3463 3.2". Empty for the null code.
QString statusCodeClause(const smtp::EnhancedStatusCode &status);

} // namespace glasspost::ui
