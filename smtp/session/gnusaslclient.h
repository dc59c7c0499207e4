#pragma once

#include "smtp/session/saslclient.h"

namespace glasspost::smtp {

/// The mechanisms that GNU SASL knows.
class GnuSaslClient final : public SaslClient
{
public:
    GnuSaslClient(const QByteArray &mechanism, const SaslIdentity &identity);
    ~GnuSaslClient() override;

    [[nodiscard]] bool isClientFirst() const override;
    std::optional<QByteArray> respond(const QByteArray &challenge) override;
    /// SCRAM: the server's iteration count is within bounds (RFC 7677 4 and ours).
    [[nodiscard]] QByteArray objection(const QByteArray &challenge) const override;
    [[nodiscard]] bool isSlow(const QByteArray &challenge) const override;
    [[nodiscard]] bool isComplete() const override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace glasspost::smtp
