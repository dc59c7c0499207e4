#include "mail/system/lookups.h"

#include "mail/system/mailthread.h"
#include "mail/system/services.h"

namespace glasspost::mail {

namespace {

class CoreLookups : public Lookups
{
public:
    explicit CoreLookups(MailThread &mail) : m_mail(mail) { }

    Task<RowPage> arrivals(const ArrivalQuery &query) override
    {
        return m_mail.directly([query](MailCore &core) { return core.store().arrivals(query); });
    }
    Task<QList<MessageRow>> named(const QByteArray &unique) override
    {
        return m_mail.directly([unique](MailCore &core) { return core.store().named(unique); });
    }
    Task<smtp::SessionFacts> session(const QByteArray &id) override
    {
        return m_mail.directly([id](MailCore &core) { return core.transcripts().facts(id); });
    }
    Task<FolderId> captureInbox(const QString &name) override
    {
        return m_mail.onMailThread(
            [name](MailCore &core) { return core.captureInboxes().find(core.settings(), name); });
    }
    Task<QList<FolderId>> captureInboxes() override
    {
        return m_mail.onMailThread([](MailCore &core) { return core.captureInboxes().all(core.settings()); });
    }

private:
    MailThread &m_mail;
};

} // namespace

std::unique_ptr<Lookups> makeLookups(MailThread &mail)
{
    return std::make_unique<CoreLookups>(mail);
}

} // namespace glasspost::mail
