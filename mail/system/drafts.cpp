#include "mail/system/drafts.h"

#include "mail/system/mailthread.h"
#include "mail/system/services.h"

namespace glasspost::mail {

namespace {

class CoreDrafts : public Drafts
{
public:
    CoreDrafts(MailThread &mail, const CurrentSettings &settings) : m_mail(mail), m_settings(settings) { }

    QList<DraftProblem> check(const Draft &draft) const override
    {
        const Router router(m_settings.value());
        return checkDraft(draft, [&router](const QString &name) {
            const Destination where = router.destination({name.toUtf8(), {}});
            return where.kind == Destination::Kind::Local || where.kind == Destination::Kind::Forwarded;
        });
    }
    Task<SavedDraft> save(const Draft &draft) override
    {
        return onMailThread([draft](Submission &submission) { return submission.saveDraft(draft); });
    }
    Task<Draft> load(const MessageId &id) override
    {
        return onMailThread([id](Submission &submission) { return submission.loadDraft(id); });
    }
    Task<QList<DraftAttachment>> unpackAttachments(const MessageId &from, const QByteArray &draftId) override
    {
        return onMailThread(
            [from, draftId](Submission &submission) { return submission.unpackAttachments(from, draftId); });
    }
    void discard(const QByteArray &draftId) override
    {
        onMailThread([draftId](Submission &submission) { submission.discardDraft(draftId); });
    }
    void restore(const QByteArray &draftId) override
    {
        onMailThread([draftId](Submission &submission) { submission.restoreDraft(draftId); });
    }
    void unmarkOrigin(const QByteArray &draftId) override
    {
        onMailThread([draftId](Submission &submission) { submission.unmarkOrigin(draftId); });
    }
    void keepComposer(const Draft &draft) override
    {
        onMailThread([draft](Submission &submission) { submission.keepComposer(draft); });
    }
    void dropComposer(const QByteArray &draftId) override
    {
        onMailThread([draftId](Submission &submission) { submission.dropComposer(draftId); });
    }
    Task<QList<KeptComposer>> keptComposers() override
    {
        return onMailThread([](Submission &submission) { return submission.keptComposers(); });
    }

private:
    template <typename Work> TaskFor<Work, Submission &> onMailThread(Work work)
    {
        return m_mail.onMailThread([work](MailCore &core) { return work(core.submission()); });
    }

    MailThread &m_mail;
    const CurrentSettings &m_settings;
};

} // namespace

std::unique_ptr<Drafts> makeDrafts(MailThread &mail, const CurrentSettings &settings)
{
    return std::make_unique<CoreDrafts>(mail, settings);
}

} // namespace glasspost::mail
