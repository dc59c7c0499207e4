#pragma once

#include "mail/base/task.h"
#include "mail/index/arrivalquery.h"
#include "mail/index/rows.h"
#include "smtp/session/transcript.h"

#include <QByteArray>
#include <QList>

namespace glasspost::mail {

/// What programs look up where a person looks at lists: messages as they come and by their unique name, a
/// session without all that was said in it, the Inboxes of captured mail. Any thread may call; every method
/// returns at once.
class Lookups
{
public:
    virtual ~Lookups() = default;

    /// Rows in the order in which the index took them in; of the page query and total are not set.
    virtual Task<RowPage> arrivals(const ArrivalQuery &query) = 0;
    /// The message of that unique name, in whatever folder; none where the index has none.
    virtual Task<QList<MessageRow>> named(const QByteArray &unique) = 0;
    virtual Task<smtp::SessionFacts> session(const QByteArray &id) = 0; ///< NotFound when it is not kept
    /// The Inbox of captured mail of that name: a binding's, or one that the rule makes, from before its
    /// first message on. BadSettings, whose subject is a sentence, where nothing is captured into it or it is
    /// a person's.
    virtual Task<FolderId> captureInbox(const QString &name) = 0;
    virtual Task<QList<FolderId>> captureInboxes() = 0; ///< all there are, the bindings' first
};

} // namespace glasspost::mail
