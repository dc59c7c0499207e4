#pragma once

#include "app/commandline/invocation.h"
#include "app/commands/command.h"

#include <QString>

#include <memory>

namespace glasspost::app {

/// glasspost show, delete, mark and tag: by the instance that runs on the data folder, or without one.
std::unique_ptr<RunningCommand> makeShow(const ShowInvocation &invocation, const QString &dataFolder);
std::unique_ptr<RunningCommand> makeCheck(const CheckInvocation &invocation, const QString &dataFolder);
std::unique_ptr<RunningCommand> makeChange(const ChangeInvocation &invocation, const QString &dataFolder);

} // namespace glasspost::app
