// The colors that people have given to folders.
#include "ui/mailbox/foldercolor.h"
#include "ui/mailbox/placesmodel.h"

#include <utility>

namespace glasspost::ui {

void PlacesModel::setColors(const QList<mail::FolderKeeping> &folders)
{
    QHash<mail::FolderId, QString> colors;
    for (const mail::FolderKeeping &one : folders) {
        if (!one.color.isEmpty())
            colors.insert({one.mailbox, one.folder}, one.color);
    }
    const QHash<mail::FolderId, QString> before = std::exchange(m_colors, colors);
    QList<mail::FolderId> concerned = before.keys();
    concerned.append(colors.keys());
    for (const mail::FolderId &folder : std::as_const(concerned)) {
        const QModelIndex index = indexOf({Place::Kind::Folder, folder});
        if (index.isValid() && before.value(folder) != m_colors.value(folder))
            Q_EMIT dataChanged(index, index);
    }
}

/// What is told of a folder, with its color, which is never told by its mark alone.
QString PlacesModel::withColor(const QString &text, const mail::FolderId &folder) const
{
    const QString color = m_colors.value(folder);
    return color.isEmpty() ? text : tr("%1; color: %2").arg(text, folderColorTitle(color));
}

} // namespace glasspost::ui
