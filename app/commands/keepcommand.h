#pragma once

#include "app/commandline/invocation.h"
#include "app/commands/command.h"

#include <QString>

#include <memory>

namespace glasspost::app {

/// glasspost keep: by the instance that runs on the data folder, or without one.
std::unique_ptr<RunningCommand> makeKeep(const KeepInvocation &invocation, const QString &dataFolder);

} // namespace glasspost::app
