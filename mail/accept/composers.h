#pragma once

#include "mail/base/error.h"
#include "mail/message/draft.h"

#include <QList>
#include <QString>

namespace glasspost::mail {

QByteArray writeComposer(const KeptComposer &composer);
Result<KeptComposer> readComposer(const QByteArray &json);

/// The files drafts/composers/ID.json, whole or not at all, mode 0600. All of these block on the disk: on a
/// worker.
Result<void> keepComposerFile(const QString &dataFolder, const KeptComposer &composer);
void dropComposerFile(const QString &dataFolder, const QByteArray &draftId);
QList<KeptComposer> readComposerFiles(const QString &dataFolder);

/// The folder of a composer's attachments, drafts/attachments/ID: what a draft or a forwarded message brought
/// with it, and copies of the files attached since, made when the draft is saved. Folders have mode 0700,
/// files 0600. These block on the disk, too; what they drop is never behind a link that leads elsewhere.
QString attachmentFolder(const QString &dataFolder, const QByteArray &draftId);
/// The draft's attachments with a copy of each file that lies elsewhere, so that the draft no longer depends
/// on it.
Result<QList<DraftAttachment>> keepAttachments(const QString &dataFolder, const Draft &draft);
void dropAttachments(const QString &dataFolder, const QByteArray &draftId);
/// Copies of attachments that other programs were given to show.
QString openedFolder(const QString &dataFolder);
void dropOpened(const QString &dataFolder);
/// Attachment folders that no kept composer has any more: those of a program that was killed.
void dropOrphanedAttachments(const QString &dataFolder);

} // namespace glasspost::mail
