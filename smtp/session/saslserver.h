#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

#include <memory>

namespace glasspost::smtp {

class CredentialStore;

/// RFC 4954 4: a response may have 12,288 octets; here with its CRLF.
inline constexpr int saslLineLimit = 12288 + 2;

/// The server's half of one SASL exchange (RFC 4422) over GNU SASL: PLAIN, LOGIN, SCRAM-SHA-256. Octets
/// without base64; no I/O. Used on one thread.
class SaslServer
{
public:
    enum class Status {
        Challenge, ///< say the challenge and step again with the answer
        Done, ///< user() signed in
        Refused, ///< wrong password, unknown user, wrong proof: all alike
        BadBinding, ///< SCRAM: the channel binding does not match (RFC 5802 7)
        Malformed ///< no message of this mechanism
    };
    struct Result
    {
        Status status = Status::Malformed;
        QByteArray challenge;
    };

    /// As EHLO lists them, strongest first.
    static QList<QByteArray> mechanisms();
    /// Null when the mechanism is not one of ours.
    static std::unique_ptr<SaslServer> make(QByteArrayView mechanism, CredentialStore &credentials);

    virtual ~SaslServer() = default;
    /// True when the client speaks first, so that no challenge is needed to get an initial response.
    [[nodiscard]] virtual bool isClientFirst() const = 0;
    virtual Result step(const QByteArray &response) = 0;
    [[nodiscard]] virtual QByteArray user() const = 0;
};

} // namespace glasspost::smtp
