#include "ui/mailbox/listcolumns.h"

#include <QAction>
#include <QHeaderView>
#include <QMenu>

#include <algorithm>
#include <array>

namespace glasspost::ui {

namespace {

constexpr int narrowestColumn = 56;
constexpr int widestColumn = 2000;

struct ColumnFacts
{
    MessageListModel::Column column;
    const char *name; ///< in the memory of the window
    int width;
};
constexpr std::array allColumns = {ColumnFacts{MessageListModel::Who, "who", 170},
    ColumnFacts{MessageListModel::Recipient, "recipient", 140},
    ColumnFacts{MessageListModel::Subject, "subject", 300}, ColumnFacts{MessageListModel::Tags, "tags", 120},
    ColumnFacts{MessageListModel::Date, "date", 100}, ColumnFacts{MessageListModel::OtherDate, "other", 100},
    ColumnFacts{MessageListModel::Size, "size", 76}};
constexpr std::array kindNames = {"received", "captured", "own", "found"};

struct DetailFacts
{
    RowDetail detail;
    const char *name; ///< in the memory of the window
};
constexpr std::array allDetails
    = {DetailFacts{RowDetail::Recipient, "recipient"}, DetailFacts{RowDetail::Text, "text"},
        DetailFacts{RowDetail::Tags, "tags"}, DetailFacts{RowDetail::Date, "date"},
        DetailFacts{RowDetail::OtherDate, "other"}, DetailFacts{RowDetail::Size, "size"}};

/// Under which the details of that kind of narrow list are saved.
QString detailsKey(size_t kind)
{
    return QStringLiteral("narrow-") + QLatin1String(kindNames[kind]);
}

QString writtenDetails(RowDetails details)
{
    QStringList words;
    for (const DetailFacts &one : allDetails) {
        if (details.testFlag(one.detail))
            words += QLatin1String(one.name);
    }
    return words.join(u' ');
}

/// Whatever does not name a detail is left out.
RowDetails readDetails(const QString &text)
{
    const QStringList words = text.split(u' ', Qt::SkipEmptyParts);
    RowDetails details;
    for (const DetailFacts &one : allDetails)
        details.setFlag(one.detail, words.contains(QLatin1String(one.name)));
    return details;
}

const ColumnFacts &factsOf(MessageListModel::Column column)
{
    return *std::find_if(allColumns.cbegin(), allColumns.cend(),
        [column](const ColumnFacts &one) { return one.column == column; });
}

bool isFixed(MessageListModel::Column column)
{
    return column == MessageListModel::Who || column == MessageListModel::Subject;
}

} // namespace

ListColumns::ListColumns(QHeaderView &header, const MessageListModel &model, QObject *parent)
    : QObject(parent), m_header(header), m_model(model), m_menu(new QMenu(tr("Co&lumns"), &header))
{
    header.setHighlightSections(false);
    header.setSectionsMovable(true);
    header.setMinimumSectionSize(narrowestColumn);
    header.setSectionResizeMode(QHeaderView::Interactive);
    header.setSortIndicatorShown(true);
    header.setSectionsClickable(true);
    header.setContextMenuPolicy(Qt::CustomContextMenu);
    connect(&header, &QWidget::customContextMenuRequested, m_menu,
        [this](const QPoint &place) { m_menu->popup(m_header.mapToGlobal(place)); });
    connect(m_menu, &QMenu::aboutToShow, this, &ListColumns::fillMenu);
    for (size_t kind = 0; kind < kindNames.size(); ++kind) {
        m_sections.insert(Kind(kind), standard(Kind(kind)));
        m_details.insert(Kind(kind), standardDetails(Kind(kind)));
    }
    apply();
}

ListColumns::Sections ListColumns::standard(Kind kind)
{
    Sections sections;
    for (const ColumnFacts &one : allColumns) {
        const bool isShown = isFixed(one.column) || one.column == MessageListModel::Date
            || one.column == MessageListModel::Size
            || (one.column == MessageListModel::Recipient && kind == Kind::Captured);
        if (isShown)
            sections.append({one.column, one.width});
    }
    return sections;
}

/// In captured mail the recipient distinguishes messages.
RowDetails ListColumns::standardDetails(Kind kind)
{
    const RowDetails usual = RowDetail::Text | RowDetail::Tags | RowDetail::Date;
    return kind == Kind::Captured ? usual | RowDetail::Recipient : usual;
}

void ListColumns::setKind(Kind kind)
{
    if (kind == m_kind)
        return;
    keep();
    m_kind = kind;
    apply();
}

void ListColumns::setWide(bool wide)
{
    keep();
    m_isWide = wide;
    apply();
}

bool ListColumns::shows(MessageListModel::Column column) const
{
    const Sections &sections = m_sections[m_kind];
    return std::any_of(
        sections.cbegin(), sections.cend(), [column](const Section &one) { return one.column == column; });
}

void ListColumns::show(MessageListModel::Column column, bool shown)
{
    if (shown == shows(column) || isFixed(column))
        return;
    keep();
    Sections &sections = m_sections[m_kind];
    if (shown)
        sections.append({column, factsOf(column).width});
    else
        sections.removeIf([column](const Section &one) { return one.column == column; });
    apply();
}

void ListColumns::showDetail(RowDetail detail, bool shown)
{
    m_details[m_kind].setFlag(detail, shown);
    Q_EMIT changed();
}

QAction *ListColumns::menuAction() const
{
    return m_menu->menuAction();
}

void ListColumns::fillMenu()
{
    m_menu->clear();
    const mail::FolderId &folder = m_model.query().folder;
    for (const ColumnFacts &one : allColumns) {
        if (m_isWide && !isFixed(one.column))
            addChoice(columnTitle(one.column, folder, m_model.dateKey()), shows(one.column),
                [this, column = one.column](bool shown) { show(column, shown); });
    }
    for (const DetailFacts &one : allDetails) {
        // One's own mail begins with its recipients.
        const bool isThere = one.detail == RowDetail::Recipient && m_kind == Kind::Own;
        if (!m_isWide && !isThere)
            addChoice(detailTitle(one.detail, folder, m_model.dateKey()), details().testFlag(one.detail),
                [this, detail = one.detail](bool shown) { showDetail(detail, shown); });
    }
}

template <typename Choose> void ListColumns::addChoice(const QString &title, bool isChosen, Choose choose)
{
    QAction *action = m_menu->addAction(title);
    action->setCheckable(true);
    action->setChecked(isChosen);
    connect(action, &QAction::triggered, this, choose);
}

/// What a person made of the header since.
void ListColumns::keep()
{
    if (m_isWide)
        m_sections[m_kind] = inHeader();
}

ListColumns::Sections ListColumns::inHeader() const
{
    Sections sections;
    for (int visual = 0; visual < m_header.count(); ++visual) {
        const int column = m_header.logicalIndex(visual);
        if (!m_header.isSectionHidden(column))
            sections.append({MessageListModel::Column(column), m_header.sectionSize(column)});
    }
    return sections;
}

void ListColumns::apply()
{
    const Sections sections = m_sections[m_kind];
    for (int column = 0; column < m_header.count(); ++column)
        m_header.setSectionHidden(
            column, m_isWide ? !shows(MessageListModel::Column(column)) : column != MessageListModel::Who);
    m_header.setSectionResizeMode(
        MessageListModel::Who, m_isWide ? QHeaderView::Interactive : QHeaderView::Stretch);
    m_header.setSectionResizeMode(
        MessageListModel::Subject, m_isWide ? QHeaderView::Stretch : QHeaderView::Interactive);
    for (int visual = 0; m_isWide && visual < sections.size(); ++visual) {
        const Section &section = sections.at(visual);
        m_header.moveSection(m_header.visualIndex(section.column), visual);
        if (section.column != MessageListModel::Subject)
            m_header.resizeSection(section.column, section.width);
    }
    Q_EMIT changed();
}

QString ListColumns::written(const Sections &sections)
{
    QStringList words;
    for (const Section &one : sections) // the subject has what the others leave
        words += QLatin1String(factsOf(one.column).name)
            + (one.column == MessageListModel::Subject ? QString() : u':' + QString::number(one.width));
    return words.join(u' ');
}

/// Whatever does not name a column is left out; a text without sender and subject is none.
ListColumns::Sections ListColumns::read(const QString &text, Kind kind)
{
    Sections sections;
    for (const QString &word : text.split(u' ', Qt::SkipEmptyParts)) {
        const QString name = word.section(u':', 0, 0);
        const auto known = std::find_if(allColumns.cbegin(), allColumns.cend(),
            [&name](const ColumnFacts &one) { return name == QLatin1String(one.name); });
        if (known == allColumns.cend())
            continue;
        const bool isTwice = std::any_of(sections.cbegin(), sections.cend(),
            [known](const Section &one) { return one.column == known->column; });
        const int width = word.section(u':', 1).toInt();
        if (!isTwice)
            sections.append(
                {known->column, width > 0 ? std::clamp(width, narrowestColumn, widestColumn) : known->width});
    }
    const auto fixed = std::count_if(
        sections.cbegin(), sections.cend(), [](const Section &one) { return isFixed(one.column); });
    return fixed == 2 ? sections : standard(kind);
}

QMap<QString, QString> ListColumns::save() const
{
    QMap<QString, QString> saved;
    for (const auto &[kind, sections] : m_sections.asKeyValueRange())
        saved.insert(QLatin1String(kindNames[size_t(kind)]),
            written(kind == m_kind && m_isWide ? inHeader() : sections));
    for (const auto &[kind, details] : m_details.asKeyValueRange())
        saved.insert(detailsKey(size_t(kind)), writtenDetails(details));
    return saved;
}

void ListColumns::restore(const QMap<QString, QString> &saved)
{
    for (size_t kind = 0; kind < kindNames.size(); ++kind) {
        m_sections.insert(Kind(kind), read(saved.value(QLatin1String(kindNames[kind])), Kind(kind)));
        const auto details = saved.constFind(detailsKey(kind));
        m_details.insert(
            Kind(kind), details == saved.cend() ? standardDetails(Kind(kind)) : readDetails(*details));
    }
    apply();
}

} // namespace glasspost::ui
