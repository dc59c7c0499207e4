// The parsers of smtp/syntax that have no state: any octets make a value or an error, and a value says the
// same when it is written and read again.
#include "smtp/syntax/command.h"
#include "smtp/syntax/octets.h"
#include "smtp/syntax/parameters.h"
#include "smtp/syntax/path.h"
#include "smtp/syntax/xtext.h"
#include "tests/fuzz/target.h"

namespace glasspost::fuzz {

using namespace glasspost::smtp;

namespace {

bool isInside(QByteArrayView part, QByteArrayView whole)
{
    return part.isEmpty() || (part.begin() >= whole.begin() && part.end() <= whole.end());
}

void checkMailbox(const Mailbox &mailbox)
{
    const QByteArray text = mailbox.toBytes();
    for (const char octet : text)
        demand(uchar(octet) >= 0x20 && octet != 0x7F, "no control octet stands in a mailbox");
    demand(mailbox.domain.size() <= 255, "RFC 5321 4.5.3.1.2");
    if (mailbox.domain.isEmpty())
        return;
    const auto again = parseMailbox(text);
    demand(again && *again == mailbox, "a mailbox reads back as it was written");
    // What a person types may have a longer local-part (RFC 5321 4.5.3.1), which a strict server refuses and
    // a tolerant one takes as it is, or not at all.
    const bool isLong = mailbox.localPart.size() > 64;
    const auto path = parseForwardPath('<' + text + '>', isLong ? PathStyle::Tolerant : PathStyle::Strict);
    demand(path ? path->mailbox == mailbox && path->rest.isEmpty() : isLong,
        "a path reads back as it was written");
}

} // namespace

void command(QByteArrayView input)
{
    const Command parsed = parseCommand(input);
    demand(isInside(parsed.word, input) && isInside(parsed.argument, input), "views point into the line");
    if (parsed.verb != Verb::Unknown)
        demand(
            parsed.word.toByteArray().toUpper() == verbName(parsed.verb), "a verb is its word in any case");
}

void path(QByteArrayView input)
{
    for (const PathStyle style : {PathStyle::Strict, PathStyle::Tolerant}) {
        for (const auto parse : {parseReversePath, parseForwardPath}) {
            const auto parsed = parse(input, style);
            if (!parsed)
                continue;
            demand(isInside(parsed->rest, input), "the rest points into the text");
            demand(!hasControl(parsed->mailbox.toBytes()), "no control octet stands in a mailbox");
            if (parsed->departure)
                continue;
            demand(parsed->mailbox.localPart.size() <= 64, "RFC 5321 4.5.3.1.1");
            checkMailbox(parsed->mailbox);
        }
        if (const auto strict = parseForwardPath(input); strict && style == PathStyle::Tolerant) {
            const auto tolerant = parseForwardPath(input, style);
            demand(tolerant && tolerant->mailbox == strict->mailbox, "tolerant takes what strict takes");
        }
    }
    if (const auto mailbox = parseMailbox(input)) {
        demand(mailbox->toBytes() == input, "a bare mailbox is kept as it was written");
        checkMailbox(*mailbox);
    }
}

void parameters(QByteArrayView input)
{
    const ParameterExtensions all = ParameterExtension::SmtpUtf8 | ParameterExtension::Dsn
        | ParameterExtension::Auth | ParameterExtension::RequireTls | ParameterExtension::DeliverBy
        | ParameterExtension::FutureRelease | ParameterExtension::MtPriority | ParameterExtension::BinaryMime;
    for (const ParameterExtensions offered : {all, ParameterExtensions()}) {
        Envelope first, second;
        const auto error = parseMailParameters(input, offered, 1, first);
        demand(parseMailParameters(input, offered, 1, second) == error && (error || first == second),
            "the same octets make the same envelope");
        demand(error || first.declaredSize >= -1, "SIZE is no negative number");
        EnvelopeRecipient recipient;
        if (!parseRcptParameters(input, offered, recipient) && recipient.notify.testFlag(Notify::Never))
            demand(recipient.notify == NotifyFlags(Notify::Never), "RFC 3461 4.1: NEVER stands alone");
    }
}

void xtext(QByteArrayView input)
{
    const QByteArray encoded = encodeXtext(input);
    const auto decoded = decodeXtext(encoded);
    demand(decoded && *decoded == input, "what is encoded decodes to itself");
    for (const char octet : encoded)
        demand(octet > 0x20 && octet < 0x7F && octet != '=', "xtext is printable");
    if (const auto direct = decodeXtext(input))
        demand(decodeXtext(encodeXtext(*direct)) == direct, "what decodes can be encoded again");
}

} // namespace glasspost::fuzz
