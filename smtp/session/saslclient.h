#pragma once

#include <QByteArray>
#include <QList>

#include <memory>
#include <optional>

namespace glasspost::smtp {

/// What a client may send in the clear, and what it may not.
enum class PasswordGuard { NeverPlain, PlainAllowed };

/// The mechanisms of ours that the server offers, strongest first: SCRAM-SHA-256, SCRAM-SHA-1, CRAM-MD5, and
/// where plain ones are allowed PLAIN and LOGIN.
QList<QByteArray> commonMechanisms(const QList<QByteArray> &offered, PasswordGuard guard);

/// The client's half of one SASL exchange (RFC 4954 4), over GNU SASL. Octets, not base64: the engine puts
/// that on. No I/O; errors are an empty optional.
class SaslClient
{
public:
    SaslClient(const QByteArray &mechanism, const QByteArray &user, const QByteArray &password,
        const QByteArray &host);
    ~SaslClient();
    SaslClient(const SaslClient &) = delete;
    SaslClient &operator=(const SaslClient &) = delete;

    /// The mechanism speaks first: start() belongs behind the AUTH command.
    [[nodiscard]] bool isClientFirst() const;
    /// The response to the server's challenge (empty for the initial response); nothing when the challenge
    /// makes no sense or the server failed to prove that it knows the password.
    std::optional<QByteArray> respond(const QByteArray &challenge);
    /// Everything was said, and a server that must prove itself (RFC 5802 3) has done so.
    [[nodiscard]] bool isComplete() const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace glasspost::smtp
