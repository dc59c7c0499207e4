#pragma once

#include "mail/base/task.h"
#include "mail/message/draft.h"

namespace glasspost::mail {

/// Messages that are being written: checked, saved in Drafts, and kept against a crash while a composer has
/// them open. Any thread may call; every method returns at once. Has no signals: only the composer that
/// writes a draft changes it.
class Drafts
{
public:
    virtual ~Drafts() = default;

    /// What keeps it from being sent, or should be known before. Touches no disk but to see whether the
    /// attachments exist.
    [[nodiscard]] virtual QList<DraftProblem> check(const Draft &draft) const = 0;
    /// Into Drafts, in the place of the version saved before. The attachments are from then on the copies
    /// that the answer names; one that cannot be read is an error, and the version before stays.
    virtual Task<SavedDraft> save(const Draft &draft) = 0;
    virtual Task<Draft> load(const MessageId &id) = 0; ///< from Drafts
    /// The attachments of a message as files that belong to a draft, to be forwarded with it.
    virtual Task<QList<DraftAttachment>> unpackAttachments(const MessageId &from, const QByteArray &draftId)
        = 0;
    /// A saved draft goes to Trash, and comes back from there. Its attachments' files stay until
    /// dropComposer().
    virtual void discard(const QByteArray &draftId) = 0;
    virtual void restore(const QByteArray &draftId) = 0;
    /// The message it answered or forwarded loses the mark that sending it made.
    virtual void unmarkOrigin(const QByteArray &draftId) = 0;

    /// Autosave of an open composer: kept until dropped, given back after a crash.
    virtual void keepComposer(const Draft &draft) = 0;
    /// Closed, and not to be undone any more: its files go.
    virtual void dropComposer(const QByteArray &draftId) = 0;
    virtual Task<QList<KeptComposer>> keptComposers() = 0;
};

} // namespace glasspost::mail
