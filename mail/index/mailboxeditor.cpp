#include "mail/index/mailboxeditor.h"

#include "mail/maildir/capturemark.h"
#include "mail/maildir/maildirlisting.h"
#include "mail/maildir/maildirname.h"

#include <QScopeGuard>

#include <utility>

namespace glasspost::mail {

namespace {

FileStep renameStep(const QByteArray &maildir, const QByteArray &file, const QByteArray &to)
{
    return {FileStep::Kind::Rename, QString::fromUtf8(maildir + '/' + file), QString::fromUtf8(to), {}, {}};
}

} // namespace

MailboxEditor::MailboxEditor(const Parts &parts, QObject *parent)
    : QObject(parent), m_dataFolder(parts.dataFolder), m_journal(parts.journal), m_folders(parts.folders),
      m_tags(parts.tags), m_queue(parts.queue), m_scanner(parts.scanner)
{ }

QList<MailboxEditor::Target> MailboxEditor::find(const QList<MessageId> &ids, Where where)
{
    IndexDatabase *index = m_folders.database();
    Targets targets;
    for (const MessageId &id : ids) {
        const auto maildir = folderPath(id.folder);
        if (!maildir || id.isNull())
            continue;
        FolderIndex::Folder *entry = m_folders.knows(id.folder) ? m_folders.folder(id.folder) : nullptr;
        const auto known
            = entry && index ? index->find(entry->row, id.unique) : Result<std::optional<IndexedMessage>>();
        Target target{id, *maildir, {}};
        if (known && *known) {
            target.message = **known;
        } else {
            if (where == Where::Index)
                continue;
            const QByteArray path = findInMaildir(m_dataFolder, *maildir, id.unique);
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

template <typename Work> auto MailboxEditor::inTransaction(Work work, const Targets &targets)
{
    if (m_folders.database())
        m_folders.checkOrRebuild(m_folders.database()->begin());
    const auto commitIndex = qScopeGuard([this] {
        if (m_folders.database() && m_folders.database()->isInTransaction())
            m_folders.checkOrRebuild(m_folders.database()->commit());
    });
    return work(targets);
}

template <typename Work>
TaskFor<Work, MailboxEditor::Targets> MailboxEditor::withTargets(const QList<MessageId> &ids, Work work)
{
    // What a list shows is in the index: a hundred thousand that wait for their rows are not waited for.
    Targets targets = find(ids, Where::Index);
    if (targets.size() != ids.size()) {
        m_queue.flush();
        targets = find(ids, Where::IndexAndFiles);
    }
    if (targets.size() == ids.size())
        return inTransaction(work, targets);
    const PromiseFor<Work, Targets> promise;
    m_journal.commit({}).applied.then(this, [this, ids, work, promise](const Result<void> &) {
        m_queue.flush();
        promise.answerWith([&] { return inTransaction(work, find(ids, Where::IndexAndFiles)); });
    });
    return promise.task();
}

FolderIndex::Folder *MailboxEditor::indexed(const Target &target) const
{
    // Outside of the transaction the index is another one than the message was found in, made anew since.
    const IndexDatabase *index = m_folders.database();
    const bool isIndexed = target.message.row != 0 && index && index->isInTransaction();
    return isIndexed ? m_folders.folder(target.id.folder) : nullptr;
}

bool MailboxEditor::update(
    const Target &target, const FolderIndex::Folder &folder, const QByteArray &file, MessageFlags flags)
{
    IndexDatabase *index = m_folders.database();
    return index && m_folders.checkOrRebuild(index->update(target.message.row, folder.row, file, flags));
}

QList<MessageId> MailboxEditor::idsOf(const Targets &targets)
{
    QList<MessageId> ids;
    ids.reserve(targets.size());
    for (const Target &target : targets)
        ids.append(target.id);
    return ids;
}

Task<void> MailboxEditor::commit(const FileTransaction &steps, const QList<MessageId> &messages)
{
    if (steps.isEmpty()) // changes no file
        return m_journal.commit(steps).durable;
    m_folders.startChange(messages);
    const Committed committed = m_journal.commit(steps);
    const Promise<void> durable;
    committed.durable.then(this, [this, messages, durable](const Result<void> &result) {
        if (!result)
            takeBack(messages);
        durable.answer(result);
    });
    committed.applied.then(this, [this, messages](const Result<void> &result) {
        if (result) // else it was not durable either
            m_folders.endChange(messages);
    });
    return durable.task();
}

void MailboxEditor::takeBack(const QList<MessageId> &messages)
{
    m_folders.endChange(messages);
    QSet<FolderId> folders;
    for (const MessageId &id : messages)
        folders.insert(id.folder);
    for (const FolderId &folder : std::as_const(folders))
        m_scanner.compare(folder);
}

Task<QList<MessageId>> MailboxEditor::setFlags(
    const QList<MessageId> &ids, MessageFlags set, MessageFlags clear)
{
    return withTargets(ids, [this, set, clear](const Targets &targets) -> Task<QList<MessageId>> {
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
                m_folders.touch(*entry, 0, unreadOf(flags) - unreadOf(target.message.flags));
        }
        if (targets.isEmpty())
            return tl::unexpected(Error{ErrorCode::NotFound, {}, {}});
        return commit(steps, changed).andThen(this, [changed] { return changed; });
    });
}

Task<QList<MessageId>> MailboxEditor::setTags(
    const QList<MessageId> &ids, const QStringList &add, const QStringList &remove)
{
    return withTargets(ids, [this, add, remove](const Targets &targets) -> Task<QList<MessageId>> {
        if (targets.isEmpty())
            return tl::unexpected(Error{ErrorCode::NotFound, {}, {}});
        for (const Target &target : targets) {
            if (const auto failure = m_tags.failureOf(target.id.folder.user))
                return tl::unexpected(*failure);
        }
        Targets changed;
        Tags before;
        for (const Target &target : targets) {
            const QStringList old = m_tags.of(target.id), tags = retagged(old, add, remove);
            if (tags == old)
                continue;
            changed.append(target);
            before.append({target.id, old});
            // What it says itself does not come back with the next index.
            if (tags.isEmpty() && isCaptureMailbox(m_dataFolder, target.id.folder.user))
                m_tags.setNone(target.id);
            else
                m_tags.set(target.id, tags);
        }
        indexTags(changed);
        return commitTags({}, idsOf(changed), before).andThen(this, [before] {
            QList<MessageId> those;
            for (const auto &[id, tags] : before)
                those.append(id);
            return those;
        });
    });
}

void MailboxEditor::keepTags(const QList<MessageId> &ids)
{
    Tags before;
    for (const MessageId &id : ids)
        before.append({id, {}});
    commitTags({}, {}, before);
}

void MailboxEditor::indexTags(const Targets &targets)
{
    for (const Target &target : targets) {
        FolderIndex::Folder *entry = indexed(target);
        if (entry
            && m_folders.checkOrRebuild(
                m_folders.database()->setTags(target.message.row, m_tags.of(target.id))))
            m_folders.touch(*entry, 0, 0);
    }
}

/// The users' tags as they are now, in one transaction with these steps.
Task<void> MailboxEditor::commitTags(
    FileTransaction steps, const QList<MessageId> &messages, const Tags &before)
{
    QSet<QString> users;
    for (const auto &[id, tags] : before)
        users.insert(id.folder.user);
    for (const QString &user : std::as_const(users)) {
        if (!m_tags.failureOf(user))
            steps.append(m_tags.step(user));
    }
    const Promise<void> durable;
    commit(steps, messages).then(this, [this, before, durable](const Result<void> &result) {
        if (!result)
            putBack(before);
        durable.answer(result);
    });
    return durable.task();
}

void MailboxEditor::putBack(const Tags &tags)
{
    QList<MessageId> ids;
    for (const auto &[id, old] : tags) {
        m_tags.set(id, old);
        ids.append(id);
    }
    inTransaction([this](const Targets &targets) { indexTags(targets); }, find(ids, Where::Index));
}

Task<QList<MessageId>> MailboxEditor::move(const QList<MessageId> &ids, const QString &toFolder)
{
    return withTargets(ids, [this, toFolder](const Targets &targets) -> Task<QList<MessageId>> {
        FileTransaction steps;
        QList<MessageId> moved;
        for (const Target &target : targets) {
            const FolderId to{target.id.folder.user, toFolder};
            const auto maildir = folderPath(to);
            FolderIndex::Folder *entry = maildir ? m_folders.folder(to) : nullptr;
            if (!entry)
                return tl::unexpected(Error{ErrorCode::NotPermitted, toFolder, {}});
            moved.append({to, target.id.unique});
            if (to == target.id.folder)
                continue;
            const QByteArray file
                = "cur/" + target.message.unique + infoFor(target.message.flags, target.message.file);
            steps.append(renameStep(target.maildir, target.message.file, *maildir + '/' + file));
            if (!indexed(target) || !update(target, *entry, file, target.message.flags))
                continue;
            const int unread = unreadOf(target.message.flags);
            m_folders.touch(*m_folders.folder(to), 1, unread);
            m_folders.touch(*m_folders.folder(target.id.folder), -1, -unread);
        }
        if (targets.isEmpty())
            return tl::unexpected(Error{ErrorCode::NotFound, {}, {}});
        return commit(steps, idsOf(targets) + moved).andThen(this, [moved] { return moved; });
    });
}

Task<void> MailboxEditor::remove(const QList<MessageId> &ids)
{
    return withTargets(ids, [this](const Targets &targets) -> Task<void> {
        FileTransaction steps;
        Tags tagged;
        for (const Target &target : targets) {
            steps.append({FileStep::Kind::Remove,
                QString::fromUtf8(target.maildir + '/' + target.message.file), {}, {}, {}});
            takeOut(target);
            if (m_tags.knows(target.id))
                tagged.append({target.id, m_tags.of(target.id)});
            m_tags.set(target.id, {});
        }
        if (targets.isEmpty())
            return tl::unexpected(Error{ErrorCode::NotFound, {}, {}});
        return commitTags(steps, idsOf(targets), tagged);
    });
}

void MailboxEditor::takeOut(const Target &target)
{
    FolderIndex::Folder *entry = indexed(target);
    if (entry && m_folders.checkOrRebuild(m_folders.database()->remove(target.message.row)))
        m_folders.touch(*entry, -1, -unreadOf(target.message.flags));
}

void MailboxEditor::drop(const MessageId &id)
{
    m_queue.flush();
    const auto takeOutAll = [this](const Targets &targets) {
        for (const Target &target : targets)
            takeOut(target);
    };
    inTransaction(takeOutAll, find({id}, Where::Index));
    if (m_tags.knows(id)) {
        const QStringList tags = m_tags.of(id);
        m_tags.set(id, {});
        commitTags({}, {}, {{id, tags}});
    }
}

} // namespace glasspost::mail
