#include "smtp/session/saslserver.h"

#include "smtp/session/credentials.h"
#include "smtp/session/scramserver.h"
#include "smtp/syntax/octets.h"

#include <QRandomGenerator>

#include <array>
#include <optional>

namespace glasspost::smtp {

namespace {

/// PLAIN and LOGIN end the same way: with a name and a password, whose keys must be the user's. GNU SASL's
/// own would ask for the password in the clear; the store has keys alone.
class PasswordServer : public SaslServer
{
public:
    explicit PasswordServer(CredentialStore &credentials) : m_credentials(credentials) { }
    [[nodiscard]] QByteArray user() const override { return m_user; }

    Result derived(const ScramKeys &keys) override
    {
        const bool fits
            = m_known && !keys.storedKey.isEmpty() && equalInConstantTime(keys.storedKey, m_known->storedKey);
        return {fits ? Status::Done : Status::Refused, {}};
    }

protected:
    [[nodiscard]] bool takesAnybody() const { return m_credentials.takesAnybody(); }
    Result judge(const QByteArray &user, const QByteArray &password)
    {
        m_user = user;
        if (user.isEmpty() || hasControl(user) || password.contains('\0'))
            return {Status::Malformed, {}};
        if (m_credentials.takesAnybody())
            return {Status::Done, {}};
        if (password.size() > longestPassword)
            return {Status::Refused, {}};
        m_known = m_credentials.keysFor(user);
        const ScramKeys keys = m_known.value_or(
            nobodysScramKeys(user, ScramHash::Sha256, m_credentials.shapes(ScramHash::Sha256)));
        return {Status::Derive, {}, {password, keys.salt, keys.iterations}};
    }

private:
    CredentialStore &m_credentials;
    QByteArray m_user;
    std::optional<ScramKeys> m_known;
};

/// RFC 4616.
class PlainServer final : public PasswordServer
{
public:
    using PasswordServer::PasswordServer;
    [[nodiscard]] bool isClientFirst() const override { return true; }

    Result step(const QByteArray &response) override
    {
        const QList<QByteArray> parts = response.split('\0');
        if (parts.size() != 3)
            return {Status::Malformed, {}};
        if (!parts[0].isEmpty() && parts[0] != parts[1] && !takesAnybody())
            return {Status::OtherIdentity, {}};
        return judge(parts[1], parts[2]);
    }
};

/// LOGIN has no RFC; GNU SASL's ignores an initial response, which clients do send (S99).
class LoginServer final : public PasswordServer
{
public:
    using PasswordServer::PasswordServer;
    [[nodiscard]] bool isClientFirst() const override { return false; }

    Result step(const QByteArray &response) override
    {
        if (response.isNull())
            return {Status::Challenge, "Username:"};
        if (!m_name) {
            m_name = response;
            return {Status::Challenge, "Password:"};
        }
        return judge(*m_name, response);
    }

private:
    std::optional<QByteArray> m_name;
};

/// RFC 2195: the response is a digest of the challenge with the password, which only who has the password
/// could check; so this is for credentials that take anybody.
class CramMd5Server final : public SaslServer
{
public:
    explicit CramMd5Server(const SaslParty &party) : m_credentials(party.credentials), m_now(party.now) { }
    [[nodiscard]] bool isClientFirst() const override { return false; }
    [[nodiscard]] QByteArray user() const override { return m_user; }

    Result step(const QByteArray &response) override
    {
        if (response.isNull() && !m_wasChallenged) {
            m_wasChallenged = true;
            const QByteArray random = QByteArray::number(QRandomGenerator::system()->generate64());
            return {Status::Challenge, '<' + random + '.' + QByteArray::number(m_now) + "@localhost>"};
        }
        constexpr qsizetype digestSize = 32; // hexadecimal
        const qsizetype blank = response.lastIndexOf(' ');
        m_user = response.left(blank);
        const QByteArray digest = response.mid(blank + 1);
        const bool isDigest
            = digest.size() == digestSize && QByteArray::fromHex(digest).size() == digestSize / 2;
        if (!m_wasChallenged || blank < 1 || !isDigest || hasControl(m_user))
            return {Status::Malformed, {}};
        return {m_credentials.takesAnybody() ? Status::Done : Status::Refused, {}};
    }

private:
    CredentialStore &m_credentials;
    qint64 m_now;
    bool m_wasChallenged = false;
    QByteArray m_user;
};

/// RFC 4422 A: who one is was settled by TLS; the client may name whom it acts for, and that can only be
/// itself.
class ExternalServer final : public SaslServer
{
public:
    explicit ExternalServer(const SaslParty &party) : m_user(party.credentials.userOf(party.certificate)) { }
    [[nodiscard]] bool isClientFirst() const override { return true; }
    [[nodiscard]] QByteArray user() const override { return m_user; }

