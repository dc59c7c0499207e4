#pragma once

#include "app/commandline/invocation.h"
#include "app/commands/command.h"

#include <memory>

namespace glasspost::app {

/// glasspost search, glasspost transcript, glasspost journey, and glasspost queue but for run.
std::unique_ptr<RunningCommand> makeSearch(const SearchInvocation &invocation, const QString &dataFolder);
std::unique_ptr<RunningCommand> makeTranscript(
    const TranscriptInvocation &invocation, const QString &dataFolder);
std::unique_ptr<RunningCommand> makeJourney(const JourneyInvocation &invocation, const QString &dataFolder);
std::unique_ptr<RunningCommand> makeQueue(const QueueInvocation &invocation, const QString &dataFolder);

} // namespace glasspost::app
