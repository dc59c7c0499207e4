#pragma once

#include "smtp/session/saslclient.h"

namespace glasspost::smtp {

/// OAUTHBEARER (RFC 7628) and its forerunner XOAUTH2: one message with the token in it. A server that does
/// not take it says why in a challenge, gets an empty answer, and then refuses.
class BearerToken final : public SaslClient
{
public:
    enum class Form { OAuthBearer, XOAuth2 };
    BearerToken(Form form, SaslIdentity identity);

    [[nodiscard]] bool isClientFirst() const override { return true; }
    std::optional<QByteArray> respond(const QByteArray &challenge) override;
    [[nodiscard]] bool isComplete() const override { return m_said == Said::Token; }

private:
    enum class Said { Nothing, Token, Sorry };
    Form m_form;
    SaslIdentity m_identity;
    Said m_said = Said::Nothing;
};

} // namespace glasspost::smtp
