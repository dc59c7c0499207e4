#pragma once

#include "mail/store/carriedmessage.h"
#include "mail/transfer/mboxdivider.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QDir>
#include <QList>

#include <functional>

namespace glasspost::mail {

/// Takes an mbox (RFC 4155, the "mboxrd" form and its relatives) apart as it streams by; memory stays flat.
/// Total: any octets give a value. As mutt and Thunderbird read them:
/// - the first line that is not empty begins the first message; a byte order mark before it is dropped;
/// - a line "From sender date" begins a message wherever it stands, if a header follows;
/// - one without a date does so behind an empty line, if a field follows that mail begins with;
/// - where Content-Length leads to another such line, or to the end, what lies between is the message's,
/// whatever
///   it looks like.
/// ">From " loses its quote, unless Content-Length vouched for the text. Status fields become flags.
class MboxReader
{
public:
    /// Whether a message begins at this offset, or the file ends there. Without it Content-Length is not
    /// trusted.
    using Boundary = std::function<bool(qint64 offset)>;
    explicit MboxReader(const QString &spoolFolder = QDir::tempPath(), Boundary boundary = {});

    /// Octets in pieces of any size; the messages that they made complete.
    Result<QList<CarriedMessage>> feed(QByteArrayView octets);
    /// The end of the file: the last message, if there is one.
    Result<QList<CarriedMessage>> finish();

    /// Lines that may have begun a message and were taken for text, or the other way round.
    [[nodiscard]] int doubtful() const { return m_doubtful; }
    /// Whether anything but empty lines stood before the first "From " line: it is no mbox.
    [[nodiscard]] bool hasForeignStart() const { return m_place == Place::Foreign; }

private:
    enum class Place { Before, Foreign, Header, Body };

    void takePiece(QByteArrayView piece, bool endsLine);
    void takeRest(const QByteArray &piece);
    void takeLine(const QByteArray &line);
    void decide(const QByteArray &next);
    [[nodiscard]] bool divides(const QByteArray &next);
    void takeText(const QByteArray &line);
    void begin();
    void endHeader();
    void putBody(QByteArrayView line);
    void end();
    [[nodiscard]] bool isVouchedFor() const { return m_lineOffset < m_vouchedUntil; }

    Boundary m_boundary;
    OctetsWriter m_writer;
    Place m_place = Place::Before;
    QByteArray m_line; ///< not whole yet
    bool m_inLongLine = false; ///< its beginning has been taken
    qint64 m_offset = 0; ///< of what has been fed
    qint64 m_lineOffset = 0; ///< of the line at work
    qint64 m_vouchedUntil = 0; ///< by Content-Length
    QByteArray m_candidate; ///< a line that begins a message if the next one begins a header
    DividerShape m_candidateShape = DividerShape::None;
    bool m_candidateAfterEmpty = false;
    DividerShape m_firstShape = DividerShape::None; ///< how this file divides
    QByteArray m_header;
    MessageFlags m_flags;
    QByteArray m_heldLine; ///< an empty line: the message's, or the file's if a divider follows
    bool m_afterEmptyLine = true;
    QList<CarriedMessage> m_complete;
    Result<void> m_state;
    int m_doubtful = 0;
};

} // namespace glasspost::mail
