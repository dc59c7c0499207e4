#pragma once

#include <QByteArray>
#include <QString>

#include <optional>

namespace glasspost::mail {

class PartTree;

/// What a person answers a message that asks for a receipt.
enum class MdnDecision { Send, Ignore };

/// Message disposition notifications (RFC 8098): whether a message asks its reader to say that it was seen.
struct MdnRequest
{
    QString notifyTo; ///< the address; empty when nothing is asked
    /// Who asks is not whom an answer would tell (RFC 8098 2.1: then the person must be asked with care).
    bool differsFromReturnPath = false;
    bool mayAnswer = false; ///< one address, and no answer was sent yet as far as the message itself tells

    friend bool operator==(const MdnRequest &, const MdnRequest &) = default;
};
MdnRequest readMdnRequest(const QByteArray &message);

/// What a person answered.
struct MdnAnswer
{
    QByteArray hostName; ///< for Message-ID and Reporting-UA
    QByteArray from; ///< the reader's address
    QByteArray to; ///< MdnRequest::notifyTo
    QByteArray finalRecipient; ///< the address that the message came to
    enum class Disposition { Displayed, Deleted } disposition = Disposition::Displayed;
    QByteArray original; ///< the message that is answered
};
/// A multipart/report; disposition-notification: words, the machine part, the header of the message. Never
/// sent without the person's word (RFC 8098 2.1), and with the null reverse-path. Lines end in LF.
QByteArray makeMdn(const MdnAnswer &answer);

/// An answer that came to a message of ours.
struct MdnReceipt
{
    QByteArray originalMessageId; ///< without angle brackets
    QByteArray finalRecipient;
    QByteArray disposition; ///< "displayed", "deleted" ... as it was said, in small letters

    friend bool operator==(const MdnReceipt &, const MdnReceipt &) = default;
};
/// Null originalMessageId when the message is none.
MdnReceipt readMdn(const QByteArray &message);
/// The same of a message that was read already; nothing when it is none.
std::optional<MdnReceipt> mdnOf(const PartTree &tree);

} // namespace glasspost::mail
