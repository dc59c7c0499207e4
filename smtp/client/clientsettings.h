#pragma once

#include "smtp/client/peer.h"
#include "smtp/dns/tlsarecord.h"
#include "smtp/session/clearauth.h"
#include "smtp/session/tlsmode.h"
#include "smtp/syntax/capabilities.h"

#include <QByteArray>
#include <QHostAddress>
#include <QList>
#include <QSslCertificate>
#include <QSslKey>

#include <chrono>

namespace glasspost::smtp {

/// The time-outs of RFC 5321 4.5.3.2; tests shorten them.
struct ClientTimeouts
{
    std::chrono::milliseconds connect = std::chrono::seconds(30); ///< all addresses of a host together
    std::chrono::milliseconds greeting = std::chrono::minutes(5);
    std::chrono::milliseconds hello = std::chrono::minutes(5);
    std::chrono::milliseconds handshake = std::chrono::minutes(2);
    std::chrono::milliseconds auth = std::chrono::minutes(5);
    std::chrono::milliseconds mail = std::chrono::minutes(5);
    std::chrono::milliseconds rcpt = std::chrono::minutes(5);
    std::chrono::milliseconds dataInitiation = std::chrono::minutes(2);
    std::chrono::milliseconds dataBlock = std::chrono::minutes(3);
    std::chrono::milliseconds dataTermination = std::chrono::minutes(10);
    std::chrono::milliseconds quit = std::chrono::seconds(10);
    /// RFC 8305 8: from one address's attempt to the next one's.
    std::chrono::milliseconds nextAddress = std::chrono::milliseconds(250);

    friend bool operator==(const ClientTimeouts &, const ClientTimeouts &) = default;
};

/// Who signs in, with what, and how much care is taken of it. Neither a user nor mechanisms: do not sign in.
struct ClientCredentials
{
    QByteArray user;
    QByteArray password;
    ClearAuth inClear = ClearAuth::Never;
    QByteArray token = {}; ///< of OAuth 2.0, for OAUTHBEARER and XOAUTH2
    QList<QByteArray> mechanisms = {}; ///< these alone, upper case; empty: any but ANONYMOUS
    QByteArray preferred = {}; ///< the mechanism that succeeded last time; tried first

    [[nodiscard]] bool isWanted() const { return !user.isEmpty() || !mechanisms.isEmpty(); }
    [[nodiscard]] bool hasSecret() const { return !password.isEmpty() || !token.isEmpty(); }
    [[nodiscard]] bool mayGoInClearTo(const Peer &server) const
    {
        return inClear == ClearAuth::Anywhere || (inClear == ClearAuth::Loopback && server.isThisMachine());
    }
};

enum class ClientProtocol {
    Smtp,
    Lmtp ///< RFC 2033: LHLO, and one reply for each recipient after the message; never on port 25
};

/// A word before the protocol that names another client as the one who connects (HAProxy's PROXY protocol),
/// for a server that trusts us with it.
struct ProxyAnnouncement
{
    enum class Version { None, V1, V2 };
    Version version = Version::None;
    QHostAddress source; ///< null: our own end of the connection
    quint16 sourcePort = 0;

    friend bool operator==(const ProxyAnnouncement &, const ProxyAnnouncement &) = default;
};

/// By which TLSA records a server is known (RFC 7672), and which names a certificate under a trust anchor may
/// bear. Empty: not by any.
struct DaneIdentity
{
    QList<TlsaRecord> records;
    QList<QByteArray> names; ///< the TLSA base domain first

    [[nodiscard]] bool isEmpty() const { return records.isEmpty(); }
};

/// How a client session behaves at one server. A plain value.
struct ClientSettings
{
    QByteArray heloName; ///< our name for EHLO, see greetingname.h; a domain or an address literal
    TlsMode tls = TlsMode::Opportunistic;
    bool verifyCertificate
        = false; ///< a certificate that does not fit ends the session (Required and Implicit: set)
    QList<QSslCertificate> authorities; ///< beside the system's
    QByteArray pinnedFingerprint; ///< SHA-256 of the one certificate to accept, empty for none
    /// SHA-256 of certificates that a person took for this server's though they do not fit, written as a pin.
    QList<QByteArray> acceptedFingerprints;
    QList<QSslCertificate>
        ownCertificate; ///< shown to a server that asks for one; ours first, then its issuers
    QSslKey ownKey;
    QByteArray tlsSession; ///< ClientSession::tlsSession() of an earlier one at the same server and settings
    DaneIdentity dane; ///< not empty: what the certificate must fit, in place of authorities and name
    ClientCredentials credentials;
    ClientTimeouts timeouts;
    ClientProtocol protocol = ClientProtocol::Smtp;
    CapabilityFlags passedOver; ///< extensions that are not used though the server offers them
    qint64 chunkSize = 256 * 1024; ///< octets of one BDAT
    QByteArray
        submitter; ///< AUTH= of MAIL (RFC 4954 5): a mailbox, or "<>" for nobody known; empty: not said
    ProxyAnnouncement proxy;
    QList<QByteArray> xclient; ///< attributes for XCLIENT, "ADDR=192.0.2.1"; empty: not said
    qint64 replyLimit = 64 * 1024; ///< octets of one reply before the session is given up
    bool refuseOwnName
        = false; ///< a server that greets by our own heloName is ourselves: 5.4.6 (for direct routes, C61)
};

/// Where to connect. With an address set no name is looked up; host is what TLS verifies and reports name.
struct Endpoint
{
    QByteArray host;
    QHostAddress address;
    quint16 port = 25;
    QList<QHostAddress> alternatives = {}; ///< more addresses of that host, raced with the first (RFC 8305)
    QByteArray socketPath = {}; ///< not empty: a Unix socket, and no port; host is still what reports name

    friend bool operator==(const Endpoint &, const Endpoint &) = default;
};

} // namespace glasspost::smtp
