#pragma once

#include "mail/journey/journey.h"
#include "ui/message/waterfall.h"

#include <QDateTime>
#include <QList>
#include <QString>

namespace glasspost::ui {

/// Why a message did not arrive, or arrived late, in plain words made of the record's facts alone: who said
/// no or did not answer, at which stage, by which code and text, what becomes of it now, and what can be
/// done. What is said besides is the meaning that the standard gives a code. A paragraph for each cause,
/// recipients that share one together; empty where nothing went wrong. The rows are its waterfall.
[[nodiscard]] QString whyNotArrived(
    const mail::Journey &journey, const QList<WaterfallRow> &rows, const QDateTime &now);
/// What can be done about such an outcome; empty when the table has no row for it.
[[nodiscard]] QString remedyFor(const smtp::RecipientReport &report);

/// What a person can do from here about a message that did not arrive; ShowInQueue leads to where its route,
/// its time and a server's certificate are decided.
enum class NextStep { TryNow, Release, RouteSettings, ShowInQueue };
[[nodiscard]] QList<NextStep> nextStepsFor(const mail::Journey &journey);

} // namespace glasspost::ui
