#include "ui/mailbox/place.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

namespace glasspost::ui {

namespace {

struct PlaceWords
{
    Q_DECLARE_TR_FUNCTIONS(glasspost::ui::Place)
};

constexpr std::array standardNames = {"", "Drafts", "Sent", "Archive", "Junk", "Trash"};

} // namespace

bool showsRecipients(const mail::FolderId &folder)
{
    return folder.folder == QLatin1String("Sent") || folder.folder == QLatin1String("Drafts");
}

QString folderTitle(const mail::FolderId &folder)
{
    const std::array titles = {PlaceWords::tr("Inbox"), PlaceWords::tr("Drafts"), PlaceWords::tr("Sent"),
        PlaceWords::tr("Archive"), PlaceWords::tr("Junk"), PlaceWords::tr("Trash")};
    const int rank = folderRank(folder);
    return rank < int(titles.size()) ? titles[size_t(rank)] : folder.folder;
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

bool isCaptured(const mail::FolderId &folder, const mail::Settings &settings)
{
    const bool isUser = std::any_of(settings.users.cbegin(), settings.users.cend(),
        [&folder](const mail::LocalUser &user) { return user.name == folder.user; });
    const QList<mail::ListenerBinding> &bindings = settings.listener.bindings;
    const bool captures = std::any_of(bindings.cbegin(), bindings.cend(),
        [&folder](const mail::ListenerBinding &binding) { return binding.captureMailbox == folder.user; });
    return !isUser || (captures && settings.listener.policy == mail::RecipientPolicy::CatchAll);
}

} // namespace glasspost::ui
