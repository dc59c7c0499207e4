#pragma once

#include "mail/settings/settings.h"

#include <QList>
#include <QString>

namespace glasspost::ui {

/// Where a setting is changed: a page of the preferences, and the field on it.
enum class SettingsField {
    HostName,
    Identities,
    SmarthostName,
    Nameserver,
    Bindings,
    AllowedClients,
    TrustedPeers,
    CaptureRule,
    Spamd,
    TlsFiles,
    Http,
    LocalDomains,
    Users,
    Aliases,
    HandOn,
    RetryWaits
};

struct SettingsProblem
{
    SettingsField field = SettingsField::HostName;
    QString words; ///< one sentence: what is wrong and what is right
    friend bool operator==(const SettingsProblem &, const SettingsProblem &) = default;
};

/// Why these settings cannot be taken over; empty when they can. Pure: no disk, no network.
QList<SettingsProblem> settingsProblems(const mail::Settings &settings);
/// A domain or host name by RFC 5321's Domain (letters, digits, hyphens, dots; UTF-8 too), or an address
/// literal.
bool isDomain(const QString &text);

} // namespace glasspost::ui
