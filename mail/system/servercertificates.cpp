#include "mail/system/servercertificates.h"

#include "mail/system/mailthread.h"
#include "mail/system/services.h"

namespace glasspost::mail {

namespace {

class CoreServerCertificates : public ServerCertificates
{
public:
    explicit CoreServerCertificates(MailThread &mail) : m_mail(mail)
    {
        m_mail.onMailThread([this](MailCore &core) {
            connect(&core.certificates(), &CertificateApprover::questionsChanged, this,
                &ServerCertificates::changed);
        });
    }

    Task<QList<CertificateQuestion>> questions() override
    {
        return m_mail.onMailThread([](MailCore &core) { return core.certificates().questions(); });
    }
    void decide(const AcceptedCertificate &which, CertificateDecision decision) override
    {
        m_mail.onMailThread(
            [which, decision](MailCore &core) { core.certificates().decide(which, decision); });
    }

private:
    MailThread &m_mail;
};

} // namespace

std::unique_ptr<ServerCertificates> makeServerCertificates(MailThread &mail)
{
    return std::make_unique<CoreServerCertificates>(mail);
}

} // namespace glasspost::mail
