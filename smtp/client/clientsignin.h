#pragma once

#include "smtp/client/clientevent.h"
#include "smtp/client/clientsettings.h"
#include "smtp/client/clientstates.h"
#include "smtp/client/outcome.h"
#include "smtp/client/peer.h"
#include "smtp/session/saslclient.h"
#include "smtp/syntax/reply.h"

#include <QByteArray>
#include <QList>

#include <memory>
#include <optional>
#include <variant>

namespace glasspost::smtp {

/// Signing in to one server (RFC 4954): which mechanisms are tried, in which order, and what each exchange
/// says. Pure: the engine says it, and tells what was replied.
class ClientSignIn
{
public:
    struct Server
    {
        Peer peer;
        ChannelProtection channel = ChannelProtection::Clear;
        ChannelBindings bindings;
        QList<QByteArray> offered; ///< mechanisms, of EHLO's AUTH
        bool hasOurCertificate = false; ///< shown to it in the handshake
    };
    /// To be said next.
    struct Say
    {
        QByteArray line;
        QByteArray shown; ///< in its place, in transcript and reports
        QByteArray secret; ///< what the server may say back; null: nothing
    };
    struct Done
    {
        QByteArray mechanism;
    };
    struct Failed
    {
        Outcome outcome;
    };
    using Step = std::variant<Say, ResponseNeeded, Done, Failed>;

    ClientSignIn(const ClientCredentials &credentials, Server server);

    Step begin();
    /// To the reply to what was said last, which command stands for in reports.
    Step takeReply(Verdict verdict, const Reply &reply, const QByteArray &command);
    /// What ResponseNeeded asked for; nothing when the challenge makes no sense.
    Step responded(const std::optional<QByteArray> &response);

    /// The response is worked out elsewhere.
    [[nodiscard]] bool isResponding() const { return m_isResponding; }
    /// The last 535, while other mechanisms are tried.
    [[nodiscard]] const std::optional<Outcome> &passwordRefusal() const { return m_passwordRefusal; }

    /// C52: whatever the digit, the message stays: a person can mend a password.
    [[nodiscard]] static Outcome outcome(
        const Reply &reply, const QByteArray &command, const QByteArray &reason);

private:
    [[nodiscard]] CredentialKinds means() const;
    [[nodiscard]] PasswordGuard guard() const;
    Step nextMechanism();
    Step beginMechanism();
    Step mechanismRefused(const Reply &reply, const QByteArray &command);
    Step answerChallenge(const Reply &reply);
    Step say(const std::optional<QByteArray> &response);
    Step cancel(const QByteArray &reason);

    ClientCredentials m_credentials;
    Server m_server;
    std::shared_ptr<SaslClient> m_sasl;
    bool m_isResponding = false; ///< m_sasl is not to be touched
    QList<QByteArray> m_mechanisms; ///< still to try, strongest first
    QByteArray m_mechanism; ///< under way
    enum class InitialResponse { WithCommand, Withheld } m_initialResponse = InitialResponse::WithCommand;
    std::optional<QByteArray> m_heldResponse; ///< too long for the AUTH command's line
    std::optional<Outcome> m_passwordRefusal;
    int m_challenges = 0;
    QByteArray m_cancelReason;
};

} // namespace glasspost::smtp