    Result step(const QByteArray &response) override
    {
        const bool fits = response.isEmpty() || response == m_user;
        return {fits ? Status::Done : Status::OtherIdentity, {}};
    }

private:
    QByteArray m_user;
};

/// RFC 4505: anybody, who may leave a trace of at most 255 characters; nobody is signed in.
class AnonymousServer final : public SaslServer
{
public:
    [[nodiscard]] bool isClientFirst() const override { return true; }
    [[nodiscard]] QByteArray user() const override { return {}; }

    Result step(const QByteArray &response) override
    {
        constexpr qsizetype longestTrace = 255;
        const bool fits = isUtf8(response) && QString::fromUtf8(response).size() <= longestTrace;
        return {fits ? Status::Done : Status::Malformed, {}};
    }
};

/// OAUTHBEARER (RFC 7628) and XOAUTH2, which GNU SASL lacks: user and token between octets 01. A refusal says
/// why in a challenge first, and the client answers with nothing of weight.
class TokenServer final : public SaslServer
{
public:
    TokenServer(CredentialStore &credentials, const QByteArray &mechanism)
        : m_credentials(credentials), m_isBearer(mechanism == "OAUTHBEARER")
    { }
    [[nodiscard]] bool isClientFirst() const override { return true; }
    [[nodiscard]] QByteArray user() const override { return m_user; }

    Result step(const QByteArray &response) override
    {
        if (m_refused)
            return {Status::Refused, {}};
        if (!read(response))
            return {Status::Malformed, {}};
        if (m_credentials.tokenFits(m_user, m_token))
            return {Status::Done, {}};
        m_refused = true;
        return {Status::Challenge,
            m_isBearer ? R"({"status":"invalid_token"})" : R"({"status":"401","schemes":"Bearer"})"};
    }

private:
    bool read(const QByteArray &response)
    {
        constexpr char fieldEnd = '\x01';
        const QList<QByteArray> parts = response.split(fieldEnd);
        if (parts.size() < 4 || !parts.at(parts.size() - 1).isEmpty()
            || !parts.at(parts.size() - 2).isEmpty())
            return false;
        // RFC 7628 3.1: "n,a=user,"; XOAUTH2: "user=user".
        const QByteArray &first = parts.constFirst();
        const QByteArray start = m_isBearer ? "n,a=" : "user=";
        if (!first.startsWith(start) || first.endsWith(',') != m_isBearer)
            return false;
        m_user = first.mid(start.size());
        if (m_isBearer) { // RFC 5801 4: how a comma or an equals sign stands in a name
            m_user.chop(1);
            m_user.replace("=2C", ",").replace("=3D", "=");
        }
        for (const QByteArray &part : parts) {
            if (startsWithIgnoringCase(part, "auth=Bearer "))
                m_token = part.mid(12);
        }
        return !m_user.isEmpty() && !m_token.isEmpty() && !hasControl(m_user);
    }

    CredentialStore &m_credentials;
    bool m_isBearer;
    bool m_refused = false;
    QByteArray m_user;
    QByteArray m_token;
};

} // namespace

namespace {

constexpr std::array mechanismOrder{"SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-1",
    "EXTERNAL", "CRAM-MD5", "OAUTHBEARER", "XOAUTH2", "PLAIN", "LOGIN", "ANONYMOUS"};

/// RFC 4954 3: nothing is listed that could not succeed on this connection.
bool canSucceed(const QByteArray &mechanism, const SaslParty &party)
{
    if (!party.allowed.contains(mechanism))
        return false;
    if (mechanism.endsWith("-PLUS"))
        return !party.bindings.isEmpty();
    if (mechanism == "EXTERNAL")
        return !party.certificate.isNull() && !party.credentials.userOf(party.certificate).isEmpty();
    return true;
}

} // namespace

QList<QByteArray> SaslServer::mechanismsFor(const SaslParty &party)
{
    QList<QByteArray> mechanisms;
    for (const QByteArray mechanism : mechanismOrder) {
        if (canSucceed(mechanism, party))
            mechanisms.append(mechanism);
    }
    return mechanisms;
}

std::unique_ptr<SaslServer> SaslServer::make(QByteArrayView mechanism, const SaslParty &party)
{
    const QByteArray name = mechanism.toByteArray().toUpper();
    if (!canSucceed(name, party))
        return {};
    if (name.startsWith("SCRAM-"))
        return makeScramServer(name, party);
    if (name == "EXTERNAL")
        return std::make_unique<ExternalServer>(party);
    if (name == "OAUTHBEARER" || name == "XOAUTH2")
        return std::make_unique<TokenServer>(party.credentials, name);
    if (name == "CRAM-MD5")
        return std::make_unique<CramMd5Server>(party);
    if (name == "PLAIN")
        return std::make_unique<PlainServer>(party.credentials);
    if (name == "LOGIN")
        return std::make_unique<LoginServer>(party.credentials);
    return std::make_unique<AnonymousServer>();
}

} // namespace glasspost::smtp
