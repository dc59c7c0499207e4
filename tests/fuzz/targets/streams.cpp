// The parsers that keep state between chunks: whole and octet by octet they must say the same.
#include "smtp/syntax/capabilities.h"
#include "smtp/syntax/dotdecoder.h"
#include "smtp/syntax/dotstuffer.h"
#include "smtp/syntax/lineframer.h"
#include "smtp/syntax/replyparser.h"
#include "tests/fuzz/target.h"

namespace glasspost::fuzz {

using namespace glasspost::smtp;

namespace {

constexpr qsizetype atOnce = 1 << 30;

struct FramedLine
{
    QByteArray octets;
    qint64 size = 0;
    bool tooLong = false;

    friend bool operator==(const FramedLine &, const FramedLine &) = default;
};

QList<FramedLine> frame(QByteArrayView input, qsizetype chunk)
{
    constexpr qsizetype limit = 32;
    LineFramer framer(limit);
    QList<FramedLine> lines;
    for (Choices left(input); !left.isEmpty();) {
        QByteArrayView octets = left.take(chunk);
        while (const auto line = framer.next(octets)) {
            demand(line->tooLong || line->size + 2 <= limit, "no line past the limit is taken for whole");
            demand(!line->octets.contains("\r\n"), "CRLF ends a line");
            lines += {line->tooLong ? QByteArray() : line->octets.toByteArray(), line->size, line->tooLong};
        }
        demand(octets.isEmpty(), "everything is consumed");
    }
    return lines;
}

struct Decoded
{
    QByteArray octets;
    qsizetype consumed = -1; ///< up to behind the end, -1 without one
    bool bareCr = false;
    bool bareLf = false;
    qint64 size = 0;
    qint64 longestLine = 0;

    friend bool operator==(const Decoded &, const Decoded &) = default;
};

Decoded decode(QByteArrayView input, qsizetype chunk)
{
    DotDecoder decoder;
    Decoded result;
    qsizetype offset = 0;
    for (Choices left(input); !left.isEmpty() && result.consumed < 0;) {
        QByteArrayView octets = left.take(chunk);
        const qsizetype size = octets.size();
        if (decoder.decode(octets, result.octets))
            result.consumed = offset + size - octets.size();
        else
            demand(octets.isEmpty(), "without an end everything is consumed");
        offset += size;
    }
    result.bareCr = decoder.facts().hasBareCr;
    result.bareLf = decoder.facts().hasBareLf;
    result.size = decoder.facts().size;
    result.longestLine = decoder.facts().longestLine;
    return result;
}

/// RFC 5321 4.5.2 by the letter: find CRLF "." CRLF, then take the dots off. Nothing when there is no end.
std::optional<Decoded> decodeSimply(const QByteArray &input)
{
    const QByteArray framed = "\r\n" + input;
    const qsizetype end = framed.indexOf("\r\n.\r\n");
    if (end < 0)
        return {};
    Decoded result;
    result.consumed = end + 3;
    QByteArray body = framed.left(end + 2);
    for (qsizetype at = body.indexOf("\r\n."); at >= 0; at = body.indexOf("\r\n.", at + 2))
        body.remove(at + 2, 1);
    result.octets = body.mid(2);
    return result;
}

QList<ReplyLine> read(QByteArrayView input, qsizetype chunk)
{
    ReplyParser parser(256);
    QList<ReplyLine> lines;
    for (Choices left(input); !left.isEmpty();) {
        parser.feed(left.take(chunk));
        while (const auto line = parser.next()) {
            lines += *line;
            if (line->fault)
                return lines;
        }
    }
    return lines;
}

} // namespace

void lineFramer(QByteArrayView input)
{
    demand(frame(input, atOnce) == frame(input, 1), "lines do not hang on how they came");
}

void dotDecoder(QByteArrayView input)
{
    const Decoded decoded = decode(input, atOnce);
    demand(decoded == decode(input, 1), "the message does not hang on how it came");
    const auto simple = decodeSimply(input.toByteArray());
    demand(simple.has_value() == (decoded.consumed >= 0), "CRLF . CRLF and nothing else ends it");
    if (!simple)
        return;
    demand(simple->consumed == decoded.consumed, "the end is where it is");
    demand(simple->octets == decoded.octets, "the octets are what was meant");
    demand(decoded.size == decoded.octets.size(), "the size counts them");
}

void dotStuffer(QByteArrayView input)
{
    DotStuffer quickly, slowly;
    QByteArray wire = quickly.feed(input);
    wire += quickly.finish();
    QByteArray other;
    for (qsizetype i = 0; i < input.size(); ++i)
        other += slowly.feed(input.sliced(i, 1));
    other += slowly.finish();
    demand(wire == other, "stuffing does not hang on chunks");
    const Decoded decoded = decode(wire, atOnce);
    demand(decoded.consumed == wire.size(), "the end is at the end: nothing can be smuggled past the dot");
    demand(!decoded.bareCr && !decoded.bareLf, "no bare CR or LF goes out");
    QByteArray lines = input.toByteArray();
    lines.replace("\r\n", "\n").replace('\r', '\n').replace("\n", "\r\n");
    if (!lines.isEmpty() && !lines.endsWith("\r\n"))
        lines += "\r\n";
    demand(decoded.octets == lines, "the other end reads what was meant");
}

void reply(QByteArrayView input)
{
    const QList<ReplyLine> lines = read(input, atOnce);
    demand(lines == read(input, 1), "replies do not hang on how they came");
    for (const ReplyLine &line : lines) {
        demand(!(line.reply && line.fault), "a line brings a reply or a fault");
        if (!line.reply)
            continue;
        demand(line.reply->code >= 200 && line.reply->code <= 599, "RFC 5321 4.2.1");
        (void)Capabilities::fromEhlo(*line.reply);
        const QList<ReplyLine> again = read(line.reply->toWire(), atOnce);
        if (!again.isEmpty() && again.last().reply)
            demand(again.last().reply->code == line.reply->code, "a reply reads back as it was written");
    }
}

} // namespace glasspost::fuzz
