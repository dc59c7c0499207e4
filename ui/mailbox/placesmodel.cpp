#include "ui/mailbox/placesmodel.h"

#include "ui/theme/icons.h"
#include "ui/widgets/plaintext.h"
#include "ui/words/foldertext.h"
#include "ui/words/format.h"

#include <algorithm>

namespace glasspost::ui {

namespace {

IconName iconOf(const mail::FolderId &folder)
{
    constexpr std::array icons = {IconName::Inbox, IconName::Drafts, IconName::Sent, IconName::Archive,
        IconName::Junk, IconName::Trash, IconName::Folder};
    return icons[size_t(std::min<int>(folderRank(folder), int(icons.size()) - 1))];
}

} // namespace

PlacesModel::PlacesModel(QObject *parent) : QAbstractItemModel(parent) { }
PlacesModel::~PlacesModel() = default;

void PlacesModel::setFolders(const QList<mail::FolderInfo> &folders)
{
    QList<mail::FolderInfo> shown = folders;
    shown.removeIf([this](const mail::FolderInfo &folder) { return !isShown(folder); });
    dropMissing(shown);
    updateFolders(shown);
}

bool PlacesModel::isShown(const mail::FolderInfo &folder) const
{
    const bool isStandard = !folder.id.folder.isEmpty() && isStandardFolder(folder.id);
    // One that became empty stays until the next start: nothing goes from under the hand.
    return !isStandard || folder.total > 0 || m_users.contains(folder.id.user)
        || indexOf({Place::Kind::Folder, folder.id}).isValid();
}

void PlacesModel::updateFolders(const QList<mail::FolderInfo> &folders)
{
    for (const mail::FolderInfo &folder : folders) {
        if (isShown(folder))
            put(folder);
    }
}

void PlacesModel::setOutgoing(int waiting, int failed)
{
    if (m_waiting == waiting && m_failed == failed)
        return;
    m_waiting = waiting;
    m_failed = failed;
    const QModelIndex changed = index(int(m_branches.size()) + OutgoingRow, 0, {});
    Q_EMIT dataChanged(changed, changed);
}

void PlacesModel::dropMissing(const QList<mail::FolderInfo> &folders)
{
    const auto isThere = [&folders](const mail::FolderId &id) {
        return std::any_of(folders.cbegin(), folders.cend(),
            [&id](const mail::FolderInfo &folder) { return folder.id == id; });
    };
    for (int b = int(m_branches.size()) - 1; b >= 0; --b) {
        Branch &branch = *m_branches[size_t(b)];
        for (int row = int(branch.folders.size()) - 1; row >= 0; --row) {
            if (isThere(branch.folders[row].id))
                continue;
            beginRemoveRows(index(b, 0, {}), row, row);
            branch.folders.removeAt(row);
            endRemoveRows();
            showNesting(index(b, 0, {}));
        }
        if (branch.folders.isEmpty()) {
            beginRemoveRows({}, b, b);
            m_branches.erase(m_branches.begin() + b);
            endRemoveRows();
        }
    }
}

PlacesModel::Branch &PlacesModel::needBranch(const QString &user)
{
    const auto place = std::lower_bound(m_branches.begin(), m_branches.end(), user,
        [](const std::unique_ptr<Branch> &branch, const QString &name) {
            return QString::localeAwareCompare(branch->user, name) < 0;
        });
    if (place != m_branches.end() && (*place)->user == user)
        return **place;
    const int row = int(place - m_branches.begin());
    beginInsertRows({}, row, row);
    const auto added = m_branches.insert(place, std::make_unique<Branch>(Branch{user, {}, {}}));
    endInsertRows();
    return **added;
}

void PlacesModel::put(const mail::FolderInfo &folder)
{
    Branch &branch = needBranch(folder.id.user);
    const auto place = std::lower_bound(branch.folders.begin(), branch.folders.end(), folder,
        [](const mail::FolderInfo &a, const mail::FolderInfo &b) { return standsBefore(a.id, b.id); });
    const int row = int(place - branch.folders.begin());
    const QModelIndex parent = userIndex(folder.id.user);
    if (place == branch.folders.end() || place->id != folder.id) {
        beginInsertRows(parent, row, row);
        branch.folders.insert(row, folder);
        endInsertRows();
        showNesting(parent);
    } else if (!(*place == folder)) {
        branch.folders[row] = folder;
        const QModelIndex changed = index(row, 0, parent);
        Q_EMIT dataChanged(changed, changed);
    }
    if (folder.id.folder.isEmpty())
        showUnified();
}

QModelIndex PlacesModel::userIndex(const QString &user) const
{
    for (size_t i = 0; i < m_branches.size(); ++i) {
        if (m_branches[i]->user == user)
            return index(int(i), 0, {});
    }
    return {};
}

QModelIndex PlacesModel::indexOf(const Place &place) const
{
    switch (place.kind) {
    case Place::Kind::Outgoing:
        return index(int(m_branches.size()) + OutgoingRow, 0, {});
    case Place::Kind::Sessions:
        return index(int(m_branches.size()) + SessionsRow, 0, {});
    case Place::Kind::Search:
        for (int row = 0; row < m_searches.size(); ++row) {
            if (m_searches[row].name == place.search)
                return createIndex(row, 0, &m_searchBranch);
        }
        return {};
    case Place::Kind::Folder:
        break;
    }
    const QModelIndex parent = userIndex(place.folder.user);
    if (!parent.isValid())
        return {};
    const QList<mail::FolderInfo> &folders = m_branches[size_t(parent.row())]->folders;
    for (int row = 0; row < folders.size(); ++row) {
        if (folders[row].id == place.folder)
            return index(row, 0, parent);
    }
    return {};
}

std::optional<Place> PlacesModel::place(const QModelIndex &index) const
{
    if (!index.isValid())
        return std::nullopt;
    if (isSearch(index))
        return Place{Place::Kind::Search, {}, m_searches[index.row()].name};
    if (const Branch *branch = branchOf(index))
        return Place{Place::Kind::Folder, branch->folders[index.row()].id};
    const int fixed = index.row() - int(m_branches.size());
    if (fixed < 0 || fixed >= FixedRows)
        return std::nullopt;
    return Place{fixed == OutgoingRow ? Place::Kind::Outgoing : Place::Kind::Sessions, {}};
}

QList<Place> PlacesModel::places() const
{
    QList<Place> all;
    for (const std::unique_ptr<Branch> &branch : m_branches) {
        for (const mail::FolderInfo &folder : branch->folders)
            all.append({Place::Kind::Folder, folder.id});
    }
    all.append({Place::Kind::Outgoing, {}});
    all.append({Place::Kind::Sessions, {}});
    for (const SavedSearch &search : m_searches)
        all.append({Place::Kind::Search, {}, search.name});
    return all;
}

QList<mail::FolderId> PlacesModel::foldersOf(const QString &user) const
{
    QList<mail::FolderId> ids;
    for (const std::unique_ptr<Branch> &branch : m_branches) {
        if (branch->user != user)
            continue;
        for (const mail::FolderInfo &folder : branch->folders)
            ids.append(folder.id);
    }
    return ids;
}

QStringList PlacesModel::folderNames() const
{
    QStringList names;
    for (const std::unique_ptr<Branch> &branch : m_branches) {
        for (const mail::FolderInfo &folder : branch->folders)
            names << (folder.id.folder.isEmpty() ? QStringLiteral("Inbox") : folder.id.folder)
                  << folder.id.user;
    }
    names.removeDuplicates();
    return names;
}

mail::FolderInfo PlacesModel::info(const mail::FolderId &folder) const
{
    const QModelIndex found = indexOf({Place::Kind::Folder, folder});
    if (!found.isValid())
        return {folder, 0, 0};
    return branchOf(found)->folders[found.row()];
}

const PlacesModel::Branch *PlacesModel::branchOf(const QModelIndex &folderIndex) const
{
    return static_cast<const Branch *>(folderIndex.internalPointer());
}

QModelIndex PlacesModel::index(int row, int column, const QModelIndex &parent) const
{
    if (row < 0 || column != 0 || row >= rowCount(parent))
        return {};
    if (!parent.isValid())
        return createIndex(row, column, nullptr);
    if (parent.row() == searchesRow())
        return createIndex(row, column, &m_searchBranch);
    return createIndex(row, column, m_branches[size_t(parent.row())].get());
}

QModelIndex PlacesModel::parent(const QModelIndex &index) const
{
    const Branch *branch = branchOf(index);
    if (branch == nullptr)
        return {};
    if (branch == &m_searchBranch)
        return createIndex(searchesRow(), 0, nullptr);
    const auto place = std::find_if(m_branches.cbegin(), m_branches.cend(),
        [branch](const std::unique_ptr<Branch> &one) { return one.get() == branch; });
    return createIndex(int(place - m_branches.cbegin()), 0, nullptr);
}

int PlacesModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return searchesRow() + (m_searches.isEmpty() ? 0 : 1);
    if (branchOf(parent) == nullptr && parent.row() == searchesRow())
        return int(m_searches.size());
    if (branchOf(parent) != nullptr || parent.row() >= int(m_branches.size()))
        return 0;
    return int(m_branches[size_t(parent.row())]->folders.size());
}

