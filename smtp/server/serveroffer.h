#pragma once

#include "smtp/server/serversettings.h"
#include "smtp/session/saslserver.h"
#include "smtp/session/transcript.h"
#include "smtp/syntax/envelope.h"
#include "smtp/syntax/parameters.h"
#include "smtp/syntax/reply.h"

#include <QList>

namespace glasspost::smtp {

/// Who a session's client has proved to be.
enum class ClientIdentity : quint8 { Unknown, Anonymous, User };

/// What a session is offered, by the settings, by the binding it came through, and by who the client is; and
/// the refusals of what a parameter asks beyond it. Looks at the engine's state, for one call.
struct ServerOffer
{
    const ServerSettings &settings;
    const Binding &binding;
    const SessionFacts &facts;
    ClientIdentity identity;
    CredentialStore *credentials; ///< null: nobody can sign in
    qint64 now; ///< seconds since the Unix epoch

    [[nodiscard]] bool isSecured() const { return !facts.tls.isEmpty(); }
    [[nodiscard]] bool hasTls() const;
    [[nodiscard]] bool hasBinaryMime() const;
    [[nodiscard]] bool hasAuth() const;
    [[nodiscard]] bool mayAuthNow() const;
    [[nodiscard]] bool hasRequireTls() const;
    [[nodiscard]] bool isToKnownClient() const;
    /// SASL mechanisms that may be used at all.
    [[nodiscard]] QList<QByteArray> allowedMechanisms() const;
    /// Those of MAIL and RCPT.
    [[nodiscard]] ParameterExtensions extensions() const;
    /// RFC 5321 4.1.1.1: our name, then a line for each extension. mechanisms: those that can succeed.
    [[nodiscard]] QList<QByteArray> ehloLines(const QList<QByteArray> &mechanisms, bool isTrusted) const;
    /// Parameters that are well-formed and offered, and still ask too much; null when they do not.
    [[nodiscard]] Reply refusalOf(const Envelope &envelope) const;
};

} // namespace glasspost::smtp
