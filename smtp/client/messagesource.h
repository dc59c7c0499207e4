#pragma once

#include <QByteArray>
#include <QtGlobal>

#include <functional>
#include <memory>
#include <stop_token>
#include <tl/expected.hpp>

namespace glasspost::smtp {

class MessageSource;

/// Why there is no 7-bit form of a message.
enum class ConversionFault {
    Forbidden, ///< a signed or damaged part: the recipients are refused with 5.6.3
    NotNow ///< the disk, say: another attempt may do
};
using ConvertedMessage = tl::expected<std::shared_ptr<MessageSource>, ConversionFault>;
/// Gives up with NotNow soon after the stop is requested.
using MessageConverter = std::function<ConvertedMessage(const std::stop_token &stop)>;

/// The octets of a message to be sent, read in order, as often as an attempt needs. Line ends may be LF or
/// CRLF (bare CR too: the client makes CRLF of them all, then stuffs dots). Reads must be short: memory or
/// page cache, no network.
class MessageSource
{
public:
    virtual ~MessageSource() = default;
    /// Octets on the wire before dot-stuffing (with CRLF line ends), for SIZE=; -1 when not known.
    [[nodiscard]] virtual qint64 wireSize() const = 0;
    /// Whether an octet past 7F stands in it: decides BODY=8BITMIME or conversion.
    [[nodiscard]] virtual bool hasEightBit() const = 0;
    /// Whether a line of it has more than 998 octets (RFC 5321 4.5.3.1.6): it is converted where that can be
    /// done, never cut.
    [[nodiscard]] virtual bool hasLongLine() const { return false; }
    /// Whether an octet 0 stands in it, which only BINARYMIME carries (RFC 2045 2.8): it is converted
    /// elsewhere.
    [[nodiscard]] virtual bool hasNul() const { return false; }
    /// Back to the first octet.
    virtual bool rewind() = 0;
    /// Up to maximum octets from the current place; empty at the end. A failure to read is failed().
    virtual QByteArray read(qint64 maximum) = 0;
    [[nodiscard]] virtual bool failed() const = 0;
    /// Makes the same message in 7-bit form with short lines (quoted-printable, base64; signed parts never
    /// touched), for a server without 8BITMIME. A large message takes seconds: it is called on another
    /// thread, which somebody may wait for once the stop is requested, and the source may be gone by then.
    [[nodiscard]] virtual MessageConverter toSevenBit() const = 0;
};

} // namespace glasspost::smtp
