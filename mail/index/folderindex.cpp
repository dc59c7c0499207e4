#include "mail/index/folderindex.h"

#include "mail/maildir/maildirname.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace glasspost::mail {

namespace {

constexpr std::chrono::milliseconds gathering{33};

} // namespace

FolderIndex::FolderIndex(QObject *parent) : QObject(parent), m_tellTimer(this)
{
    m_tellTimer.setSingleShot(true);
    connect(&m_tellTimer, &QTimer::timeout, this, &FolderIndex::tell);
}

Result<void> FolderIndex::open(const QString &path)
{
    auto opened = IndexDatabase::open(path, IndexDatabase::Access::Write);
    if (!opened)
        return tl::unexpected(opened.error());
    m_database = std::move(*opened);
    m_folders.clear();
    const auto known = m_database->folders();
    if (!known)
        return tl::unexpected(known.error());
    for (const Folder &entry : *known)
        m_folders.insert(entry.id, entry);
    return {};
}

FolderIndex::Folder *FolderIndex::folder(const FolderId &id)
{
    const auto known = m_folders.find(id);
    if (known != m_folders.end())
        return &*known;
    if (!m_database || !folderPath(id))
        return nullptr;
    const auto row = m_database->addFolder(id);
    if (!row)
        return nullptr;
    m_foldersCameOrWent = true;
    const auto added = m_folders.insert(id, {*row, id, {}, 0, 0});
    touch(*added, 0, 0);
    return &*added;
}

QList<FolderInfo> FolderIndex::infos() const
{
    QList<FolderInfo> infos;
    for (const Folder &entry : m_folders)
        infos.append({entry.id, entry.total, entry.unread});
    std::sort(
        infos.begin(), infos.end(), [](const FolderInfo &a, const FolderInfo &b) { return a.id < b.id; });
    return infos;
}

void FolderIndex::touch(Folder &folder, int total, int unread)
{
    folder.total += total;
    folder.unread += unread;
    m_touched.insert(folder.id);
    if (!m_tellTimer.isActive())
        m_tellTimer.start(gathering);
}

Result<void> FolderIndex::remove(const FolderId &id)
{
    const auto known = m_folders.find(id);
    if (known == m_folders.end() || !m_database)
        return {};
    const qint64 row = known->row;
    m_foldersCameOrWent = true;
    touch(*known, 0, 0);
    m_folders.erase(known);
    return m_database->removeFolder(row);
}

bool FolderIndex::checkOrRebuild(const Result<void> &result)
{
    if (!result)
        Q_EMIT damaged(result.error());
    return result.has_value();
}

void FolderIndex::startChange(const QList<MessageId> &messages)
{
    for (const MessageId &id : messages)
        ++m_underWay[id.unique];
}

void FolderIndex::endChange(const QList<MessageId> &messages)
{
    for (const MessageId &id : messages) {
        const auto one = m_underWay.find(id.unique);
        if (one != m_underWay.end() && --*one == 0)
            m_underWay.erase(one);
    }
}

void FolderIndex::tell()
{
    StoreChange change;
    change.foldersCameOrWent = std::exchange(m_foldersCameOrWent, false);
    for (const FolderId &id : std::exchange(m_touched, {})) {
        const Folder entry = m_folders.value(id);
        change.folders.append({id, entry.total, entry.unread});
    }
    Q_EMIT changed(change);
}

} // namespace glasspost::mail
