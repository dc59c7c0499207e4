#include "smtp/session/scramserver.h"

#include "smtp/session/credentials.h"
#include "smtp/session/scramkeys.h"

#include <gsasl.h>

#include <algorithm>
#include <optional>

namespace glasspost::smtp {

namespace {

/// RFC 5802 and 7677 by GNU SASL, which asks for salt, iterations and keys through its call-back.
class ScramServer final : public SaslServer
{
public:
    ScramServer(const QByteArray &mechanism, const SaslParty &party)
        : m_credentials(party.credentials), m_bindings(party.bindings),
          m_hash(mechanism.contains("SHA-1") ? ScramHash::Sha1 : ScramHash::Sha256),
          m_binding(bindingOf(mechanism, party))
    {
        if (gsasl_init(&m_context) != GSASL_OK)
            return;
        gsasl_callback_set(m_context, &ScramServer::answer);
        if (gsasl_server_start(m_context, mechanism.constData(), &m_session) == GSASL_OK)
            gsasl_session_hook_set(m_session, this);
    }
    ~ScramServer() override
    {
        if (m_session != nullptr)
            gsasl_finish(m_session);
        if (m_context != nullptr)
            gsasl_done(m_context);
    }
    Q_DISABLE_COPY_MOVE(ScramServer)

    [[nodiscard]] bool isClientFirst() const override { return true; }
    [[nodiscard]] QByteArray user() const override { return m_user; }

    Result step(const QByteArray &response) override
    {
        if (m_finished) // the empty response to the server signature
            return {response.isEmpty() && m_known ? Status::Done : Status::Malformed, {}};
        if (m_session == nullptr)
            return {Status::Refused, {}};
        if (!bindingFits(response))
            return {Status::BadBinding, {}};
        char *output = nullptr;
        std::size_t length = 0;
        const int result = gsasl_step(
            m_session, response.constData(), static_cast<std::size_t>(response.size()), &output, &length);
        const QByteArray challenge(output, static_cast<qsizetype>(length));
        gsasl_free(output);
        if (result == GSASL_NEEDS_MORE)
            return {Status::Challenge, challenge};
        if (result == GSASL_MECHANISM_PARSE_ERROR)
            return {Status::Malformed, {}};
        if (result != GSASL_OK || !m_known)
            return {Status::Refused, {}};
        // RFC 4954 4: the server signature goes out as one more challenge before 235.
        m_finished = true;
        return {Status::Challenge, challenge};
    }

private:
    enum class Binding { Impossible, Offered, Used }; ///< what channel binding is to this exchange

    static Binding bindingOf(const QByteArray &mechanism, const SaslParty &party)
    {
        if (mechanism.endsWith("-PLUS"))
            return Binding::Used;
        const bool offered = !party.bindings.isEmpty() && party.allowed.contains(mechanism + "-PLUS");
        return offered ? Binding::Offered : Binding::Impossible;
    }

    [[nodiscard]] QByteArray bindingData() const
    {
        if (m_binding != Binding::Used)
            return {};
        return m_gs2Header.startsWith("p=tls-unique,") ? m_bindings.unique : m_bindings.exporter;
    }

    /// RFC 5802 5.1: "c=" of the last message repeats the gs2-header of the first, with the binding behind it
    /// where one is used. GNU SASL calls every difference a failed sign-in.
    bool bindingFits(const QByteArray &response)
    {
        if (m_gs2Header.isEmpty()) {
            const qsizetype comma = response.indexOf(',', response.indexOf(',') + 1);
            m_gs2Header = response.first(comma + 1);
            // RFC 5802 6: "y" says that we offered no -PLUS. When we did, somebody took it out on the way.
            return m_binding != Binding::Offered || !m_gs2Header.startsWith("y,");
        }
        const QByteArray binding = response.first(std::max<qsizetype>(0, response.indexOf(',')));
        return !binding.startsWith("c=")
            || QByteArray::fromBase64(binding.sliced(2)) == m_gs2Header + bindingData();
    }

    static int answer(Gsasl *, Gsasl_session *session, Gsasl_property property)
    {
        auto *self = static_cast<ScramServer *>(gsasl_session_hook_get(session));
        return self == nullptr ? GSASL_NO_CALLBACK : self->provide(session, property);
    }

    int provide(Gsasl_session *session, Gsasl_property property)
    {
        if (property == GSASL_CB_TLS_EXPORTER || property == GSASL_CB_TLS_UNIQUE)
            return provideBinding(session, property);
        const bool ours = property == GSASL_SCRAM_ITER || property == GSASL_SCRAM_SALT
            || property == GSASL_SCRAM_STOREDKEY || property == GSASL_SCRAM_SERVERKEY;
        if (!ours)
            return GSASL_NO_CALLBACK;
        findKeys(session);
        const auto set = [&](Gsasl_property which, const QByteArray &value) {
            gsasl_property_set_raw(session, which, value.constData(), static_cast<std::size_t>(value.size()));
        };
        set(GSASL_SCRAM_ITER, QByteArray::number(m_keys.iterations));
        set(GSASL_SCRAM_SALT, m_keys.salt.toBase64());
        set(GSASL_SCRAM_STOREDKEY, m_keys.storedKey.toBase64());
        set(GSASL_SCRAM_SERVERKEY, m_keys.serverKey.toBase64());
        return GSASL_OK;
    }

    int provideBinding(Gsasl_session *session, Gsasl_property property)
    {
        const QByteArray &binding
            = property == GSASL_CB_TLS_EXPORTER ? m_bindings.exporter : m_bindings.unique;
        if (m_binding != Binding::Used || binding.isEmpty())
            return GSASL_NO_CALLBACK;
        gsasl_property_set(session, property, binding.toBase64().constData());
        return GSASL_OK;
    }

    void findKeys(Gsasl_session *session)
    {
        if (m_keys.iterations != 0)
            return;
        m_user = gsasl_property_fast(session, GSASL_AUTHID);
        const std::optional<ScramKeys> found
            = m_hash == ScramHash::Sha1 ? m_credentials.sha1KeysFor(m_user) : m_credentials.keysFor(m_user);
        m_known = found.has_value();
        m_keys = found.value_or(nobodysScramKeys(m_user, m_hash, m_credentials.shapes(m_hash)));
    }

    CredentialStore &m_credentials;
    ChannelBindings m_bindings;
    ScramHash m_hash;
    Binding m_binding;
    Gsasl *m_context = nullptr;
    Gsasl_session *m_session = nullptr;
    QByteArray m_user;
    ScramKeys m_keys;
    QByteArray m_gs2Header;
    bool m_known = false;
    bool m_finished = false;
};

} // namespace

std::unique_ptr<SaslServer> makeScramServer(const QByteArray &mechanism, const SaslParty &party)
{
    return std::make_unique<ScramServer>(mechanism, party);
}

} // namespace glasspost::smtp
