#pragma once

#include "app/commandline/exitcodes.h"
#include "app/commandline/invocation.h"

#include <QString>

namespace glasspost::app {

/// The window, until it is closed or SIGTERM comes. Hands over to an instance that runs on the data folder
/// already. An empty folder is the platform's. Without a display: one sentence, Unavailable.
ExitCode runWindow(int &argc, char *argv[], const WindowInvocation &invocation, const QString &dataFolder);

} // namespace glasspost::app
