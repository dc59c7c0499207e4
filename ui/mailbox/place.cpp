#include "ui/mailbox/place.h"

#include <algorithm>

namespace glasspost::ui {

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
