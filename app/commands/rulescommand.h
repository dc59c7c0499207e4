#pragma once

#include "app/commandline/invocation.h"
#include "app/commands/command.h"

#include <QString>

#include <memory>

namespace glasspost::app {

/// glasspost rules: by the instance that runs on the data folder, or without one.
std::unique_ptr<RunningCommand> makeRules(const RulesInvocation &invocation, const QString &dataFolder);

} // namespace glasspost::app
