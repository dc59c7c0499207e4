#pragma once

#include "mail/base/messageoctets.h"
#include "mail/maildir/madefrom.h"
#include "mail/settings/settings.h"
#include "smtp/session/transcript.h"
#include "smtp/syntax/envelope.h"

#include <QByteArray>
#include <QList>
#include <QString>

#include <optional>
#include <variant>

namespace glasspost::mail {

/// A message as it is written, with the plan's fields on top. A copy that the plan has no use for is empty.
struct MessageCopies
{
    MessageOctets forMailboxes; ///< Plan::mailboxHead and the message
    MessageOctets forRelays; ///< Plan::relayHead and the message
    qsizetype mailboxHead = 0; ///< octets of those fields on top of forMailboxes
};

/// A message on its way in, whoever brings it.
struct IncomingMessage
{
    enum class Origin {
        Session, ///< over SMTP
        Composer,
        CommandLine,
        Capture, ///< given by a program to be looked at: kept in folder, and never passed on
        Report, ///< of ours (RFC 3464), to one recipient
        Receipt, ///< of ours (RFC 8098)
        Queue, ///< recipients here, whose copy waited in the queue with the rest
        Draft, ///< filed alone
        Import ///< filed alone
    };
    /// The copy for the sender's Sent folder, which has the Bcc field.
    struct SentCopy
    {
        FolderId folder;
        MessageOctets octets;
    };

    Origin origin = Origin::Composer;
    smtp::Envelope envelope; ///< none of what is filed alone
    /// Without trace fields, lines end in LF (CRLF is made so in memory); or, of a large one that a session
    /// wrote to the disk while it came, what is written already.
    std::variant<MessageOctets, MessageCopies> content;
    QString subject; ///< for the queue's window
    QByteArray messageId; ///< without angle brackets
    smtp::SessionFacts session; ///< that brought it; of the queue's copies the id alone
    FolderId folder; ///< Session, Capture: whose Inbox captures. Draft, Import: where it is filed
    MessageFlags flags; ///< Draft, Import
    std::optional<SentCopy> sentCopy;
    QList<MessageId> replaces; ///< removed in the same transaction: a draft's earlier version
    qint64 notBefore = 0; ///< milliseconds since the Unix epoch; later than now: all of it waits in the queue
    std::optional<OutgoingRoute> route; ///< all of it goes that way, names of ours too
    bool held = false; ///< submitted, but all of it waits in the queue until a person releases it
    std::optional<MadeFrom> madeFrom = {}; ///< of which message it was made

    /// The front of the content with the whole of any sane header; nothing when the disk does not give it.
    /// Blocks on the disk when it is in a file.
    [[nodiscard]] QByteArray front() const;
    /// Sets subject and messageId.
    void readHeader();
};

} // namespace glasspost::mail
