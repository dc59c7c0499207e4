#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

#include <functional>

namespace glasspost::mail {

/// Of so many fields a header is read: no program writes as many, and each takes room beside its octets.
constexpr qsizetype mostFields = 10000;

/// One field of a message's header as it lies. The views point into the message they were read from.
struct RawField
{
    QByteArrayView name; ///< without the colon
    QByteArrayView value; ///< behind the colon, folded, without the last line end

    /// Case does not count (RFC 5322 1.2.2).
    [[nodiscard]] bool isNamed(QByteArrayView other) const;
    /// On one line (RFC 5322 2.2.3), without white space at the ends.
    [[nodiscard]] QByteArray unfolded() const;
};

/// The header of a message, RFC 5322 2.2, read in one pass; any octets give a value. Lines end in LF or CRLF.
/// A line that is no field is skipped (an mbox "From " line); a header without an empty line behind it ends
/// with the message.
struct RawHeader
{
    QList<RawField> fields; ///< mostFields of them, where there are more
    qsizetype bodyOffset = 0; ///< of the octet behind the empty line

    [[nodiscard]] const RawField *first(QByteArrayView name) const; ///< null when there is none
    [[nodiscard]] QByteArray value(QByteArrayView name) const; ///< of the first, unfolded
};
RawHeader readHeader(QByteArrayView message);

/// Length of the field name that a line begins with; -1 when no field stands there. Blanks before the colon
/// are RFC 5322 4.5's obsolete form.
qsizetype fieldNameLength(QByteArrayView line);

/// Calls visit for each field in turn, until it says false; gives the body's offset, or that of the place
/// where it was told to stop. For those who want few fields and no list.
qsizetype visitHeader(QByteArrayView message, const std::function<bool(const RawField &)> &visit);

} // namespace glasspost::mail
