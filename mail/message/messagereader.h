#pragma once

#include "mail/base/error.h"
#include "mail/base/octetsreader.h"
#include "mail/message/csscleaner.h"
#include "mail/message/messageview.h"

#include <QByteArray>
#include <QString>

namespace glasspost::mail {

/// What the index keeps of a message: read once, on a store thread.
struct IndexFields
{
    QString fromName, fromAddress, to, subject;
    qint64 date = 0; ///< seconds since the Unix epoch; 0 when there is no readable Date field
    bool hasAttachments = false;
    QByteArray messageIdField, inReplyTo; ///< without angle brackets
    QByteArray references; ///< likewise, the last 100 of them, a blank between two
    /// Words to search: names and addresses of the fields, decoded.
    QString senders, recipients, cc, bcc;
    QString body; ///< likewise: text parts, HTML without its marks; at most 256 KiB
    QString fileNames; ///< likewise, of all parts
    QString list; ///< likewise: the List-Id (RFC 2919)
    QString envelopeFrom, envelopeTo; ///< likewise: see addEnvelope()
};

/// Reading with GMime. Total: any octets give a value, damaged mail as much as can be read. Depth and number
/// of parts are capped (100, 10,000), and the numbers of fields and addresses (10,000); where there is more
/// the warning "truncated" says so. Time is linear in the size, and memory does not depend on it. Source has
/// LF or CRLF line ends. Fails only where the disk does, or, read where it lies, once the thread is to end
/// (QThread::requestInterruption).
Result<MessageView> readMessage(const OctetsReader &source);
MessageView readMessage(const QByteArray &source);
/// The HTML of the same alone, as a reader with that color scheme has it; readMessage() gives the light one.
Result<HtmlPage> readHtmlPage(const OctetsReader &source, ColorScheme scheme);
/// The message of a message/rfc822 part, by its index; its parts have the indices of the message around it.
/// NotFound when the part is none.
Result<MessageView> readAttachedMessage(const OctetsReader &source, int partIndex);
IndexFields readIndexFields(const QByteArray &source);
/// One part decoded, by the index of MessageView::parts.
Result<QByteArray> readPart(const QByteArray &source, int partIndex);
/// Whether the octets look like a message at all: a header field first (for "send --message").
bool looksLikeMessage(const QByteArray &source);

} // namespace glasspost::mail
