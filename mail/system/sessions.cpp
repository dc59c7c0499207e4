#include "mail/system/sessions.h"

#include "mail/system/mailthread.h"
#include "mail/system/services.h"

namespace glasspost::mail {

namespace {

class CoreSessions : public Sessions
{
public:
    explicit CoreSessions(MailThread &mail) : m_mail(mail)
    {
        m_mail.onMailThread([this](MailCore &core) {
            connect(&core.transcripts(), &TranscriptStore::batched, this,
                [this](const auto &sessions, const auto &entries) {
                    Q_EMIT recorded({sessions, entries});
                });
        });
    }

    Task<QList<smtp::SessionFacts>> list(int offset, int limit) override
    {
        return m_mail.directly(
            [offset, limit](MailCore &core) { return core.transcripts().sessions(offset, limit); });
    }
    Task<Transcript> transcript(const QByteArray &sessionId) override
    {
        return m_mail.directly(
            [sessionId](MailCore &core) { return core.transcripts().transcript(sessionId); });
    }
    Task<Transcript> lastLines(const QByteArray &sessionId, qsizetype most) override
    {
        return m_mail.directly(
            [sessionId, most](MailCore &core) { return core.transcripts().transcript(sessionId, most); });
    }
    Task<smtp::SessionFacts> facts(const QByteArray &sessionId) override
    {
        return m_mail.directly([sessionId](MailCore &core) { return core.transcripts().facts(sessionId); });
    }

private:
    MailThread &m_mail;
};

} // namespace

std::unique_ptr<Sessions> makeSessions(MailThread &mail)
{
    return std::make_unique<CoreSessions>(mail);
}

} // namespace glasspost::mail
