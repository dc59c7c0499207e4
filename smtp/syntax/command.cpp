#include "smtp/syntax/command.h"

#include "smtp/syntax/octets.h"

namespace glasspost::smtp {

namespace {

// In the order of Verb.
constexpr std::array<const char *, verbCount> names{"EHLO", "HELO", "MAIL", "RCPT", "DATA", "BDAT", "RSET",
    "NOOP", "QUIT", "VRFY", "EXPN", "HELP", "STARTTLS", "AUTH", "ETRN", "TURN", "SEND", "SOML", "SAML",
    "XCLIENT", ""};

Verb verbOf(QByteArrayView word)
{
    for (int i = 0; i < static_cast<int>(Verb::Unknown); ++i) {
        if (equalIgnoringCase(word, QByteArrayView(names[static_cast<std::size_t>(i)])))
            return static_cast<Verb>(i);
    }
    return Verb::Unknown;
}

} // namespace

Command parseCommand(QByteArrayView line)
{
    // RFC 5321 4.1.1: trailing blanks before CRLF are tolerated.
    const QByteArrayView text = withoutBlanksAfter(line);
    const qsizetype blank = text.indexOf(' ');
    const QByteArrayView word = blank < 0 ? text : text.first(blank);
    const QByteArrayView argument = blank < 0 ? QByteArrayView() : withoutBlanksBefore(text.sliced(blank));
    return {verbOf(word), word, argument};
}

QByteArrayView verbName(Verb verb)
{
    return names[static_cast<std::size_t>(verb)];
}

} // namespace glasspost::smtp
