#pragma once

#include "ui/mailbox/messagelistmodel.h"

namespace glasspost::ui {

/// The columns of a message list: what they are called, and what they sort by.
[[nodiscard]] QString columnTitle(
    MessageListModel::Column column, const mail::FolderId &folder, mail::SortKey dateKey);
/// dateKey: what the Date column shows, the message's own date or its arrival.
[[nodiscard]] std::optional<mail::SortKey> sortKeyOf(int column, mail::SortKey dateKey);
[[nodiscard]] MessageListModel::Column columnOf(mail::SortKey key, mail::SortKey dateKey);

} // namespace glasspost::ui
