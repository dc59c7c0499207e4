#pragma once

#include "mail/base/octetsreader.h"
#include "mail/message/headerfields.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QList>
#include <QString>

namespace glasspost::mail {

/// Lines of octets, from 1, asked for in their order; going back begins again.
class LineCounter
{
public:
    explicit LineCounter(QByteArrayView octets) : m_octets(octets) { }
    qint64 lineAt(qint64 offset);

private:
    QByteArrayView m_octets;
    qint64 m_at = 0;
    qint64 m_line = 1;
};

/// A part of a message as the checks read it. Parts of attached messages are none.
struct CheckedPart
{
    int index = 0; ///< of MessageView::parts
    int parent = -1;
    QByteArray contentType; ///< "text/html", in small letters
    QByteArray charset; ///< as named; empty when none is
    QByteArray encoding; ///< Content-Transfer-Encoding in small letters; "7bit" where there is none
    QByteArray contentId; ///< without angle brackets
    QByteArray raw; ///< the body as it lies; empty of a multipart, whose parts have it
    QByteArray boundary; ///< of a multipart, as its header names it
    qint64 bodyBegin = 0; ///< in the message
    QString text; ///< of text that is shown, decoded; null of anything else
    qint64 htmlSize = 0; ///< octets of decoded HTML, all of it
    qint64 headerLine = 0, bodyLine = 0; ///< where these begin in the message, from 1
    QList<qint64> textLines; ///< of encoded text: on which line of the body, from 0, each line of it begins
    bool isAttachment = false;

    [[nodiscard]] bool isMultipart() const { return !boundary.isEmpty(); }
    [[nodiscard]] bool isHtml() const { return contentType == "text/html" && !isAttachment; }
    /// The line of the message on which a line of the text (both from 1) is written.
    [[nodiscard]] qint64 sourceLine(qint64 textLine) const;
};

/// A message taken apart for the checks: its first 8 MiB.
struct CheckedMessage
{
    QByteArray source; ///< what header points into
    RawHeader header;
    qint64 size = 0; ///< octets of the whole
    QList<CheckedPart> parts;
    bool isCut = false; ///< there is more of it than was read
};

/// Blocks on the disk. Any octets are read as a message.
Result<CheckedMessage> readForChecks(const OctetsReader &message);

} // namespace glasspost::mail
