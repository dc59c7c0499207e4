#pragma once

#include "mail/store/storevalues.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

namespace glasspost::mail {

/// A message on its way between a mailbox and a file of another program. Lines end in LF or CRLF.
struct CarriedMessage
{
    QByteArray octets;
    MessageFlags flags;

    friend bool operator==(const CarriedMessage &, const CarriedMessage &) = default;
};

/// Takes an mbox (RFC 4155, the "mboxrd" form and its relatives) apart as it streams by; memory stays at one
/// message. Total: any octets give a value. A message begins at a line "From sender date" that stands first
/// or behind an empty line; ">From " loses its quote; the fields Status and X-Status become flags and are
/// taken off, since they are the file's and not the sender's.
class MboxReader
{
public:
    /// longest: of a message, in octets; a longer one is left out and counted.
    explicit MboxReader(qint64 longest = qint64(512) * 1024 * 1024) : m_longest(longest) { }

    /// Octets in pieces of any size; the messages that they made complete.
    QList<CarriedMessage> feed(QByteArrayView octets);
    /// The end of the file: the last message, if there is one.
    QList<CarriedMessage> finish();

    [[nodiscard]] int leftOut() const { return m_leftOut; } ///< too long
    /// Whether anything but empty lines stood before the first "From " line: it is no mbox.
    [[nodiscard]] bool hasForeignStart() const { return m_foreignStart; }

private:
    enum class Place { Before, Inside, TooLong };

    void takeLine(QByteArrayView line);
    [[nodiscard]] bool belongsInside(QByteArrayView line) const;
    void begin();
    void end();

    qint64 m_longest;
    Place m_place = Place::Before;
    QByteArray m_line; ///< not whole yet
    QByteArray m_message;
    QList<CarriedMessage> m_complete;
    bool m_afterEmptyLine = true;
    bool m_foreignStart = false;
    int m_leftOut = 0;
};

/// Whether a line divides an mbox: "From ", a sender, and a date with a time and a year. Letters begin with
/// "From " too, and not every program quotes them.
bool isMboxDivider(QByteArrayView line);

} // namespace glasspost::mail
