#include "smtp/session/blotting.h"

#include "smtp/syntax/bdat.h"
#include "smtp/syntax/octets.h"
#include "smtp/syntax/xclient.h"

#include <algorithm>
#include <array>
#include <optional>

namespace glasspost::smtp {

namespace {

constexpr QByteArrayView blot("***");

bool isAnyOf(QByteArrayView word, const auto &names)
{
    return std::any_of(names.begin(), names.end(),
        [&](const char *name) { return equalIgnoringCase(word, QByteArrayView(name)); });
}

/// The names of IANA's registry of SASL mechanisms that clients use, and the two that it lacks.
bool isMechanism(QByteArrayView word)
{
    static constexpr std::array names{"PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "SCRAM-SHA-1",
        "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-512", "SCRAM-SHA-512-PLUS",
        "EXTERNAL", "ANONYMOUS", "OAUTHBEARER", "XOAUTH2", "OAUTH10A", "GSSAPI", "GS2-KRB5", "GS2-KRB5-PLUS",
        "GSS-SPNEGO", "NTLM", "KERBEROS_V4", "OTP", "SKEY", "SECURID", "SAML20", "OPENID20", "MSN",
        "XYMCOOKIE"};
    return isAnyOf(word, names);
}

/// Words that secrets follow, in SMTP, POP3, IMAP, NNTP, FTP and HTTP.
bool announcesSecret(QByteArrayView word)
{
    static constexpr std::array names{
        "PASS", "PASSWORD", "PASSWD", "PWD", "APOP", "LOGIN", "XAUTH", "PROXY-AUTHORIZATION", "COOKIE"};
    return startsWithIgnoringCase(word, "AUTH") || isAnyOf(word, names) || isMechanism(word);
}

bool endsWord(char c)
{
    return isBlank(c) || isControl(c) || c == '=' || c == ':';
}

struct Word
{
    qsizetype start = 0;
    qsizetype end = 0;
    [[nodiscard]] QByteArrayView in(QByteArrayView line) const { return line.sliced(start, end - start); }
};

Word wordFrom(QByteArrayView line, qsizetype at)
{
    const auto start = std::find_if_not(line.begin() + at, line.end(), endsWord);
    const auto end = std::find_if(start, line.end(), endsWord);
    return {start - line.begin(), end - line.begin()};
}

/// Where in a line a secret may begin: behind the word that announces it, and a mechanism's name.
std::optional<qsizetype> secretIn(QByteArrayView line)
{
    for (Word word = wordFrom(line, 0); word.start < line.size(); word = wordFrom(line, word.end)) {
        if (!announcesSecret(word.in(line)))
            continue;
        const Word next = wordFrom(line, word.end);
        return isMechanism(next.in(line)) ? next.end : word.end;
    }
    return {};
}

QByteArray shownUpTo(QByteArrayView line, qsizetype end)
{
    const QByteArrayView rest = line.sliced(end);
    if (std::all_of(rest.begin(), rest.end(), isBlank))
        return line.toByteArray();
    return line.first(end).toByteArray() + ' ' + blot.toByteArray();
}

bool isWord(QByteArrayView text)
{
    return !text.isEmpty() && std::none_of(text.begin(), text.end(), endsWord);
}

/// Whether the arguments have the shape of the verb's: what is no such command may be a secret.
bool isWellFormed(const Command &command)
{
    const QByteArrayView argument = command.argument;
    if (hasControl(argument)) // behind a bare line feed anything may follow
        return false;
    switch (command.verb) {
    case Verb::Ehlo:
    case Verb::Helo:
        return std::none_of(argument.begin(), argument.end(), isBlank) && !argument.isEmpty();
    case Verb::Mail:
        return startsWithIgnoringCase(argument, "FROM:");
    case Verb::Rcpt:
        return startsWithIgnoringCase(argument, "TO:");
    case Verb::Bdat:
        return parseBdat(argument).has_value();
    case Verb::Xclient:
        return parseXclient(argument).has_value();
    case Verb::Data:
    case Verb::Rset:
    case Verb::Quit:
    case Verb::StartTls:
    case Verb::Noop:
    case Verb::Help:
        return argument.isEmpty();
    case Verb::Vrfy:
    case Verb::Expn:
    case Verb::Etrn:
        return argument.contains('@') && isWord(argument);
    case Verb::Turn:
    case Verb::Send:
    case Verb::Soml:
    case Verb::Saml:
    case Verb::Auth:
    case Verb::Unknown:
        break;
    }
    return false;
}

bool isEncodedOctet(char c)
{
    return isLetterOrDigit(c) || c == '+' || c == '/' || c == '-' || c == '_';
}

} // namespace

QByteArray CommandBlotter::shown(const Command &command, QByteArrayView line)
{
    if (isWellFormed(command)) {
        m_afterAuth = false;
        return line.toByteArray();
    }
    const bool isAuth = startsWithIgnoringCase(wordFrom(line, 0).in(line), "AUTH");
    if (m_afterAuth && !isAuth)
        return blot.toByteArray();
    const std::optional<qsizetype> secret = secretIn(line);
    m_afterAuth |= secret.has_value();
    return secret ? shownUpTo(line, *secret) : line.toByteArray();
}

void ReplyBlotter::add(const QByteArray &secret)
{
    constexpr qsizetype shortest = 3;
    if (secret.size() < shortest)
        return;
    for (const QByteArray &form : {secret.toLower(), secret.toHex()}) {
        if (!m_secrets.contains(form))
            m_secrets.append(form);
    }
    std::sort(m_secrets.begin(), m_secrets.end(),
        [](const QByteArray &a, const QByteArray &b) { return a.size() > b.size(); });
}

bool ReplyBlotter::holdsSecret(const QByteArray &octets) const
{
    const QByteArray lower = octets.toLower();
    return std::any_of(
        m_secrets.begin(), m_secrets.end(), [&](const QByteArray &secret) { return lower.contains(secret); });
}

/// However much of other text stands before the encoded octets.
bool ReplyBlotter::holdsEncoded(const QByteArray &run) const
{
    constexpr qsizetype base64Group = 4;
    for (qsizetype skipped = 0; skipped < std::min(base64Group, run.size()); ++skipped) {
        const QByteArray octets = run.mid(skipped);
        if (holdsSecret(QByteArray::fromBase64(octets))
            || holdsSecret(QByteArray::fromBase64(octets, QByteArray::Base64UrlEncoding)))
            return true;
    }
    return false;
}

QByteArray ReplyBlotter::withoutEncoded(const QByteArray &text) const
{
    QByteArray kept;
    for (qsizetype at = 0; at < text.size();) {
        const auto end = std::find_if_not(text.begin() + at, text.end(), isEncodedOctet);
        const QByteArray run = text.mid(at, end - (text.begin() + at));
        at += std::max<qsizetype>(run.size(), 1);
        if (run.isEmpty()) {
            kept += *end;
            continue;
        }
        kept += holdsEncoded(run) ? blot.toByteArray() : run;
    }
    return kept;
}

QByteArray ReplyBlotter::blotted(const QByteArray &text) const
{
    if (m_secrets.isEmpty())
        return text;
    QByteArray shown = text;
    for (const QByteArray &secret : m_secrets) {
        QByteArray lower = shown.toLower();
        for (qsizetype at = lower.indexOf(secret); at >= 0; at = lower.indexOf(secret, at)) {
            shown.replace(at, secret.size(), blot);
            lower.replace(at, secret.size(), blot);
        }
    }
    return withoutEncoded(shown);
}

Reply ReplyBlotter::blotted(Reply reply) const
{
    for (QByteArray &line : reply.lines)
        line = blotted(line);
    return reply;
}

} // namespace glasspost::smtp
