#pragma once

#include "smtp/session/credentials.h"

namespace glasspost::smtp {

/// For a listener that captures: takes any name with any password or token and keeps neither. SCRAM is not
/// among the mechanisms, since there the server has to prove that it knows the password, too.
class AnyCredentials final : public CredentialStore
{
public:
    QList<QByteArray> mechanisms() override
    {
        return {"CRAM-MD5", "OAUTHBEARER", "XOAUTH2", "PLAIN", "LOGIN"};
    }
    std::optional<ScramKeys> keysFor(const QByteArray &) override { return {}; }
    bool tokenFits(const QByteArray &, const QByteArray &) override { return true; }
    [[nodiscard]] bool takesAnybody() const override { return true; }
};

} // namespace glasspost::smtp
