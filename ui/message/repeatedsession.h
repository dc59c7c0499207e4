#pragma once

#include "mail/journey/journey.h"

#include <QHostAddress>
#include <QString>
#include <QStringList>

#include <optional>

namespace glasspost::ui {

/// What was said of a message in one session, as far as another program is told to say it again.
struct RepeatedSession
{
    enum class Tls { None, StartTls, Implicit };

    QString host; ///< its name, its address, or a socket in the file system
    QHostAddress address; ///< null for a socket
    quint16 port = 0;
    QString verb; ///< EHLO, HELO or LHLO, the last that was said
    QString name; ///< behind it
    Tls tls = Tls::None;
    bool isVerified = false; ///< the certificate was
    QString mechanism; ///< of the sign-in; empty: there was none
    QString user;
    bool hasInitialResponse = false; ///< in the AUTH command itself (RFC 4954 4)
    QStringList senders; ///< of each MAIL; an empty one is the null reverse-path
    QStringList recipients; ///< each once
    QStringList parameters; ///< of MAIL and RCPT, their keywords in capitals, each once
    bool hasChunks = false; ///< BDAT (RFC 3030)
    bool isWhole = true; ///< no recipient was named in another session alone
};

/// The last one of the message in which a sender was named; none where the record has no such session.
[[nodiscard]] std::optional<RepeatedSession> lastSession(const mail::Journey &journey);

} // namespace glasspost::ui
