// The part of the tree of places that is searches.
#include "ui/mailbox/placesmodel.h"

#include "ui/theme/icons.h"
#include "ui/widgets/plaintext.h"
#include "ui/words/format.h"

#include <algorithm>

namespace glasspost::ui {

void PlacesModel::setSearches(const QList<SavedSearch> &searches)
{
    const auto isThere = [&searches](const QString &name) {
        return std::any_of(searches.cbegin(), searches.cend(),
            [&name](const SavedSearch &search) { return search.name == name; });
    };
    const QModelIndex heading = index(searchesRow(), 0, {});
    // The branch comes and goes with all that is in it.
    if (m_searches.isEmpty() != searches.isEmpty()) {
        searches.isEmpty() ? beginRemoveRows({}, searchesRow(), searchesRow())
                           : beginInsertRows({}, searchesRow(), searchesRow());
        m_searches = searches;
        searches.isEmpty() ? endRemoveRows() : endInsertRows();
        return;
    }
    for (int row = int(m_searches.size()) - 1; row >= 0 && m_searches.size() > searches.size(); --row) {
        if (isThere(m_searches[row].name))
            continue;
        beginRemoveRows(heading, row, row);
        m_searches.removeAt(row);
        endRemoveRows();
    }
    for (int row = 0; row < int(searches.size()); ++row) {
        const bool hasOther = row >= m_searches.size() || m_searches[row].name != searches[row].name;
        if (hasOther && m_searches.size() < searches.size()) {
            beginInsertRows(heading, row, row);
            m_searches.insert(row, searches[row]);
            endInsertRows();
        } else if (m_searches[row] != searches[row]) {
            m_searches[row] = searches[row];
            const QModelIndex changed = index(row, 0, heading);
            Q_EMIT dataChanged(changed, changed);
        }
    }
}

QString PlacesModel::wordsOf(const QString &search) const
{
    for (const SavedSearch &one : m_searches) {
        if (one.name == search)
            return one.words;
    }
    return {};
}

int PlacesModel::unreadInInboxes() const
{
    int unread = 0;
    for (const std::unique_ptr<Branch> &branch : m_branches) {
        for (const mail::FolderInfo &folder : branch->folders)
            unread += folder.id.folder.isEmpty() ? folder.unread : 0;
    }
    return unread;
}

/// Its count, which is that of all Inboxes.
void PlacesModel::showUnified()
{
    if (m_searches.isEmpty())
        return;
    const QModelIndex changed = index(0, 0, index(searchesRow(), 0, {}));
    Q_EMIT dataChanged(changed, changed);
}

QVariant PlacesModel::searchData(const SavedSearch &search, int role) const
{
    const bool isUnified = search == unifiedInbox();
    switch (role) {
    case Qt::DisplayRole:
        return search.name;
    case Qt::DecorationRole:
        return icon(isUnified ? IconName::Inbox : IconName::Search);
    case CountRole:
        return isUnified ? unreadInInboxes() : 0;
    case Qt::ToolTipRole:
        return plainToolTip(isUnified
                ? tr("The mail in the Inboxes of everybody: %1 unread").arg(countText(unreadInInboxes()))
                : tr("%1\nFinds: %2", "name and words of a search").arg(search.name, search.words));
    case Qt::AccessibleTextRole:
        return isUnified ? tr("%1, %2 unread").arg(search.name, countText(unreadInInboxes()))
                         : tr("Search: %1").arg(search.name);
    default:
        return {};
    }
}

} // namespace glasspost::ui
