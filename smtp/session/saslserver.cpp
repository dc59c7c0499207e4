#include "smtp/session/saslserver.h"

#include "smtp/server/transactionhandler.h"
#include "smtp/syntax/octets.h"

#include <QRandomGenerator>

#include <gsasl.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

namespace glasspost::smtp {

namespace {

constexpr int newIterations = 10000; // RFC 7677 4 asks for 4096 at least
constexpr std::size_t sha256Size = 32;

ScramKeys deriveKeys(const QByteArray &password, const QByteArray &salt, int iterations)
{
    std::array<char, sha256Size> salted{};
    std::array<char, sha256Size> clientKey{};
    std::array<char, sha256Size> serverKey{};
    std::array<char, sha256Size> storedKey{};
    const int result = gsasl_scram_secrets_from_password(GSASL_HASH_SHA256, password.constData(),
        static_cast<unsigned>(iterations), salt.constData(), static_cast<std::size_t>(salt.size()),
        salted.data(), clientKey.data(), serverKey.data(), storedKey.data());
    if (result != GSASL_OK)
        return {};
    return {salt, iterations, QByteArray(storedKey.data(), storedKey.size()),
        QByteArray(serverKey.data(), serverKey.size())};
}

/// Takes the same time wherever the first difference stands.
bool equalInConstantTime(const QByteArray &a, const QByteArray &b)
{
    if (a.size() != b.size())
        return false;
    unsigned difference = 0;
    for (qsizetype i = 0; i < a.size(); ++i)
        difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
    return difference == 0;
}

/// Keys that fit no password, so that an unknown user costs as much time as a wrong password (S100).
ScramKeys nobodysKeys(const QByteArray &user)
{
    ScramKeys keys;
    keys.salt = (user + "................").first(16);
    keys.iterations = newIterations;
    keys.storedKey = QByteArray(sha256Size, '\0');
    keys.serverKey = QByteArray(sha256Size, '\0');
    return keys;
}

bool passwordFits(CredentialStore &credentials, const QByteArray &user, const QByteArray &password)
{
    const std::optional<ScramKeys> found = credentials.keysFor(user);
    const ScramKeys keys = found.value_or(nobodysKeys(user));
    const ScramKeys derived = deriveKeys(password, keys.salt, keys.iterations);
    return found && !derived.storedKey.isEmpty() && equalInConstantTime(derived.storedKey, keys.storedKey);
}

/// PLAIN and LOGIN end the same way.
SaslServer::Result judge(CredentialStore &credentials, const QByteArray &user, const QByteArray &password)
{
    if (user.isEmpty() || hasControl(user) || password.contains('\0'))
        return {SaslServer::Status::Malformed, {}};
    const bool fits = passwordFits(credentials, user, password);
    return {fits ? SaslServer::Status::Done : SaslServer::Status::Refused, {}};
}

/// RFC 4616. GNU SASL's own would ask for the password in the clear; the store has keys alone.
class PlainServer final : public SaslServer
{
public:
    explicit PlainServer(CredentialStore &credentials) : m_credentials(credentials) { }
    [[nodiscard]] bool isClientFirst() const override { return true; }
    [[nodiscard]] QByteArray user() const override { return m_user; }

    Result step(const QByteArray &response) override
    {
        const QList<QByteArray> parts = response.split('\0');
        if (parts.size() != 3)
            return {Status::Malformed, {}};
        // To act for somebody else is not offered.
        if (!parts[0].isEmpty() && parts[0] != parts[1])
            return {Status::Refused, {}};
        m_user = parts[1];
        return judge(m_credentials, m_user, parts[2]);
    }

private:
    CredentialStore &m_credentials;
    QByteArray m_user;
};

/// LOGIN has no RFC; GNU SASL's ignores an initial response, which clients do send (S99).
class LoginServer final : public SaslServer
{
public:
    explicit LoginServer(CredentialStore &credentials) : m_credentials(credentials) { }
    [[nodiscard]] bool isClientFirst() const override { return false; }
    [[nodiscard]] QByteArray user() const override { return m_user; }

    Result step(const QByteArray &response) override
    {
        if (response.isNull())
            return {Status::Challenge, "Username:"};
        if (!m_hasUser) {
            m_hasUser = true;
            m_user = response;
            return {Status::Challenge, "Password:"};
        }
        return judge(m_credentials, m_user, response);
    }

private:
    CredentialStore &m_credentials;
    QByteArray m_user;
    bool m_hasUser = false;
};

/// RFC 5802 and 7677 by GNU SASL, which asks for salt, iterations and keys through its call-back.
class ScramServer final : public SaslServer
{
public:
    explicit ScramServer(CredentialStore &credentials) : m_credentials(credentials)
    {
        if (gsasl_init(&m_context) != GSASL_OK)
            return;
        gsasl_callback_set(m_context, &ScramServer::answer);
        if (gsasl_server_start(m_context, "SCRAM-SHA-256", &m_session) == GSASL_OK)
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
    /// RFC 5802 5.1: "c=" of the last message repeats the gs2-header of the first, and without channel
    /// binding nothing more. GNU SASL calls every difference a failed sign-in.
    bool bindingFits(const QByteArray &response)
    {
        if (m_gs2Header.isEmpty()) {
            const qsizetype comma = response.indexOf(',', response.indexOf(',') + 1);
            m_gs2Header = response.first(comma + 1);
            return true;
        }
        const QByteArray binding = response.first(std::max<qsizetype>(0, response.indexOf(',')));
        return !binding.startsWith("c=") || QByteArray::fromBase64(binding.sliced(2)) == m_gs2Header;
    }

    static int answer(Gsasl *, Gsasl_session *session, Gsasl_property property)
    {
        auto *self = static_cast<ScramServer *>(gsasl_session_hook_get(session));
        return self == nullptr ? GSASL_NO_CALLBACK : self->provide(session, property);
    }

    int provide(Gsasl_session *session, Gsasl_property property)
    {
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

    void findKeys(Gsasl_session *session)
    {
        if (m_keys.iterations != 0)
            return;
        m_user = gsasl_property_fast(session, GSASL_AUTHID);
        const std::optional<ScramKeys> found = m_credentials.keysFor(m_user);
        m_known = found.has_value();
        m_keys = found.value_or(nobodysKeys(m_user));
    }

    CredentialStore &m_credentials;
    Gsasl *m_context = nullptr;
    Gsasl_session *m_session = nullptr;
    QByteArray m_user;
    ScramKeys m_keys;
    QByteArray m_gs2Header;
    bool m_known = false;
    bool m_finished = false;
};

} // namespace

ScramKeys makeScramKeys(const QByteArray &password)
{
    std::array<quint32, 4> random{};
    QRandomGenerator::system()->generate(random.begin(), random.end());
    return deriveKeys(
        password, QByteArray(reinterpret_cast<const char *>(random.data()), sizeof(random)), newIterations);
}

QList<QByteArray> SaslServer::mechanisms()
{
    return {"SCRAM-SHA-256", "PLAIN", "LOGIN"};
}

std::unique_ptr<SaslServer> SaslServer::make(QByteArrayView mechanism, CredentialStore &credentials)
{
    if (equalIgnoringCase(mechanism, "SCRAM-SHA-256"))
        return std::make_unique<ScramServer>(credentials);
    if (equalIgnoringCase(mechanism, "PLAIN"))
        return std::make_unique<PlainServer>(credentials);
    if (equalIgnoringCase(mechanism, "LOGIN"))
        return std::make_unique<LoginServer>(credentials);
    return {};
}

} // namespace glasspost::smtp
