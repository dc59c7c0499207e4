#pragma once

// Settings without a mail system, for a window's test.

#include "mail/system/currentsettings.h"

namespace glasspost::test {

/// In memory alone.
class FakeSettings : public mail::CurrentSettings
{
public:
    explicit FakeSettings(mail::Settings settings = {}) : m_settings(std::move(settings)) { }

    mail::Settings value() const override { return m_settings; }
    mail::Task<void> set(const mail::Settings &settings) override
    {
        m_settings = settings;
        Q_EMIT changed(settings);
        return mail::Result<void>();
    }
    mail::Task<void> changeFolders(const mail::KeepingChange &change) override
    {
        change(m_settings.folders);
        Q_EMIT changed(m_settings);
        return mail::Result<void>();
    }

private:
    mail::Settings m_settings;
};

} // namespace glasspost::test
