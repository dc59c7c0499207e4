#pragma once

#include "ui/mailbox/messagelistmodel.h"

namespace glasspost::ui {

/// What a message list says of one message: in its cells, to the pointer, and to a screen reader.
[[nodiscard]] QString cellText(const mail::MessageRow &row, MessageListModel::Column column);
[[nodiscard]] QString cellToolTip(const mail::MessageRow &row, MessageListModel::Column column);
/// The sender, or in Sent and Drafts the recipients.
[[nodiscard]] QString whoText(const mail::MessageRow &row);
/// What the dot, the flag and the clip say to the eye.
[[nodiscard]] QString spokenMarks(const mail::MessageRow &row);

/// The tooltips of all columns of a row, a line each.
[[nodiscard]] QString rowToolTip(const QModelIndex &index);

} // namespace glasspost::ui
