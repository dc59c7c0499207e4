#include "mail/system/currentsettings.h"

#include "mail/base/mutex.h"
#include "mail/system/mailthread.h"
#include "mail/system/services.h"

namespace glasspost::mail {

namespace {

class CoreSettings : public CurrentSettings
{
public:
    explicit CoreSettings(MailThread &mail) : m_mail(mail)
    {
        m_mail.onMailThread([this](MailCore &core) {
            keep(core.settings());
            connect(&core, &MailCore::settingsChanged, &core, [this](const Settings &now) { keep(now); });
            connect(&core, &MailCore::settingsChanged, this, &CurrentSettings::changed);
        });
    }

    Settings value() const override
    {
        const MutexLock lock(m_mutex);
        return m_value;
    }
    Task<void> set(const Settings &settings) override
    {
        return m_mail.onMailThread([settings](MailCore &core) { return core.setSettings(settings); });
    }
    Task<void> changeFolders(const KeepingChange &change) override
    {
        return m_mail.onMailThread([change](MailCore &core) { return core.changeFolders(change); });
    }

private:
    void keep(const Settings &now)
    {
        const MutexLock lock(m_mutex);
        m_value = now;
    }

    MailThread &m_mail;
    mutable Mutex m_mutex;
    Settings m_value GUARDED_BY(m_mutex);
};

} // namespace

std::unique_ptr<CurrentSettings> makeCurrentSettings(MailThread &mail)
{
    return std::make_unique<CoreSettings>(mail);
}

} // namespace glasspost::mail
