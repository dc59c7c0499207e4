#pragma once

#include "smtp/session/saslserver.h"
#include "smtp/syntax/reply.h"

#include <memory>
#include <optional>
#include <variant>

namespace glasspost::smtp {

/// One AUTH, from its command to its last reply (RFC 4954): base64, length and the words around a SASL
/// exchange.
class SignIn
{
public:
    /// 334: the client's turn.
    struct Challenge
    {
        Reply reply;
    };
    /// The keys of a password are wanted: keysDerived() is next.
    struct Derive
    {
        KeyRequest request;
    };
    struct Done
    { };
    /// Over. Refused: somebody tried a password, an identity or a binding that is not right.
    struct Failed
    {
        enum class Kind { Broken, Refused };
        Reply reply;
        Kind kind = Kind::Broken;
    };
    using Step = std::variant<Challenge, Derive, Done, Failed>;

    /// With what follows AUTH. A reply (501, 504) where no exchange begins.
    struct Begun
    {
        std::unique_ptr<SignIn> exchange; ///< null: see reply
        Reply reply;
    };
    static Begun begin(QByteArrayView argument, const SaslParty &party);

    /// To the initial response, or for want of one.
    Step first();
    /// A line of the client: a response, or "*". size is the line's, of which octets may be the beginning.
    Step takeLine(QByteArrayView octets, qint64 size, bool tooLong);
    /// Nothing: there are too many sign-ins at once.
    Step keysDerived(const std::optional<ScramKeys> &keys);

    [[nodiscard]] const QByteArray &mechanism() const { return m_mechanism; }
    /// After Done; empty with ANONYMOUS.
    [[nodiscard]] QByteArray user() const { return m_sasl->user(); }

private:
    SignIn(std::unique_ptr<SaslServer> sasl, QByteArrayView mechanism)
        : m_sasl(std::move(sasl)), m_mechanism(mechanism.toByteArray().toUpper())
    { }
    Step respond(QByteArrayView base64);
    static Step stepOf(const SaslServer::Result &result);

    std::unique_ptr<SaslServer> m_sasl;
    QByteArray m_mechanism;
    std::optional<QByteArray> m_initial; ///< as on the wire
};

} // namespace glasspost::smtp
