#pragma once

#include "smtp/session/tlsmode.h"

#include <QByteArray>
#include <QHostAddress>
#include <QSslCertificate>
#include <QSslKey>

#include <chrono>

namespace glasspost::smtp {

/// One address and port that the listener is bound to. Port 0 asks the system for a free one.
struct Binding
{
    QHostAddress address = QHostAddress(QHostAddress::LocalHost);
    quint16 port = 2525;
    /// Without a certificate in ServerSettings Opportunistic counts as None, and Required and Implicit fail.
    TlsMode tls = TlsMode::Opportunistic;
    bool requireAuth = false; ///< MAIL before sign-in: 530
    QByteArray name; ///< for the owner: which binding a client came through

    friend bool operator==(const Binding &, const Binding &) = default;
};

/// The limits of RFC 5321 4.5.3 and those that keep a listener alive; defaults are Postfix's where it has
/// one.
struct ServerLimits
{
    qint64 messageSize = 50 * 1024 * 1024; ///< octets; announced as SIZE
    int commandLine = 2048; ///< octets with CRLF
    int textLine = 64 * 1024 * 1024; ///< octets of one line of a message; RFC 5321 asks for 1000 at least
    int recipients = 1000; ///< a transaction
    int errors = 20; ///< replies 5xx in a row before 421
    int junkCommands = 100; ///< NOOP, RSET, VRFY ... without a message between before 421
    int headerSize = 1024 * 1024; ///< octets
    int hops = 100; ///< Received fields before 554 5.4.6
    int connections = 1100; ///< in all
    int connectionsPerAddress = 1100; ///< for one peer address (loopback is one address too)
    std::chrono::milliseconds idle = std::chrono::seconds(300);
    int minimumRate
        = 500; ///< octets a second over a command or message, 0 for none; slow-loris clients get 421
    int authFailures = 3; ///< before 421
    bool strictPaths = true; ///< "MAIL FROM:a@b" and "FROM: <a@b>" are refused
};

/// What a listener offers and asks. A plain value: a change makes a new listener.
struct ServerSettings
{
    QByteArray hostName; ///< first word of 220, 250 and 221
    ServerLimits limits;
    QSslCertificate certificate; ///< null: STARTTLS is not offered
    QList<QSslCertificate> chain; ///< the intermediate certificates, if any
    QSslKey privateKey;
    bool offerAuth = false; ///< AUTH is announced (under TLS, or in the clear to loopback peers only)
    bool verifyAllowed = true; ///< VRFY answers; else 502
    bool expandAllowed = true; ///< EXPN answers; else 502
    bool offerChunking = true; ///< RFC 3030 BDAT; else 502
    /// RFC 3030 BODY=BINARYMIME: only whose owner keeps every octet offers it, a bare CR and LF too.
    bool offerBinaryMime = false;
    bool offerSmtpUtf8 = true; ///< RFC 6531; else its parameter gets 555
    bool offerDsn
        = false; ///< RFC 3461: RET, ENVID, NOTIFY and ORCPT are taken; only who keeps their promise offers it
};

} // namespace glasspost::smtp
