#include "ui/compose/composewindow.h"

#include <algorithm>

namespace glasspost::ui {

namespace {

// Its owner knows it before it is seen.
void show(ComposeWindow *window, const ComposeOpened &opened)
{
    opened(window);
    window->show();
}

} // namespace

void reopenKept(mail::MailSystem &system, QObject *context, const ComposeOpened &opened)
{
    system.keptComposers().then(
        context, [&system, opened](const mail::Result<QList<mail::KeptComposer>> &kept) {
            for (const mail::KeptComposer &one : kept.value_or(QList<mail::KeptComposer>()))
                show(new ComposeWindow(system, one.draft, ComposeStart::Recovered, one.savedAs), opened);
        });
}

void openDraft(mail::MailSystem &system, const mail::MessageId &id, QObject *context,
    const ComposeOpened &opened, const ComposeFailed &failed)
{
    system.loadDraft(id).then(context, [&system, id, opened, failed](const mail::Result<mail::Draft> &draft) {
        if (draft)
            show(new ComposeWindow(system, *draft, ComposeStart::FromDrafts, id), opened);
        else
            failed(draft.error());
    });
}

void openReply(mail::MailSystem &system, const mail::MessageView &message, ReplyKind kind, QObject *context,
    const ComposeOpened &opened, const ComposeFailed &failed)
{
    const mail::Draft draft = makeReply(message, kind, system.settings());
    const bool hasAttachments = std::any_of(message.parts.cbegin(), message.parts.cend(),
        [](const mail::PartView &part) { return part.isAttachment; });
    if (kind != ReplyKind::Forward || !hasAttachments) {
        show(new ComposeWindow(system, draft), opened);
        return;
    }
    using Unpacked = mail::Result<QList<mail::DraftAttachment>>;
    system.unpackAttachments(message.id, draft.id)
        .then(context, [&system, draft, opened, failed](const Unpacked &attachments) {
            if (!attachments) {
                failed(attachments.error());
                return;
            }
            mail::Draft whole = draft;
            whole.attachments = *attachments;
            show(new ComposeWindow(system, whole), opened);
        });
}

} // namespace glasspost::ui
