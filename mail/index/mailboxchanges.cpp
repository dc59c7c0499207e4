#include "mail/index/mailboxchanges.h"

#include "mail/maildir/maildirlisting.h"
#include "mail/maildir/maildirname.h"

#include <utility>

namespace glasspost::mail {

namespace {

FileStep renameStep(const QByteArray &maildir, const QByteArray &file, const QByteArray &to)
{
    return {FileStep::Kind::Rename, QString::fromUtf8(maildir + '/' + file), QString::fromUtf8(to), {}, {}};
}

} // namespace

MailboxChanges::MailboxChanges(Links links, QObject *parent) : QObject(parent), m_links(std::move(links)) { }

QList<MailboxChanges::Target> MailboxChanges::find(const QList<MessageId> &ids, Where where)
{
    IndexDatabase *index = m_links.folders->database();
    QList<Target> targets;
    for (const MessageId &id : ids) {
        const auto maildir = folderPath(id.folder);
        if (!maildir || id.isNull())
            continue;
        FolderIndex::Folder *entry
            = m_links.folders->knows(id.folder) ? m_links.folders->folder(id.folder) : nullptr;
        const auto known
            = entry && index ? index->find(entry->row, id.unique) : Result<std::optional<IndexedMessage>>();
        Target target{id, *maildir, {}};
        if (known && *known) {
            target.message = **known;
        } else {
            if (where == Where::Index)
                continue;
            const QByteArray path = findInMaildir(m_links.dataFolder, *maildir, id.unique);
            if (path.isEmpty())
                continue;
            target.message.unique = id.unique;
            target.message.file = path.mid(maildir->size() + 1);
            target.message.flags = flagsOf(target.message.file);
        }
        targets.append(target);
    }
    return targets;
}

void MailboxChanges::withTargets(
    const QList<MessageId> &ids, const std::function<void(const QList<Target> &)> &work)
{
    // What a list shows is in the index: a hundred thousand that wait for their rows are not waited for.
    QList<Target> targets = find(ids, Where::Index);
    if (targets.size() != ids.size()) {
        m_links.flush();
        targets = find(ids, Where::IndexAndFiles);
    }
    if (targets.size() == ids.size())
        return inTransaction(work, targets);
    m_links.journal->commit({}, this, {}, this, [this, ids, work](const Result<void> &) {
        m_links.flush();
        inTransaction(work, find(ids, Where::IndexAndFiles));
    });
}

void MailboxChanges::inTransaction(
    const std::function<void(const QList<Target> &)> &work, const QList<Target> &targets)
{
    if (m_links.folders->database())
        m_links.good(m_links.folders->database()->begin());
    work(targets);
    if (m_links.folders->database() && m_links.folders->database()->isInTransaction())
        m_links.good(m_links.folders->database()->commit());
}

FolderIndex::Folder *MailboxChanges::indexed(const Target &target) const
{
    // Outside of the transaction the index is another one than the message was found in, made anew since.
    const IndexDatabase *index = m_links.folders->database();
    const bool isIndexed = target.message.row != 0 && index && index->isInTransaction();
    return isIndexed ? m_links.folders->folder(target.id.folder) : nullptr;
}

bool MailboxChanges::update(
    const Target &target, const FolderIndex::Folder &folder, const QByteArray &file, MessageFlags flags)
{
    IndexDatabase *index = m_links.folders->database();
    return index && m_links.good(index->update(target.message.row, folder.row, file, flags));
}

QSet<FolderId> MailboxChanges::foldersOf(const QList<Target> &targets)
{
    QSet<FolderId> folders;
    for (const Target &target : targets)
        folders.insert(target.id.folder);
    return folders;
}

void MailboxChanges::commit(const FileTransaction &steps, const QSet<FolderId> &folders, const Done &done)
{
    ++m_inFlight;
    const auto durable = [this, folders, done](const Result<void> &result) {
        for (const FolderId &id : result ? QSet<FolderId>() : folders)
            m_links.compare(id);
        done(result);
    };
    m_links.journal->commit(steps, this, durable, this, [this](const Result<void> &) { --m_inFlight; });
}

void MailboxChanges::setFlags(
    const QList<MessageId> &ids, MessageFlags set, MessageFlags clear, const DoneWith &done)
{
    withTargets(ids, [this, set, clear, done](const QList<Target> &targets) {
        FileTransaction steps;
        QList<MessageId> changed;
        for (const Target &target : targets) {
            const MessageFlags flags = (target.message.flags | set) & ~clear;
            if (flags == target.message.flags)
                continue;
            const QByteArray file = "cur/" + target.message.unique + infoFor(flags, target.message.file);
            changed.append(target.id);
            steps.append(renameStep(target.maildir, target.message.file, target.maildir + '/' + file));
            FolderIndex::Folder *entry = indexed(target);
            if (entry && update(target, *entry, file, flags))
                m_links.folders->touch(*entry, 0, unreadOf(flags) - unreadOf(target.message.flags));
        }
        if (targets.isEmpty())
            return done(tl::unexpected(Error{ErrorCode::NotFound, {}, {}}));
        commit(steps, foldersOf(targets), [done, changed](const Result<void> &result) {
            done(result ? Result<QList<MessageId>>(changed) : tl::unexpected(result.error()));
        });
    });
}

void MailboxChanges::move(const QList<MessageId> &ids, const QString &toFolder, const DoneWith &done)
{
    withTargets(ids, [this, toFolder, done](const QList<Target> &targets) {
        FileTransaction steps;
        QList<MessageId> moved;
        for (const Target &target : targets) {
            const FolderId to{target.id.folder.user, toFolder};
            const auto maildir = folderPath(to);
            FolderIndex::Folder *entry = maildir ? m_links.folders->folder(to) : nullptr;
            if (!entry)
                return done(tl::unexpected(Error{ErrorCode::NotPermitted, toFolder, {}}));
            moved.append({to, target.id.unique});
            if (to == target.id.folder)
                continue;
            const QByteArray file
                = "cur/" + target.message.unique + infoFor(target.message.flags, target.message.file);
            steps.append(renameStep(target.maildir, target.message.file, *maildir + '/' + file));
            if (!indexed(target) || !update(target, *entry, file, target.message.flags))
                continue;
            const int unread = unreadOf(target.message.flags);
            m_links.folders->touch(*m_links.folders->folder(to), 1, unread);
            m_links.folders->touch(*m_links.folders->folder(target.id.folder), -1, -unread);
        }
        if (targets.isEmpty())
            return done(tl::unexpected(Error{ErrorCode::NotFound, {}, {}}));
        QSet<FolderId> folders = foldersOf(targets);
        for (const MessageId &id : std::as_const(moved))
            folders.insert(id.folder);
        commit(steps, folders, [done, moved](const Result<void> &result) {
            done(result ? Result<QList<MessageId>>(moved) : tl::unexpected(result.error()));
        });
    });
}

void MailboxChanges::remove(const QList<MessageId> &ids, const Done &done)
{
    withTargets(ids, [this, done](const QList<Target> &targets) {
        FileTransaction steps;
        for (const Target &target : targets) {
            steps.append({FileStep::Kind::Remove,
                QString::fromUtf8(target.maildir + '/' + target.message.file), {}, {}, {}});
            takeOut(target);
        }
        if (targets.isEmpty())
            return done(tl::unexpected(Error{ErrorCode::NotFound, {}, {}}));
        commit(steps, foldersOf(targets), done);
    });
}

void MailboxChanges::takeOut(const Target &target)
{
    FolderIndex::Folder *entry = indexed(target);
    if (entry && m_links.good(m_links.folders->database()->remove(target.message.row)))
        m_links.folders->touch(*entry, -1, -unreadOf(target.message.flags));
}

void MailboxChanges::drop(const MessageId &id)
{
    m_links.flush();
    const auto takeOutAll = [this](const QList<Target> &targets) {
        for (const Target &target : targets)
            takeOut(target);
    };
    inTransaction(takeOutAll, find({id}, Where::Index));
}

} // namespace glasspost::mail
