#include "ui/mailbox/messagecells.h"

#include "ui/words/foldertext.h"
#include "ui/words/format.h"

#include <climits>

namespace glasspost::ui {

namespace {

QString tr(const char *text, const char *comment = nullptr, int n = -1)
{
    return MessageListModel::tr(text, comment, n);
}

QString subjectToolTip(const mail::MessageRow &row)
{
    QStringList lines{row.subject};
    if (!row.tags.isEmpty())
        lines += tr("Tags: %1").arg(row.tags.join(tr(", ")));
    if (row.conversation.messages > 1)
        lines += tr("Conversation of %Ln message(s)", nullptr, row.conversation.messages);
    return lines.join(u'\n');
}

} // namespace

QString spokenMarks(const mail::MessageRow &row)
{
    QString marks;
    if (!row.flags.testFlag(mail::MessageFlag::Seen))
        marks += tr("Unread, ");
    if (row.flags.testFlag(mail::MessageFlag::Flagged))
        marks += tr("flagged, ");
    if (row.hasAttachments)
        marks += tr("with attachments, ");
    if (!row.tags.isEmpty())
        marks += tr("tagged %1, ").arg(row.tags.join(tr(", ")));
    const mail::Conversation &conversation = row.conversation;
    if (conversation.messages > 1 && !conversation.isBelow) {
        marks += tr("conversation of %Ln message(s), ", nullptr, conversation.messages);
        marks += conversation.isUnfolded ? tr("unfolded, ") : tr("folded, ");
        if (conversation.unread > 0)
            marks += tr("%Ln unread, ", nullptr, conversation.unread);
    }
    return marks;
}

QString whoText(const mail::MessageRow &row)
{
    return showsRecipients(row.id.folder) ? row.to : row.fromName;
}

QString cellToolTip(const mail::MessageRow &row, MessageListModel::Column column)
{
    switch (column) {
    case MessageListModel::Who:
        if (showsRecipients(row.id.folder))
            return row.to;
        return row.fromName == row.fromAddress ? row.fromAddress
                                               : tr("%1 <%2>").arg(row.fromName, row.fromAddress);
    case MessageListModel::Subject:
        return subjectToolTip(row);
    case MessageListModel::Recipient:
        return row.to;
    case MessageListModel::Tags:
        return row.tags.join(tr(", "));
    case MessageListModel::Date:
    case MessageListModel::OtherDate:
        return tr("Sent %1\nArrived %2").arg(exactTime(row.date), exactTime(row.arrivedAt));
    case MessageListModel::Size:
        return tr("%Ln octet(s)", nullptr, int(std::min<qint64>(row.size, INT_MAX)));
    case MessageListModel::ColumnCount:
        break;
    }
    return {};
}

QString cellText(const mail::MessageRow &row, MessageListModel::Column column)
{
    switch (column) {
    case MessageListModel::Who:
        return whoText(row);
    case MessageListModel::Subject:
        return row.subject.isEmpty() ? tr("(no subject)") : row.subject;
    case MessageListModel::Size:
        return sizeText(row.size);
    case MessageListModel::Recipient:
        return row.to;
    case MessageListModel::Tags:
        return row.tags.join(tr(", "));
    case MessageListModel::Date: // which of its dates, the list knows
    case MessageListModel::OtherDate:
    case MessageListModel::ColumnCount:
        break;
    }
    return {};
}

QString rowToolTip(const QModelIndex &index)
{
    QStringList lines;
    for (const int column : {MessageListModel::Who, MessageListModel::Recipient, MessageListModel::Subject,
             MessageListModel::Date, MessageListModel::Size})
        lines.append(index.siblingAtColumn(column).data(Qt::ToolTipRole).toString());
    lines.removeAll(QString());
    lines.removeDuplicates(); // whose mail is one's own
    return lines.join(QLatin1Char('\n'));
}

} // namespace glasspost::ui
