#include "ui/mailbox/messagecolumns.h"

#include "ui/words/foldertext.h"

#include <QHeaderView>

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
    case MessageListModel::ColumnCount:
        break;
    }
    return {};
}

std::optional<mail::SortKey> sortKeyOf(int column, mail::SortKey dateKey)
{
    const std::array keys = {mail::SortKey::From, mail::SortKey::Subject, dateKey, mail::SortKey::Size};
    if (column < 0 || column >= int(keys.size()))
        return std::nullopt;
    return keys[size_t(column)];
}

MessageListModel::Column columnOf(mail::SortKey key)
{
    constexpr std::array columns = {MessageListModel::Date, MessageListModel::Who, MessageListModel::Subject,
        MessageListModel::Size, MessageListModel::Date}; // in the order of SortKey
    return columns[size_t(key)];
}

void setUpColumns(QHeaderView &header)
{
    header.setHighlightSections(false);
    header.setSectionsMovable(true);
    header.setMinimumSectionSize(56);
    header.setSectionResizeMode(QHeaderView::Interactive);
    header.setSectionResizeMode(MessageListModel::Subject, QHeaderView::Stretch);
    header.resizeSection(MessageListModel::Who, 190);
    header.resizeSection(MessageListModel::Date, 104);
    header.resizeSection(MessageListModel::Size, 80);
    header.setSortIndicatorShown(true);
    header.setSectionsClickable(true);
}

} // namespace glasspost::ui
