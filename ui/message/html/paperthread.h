#pragma once

#include "mail/base/worker.h"
#include "ui/message/html/sheets.h"

namespace glasspost::ui {

/// The one thread that paints on sheets and ends them, a job after another. What a painter keeps of its fonts
/// belongs to the thread that painted, and is read when painting ends: so the thread stays until the
/// application ends, which waits for what is done here. Whoever waits for all of the pool ends the thread,
/// too. Any thread.
QThreadPool &paperThread();

template <typename Work> mail::TaskFor<Work> runOnPaper(Work work)
{
    return mail::runInPool(std::move(work), paperThread());
}

/// They end on the thread of paper, whoever lets go of them last: a printer is given then what is painted.
[[nodiscard]] std::shared_ptr<Sheets> sharedOnPaper(std::unique_ptr<Sheets> sheets);

} // namespace glasspost::ui
