#include "mail/store/filing.h"

#include "mail/maildir/maildirname.h"

namespace glasspost::mail {

Result<QList<MessageId>> Filing::add(const MessageOctets &octets, const QList<FolderId> &folders,
    MessageFlags flags, const QByteArray &sessionId, const QByteArray &queueId)
{
    FileTransaction files;
    QList<IndexJob> added;
    QList<MessageId> ids;
    for (const FolderId &folder : folders) {
        const auto maildir = folderPath(folder);
        if (!maildir)
            return tl::unexpected(Error{ErrorCode::NotPermitted, folder.user, folder.folder});
        const QByteArray unique = newUniqueName(octets.size(), octets.wireSize(), queueId);
        const QByteArray file = flags ? "cur/" + unique + infoFor(flags) : "new/" + unique;
        ids.append({folder, unique});
        added.append({ids.last(), file, octets.wireSize(), octets.inMemory(), sessionId, queueId});
        if (files.isEmpty())
            files.append(
                {FileStep::Kind::Create, pathOf(added.first()), {}, octets.inMemory(), {}, octets.file()});
        else
            files.append({FileStep::Kind::Link, pathOf(added.first()), pathOf(added.last()), {}, {}});
    }
    steps += files;
    jobs += added;
    return ids;
}

void Filing::remove(const QList<MessageId> &messages)
{
    for (const MessageId &old : messages) {
        // The step finds it by its unique name.
        const QByteArray path = folderPath(old.folder).value_or(QByteArray()) + "/cur/" + old.unique;
        steps.append({FileStep::Kind::Remove, QString::fromUtf8(path), {}, {}, {}});
    }
    removed += messages;
}

QString pathOf(const IndexJob &job)
{
    const QByteArray maildir = folderPath(job.id.folder).value_or(QByteArray());
    return QString::fromUtf8(maildir + '/' + job.file);
}

} // namespace glasspost::mail
