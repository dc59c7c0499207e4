#pragma once

#include "mail/base/octetsreader.h"
#include "mail/message/messageview.h"

#include <QStringList>

namespace glasspost::mail {

/// What a person takes out of a message. Blocks on the disk for as long as the part is large, so that it is
/// work for runLongWork(); a file appears under its name when it is whole, or not at all.
Result<void> saveSource(const OctetsReader &message, const QString &path);
Result<void> savePart(const OctetsReader &message, int partIndex, const QString &path);
/// Each into a new file of the folder, none in the place of another; the paths, in that order.
Result<QStringList> saveParts(
    const OctetsReader &message, const QList<NamedPart> &parts, const QString &folder);
/// A copy to look at, mode 0400, in a folder of its own below folder; its path.
Result<QString> copyPart(const OctetsReader &message, const NamedPart &part, const QString &folder);

} // namespace glasspost::mail
