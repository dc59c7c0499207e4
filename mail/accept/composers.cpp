#include "mail/accept/composers.h"

#include "mail/base/posix.h"
#include "mail/message/messageview.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <fcntl.h>

namespace glasspost::mail {

namespace {

QString folderOf(const QString &dataFolder)
{
    return dataFolder + QLatin1String("/drafts/composers");
}

QString attachmentsOf(const QString &dataFolder)
{
    return dataFolder + QLatin1String("/drafts/attachments");
}

// The id becomes a file name: its octets in hex can be nothing else.
QString fileOf(const QString &dataFolder, const QByteArray &draftId)
{
    return folderOf(dataFolder) + QLatin1Char('/') + QString::fromLatin1(draftId.toHex())
        + QLatin1String(".json");
}

QJsonObject fromMessageId(const MessageId &id)
{
    return {{QStringLiteral("user"), id.folder.user}, {QStringLiteral("folder"), id.folder.folder},
        {QStringLiteral("unique"), QString::fromUtf8(id.unique)}};
}

MessageId toMessageId(const QJsonValue &value)
{
    return {{value[u"user"].toString(), value[u"folder"].toString()}, value[u"unique"].toString().toUtf8()};
}

QJsonArray fromAttachments(const QList<DraftAttachment> &attachments)
{
    QJsonArray array;
    for (const DraftAttachment &one : attachments) {
        array.append(QJsonObject{{QStringLiteral("path"), one.path}, {QStringLiteral("name"), one.name},
            {QStringLiteral("contentType"), one.contentType}});
    }
    return array;
}

QList<DraftAttachment> toAttachments(const QJsonArray &array)
{
    QList<DraftAttachment> attachments;
    for (const auto one : array)
        attachments.append(
            {one[u"path"].toString(), one[u"name"].toString(), one[u"contentType"].toString()});
    return attachments;
}

// A name in the folder that nothing has yet: two attachments may have the same one.
QString freePath(const QString &folder, const QString &name)
{
    for (int number = 1;; ++number) {
        QString path = QStringLiteral("%1/%2-%3").arg(folder).arg(number).arg(safeFileName(name));
        if (!QFileInfo::exists(path))
            return path;
    }
}

/// With what is in it. What a link leads to, there or on the way there, is not the data folder's.
void dropFolder(const QString &dataFolder, const QString &path)
{
    const QString inner = path.mid(dataFolder.size());
    if (QFileInfo(path).canonicalFilePath() == QDir(dataFolder).canonicalPath() + inner)
        QDir(path).removeRecursively();
}

/// A file that is not among the drafts' own goes by its own name: whoever wrote the record cannot have
/// another one sent under it unseen.
void nameAsTheyAre(Draft &draft, const QString &folder)
{
    for (DraftAttachment &attachment : draft.attachments) {
        const QFileInfo file(attachment.path);
        if (file.canonicalPath() == QFileInfo(folder).canonicalFilePath() && !file.isSymLink())
            continue;
        const QString real = file.canonicalFilePath(); // empty for one that is gone
        attachment.name = real.isEmpty() ? file.fileName() : QFileInfo(real).fileName();
    }
}

} // namespace

QByteArray writeComposer(const KeptComposer &composer)
{
    const Draft &draft = composer.draft;
    QJsonArray references;
    for (const QByteArray &reference : draft.references)
        references.append(QString::fromUtf8(reference));
    const QJsonObject object{{QStringLiteral("id"), QString::fromUtf8(draft.id)},
        {QStringLiteral("from"), draft.from}, {QStringLiteral("to"), draft.to},
        {QStringLiteral("cc"), draft.cc}, {QStringLiteral("bcc"), draft.bcc},
        {QStringLiteral("subject"), draft.subject}, {QStringLiteral("text"), draft.text},
        {QStringLiteral("html"), draft.html},
        {QStringLiteral("attachments"), fromAttachments(draft.attachments)},
        {QStringLiteral("inReplyTo"), QString::fromUtf8(draft.inReplyTo)},
        {QStringLiteral("references"), references}, {QStringLiteral("origin"), fromMessageId(draft.origin)},
        {QStringLiteral("asksForMdn"), draft.asksForMdn},
        {QStringLiteral("savedAs"), fromMessageId(composer.savedAs)}};
    return QJsonDocument(object).toJson();
}

Result<KeptComposer> readComposer(const QByteArray &json)
{
    const QJsonObject object = QJsonDocument::fromJson(json).object();
    KeptComposer composer;
    Draft &draft = composer.draft;
    draft.id = object[u"id"].toString().toUtf8();
    if (draft.id.isEmpty())
        return tl::unexpected(Error{ErrorCode::Damaged, {}, {}});
    draft.from = object[u"from"].toString();
    draft.to = object[u"to"].toString();
    draft.cc = object[u"cc"].toString();
    draft.bcc = object[u"bcc"].toString();
    draft.subject = object[u"subject"].toString();
    draft.text = object[u"text"].toString();
    draft.html = object[u"html"].toString();
    draft.attachments = toAttachments(object[u"attachments"].toArray());
    draft.inReplyTo = object[u"inReplyTo"].toString().toUtf8();
    const QJsonArray references = object[u"references"].toArray();
    for (const auto reference : references)
        draft.references.append(reference.toString().toUtf8());
    draft.origin = toMessageId(object[u"origin"]);
    draft.asksForMdn = object[u"asksForMdn"].toBool();
    composer.savedAs = toMessageId(object[u"savedAs"]);
    return composer;
}

Result<void> keepComposerFile(const QString &dataFolder, const KeptComposer &composer)
{
    return replaceFile(fileOf(dataFolder, composer.draft.id), writeComposer(composer));
}

void dropComposerFile(const QString &dataFolder, const QByteArray &draftId)
{
    QFile::remove(fileOf(dataFolder, draftId));
}

QList<KeptComposer> readComposerFiles(const QString &dataFolder)
{
    const QDir folder(folderOf(dataFolder));
    const QStringList names
        = folder.entryList({QStringLiteral("*.json")}, QDir::Files, QDir::Time | QDir::Reversed);
    QList<KeptComposer> composers;
    for (const QString &name : names) {
        const Result<QByteArray> content = readFileAt(AT_FDCWD, QFile::encodeName(folder.filePath(name)));
        Result<KeptComposer> composer = content ? readComposer(*content) : tl::unexpected(content.error());
        if (!composer)
            continue;
        nameAsTheyAre(composer->draft, attachmentFolder(dataFolder, composer->draft.id));
        composers.append(*composer);
    }
    return composers;
}

QString attachmentFolder(const QString &dataFolder, const QByteArray &draftId)
{
    return attachmentsOf(dataFolder) + QLatin1Char('/') + QString::fromLatin1(draftId.toHex());
}

Result<QList<DraftAttachment>> keepAttachments(const QString &dataFolder, const Draft &draft)
{
    const QString folder = attachmentFolder(dataFolder, draft.id);
    QList<DraftAttachment> kept = draft.attachments;
    for (DraftAttachment &attachment : kept) {
        if (attachment.path.startsWith(folder + QLatin1Char('/')))
            continue;
        const QString copy = freePath(folder, attachment.name);
        if (const Result<void> copied = copyFile(attachment.path, copy); !copied)
            return tl::unexpected(copied.error());
        attachment.path = copy;
    }
    return kept;
}

void dropAttachments(const QString &dataFolder, const QByteArray &draftId)
{
    dropFolder(dataFolder, attachmentFolder(dataFolder, draftId));
}

QString openedFolder(const QString &dataFolder)
{
    return dataFolder + QLatin1String("/drafts/opened");
}

void dropOpened(const QString &dataFolder)
{
    dropFolder(dataFolder, openedFolder(dataFolder));
}

void dropOrphanedAttachments(const QString &dataFolder)
{
    const QDir attachments(attachmentsOf(dataFolder));
    const QDir composers(folderOf(dataFolder));
    const QStringList folders = attachments.entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString &id : folders) {
        if (!composers.exists(id + QLatin1String(".json")))
            dropFolder(dataFolder, attachments.filePath(id));
    }
}

} // namespace glasspost::mail
