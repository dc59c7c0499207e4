#pragma once

#include "mail/base/messageoctets.h"
#include "mail/base/task.h"
#include "mail/maildir/messageid.h"

#include <QByteArray>
#include <QList>

namespace glasspost::mail {

/// One message of a maildrop, as it was when the maildrop was opened.
struct DropMessage
{
    MessageId id;
    qint64 size = 0; ///< octets on the wire
    QByteArray uid; ///< RFC 1939 7: 1 to 70 of the octets 21 to 7E, the message's for ever

    friend bool operator==(const DropMessage &, const DropMessage &) = default;
};

/// The messages that somebody who signed in gets, oldest first: RFC 1939 calls it a maildrop.
using Maildrop = QList<DropMessage>;

/// Who has the messages. On the server's thread, and outlives it.
class Maildrops
{
public:
    virtual ~Maildrops() = default;
    /// Of the user who signed in.
    virtual Task<Maildrop> open(const QByteArray &user) = 0;
    /// Lines end in LF. NotFound when it has gone since.
    virtual Task<MessageOctets> octets(const MessageId &id) = 0;
    /// All or none, for ever; what has gone since needs no removing.
    virtual Task<void> remove(const QList<MessageId> &ids) = 0;
};

} // namespace glasspost::mail
