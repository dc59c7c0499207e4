#pragma once

#include "ui/mailbox/messagelistmodel.h"

namespace glasspost::ui {

/// The columns of a message list: what they are called, and what they sort by.
[[nodiscard]] QString columnTitle(
    MessageListModel::Column column, const mail::FolderId &folder, mail::SortKey dateKey);
/// dateKey: what the Date column shows, the message's own date or its arrival.
[[nodiscard]] std::optional<mail::SortKey> sortKeyOf(int column, mail::SortKey dateKey);
[[nodiscard]] MessageListModel::Column columnOf(mail::SortKey key, mail::SortKey dateKey);

/// What a row of two lines, in a narrow list, may show beside sender and subject.
enum class RowDetail { Recipient = 1, Text = 2, Tags = 4, Date = 8, OtherDate = 16, Size = 32 };
Q_DECLARE_FLAGS(RowDetails, RowDetail)
Q_DECLARE_OPERATORS_FOR_FLAGS(RowDetails)
[[nodiscard]] QString detailTitle(RowDetail detail, const mail::FolderId &folder, mail::SortKey dateKey);

} // namespace glasspost::ui
