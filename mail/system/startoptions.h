#pragma once

#include "mail/settings/settings.h"

#include <functional>

namespace glasspost::mail {

/// How a mail system starts, beyond what the data folder's settings say.
struct StartOptions
{
    enum class Outgoing {
        Deliver, ///< the queue works
        Rest ///< no entry is tried until one is told to by TryNow: "glasspost queue list" must not send mail
    };
    Outgoing outgoing = Outgoing::Deliver;
    /// Settings for this run alone, made from the folder's, in force and given by settings(), never saved:
    /// what the command line says. Called once, on any thread, before the store is opened; may be null.
    std::function<Settings(Settings)> adjust;
};

} // namespace glasspost::mail
