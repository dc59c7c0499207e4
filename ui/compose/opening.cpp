#include "ui/compose/composewindow.h"

#include <QDir>

namespace glasspost::ui {

void reopenKept(mail::MailSystem &system, QObject *context, const ComposeOpened &opened)
{
    system.keptComposers(context, [&system, opened](const mail::Result<QList<mail::Draft>> &drafts) {
        if (!drafts)
            return;
        for (const mail::Draft &draft : *drafts) {
            auto *window = new ComposeWindow(system, draft);
            opened(window);
            window->show();
        }
    });
}

void openDraft(mail::MailSystem &system, const mail::MessageId &id, QObject *context,
    const ComposeOpened &opened, const std::function<void(const mail::Error &)> &failed)
{
    system.loadDraft(id, context, [&system, id, opened, failed](const mail::Result<mail::Draft> &draft) {
        if (!draft) {
            failed(draft.error());
            return;
        }
        auto *window = new ComposeWindow(system, *draft, id);
        opened(window);
        window->show();
    });
}

namespace {

// Saves one attachment after the other, then opens; one that cannot be saved is left out, which the strip
// shows.
void openWithParts(mail::MailSystem &system, const mail::MessageId &id, QList<mail::PartView> parts,
    const mail::Draft &draft, QObject *context, const ComposeOpened &opened)
{
    if (parts.isEmpty()) {
        auto *window = new ComposeWindow(system, draft);
        opened(window);
        window->show();
        return;
    }
    const mail::PartView part = parts.takeFirst();
    const QString name = mail::safeFileName(part.fileName);
    const QString path = QDir::temp().filePath(
        QStringLiteral("glasspost-%1-%2-%3").arg(QString::fromLatin1(draft.id)).arg(part.index).arg(name));
    system.savePart(id, part.index, path, context,
        [&system, id, parts, draft, context, opened, path, name, type = part.contentType](
            const mail::Result<void> &saved) {
            mail::Draft more = draft;
            if (saved)
                more.attachments.append({path, name, type});
            openWithParts(system, id, parts, more, context, opened);
        });
}

} // namespace

void openReply(mail::MailSystem &system, const mail::MessageView &message, ReplyKind kind, QObject *context,
    const ComposeOpened &opened)
{
    QList<mail::PartView> parts;
    if (kind == ReplyKind::Forward) {
        for (const mail::PartView &part : message.parts) {
            if (part.isAttachment)
                parts.append(part);
        }
    }
    openWithParts(system, message.id, parts, makeReply(message, kind, system.settings()), context, opened);
}

} // namespace glasspost::ui
