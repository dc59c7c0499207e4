#pragma once

#include "smtp/syntax/command.h"
#include "smtp/syntax/reply.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

namespace glasspost::smtp {

/// What a server's transcript shows of a client's lines, decided before the transcript sees the octets. A
/// secret has no pattern, so state and verb decide, never the look of the text:
/// - of AUTH, however it is written, the mechanism where it is a registered name; the rest is "***", and so
/// is
///   what follows a word of another protocol's sign-in (PASS, LOGIN, AUTHENTICATE, Authorization:);
/// - after AUTH, however it was answered, a client may go on to send name and password. Until a well-formed
///   command comes, every other line is "***".
/// Responses within an exchange are not shown at all: that is the engine's, which knows the state.
class CommandBlotter
{
public:
    /// What stands for the line. Lines are to be given in order.
    QByteArray shown(const Command &command, QByteArrayView line);

private:
    bool m_afterAuth = false;
};

/// Takes the secrets of a client out of what a server says, should it say them back: as they are, in any
/// case, in base64 and in hexadecimal. A secret of fewer than three octets is not looked for.
class ReplyBlotter
{
public:
    /// A password, a token, or what was said of one.
    void add(const QByteArray &secret);
    [[nodiscard]] QByteArray blotted(const QByteArray &text) const;
    [[nodiscard]] Reply blotted(Reply reply) const;

private:
    [[nodiscard]] bool holdsSecret(const QByteArray &octets) const;
    [[nodiscard]] bool holdsEncoded(const QByteArray &run) const;
    [[nodiscard]] QByteArray withoutEncoded(const QByteArray &text) const;

    QList<QByteArray> m_secrets; ///< and in hexadecimal; longest first, in lower case
};

} // namespace glasspost::smtp
