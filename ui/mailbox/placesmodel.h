#pragma once

#include "mail/index/rows.h"
#include "mail/settings/folderkeeping.h"
#include "ui/mailbox/place.h"
#include "ui/mailbox/savedsearches.h"

#include <QAbstractItemModel>
#include <QHash>
#include <QList>
#include <QSet>

#include <memory>
#include <optional>
#include <vector>

namespace glasspost::ui {

/// The tree of places: one branch for each local user with its folders, then Outgoing and Sessions, then the
/// searches, which are last so that one more changes no Ctrl and digit of the others. Counts
/// change in place, so that selection and open branches stay; folders that come or go are inserted and
/// removed as rows.
class PlacesModel : public QAbstractItemModel
{
    Q_OBJECT
public:
    enum Role {
        PlaceRole = Qt::UserRole,
        CountRole,
        IsUserRole,
        IsHeadingRole,
        IsWarningRole,
        DepthRole,
        ColorRole
    };

    explicit PlacesModel(QObject *parent = nullptr);
    ~PlacesModel() override;

    /// Who has all the standard folders shown. Of others (the mailbox that captures, say) only the Inbox is,
    /// and what is not empty or was made by hand. Before setFolders.
    void setUsers(const QStringList &users) { m_users = users; }
    /// All folders there are.
    void setFolders(const QList<mail::FolderInfo> &folders);
    /// New counts of some.
    void updateFolders(const QList<mail::FolderInfo> &folders);
    void setColors(const QList<mail::FolderKeeping> &folders); ///< of all that have one
    void setOutgoing(int waiting, int failed);
    /// In this order; without any there is no branch for them.
    void setSearches(const QList<SavedSearch> &searches);
    [[nodiscard]] QString wordsOf(const QString &search) const; ///< by its name
    [[nodiscard]] QModelIndex indexOf(const Place &place) const;
    [[nodiscard]] std::optional<Place> place(const QModelIndex &index) const;
    /// Every place in the order of the tree, for Ctrl+1..9.
    [[nodiscard]] QList<Place> places() const;
    [[nodiscard]] QList<mail::FolderId> foldersOf(const QString &user) const;
    [[nodiscard]] QStringList folderNames() const; ///< what in: may name, users too
    [[nodiscard]] mail::FolderInfo info(const mail::FolderId &folder) const;

    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex &parent) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex &index) const override;
    [[nodiscard]] int rowCount(const QModelIndex &parent) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex &index) const override;

private:
    struct Branch
    {
        QString user;
        QList<mail::FolderInfo> folders;
        QSet<QString> outer = {}; ///< the names that others may lie in, as was last told
    };
    enum Fixed { OutgoingRow, SessionsRow, FixedRows };

    [[nodiscard]] int searchesRow() const { return int(m_branches.size()) + FixedRows; }
    [[nodiscard]] bool isSearch(const QModelIndex &index) const { return branchOf(index) == &m_searchBranch; }
    [[nodiscard]] int unreadInInboxes() const;
    void showUnified();
    void showNesting(const QModelIndex &user);
    [[nodiscard]] QStringList foldersAround(const mail::FolderId &folder) const;
    [[nodiscard]] QVariant headingData(const QString &title, int role) const;
    [[nodiscard]] QVariant searchData(const SavedSearch &search, int role) const;
    [[nodiscard]] const Branch *branchOf(const QModelIndex &folderIndex) const;
    [[nodiscard]] QModelIndex userIndex(const QString &user) const;
    [[nodiscard]] QVariant folderData(const mail::FolderInfo &folder, int role) const;
    [[nodiscard]] QString withColor(const QString &text, const mail::FolderId &folder) const;
    [[nodiscard]] QVariant fixedData(int row, int role) const;
    Branch &needBranch(const QString &user);
    [[nodiscard]] bool isShown(const mail::FolderInfo &folder) const;
    void put(const mail::FolderInfo &folder);
    void dropMissing(const QList<mail::FolderInfo> &folders);

    std::vector<std::unique_ptr<Branch>> m_branches;
    const Branch m_searchBranch; ///< whose folders are the searches
    QList<SavedSearch> m_searches;
    QStringList m_users;
    QHash<mail::FolderId, QString> m_colors;
    int m_waiting = 0;
    int m_failed = 0;
};

} // namespace glasspost::ui
