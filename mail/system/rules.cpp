#include "mail/system/rules.h"

#include "mail/system/mailthread.h"
#include "mail/system/services.h"

namespace glasspost::mail {

namespace {

class CoreRules : public Rules
{
public:
    explicit CoreRules(MailThread &mail) : m_mail(mail)
    {
        m_mail.onMailThread([this](MailCore &core) {
            connect(&core, &MailCore::rulesChanged, this, &Rules::changed);
            connect(&core.ruleErrands(), &RuleErrands::noticed, this, &Rules::noticed);
            connect(&core.ruleErrands(), &RuleErrands::failed, this, &Rules::failed);
        });
    }

    Task<RuleSet> rules() override
    {
        return m_mail.onMailThread([](MailCore &core) { return core.ruleSet(); });
    }
    Task<void> set(const QList<Rule> &rules) override
    {
        return m_mail.onMailThread([rules](MailCore &core) { return core.setRules(rules); });
    }
    Task<QList<RuleLogLine>> log(int count) override
    {
        return m_mail.onMailThread([count](MailCore &core) { return core.ruleLog().newest(count); });
    }
    Task<QList<RuleRunResult>> run(
        const QList<MessageId> &ids, RuleRunMode mode, const std::optional<QList<Rule>> &rules) override
    {
        return m_mail.onMailThread(
            [ids, mode, rules](MailCore &core) { return core.ruleRuns().run(ids, mode, rules); });
    }

private:
    MailThread &m_mail;
};

} // namespace

std::unique_ptr<Rules> makeRules(MailThread &mail)
{
    return std::make_unique<CoreRules>(mail);
}

} // namespace glasspost::mail
