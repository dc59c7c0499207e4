#include "smtp/session/bearertoken.h"

#include "smtp/syntax/octets.h"

#include <utility>

namespace glasspost::smtp {

namespace {

/// RFC 5801 4: a comma or an equals sign in a name would end it.
QByteArray saslName(QByteArray name)
{
    return name.replace('=', "=3D").replace(',', "=2C");
}

} // namespace

BearerToken::BearerToken(Form form, SaslIdentity identity) : m_form(form), m_identity(std::move(identity)) { }

std::optional<QByteArray> BearerToken::respond(const QByteArray &)
{
    if (hasControl(m_identity.user) || hasControl(m_identity.token) || m_identity.token.isEmpty())
        return std::nullopt;
    if (m_said != Said::Nothing) { // RFC 7628 3.2.3: the server's error wants an answer before it refuses
        m_said = Said::Sorry;
        return m_form == Form::OAuthBearer ? QByteArray("\x01") : QByteArray();
    }
    m_said = Said::Token;
    const QByteArray bearer = "auth=Bearer " + m_identity.token + "\x01\x01";
    if (m_form == Form::XOAuth2)
        return "user=" + m_identity.user + "\x01" + bearer;
    return "n,a=" + saslName(m_identity.user) + ",\x01host=" + m_identity.host
        + "\x01port=" + QByteArray::number(m_identity.port) + '\x01' + bearer;
}

} // namespace glasspost::smtp
