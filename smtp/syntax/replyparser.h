#pragma once

#include "smtp/syntax/reply.h"

#include <QByteArray>
#include <QByteArrayView>

#include <optional>

namespace glasspost::smtp {

/// Why octets from a server are no reply.
enum class ReplyFault {
    NotAReply, ///< no three digits, or something other than SP, "-" or the end after them
    UnknownClass, ///< the first digit is none of 2 to 5 (RFC 5321 4.2.1)
    MixedCodes, ///< the lines of one reply carry different codes (RFC 5321 4.2.1)
    TooLong ///< more octets than the limit before the reply's end
};

/// One line that a server said; with its last line comes the whole reply, or what is wrong with it.
struct ReplyLine
{
    QByteArray raw; ///< without the line end, byte-true
    std::optional<Reply> reply;
    std::optional<ReplyFault> fault;

    friend bool operator==(const ReplyLine &, const ReplyLine &) = default;
};

/// Cuts octets into replies, RFC 5321 4.2, whatever their chunking. Lines end with CRLF; a lone LF is taken
/// too. Memory stays below the limit plus one chunk. After a fault nothing more is made of what follows.
/// The second and third digit may be any (4.2.1: a client judges by the first); an enhanced status code of
/// another class than the reply's stays text and counts for nothing (RFC 2034 4).
class ReplyParser
{
public:
    explicit ReplyParser(qint64 limit = 64 * 1024) : m_limit(limit) { }

    void feed(QByteArrayView octets);
    /// The next whole line, if there is one. Ask until there is none.
    std::optional<ReplyLine> next();
    /// Octets that wait: a line not yet ended, or a reply not yet asked for.
    [[nodiscard]] QByteArray rest() const { return m_buffer.mid(m_start); }
    /// Forgets everything (RFC 3207 4.2: what was known before TLS is void).
    void reset();

private:
    ReplyLine read(QByteArray line);
    std::optional<ReplyFault> check(const QByteArray &line) const;

    qint64 m_limit;
    QByteArray m_buffer;
    qsizetype m_start = 0;
    qint64 m_replySize = 0;
    Reply m_reply;
    bool m_failed = false;
};

} // namespace glasspost::smtp
