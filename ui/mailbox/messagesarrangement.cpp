// MessagesPage: how it is divided, sorted and grouped, from one start to the next.
#include "ui/mailbox/messagelist.h"
#include "ui/mailbox/messagespage.h"
#include "ui/mailbox/quickfilters.h"
#include "ui/message/messagepane.h"
#include "ui/message/textview.h"

#include <QSplitter>

#include <algorithm>

namespace glasspost::ui {

namespace {

const QString columnsKey = QStringLiteral("messages/columns-");

} // namespace

QVariantMap MessagesPage::arrangement() const
{
    QVariantMap values = {{QStringLiteral("messages/splitter"), m_splitter->saveState()},
        {QStringLiteral("messages/sort"),
            int(m_model->query().sort == m_model->dateKey() ? mail::SortKey::Date : m_model->query().sort)},
        {QStringLiteral("messages/order"), int(m_model->query().order)},
        {QStringLiteral("messages/conversations"), m_model->isGrouped()},
        {QStringLiteral("messages/filters"), !m_filters->isHidden()},
        {QStringLiteral("messages/face"), int(m_pane->text().face())}};
    for (const auto &[kind, columns] : m_list->columns().save().asKeyValueRange())
        values.insert(columnsKey + kind, columns);
    return values;
}

void MessagesPage::arrange(const QVariantMap &arrangement)
{
    m_splitter->restoreState(arrangement.value(QStringLiteral("messages/splitter")).toByteArray());
    QMap<QString, QString> columns;
    for (const auto &[key, value] : arrangement.asKeyValueRange()) {
        if (key.startsWith(columnsKey))
            columns.insert(key.sliced(columnsKey.size()), value.toString());
    }
    m_list->columns().restore(columns);
    const bool hasFilters = arrangement.value(QStringLiteral("messages/filters")).toBool();
    m_filters->setVisible(hasFilters);
    Q_EMIT filtersShown(hasFilters);
    const bool isFixed = arrangement.value(QStringLiteral("messages/face")) == int(TextView::Face::Fixed);
    m_pane->text().setFace(isFixed ? TextView::Face::Fixed : TextView::Face::Proportional);
    const int sort = arrangement.value(QStringLiteral("messages/sort"), 0).toInt();
    const int order = arrangement.value(QStringLiteral("messages/order"), int(Qt::DescendingOrder)).toInt();
    mail::RowQuery query = m_model->query();
    query.sort = mail::SortKey(std::clamp(sort, 0, int(mail::SortKey::Tags)));
    query.order = order == int(Qt::AscendingOrder) ? Qt::AscendingOrder : Qt::DescendingOrder;
    if (query.sort == mail::SortKey::Date)
        query.sort = m_model->dateKey();
    const bool isGrouped = arrangement.value(QStringLiteral("messages/conversations")).toBool();
    query.grouping = isGrouped ? mail::Grouping::Conversations : mail::Grouping::Messages;
    Q_EMIT groupedByConversation(isGrouped);
    if (query == m_model->query())
        return;
    m_model->setQuery(query);
    m_list->showOrder();
}

void MessagesPage::groupByConversation(bool grouped)
{
    m_list->setGrouping(grouped ? mail::Grouping::Conversations : mail::Grouping::Messages);
    Q_EMIT groupedByConversation(grouped);
}

} // namespace glasspost::ui
