#pragma once

#include "mail/message/messageview.h"

#include <functional>

class QMenu;

namespace glasspost::ui {

/// What is done with a part of a message.
struct PartHandlers
{
    using Handler = std::function<void(const mail::PartView &part)>;
    Handler inspect, open, save;
};

/// The rows for one part: look inside, open it, save it, copy its name. What could run cannot be opened.
void addPartActions(QMenu &menu, const mail::PartView &part, const PartHandlers &handlers);
/// A row for each part, at most 200, which opens the rows above.
void addPartMenus(QMenu &menu, const QList<mail::PartView> &parts, const PartHandlers &handlers);

/// The name under which a part is shown and saved: its own, made safe, or one made from its type.
[[nodiscard]] QString partTitle(const mail::PartView &part);
/// True for what a system would run rather than show, by its title and type. Such parts are only ever saved.
[[nodiscard]] bool mayRun(const mail::PartView &part);
/// Opened as a message in a window of its own.
[[nodiscard]] bool isMessage(const mail::PartView &part);

} // namespace glasspost::ui
