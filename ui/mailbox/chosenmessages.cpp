#include "ui/mailbox/chosenmessages.h"

#include <algorithm>

namespace glasspost::ui {

bool ChosenMessages::isMeantIn(const mail::FolderId &folder) const
{
    if (!in.user.isEmpty())
        return folder == in;
    return in.folder.isEmpty() || folder.folder == in.folder;
}

bool ChosenMessages::allLieIn(const QString &folder) const
{
    if (ids.isEmpty())
        return (!in.user.isEmpty() || !in.folder.isEmpty()) && in.folder == folder;
    return std::all_of(ids.cbegin(), ids.cend(),
        [&folder](const mail::MessageId &id) { return id.folder.folder == folder; });
}

} // namespace glasspost::ui