int PlacesModel::columnCount(const QModelIndex &) const
{
    return 1;
}

Qt::ItemFlags PlacesModel::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags; // nothing is dropped between the places
    if (isSearch(index))
        return Qt::ItemIsEnabled | Qt::ItemIsSelectable;
    if (branchOf(index) != nullptr)
        return Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsDropEnabled;
    if (index.row() < int(m_branches.size()) || index.row() == searchesRow())
        return Qt::ItemIsEnabled;
    return Qt::ItemIsEnabled | Qt::ItemIsSelectable;
}

QVariant PlacesModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    if (role == PlaceRole) {
        const std::optional<Place> found = place(index);
        return found ? QVariant::fromValue(*found) : QVariant();
    }
    if (isSearch(index))
        return searchData(m_searches[index.row()], role);
    if (const Branch *branch = branchOf(index))
        return folderData(branch->folders[index.row()], role);
    if (index.row() == searchesRow())
        return headingData(tr("Searches"), role);
    if (index.row() >= int(m_branches.size()))
        return fixedData(index.row() - int(m_branches.size()), role);
    return role == IsUserRole ? true : headingData(m_branches[size_t(index.row())]->user, role);
}

QVariant PlacesModel::headingData(const QString &title, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        return title;
    case Qt::ToolTipRole:
        return plainToolTip(title);
    case IsHeadingRole:
        return true;
    default:
        return {};
    }
}

