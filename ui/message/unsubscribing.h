#pragma once

#include "mail/message/listunsubscribe.h"

#include <functional>

namespace glasspost::ui {

class InlineBar;

/// The ways of leaving a list that lead out of the message.
struct UnsubscribeWays
{
    std::function<void(const QUrl &mailto)> write;
    std::function<void(const QUrl &page)> visit;
};

/// Says in the bar how to leave the list, a button for each way that the message names. Nothing is sent
/// before one is pressed, and what is asked by the web names its server first.
void askToUnsubscribe(InlineBar &bar, const mail::ListUnsubscribe &list, const UnsubscribeWays &ways);

} // namespace glasspost::ui
