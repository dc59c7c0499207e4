#pragma once

#include "smtp/session/tlshandle.h"

#include <QByteArray>
#include <QFlags>
#include <QList>

#include <memory>
#include <optional>

namespace glasspost::smtp {

/// What there is to sign in with.
enum class CredentialKind {
    Password = 1,
    Token = 2, ///< of OAuth 2.0
    Certificate = 4, ///< shown in the TLS handshake
    Nothing = 8, ///< ANONYMOUS is wished for
    ChannelBinding = 16, ///< TLS gives the keys that tie a sign-in to it
    PreparedPassword = 32 ///< name and password can be prepared as SCRAM and CRAM-MD5 want it
};
Q_DECLARE_FLAGS(CredentialKinds, CredentialKind)
Q_DECLARE_OPERATORS_FOR_FLAGS(CredentialKinds)

/// How far what a client sends can be trusted to reach the server alone.
enum class PasswordGuard {
    NoSecret, ///< not at all: nothing that a password or token went into
    NeverPlain, ///< nothing from which who listens learns how to sign in
    PlainAllowed
};

/// The mechanisms of ours that the server offers and that go with the means, strongest first: EXTERNAL,
/// SCRAM-SHA-256 and SCRAM-SHA-1 with -PLUS and without, CRAM-MD5, and where secrets may be said plainly
/// OAUTHBEARER, XOAUTH2, PLAIN and LOGIN; ANONYMOUS last. With allowed not empty those alone.
QList<QByteArray> commonMechanisms(const QList<QByteArray> &offered, CredentialKinds means,
    PasswordGuard guard, const QList<QByteArray> &allowed = {});

/// Whether a name or password survives SASLprep (RFC 4013) as GNU SASL does it, which knows Unicode 3.2
/// alone.
[[nodiscard]] bool isPreparable(const QByteArray &text);

/// Who signs in, and where.
struct SaslIdentity
{
    QByteArray user;
    QByteArray password;
    QByteArray token;
    QByteArray host; ///< the server, as it is called
    quint16 port = 0;
    /// For a -PLUS mechanism (RFC 5802 6).
    ChannelBindings bindings = {};
};

/// The client's half of one SASL exchange (RFC 4954 4). Octets, not base64: the engine puts that on. No I/O;
/// errors are an empty optional.
class SaslClient
{
public:
    SaslClient() = default;
    virtual ~SaslClient() = default;
    SaslClient(const SaslClient &) = delete;
    SaslClient &operator=(const SaslClient &) = delete;

    /// The mechanism speaks first: its first response belongs behind the AUTH command.
    [[nodiscard]] virtual bool isClientFirst() const = 0;
    /// The response to the server's challenge (empty for the initial response); nothing when the challenge
    /// makes no sense or the server failed to prove that it knows the password.
    virtual std::optional<QByteArray> respond(const QByteArray &challenge) = 0;
    /// Why no response is given to the challenge; empty when there is no reason.
    [[nodiscard]] virtual QByteArray objection(const QByteArray &) const { return {}; }
    /// Whether respond() takes long, so that it belongs on another thread; nothing else may be called
    /// meanwhile.
    [[nodiscard]] virtual bool isSlow(const QByteArray &) const { return false; }
    /// Everything was said, and a server that must prove itself (RFC 5802 3) has done so.
    [[nodiscard]] virtual bool isComplete() const = 0;
};

/// One of commonMechanisms().
std::unique_ptr<SaslClient> makeSaslClient(const QByteArray &mechanism, const SaslIdentity &identity);

} // namespace glasspost::smtp
