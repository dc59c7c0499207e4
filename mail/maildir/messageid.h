#pragma once

#include <QByteArray>
#include <QFlags>
#include <QList>
#include <QMetaType>
#include <QString>

#include <compare>

namespace glasspost::mail {

/// One folder of one local user. The folder is the Maildir++ name without its leading dot: "" is the Inbox,
/// else "Sent", "Drafts", "Junk", "Trash", "Archive" or the person's own.
struct FolderId
{
    QString user;
    QString folder;

    friend bool operator==(const FolderId &, const FolderId &) = default;
    friend auto operator<=>(const FolderId &a, const FolderId &b)
    {
        if (const int users = QString::compare(a.user, b.user); users != 0)
            return users <=> 0;
        return QString::compare(a.folder, b.folder) <=> 0;
    }
};
size_t qHash(const FolderId &id, size_t seed = 0);

/// One message in one folder: its Maildir unique name (without ":2,flags"), which survives flags and
/// restarts.
struct MessageId
{
    FolderId folder;
    QByteArray unique;

    [[nodiscard]] bool isNull() const { return unique.isEmpty(); }
    friend bool operator==(const MessageId &, const MessageId &) = default;
};

/// The Maildir flags.
enum class MessageFlag { Draft = 1, Flagged = 2, Passed = 4, Replied = 8, Seen = 16, Trashed = 32 };
Q_DECLARE_FLAGS(MessageFlags, MessageFlag)
Q_DECLARE_OPERATORS_FOR_FLAGS(MessageFlags)

} // namespace glasspost::mail

Q_DECLARE_METATYPE(glasspost::mail::FolderId)
Q_DECLARE_METATYPE(glasspost::mail::MessageId)
