#pragma once

#include <QList>
#include <QString>
#include <QStringList>

#include <chrono>
#include <functional>
#include <optional>

namespace glasspost::mail {

/// How much of its mail a folder keeps: the newest. Flagged messages are kept and not counted. 0: no limit of
/// that kind.
struct CaptureRetention
{
    int messages = 0;
    std::chrono::seconds age{0}; ///< since the arrival
    qint64 octets = 0; ///< all together, as they came

    [[nodiscard]] bool isUnlimited() const { return *this == CaptureRetention(); }
    friend bool operator==(const CaptureRetention &, const CaptureRetention &) = default;
};

/// What a person has set for one folder.
struct FolderKeeping
{
    QString mailbox; ///< the user's name
    QString folder; ///< as FolderId has it: empty for the Inbox
    /// With any limit it replaces the listener's as a whole. Without one, an inbox of captured mail has the
    /// listener's, and everything else is kept.
    CaptureRetention retention;
    QString color; ///< of its mark in the list of folders: as folderColorFrom() has it, empty for none

    [[nodiscard]] bool isEmpty() const { return retention.isUnlimited() && color.isEmpty(); }
    friend bool operator==(const FolderKeeping &, const FolderKeeping &) = default;
};

/// "red", "green" ...: those that have a name.
[[nodiscard]] const QStringList &folderColorNames();
/// One of the names, or "#rrggbb", in lower case; empty for "none" and for nothing.
[[nodiscard]] std::optional<QString> folderColorFrom(const QString &text);

/// That folder's, or an empty one.
[[nodiscard]] FolderKeeping keepingOf(
    const QList<FolderKeeping> &all, const QString &mailbox, const QString &folder);
/// In the place of what that folder had; an empty one goes.
void setKeeping(QList<FolderKeeping> &all, const FolderKeeping &keeping);
/// A folder has another name now: what it had goes along.
void moveKeeping(QList<FolderKeeping> &all, const QString &mailbox, const QString &from, const QString &to);

/// A change of them that says nothing of other folders.
using KeepingChange = std::function<void(QList<FolderKeeping> &all)>;

} // namespace glasspost::mail
