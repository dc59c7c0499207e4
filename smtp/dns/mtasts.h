#pragma once

#include <QByteArray>
#include <QList>

#include <chrono>
#include <optional>
#include <tl/expected.hpp>

namespace glasspost::smtp {

/// A domain's MTA-STS policy (RFC 8461 3.2). A plain value.
struct StsPolicy
{
    enum class Mode { None, Testing, Enforce };
    Mode mode = Mode::None;
    std::chrono::seconds maxAge{0};
    QList<QByteArray> patterns; ///< hosts, lower case; "*." at the front stands for one label

    /// RFC 8461 4.1: whether the policy names this exchanger.
    [[nodiscard]] bool lists(const QByteArray &host) const;
    friend bool operator==(const StsPolicy &, const StsPolicy &) = default;
};

/// The policy's text, or one English line that says what is wrong with it. Total over any octets.
tl::expected<StsPolicy, QByteArray> parseStsPolicy(const QByteArray &text);
/// The id in the TXT records at _mta-sts.DOMAIN (RFC 8461 3.1); nothing when there is not exactly one record
/// of STSv1 or it is malformed. Total.
std::optional<QByteArray> stsPolicyId(const QList<QByteArray> &texts);

inline constexpr qint64 stsPolicyLimit = 64 * 1024; ///< octets of a policy that are read (RFC 8461 3.3)

} // namespace glasspost::smtp