/// What its folders lie in may have come or gone. Only now, after the row of that folder: no other row may
/// change together with it.
void PlacesModel::showNesting(const QModelIndex &user)
{
    Branch &branch = *m_branches[size_t(user.row())];
    branch.outer.clear();
    for (const mail::FolderInfo &folder : std::as_const(branch.folders))
        branch.outer.insert(folder.id.folder);
    if (const int rows = rowCount(user); rows > 0)
        Q_EMIT dataChanged(index(0, 0, user), index(rows - 1, 0, user));
}

/// The folders of the tree in which it lies, the outermost first.
QStringList PlacesModel::foldersAround(const mail::FolderId &folder) const
{
    const QModelIndex user = userIndex(folder.user);
    if (!user.isValid())
        return {};
    const QSet<QString> &outer = m_branches[size_t(user.row())]->outer;
    QStringList around;
    for (qsizetype dot = folder.folder.indexOf(u'.'); dot > 0; dot = folder.folder.indexOf(u'.', dot + 1)) {
        const QString other = folder.folder.left(dot);
        if (outer.contains(other))
            around += other;
    }
    return around;
}

QVariant PlacesModel::folderData(const mail::FolderInfo &folder, int role) const
{
    // Drafts and Junk are never "unread": a draft counts whole, junk does not ask for attention.
    const bool drafts = folder.id.folder == QLatin1String("Drafts");
    switch (role) {
    case Qt::DisplayRole: {
        const QStringList around = foldersAround(folder.id);
        return around.isEmpty() ? folderTitle(folder.id) : folder.id.folder.sliced(around.last().size() + 1);
    }
    case DepthRole:
        return int(foldersAround(folder.id).size());
    case Qt::DecorationRole:
        return icon(iconOf(folder.id));
    case CountRole:
        return drafts ? folder.total : folder.unread;
    case Qt::ToolTipRole:
        return plainToolTip(
            withColor(tr("%1 of %2: %3, %4 unread")
                          .arg(folderTitle(folder.id), folder.id.user,
                              tr("%Ln message(s)", nullptr, folder.total), countText(folder.unread)),
                folder.id));
    case Qt::AccessibleTextRole:
        return withColor(tr("%1, %2 unread of %3")
                             .arg(folderTitle(folder.id), countText(folder.unread), countText(folder.total)),
            folder.id);
    case ColorRole:
        return m_colors.value(folder.id);
    default:
        return {};
    }
}

QVariant PlacesModel::fixedData(int row, int role) const
{
    const bool outgoing = row == OutgoingRow;
    switch (role) {
    case Qt::DisplayRole:
        return outgoing ? tr("Outgoing") : tr("Sessions");
    case Qt::DecorationRole:
        return icon(outgoing ? IconName::Outgoing : IconName::Sessions);
    case CountRole:
        return outgoing ? m_waiting + m_failed : 0;
    case IsWarningRole:
        return outgoing && m_failed > 0;
    case Qt::ToolTipRole:
        return plainToolTip(outgoing
                ? tr("Messages on their way to other servers: %1 waiting, %2 failed")
                      .arg(countText(m_waiting), countText(m_failed))
                : tr("Every SMTP session, incoming and outgoing, including refused and broken ones"));
    default:
        return {};
    }
}

} // namespace glasspost::ui
