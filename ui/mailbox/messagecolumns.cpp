#include "ui/mailbox/messagecolumns.h"

#include "ui/words/foldertext.h"

#include <array>

namespace glasspost::ui {

QString columnTitle(MessageListModel::Column column, const mail::FolderId &folder, mail::SortKey dateKey)
{
    switch (column) {
    case MessageListModel::Who:
        return showsRecipients(folder) ? MessageListModel::tr("To") : MessageListModel::tr("From");
    case MessageListModel::Subject:
        return MessageListModel::tr("Subject");
    case MessageListModel::Date:
        return dateKey == mail::SortKey::Arrival ? MessageListModel::tr("Received")
                                                 : MessageListModel::tr("Date");
    case MessageListModel::Size:
        return MessageListModel::tr("Size");
    case MessageListModel::Recipient:
        return MessageListModel::tr("Recipient");
    case MessageListModel::Tags:
        return MessageListModel::tr("Tags");
    case MessageListModel::OtherDate:
        return dateKey == mail::SortKey::Arrival ? MessageListModel::tr("Date")
                                                 : MessageListModel::tr("Received");
    case MessageListModel::ColumnCount:
        break;
    }
    return {};
}

QString detailTitle(RowDetail detail, const mail::FolderId &folder, mail::SortKey dateKey)
{
    switch (detail) {
    case RowDetail::Recipient:
        return columnTitle(MessageListModel::Recipient, folder, dateKey);
    case RowDetail::Text:
        return MessageListModel::tr("First line of text");
    case RowDetail::Tags:
        return columnTitle(MessageListModel::Tags, folder, dateKey);
    case RowDetail::Date:
        return columnTitle(MessageListModel::Date, folder, dateKey);
    case RowDetail::OtherDate:
        return columnTitle(MessageListModel::OtherDate, folder, dateKey);
    case RowDetail::Size:
        return columnTitle(MessageListModel::Size, folder, dateKey);
    }
    return {};
}

std::optional<mail::SortKey> sortKeyOf(int column, mail::SortKey dateKey)
{
    const std::array keys = {mail::SortKey::From, mail::SortKey::Subject, dateKey, mail::SortKey::Size,
        mail::SortKey::Recipient, mail::SortKey::Tags,
        dateKey == mail::SortKey::Arrival ? mail::SortKey::Date : mail::SortKey::Arrival};
    if (column < 0 || column >= int(keys.size()))
        return std::nullopt;
    return keys[size_t(column)];
}

MessageListModel::Column columnOf(mail::SortKey key, mail::SortKey dateKey)
{
    for (int column = 0; column < MessageListModel::ColumnCount; ++column) {
        if (sortKeyOf(column, dateKey) == key)
            return MessageListModel::Column(column);
    }
    return MessageListModel::Date;
}

} // namespace glasspost::ui
