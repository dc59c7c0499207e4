#pragma once

#include "mail/error.h"
#include "mail/message/draft.h"

#include <QList>
#include <QString>

namespace glasspost::mail {

/// A composer that is open, as it is kept against a crash.
struct KeptComposer
{
    Draft draft;
    MessageId savedAs; ///< its version in Drafts, null when it has none

    friend bool operator==(const KeptComposer &, const KeptComposer &) = default;
};

QByteArray writeComposer(const KeptComposer &composer);
Result<KeptComposer> readComposer(const QByteArray &json);

/// The files drafts/composers/ID.json, whole or not at all, mode 0600. All of these block on the disk: on a
/// worker.
Result<void> keepComposerFile(const QString &dataFolder, const KeptComposer &composer);
void dropComposerFile(const QString &dataFolder, const QByteArray &draftId);
QList<KeptComposer> readComposerFiles(const QString &dataFolder);

} // namespace glasspost::mail
