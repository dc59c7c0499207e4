#pragma once

#include "smtp/session/clearauth.h"
#include "smtp/session/tlsmode.h"
#include "smtp/syntax/addressrange.h"
#include "smtp/syntax/path.h"

#include <QByteArray>
#include <QHostAddress>
#include <QSslCertificate>
#include <QSslKey>

#include <chrono>
#include <optional>

namespace glasspost::smtp {

/// Whether a client is asked for its certificate, and what follows when it has none.
enum class ClientCertificate {
    NotAsked,
    Asked, ///< noted, and good for AUTH EXTERNAL; none is fine
    Required ///< else there is no connection
};

/// Which TLS a listener speaks.
struct TlsPolicy
{
    enum class Version { Tls12, Tls13 };
    Version minimum = Version::Tls12; ///< RFC 8997
    QByteArray ciphers; ///< OpenSSL's names with ":" between; empty for Qt's choice
    QList<QSslCertificate> clientAuthorities; ///< who may have signed a client's certificate; none: anybody
};

/// Whether a proxy stands before a binding and says first whom it speaks for (HAProxy's PROXY protocol).
enum class ProxyHeaders { None, Expected };

/// One address and port that the listener is bound to, or a Unix socket. Port 0 asks the system for a free
/// one.
struct Binding
{
    QHostAddress address = QHostAddress(QHostAddress::LocalHost);
    quint16 port = 2525;
    /// Without an identity in ServerSettings Opportunistic counts as None, and Required and Implicit fail.
    TlsMode tls = TlsMode::Opportunistic;
    bool requireAuth = false; ///< MAIL before sign-in: 530
    ClientCertificate clientCertificate = ClientCertificate::NotAsked;
    ProxyHeaders proxyHeaders = ProxyHeaders::None; ///< Expected: only trusted peers are served
    QByteArray name; ///< for the owner: which binding a client came through
    /// Of a Unix socket, in place of address and port. Its clients count as clients at 127.0.0.1, port 0, and
    /// allowedClients says nothing of them: the file's permissions do.
    QByteArray unixPath;
    /// Of a socket that listens there already, and stays open after the listener; -1: none.
    int descriptor = -1;

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
    int connectionsPerAddress = 50; ///< for one peer: an IPv4 address or an IPv6 /64
    int connectionsFromLoopback = 1100;
    std::chrono::milliseconds idle = std::chrono::seconds(300);
    /// How long a client may go on with commands alone, however often it says one.
    std::chrono::milliseconds withoutMessage = std::chrono::minutes(30);
    int minimumRate
        = 500; ///< octets a second over a command or message, 0 for none; slow-loris clients get 421
    int authFailures = 3; ///< before 421
    std::chrono::milliseconds errorDelay
        = std::chrono::seconds(1); ///< before each reply past the next two limits, and to a failed sign-in
    int slowAfterErrors = 10; ///< replies 5xx in a row
    int slowAfterJunk = 50; ///< NOOP, RSET, VRFY ... without a message between
    int mailsPerSession = 0; ///< MAIL accepted before 421, announced as LIMITS MAILMAX; 0 for no limit
    std::chrono::seconds leastDeliverBy{0}; ///< RFC 2852 2: the shortest time that BY=...;R may ask for
    std::chrono::seconds longestHold = std::chrono::hours(24 * 366); ///< RFC 4865 2

    friend bool operator==(const ServerLimits &, const ServerLimits &) = default;
};

/// What becomes of a message with a bare LF (RFC 5321 2.3.8).
enum class BareLineFeeds {
    Refused, ///< 550
    Marked ///< kept and marked; CRLF "." CRLF alone ends the data either way
};

/// What a listener shows of itself in TLS.
struct ServerIdentity
{
    QList<QSslCertificate> chain; ///< its own certificate first, then the intermediate ones
    QSslKey key;
};

/// What a listener offers and asks. A plain value: a change makes a new listener.
struct ServerSettings
{
    QByteArray hostName; ///< first word of 220, 250 and 221
    ServerLimits limits;
    /// None: STARTTLS is not offered. A null certificate would say so too, but Qt starts OpenSSL for one.
    std::optional<ServerIdentity> identity;
    TlsPolicy tls;
    bool offerAuth = false; ///< AUTH is announced (under TLS, or in the clear where clearAuth allows it)
    ClearAuth clearAuth = ClearAuth::Loopback;
    /// SASL mechanisms that may be used, as EHLO lists them; empty: all that the credential store can check.
    QList<QByteArray> mechanisms;
    PathStyle paths = PathStyle::Strict;
    BareLineFeeds bareLineFeeds = BareLineFeeds::Refused;
    QList<AddressRange> allowedClients; ///< who is served, behind a proxy too; others get 554; empty: all
    QList<AddressRange> trustedPeers; ///< whose PROXY header and XCLIENT are believed
    bool offerXclient = false; ///< XCLIENT, to trusted peers; else 502
    bool verifyAllowed = true; ///< VRFY answers; else 502
    bool expandAllowed = true; ///< EXPN answers; else 502
    bool offerChunking = true; ///< RFC 3030 BDAT; else 502
    /// RFC 3030 BODY=BINARYMIME: only whose owner keeps every octet offers it, a bare CR and LF too.
    bool offerBinaryMime = false;
    bool offerSmtpUtf8 = true; ///< RFC 6531; else its parameter gets 555
    bool announceLimits = true; ///< RFC 9422; the limits hold without it too
    // Promises: only whose owner keeps them offers them; else their parameters get 555.
    bool offerDsn = false; ///< RFC 3461: RET, ENVID, NOTIFY and ORCPT
    bool offerRequireTls = false; ///< RFC 8689, under TLS alone
    bool offerDeliverBy = false; ///< RFC 2852
    bool offerFutureRelease = false; ///< RFC 4865
    bool offerMtPriority = false; ///< RFC 6710
    QByteArray priorityProfile; ///< RFC 6710 2: named behind MT-PRIORITY when not empty
};

} // namespace glasspost::smtp
