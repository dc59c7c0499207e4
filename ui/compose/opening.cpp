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

void reopenKept(const ComposeServices &services, QObject *context, const ComposeOpened &opened)
{
    services.drafts.keptComposers().then(
        context, [services, opened](const mail::Result<QList<mail::KeptComposer>> &kept) {
            for (const mail::KeptComposer &one : kept.value_or(QList<mail::KeptComposer>()))
                show(new ComposeWindow(services, one.draft, ComposeStart::Recovered, one.savedAs), opened);
        });
}

void openDraft(const ComposeServices &services, const mail::MessageId &id, QObject *context,
    const ComposeOpened &opened, const ComposeFailed &failed)
{
    services.drafts.load(id).then(
        context, [services, id, opened, failed](const mail::Result<mail::Draft> &draft) {
            if (draft)
                show(new ComposeWindow(services, *draft, ComposeStart::FromDrafts, id), opened);
            else
                failed(draft.error());
        });
}

void openReply(const ComposeServices &services, const mail::MessageView &message, ReplyKind kind,
    QObject *context, const ComposeOpened &opened, const ComposeFailed &failed)
{
    const mail::Draft draft = makeReply(message, kind, services.settings.value());
    const bool hasAttachments = std::any_of(message.parts.cbegin(), message.parts.cend(),
        [](const mail::PartView &part) { return part.isAttachment; });
    if (kind != ReplyKind::Forward || !hasAttachments) {
        show(new ComposeWindow(services, draft), opened);
        return;
    }
    using Unpacked = mail::Result<QList<mail::DraftAttachment>>;
    services.drafts.unpackAttachments(message.id, draft.id)
        .then(context, [services, draft, opened, failed](const Unpacked &attachments) {
            if (!attachments) {
                failed(attachments.error());
                return;
            }
            mail::Draft whole = draft;
            whole.attachments = *attachments;
            show(new ComposeWindow(services, whole), opened);
        });
}

} // namespace glasspost::ui
