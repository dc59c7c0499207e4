#include "mail/routing/incomingmessage.h"

#include "mail/message/headerfields.h"
#include "mail/message/mime.h"
#include "mail/message/reportparts.h"

namespace glasspost::mail {

QByteArray IncomingMessage::front() const
{
    static constexpr qint64 enough = 64 * 1024;
    if (const auto *octets = std::get_if<MessageOctets>(&content))
        return octets->front(enough).value_or(QByteArray());
    const MessageCopies &copies = std::get<MessageCopies>(content);
    const bool isFiled = copies.forMailboxes.size() != 0; // -1 where a file has to be asked
    return (isFiled ? copies.forMailboxes : copies.forRelays).front(enough).value_or(QByteArray());
}

void IncomingMessage::readHeader()
{
    const QByteArray beginning = front();
    const RawHeader header = mail::readHeader(beginning);
    subject = decodedText(header.value("Subject"));
    messageId = bareMessageId(header.value("Message-ID"));
}

} // namespace glasspost::mail
