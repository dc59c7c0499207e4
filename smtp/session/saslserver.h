#pragma once

#include "smtp/session/scramkeys.h"
#include "smtp/session/tlshandle.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QList>
#include <QSslCertificate>

#include <memory>

namespace glasspost::smtp {

class CredentialStore;

/// RFC 4954 4: a response may have 12,288 octets; here with its CRLF.
inline constexpr int saslLineLimit = 12288 + 2;

/// What a sign-in is judged by. References outlive the exchange.
struct SaslParty
{
    CredentialStore &credentials;
    ChannelBindings bindings; ///< of the TLS connection; empty in the clear
    QSslCertificate certificate; ///< the client's; null when it showed none
    QList<QByteArray> allowed; ///< mechanisms that may be used at all
    qint64 now = 0; ///< microseconds since the Unix epoch, UTC: CRAM-MD5's challenge has the time
};

/// The server's half of one SASL exchange (RFC 4422) over GNU SASL: SCRAM-SHA-256 and SCRAM-SHA-1 with and
/// without -PLUS, EXTERNAL, CRAM-MD5, OAUTHBEARER, XOAUTH2, PLAIN, LOGIN, ANONYMOUS. Octets without base64;
/// no I/O. Used on one thread.
class SaslServer
{
public:
    enum class Status {
        Challenge, ///< say the challenge and step again with the answer
        Derive, ///< have the keys of a password derived, and give them to derived()
        Done, ///< user() signed in
        Refused, ///< wrong password, unknown user, wrong proof: all alike
        OtherIdentity, ///< an authorization identity that is not who signs in (RFC 4616 2)
        BadBinding, ///< SCRAM: the channel binding does not match (RFC 5802 7)
        Malformed ///< no message of this mechanism
    };
    struct Result
    {
        Status status = Status::Malformed;
        QByteArray challenge;
        KeyRequest request = {};
    };

    /// As EHLO lists them, strongest first: those of party.allowed that can succeed on this connection.
    static QList<QByteArray> mechanismsFor(const SaslParty &party);
    /// Null when the mechanism is none of these.
    static std::unique_ptr<SaslServer> make(QByteArrayView mechanism, const SaslParty &party);

    virtual ~SaslServer() = default;
    /// True when the client speaks first, so that no challenge is needed to get an initial response.
    [[nodiscard]] virtual bool isClientFirst() const = 0;
    virtual Result step(const QByteArray &response) = 0;
    /// After Derive.
    virtual Result derived(const ScramKeys &) { return {}; }
    /// Who signed in; empty with ANONYMOUS.
    [[nodiscard]] virtual QByteArray user() const = 0;
};

} // namespace glasspost::smtp
