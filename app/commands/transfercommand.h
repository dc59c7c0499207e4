#pragma once

#include "app/commandline/invocation.h"
#include "app/commands/command.h"

#include <memory>

namespace glasspost::app {

/// glasspost import and glasspost export: done by the instance that has the data folder, or by us.
std::unique_ptr<RunningCommand> makeTransfer(const TransferInvocation &invocation, const QString &dataFolder);

} // namespace glasspost::app
