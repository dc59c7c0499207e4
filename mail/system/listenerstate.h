#pragma once

#include "mail/base/error.h"
#include "mail/settings/settings.h"

#include <QList>
#include <QMetaType>

namespace glasspost::mail {

/// The listener as the status bar shows it.
struct ListenerState
{
    enum class Kind { Off, Listening, Failed };
    Kind kind = Kind::Off;
    QList<ListenerBinding> bindings; ///< with the ports really had
    RecipientPolicy policy = RecipientPolicy::CatchAll;
    Error error; ///< Failed: subject is "address:port"
    int connections = 0;
};

} // namespace glasspost::mail

Q_DECLARE_METATYPE(glasspost::mail::ListenerState)
