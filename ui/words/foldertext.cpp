#include "ui/words/foldertext.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <array>

namespace glasspost::ui {

namespace {

struct FolderWords
{
    Q_DECLARE_TR_FUNCTIONS(glasspost::ui::FolderText)
};

constexpr std::array standardNames = {"", "Drafts", "Sent", "Archive", "Junk", "Trash"};

} // namespace

bool showsRecipients(const mail::FolderId &folder)
{
    return folder.folder == QLatin1String("Sent") || folder.folder == QLatin1String("Drafts");
}

QString folderTitle(const mail::FolderId &folder)
{
    const std::array titles = {FolderWords::tr("Inbox"), FolderWords::tr("Drafts"), FolderWords::tr("Sent"),
        FolderWords::tr("Archive"), FolderWords::tr("Junk"), FolderWords::tr("Trash")};
    const int rank = folderRank(folder);
    return rank < int(titles.size()) ? titles[size_t(rank)] : folder.folder;
}

QString emptyInboxText(const QString &user, const mail::ListenerSettings &listener)
{
    const QString kept = listener.bindings.isEmpty() ? QString() : listener.bindings.first().captureMailbox;
    if (listener.policy == mail::RecipientPolicy::CatchAll && kept != user && !kept.isEmpty())
        return FolderWords::tr(
            "Mail for %1 arrives here. Whatever programs send to the listener, to any address, goes to "
            "the Inbox of “%2”.")
            .arg(user, kept);
    return FolderWords::tr(
        "Mail for %1 arrives here: from this program, and from every program that sends to the listener.")
        .arg(user);
}

QString parentFolder(const QString &folder)
{
    return folder.left(std::max<qsizetype>(0, folder.lastIndexOf(u'.')));
}

QString leafFolder(const QString &folder)
{
    return folder.sliced(folder.lastIndexOf(u'.') + 1);
}

bool liesIn(const QString &folder, const QString &other)
{
    return !other.isEmpty() && folder.startsWith(other + u'.');
}

QString folderIn(const QString &parent, const QString &typed)
{
    const QString name = typed.trimmed().replace(u'/', u'.');
    return parent.isEmpty() || name.isEmpty() ? name : parent + u'.' + name;
}

bool isStandardFolder(const mail::FolderId &folder)
{
    return folderRank(folder) < int(standardNames.size());
}

int folderRank(const mail::FolderId &folder)
{
    for (size_t i = 0; i < standardNames.size(); ++i) {
        if (folder.folder == QLatin1String(standardNames[i]))
            return int(i);
    }
    return int(standardNames.size());
}

bool standsBefore(const mail::FolderId &a, const mail::FolderId &b)
{
    const QStringList left = a.folder.split(u'.'), right = b.folder.split(u'.');
    const int ranks = folderRank({a.user, left.first()}) - folderRank({b.user, right.first()});
    if (ranks != 0)
        return ranks < 0;
    for (qsizetype level = 0; level < std::min(left.size(), right.size()); ++level) {
        const int order = QString::localeAwareCompare(left[level], right[level]);
        if (order != 0)
            return order < 0;
    }
    return left.size() != right.size() ? left.size() < right.size() : a.folder < b.folder;
}

} // namespace glasspost::ui
