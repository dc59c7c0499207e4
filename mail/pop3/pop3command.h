#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <optional>

namespace glasspost::mail {

/// RFC 1939, with STLS (RFC 2595), CAPA (RFC 2449) and AUTH (RFC 5034).
enum class Pop3Verb : quint8 {
    User,
    Pass,
    Auth,
    Stls,
    Capa,
    Stat,
    List,
    Retr,
    Dele,
    Noop,
    Rset,
    Top,
    Uidl,
    Quit,
    Unknown ///< any other word
};
inline constexpr int pop3VerbCount = static_cast<int>(Pop3Verb::Unknown) + 1;

/// One line of a client. Any octets are one.
struct Pop3Command
{
    Pop3Verb verb = Pop3Verb::Unknown;
    QByteArray argument; ///< all behind the first blank, as it stands

    friend bool operator==(const Pop3Command &, const Pop3Command &) = default;
};

Pop3Command parsePop3Command(QByteArrayView line);

/// Numbers of RETR, TOP and the like: digits alone, one blank between two of them.
struct Pop3Numbers
{
    qint64 first = 0;
    std::optional<qint64> second;

    friend bool operator==(const Pop3Numbers &, const Pop3Numbers &) = default;
};

/// Nothing where the argument is neither one number nor two. Blanks at its end do not count.
std::optional<Pop3Numbers> parsePop3Numbers(QByteArrayView argument);

} // namespace glasspost::mail
