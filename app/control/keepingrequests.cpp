#include "app/control/keepingrequests.h"

#include "app/control/answering.h"
#include "mail/transfer/transfer.h"

#include <QJsonArray>

#include <algorithm>

namespace glasspost::app {

namespace {

const QString keptNumber = QStringLiteral("number");
const QString keptAge = QStringLiteral("age");
const QString keptSize = QStringLiteral("size");
const QString keptColor = QStringLiteral("color");

QJsonObject keepingJson(const mail::FolderKeeping &keeping)
{
    const mail::CaptureRetention &retention = keeping.retention;
    return {{QStringLiteral("mailbox"), keeping.mailbox},
        {QStringLiteral("folder"), keeping.folder.isEmpty() ? QStringLiteral("Inbox") : keeping.folder},
        {keptNumber, retention.messages}, {keptAge, qint64(retention.age.count())},
        {keptSize, retention.octets}, {keptColor, keeping.color}};
}

QJsonObject keepingsJson(const QList<mail::FolderKeeping> &keepings)
{
    QJsonArray array;
    for (const mail::FolderKeeping &keeping : keepings)
        array.append(keepingJson(keeping));
    return {{QStringLiteral("folders"), array}};
}

/// What settings.ini could not say is taken for the nearest that it can.
void takeAsked(mail::FolderKeeping &keeping, const QJsonObject &asked)
{
    constexpr qint64 longest = qint64(366) * 24 * 3600;
    mail::CaptureRetention &retention = keeping.retention;
    if (asked.contains(keptNumber))
        retention.messages = std::max(0, asked[keptNumber].toInt());
    if (asked.contains(keptAge))
        retention.age = std::chrono::seconds(std::clamp<qint64>(asked[keptAge].toInteger(), 0, longest));
    if (asked.contains(keptSize))
        retention.octets = std::max<qint64>(0, asked[keptSize].toInteger());
    if (asked.contains(keptColor))
        keeping.color = mail::folderColorFrom(asked[keptColor].toString()).value_or(QString());
}

} // namespace

QJsonObject keepRequest(const KeepInvocation &keep)
{
    QJsonObject request{{requestKey, QStringLiteral("keep")}, {QStringLiteral("mailbox"), keep.mailbox}};
    if (keep.number)
        request[keptNumber] = *keep.number;
    if (keep.age)
        request[keptAge] = qint64(keep.age->count());
    if (keep.size)
        request[keptSize] = *keep.size;
    if (keep.color)
        request[keptColor] = *keep.color;
    return request;
}

void answerKeep(mail::MailSystem &mail, const QJsonObject &asked, QObject *context, ControlServer::Done done)
{
    const mail::Settings settings = mail.settings().value();
    const QString name = asked[QStringLiteral("mailbox")].toString();
    if (name.isEmpty())
        return done(keepingsJson(settings.folders));
    const mail::FolderId folder = mail::folderNamed(name, settings);
    if (folder.user.isEmpty())
        return done(toJson(mail::Error{mail::ErrorCode::NotFound, name, {}}));
    const auto now = [&mail, folder] {
        return keepingsJson({mail::keepingOf(mail.settings().value().folders, folder.user, folder.folder)});
    };
    const QStringList members{keptNumber, keptAge, keptSize, keptColor};
    if (std::none_of(members.cbegin(), members.cend(),
            [&asked](const QString &member) { return asked.contains(member); }))
        return done(now());
    mail.settings()
        .changeFolders([folder, asked](QList<mail::FolderKeeping> &all) {
            mail::FolderKeeping keeping = mail::keepingOf(all, folder.user, folder.folder);
            takeAsked(keeping, asked);
            mail::setKeeping(all, keeping);
        })
        .then(context, [done = std::move(done), now](const mail::Result<void> &saved) {
            done(saved ? now() : toJson(saved.error()));
        });
}

} // namespace glasspost::app
