#pragma once

#include "mail/base/error.h"
#include "mail/base/messageoctets.h"
#include "mail/message/draft.h"
#include "mail/message/messageview.h"
#include "smtp/syntax/envelope.h"

#include <QByteArray>
#include <QDir>
#include <QString>

#include <functional>

namespace glasspost::mail {

/// A draft made into a message. Lines end in LF.
struct BuiltMessage
{
    MessageOctets octets; ///< as it leaves: minimum header always there (From, Date, To or Cc), never a Bcc
    MessageOctets sentCopy; ///< the same with the Bcc field, for Sent and Drafts
    smtp::Envelope
        envelope; ///< reverse-path from From; every To, Cc and Bcc once; smtpUtf8 and body as needed
    QByteArray messageIdField; ///< without angle brackets
};

/// Makes the message with GMime: text, HTML alternative, attachments; transfer encodings that any server can
/// take. No text in any field can add a header field or a line to the header. Reads the attachments, piece
/// by piece, and writes a large message to a file in spoolFolder: not for the GUI thread. Message-ID bears
/// messageIdDomain, or the domain of From, which says nothing of this machine.
Result<BuiltMessage> buildMessage(const Draft &draft, const QString &hostName,
    const QString &messageIdDomain = {}, const QString &spoolFolder = QDir::tempPath());
/// The same for Drafts, from which nothing leaves: what is malformed or missing stays as it was typed, and
/// readDraft gives it all back, the message that is answered too. Fails when an attachment cannot be read.
Result<BuiltMessage> buildDraft(
    const Draft &draft, const QString &hostName, const QString &spoolFolder = QDir::tempPath());

/// Every reason a draft cannot leave as it is, and what is worth a warning (empty subject, a text that speaks
/// of an attachment when there is none). isLocalName tells whether a name without domain is a local mailbox
/// or alias.
QList<DraftProblem> checkDraft(
    const Draft &draft, const std::function<bool(const QString &localName)> &isLocalName);

/// A message from Drafts, back in the composer. Attachments are written below attachmentFolder.
Result<Draft> readDraft(const MessageOctets &message, const QString &attachmentFolder);
/// The attachments of a message as files below folder, mode 0600.
Result<QList<DraftAttachment>> unpackAttachments(const MessageOctets &message, const QString &folder);

/// One address list as typed: the mailboxes in it, or the excerpts that are none.
struct AddressList
{
    QList<AddressView> mailboxes;
    QStringList malformed;
};
AddressList parseAddressList(const QString &text);

} // namespace glasspost::mail
