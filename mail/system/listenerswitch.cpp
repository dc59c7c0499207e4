#include "mail/system/listenerswitch.h"

#include "mail/system/mailthread.h"
#include "mail/system/services.h"

namespace glasspost::mail {

namespace {

class CoreListenerSwitch : public ListenerSwitch
{
public:
    explicit CoreListenerSwitch(MailThread &mail) : m_mail(mail)
    {
        m_mail.onMailThread([this](MailCore &core) {
            connect(&core.batches(), &Batches::listener, this, &ListenerSwitch::changed);
        });
    }

    void start(const ListenerSettings &settings) override
    {
        m_mail.onMailThread([settings](MailCore &core) { core.startListening(settings); });
    }
    void stop() override
    {
        m_mail.onMailThread([](MailCore &core) { core.listening().stop(); });
    }
    Task<CertificateFacts> certificate() override
    {
        return m_mail.onMailThread([](MailCore &core) {
            return core.worker().run([folder = core.dataFolder(), settings = core.settings()] {
                return loadCertificate(folder, settings.listener, settings.hostName)
                    .and_then([](const ListenerCertificate &loaded) -> Result<CertificateFacts> {
                        if (!loaded.identity)
                            return tl::unexpected(Error{ErrorCode::NotFound, {}, {}});
                        return factsOf(loaded.identity->chain.first());
                    });
            });
        });
    }

private:
    MailThread &m_mail;
};

} // namespace

std::unique_ptr<ListenerSwitch> makeListenerSwitch(MailThread &mail)
{
    return std::make_unique<CoreListenerSwitch>(mail);
}

} // namespace glasspost::mail
