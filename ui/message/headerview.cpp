#include "ui/message/headerview.h"

#include "mail/base/worker.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/widgets/plaintext.h"
#include "ui/words/addresstext.h"
#include "ui/words/fieldmeanings.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QStyledItemDelegate>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <utility>

namespace glasspost::ui {

namespace {

constexpr qsizetype fieldsShown = 500;
constexpr qsizetype fieldShown = 1000; // characters of a field
constexpr int wholeValue = Qt::UserRole;
constexpr qsizetype shownBefore = 100; // of them, before words that are searched for

/// Says that there is more than is listed.
void addRest(QTreeWidget *tree, qsizetype count)
{
    if (count <= 0)
        return;
    tree->addTopLevelItem(new QTreeWidgetItem({HeaderView::tr("%Ln more", nullptr, int(count)),
        HeaderView::tr("The source of the message shows all of them")}));
}

/// From its beginning, or from shortly before the words where they lie further behind.
QString excerptOf(const QString &value, const QString &words)
{
    const qsizetype at = words.isEmpty() ? 0 : value.indexOf(words, 0, Qt::CaseInsensitive);
    if (at + words.size() <= fieldShown)
        return shortened(safeLine(value.left(fieldShown + 1)), fieldShown);
    return u'\u2026' + shortened(safeLine(value.mid(at - shownBefore, fieldShown)), fieldShown);
}

/// Wraps a value within its column, where a tree makes one line of each row, and has it read from left to
/// right, as all octets of a header are.
class ValueDelegate : public QStyledItemDelegate
{
public:
    explicit ValueDelegate(QTreeView *tree) : QStyledItemDelegate(tree), m_header(tree->header()) { }

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        QStyleOptionViewItem wide = option;
        wide.rect.setSize({m_header->sectionSize(index.column()), QWIDGETSIZE_MAX});
        return QStyledItemDelegate::sizeHint(wide, index);
    }

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        const bool isMirrored = option->direction == Qt::RightToLeft;
        option->displayAlignment = Qt::AlignTop | (isMirrored ? Qt::AlignRight : Qt::AlignLeft);
        option->direction = Qt::LeftToRight;
    }

private:
    const QHeaderView *m_header;
};

QColor groupColor(const QPalette &palette, FieldGroup group)
{
    switch (group) {
    case FieldGroup::Author:
        return palette.color(QPalette::Text);
    case FieldGroup::Trace:
        return toneColor(palette, Tone::Transit);
    case FieldGroup::Authentication:
        return toneColor(palette, Tone::Accepted);
    case FieldGroup::List:
    case FieldGroup::Reports:
        return toneColor(palette, Tone::Deferred);
    case FieldGroup::Content:
    case FieldGroup::Unknown:
        break;
    }
    return mutedText(palette);
}

} // namespace

HeaderView::HeaderView(QWidget *parent)
    : QWidget(parent), m_search(new QLineEdit), m_fields(new QTreeWidget), m_meaning(leadingLabel())
{
    m_search->setPlaceholderText(tr("Search the header fields"));
    m_search->setAccessibleName(tr("Search the header fields"));
    m_search->setClearButtonEnabled(true);
    m_fields->setHeaderLabels({tr("Field"), tr("Value")});
    m_fields->setRootIsDecorated(false);
    m_fields->setAccessibleName(tr("Header fields"));
    m_fields->setWordWrap(true);
    m_fields->setContextMenuPolicy(Qt::CustomContextMenu);
    m_fields->setFrameShape(QFrame::NoFrame);
    m_fields->header()->setHighlightSections(false);
    m_fields->header()->resizeSection(0, 170);
    m_fields->setItemDelegateForColumn(1, new ValueDelegate(m_fields));
    connect(m_fields->header(), &QHeaderView::sectionResized, m_fields, &QTreeView::doItemsLayout);
    m_meaning->setWordWrap(true);
    m_meaning->setContentsMargins(space::one, space::half, space::one, space::half);
    m_meaning->setAccessibleName(tr("What the field means"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *searchRow = new QHBoxLayout;
    searchRow->setContentsMargins(space::two, space::half, space::two, space::half);
    searchRow->addWidget(m_search);
    column->addLayout(searchRow);
    column->addWidget(m_fields, 1);
    column->addWidget(m_meaning);
    connect(m_search, &QLineEdit::textChanged, this, &HeaderView::filter);
    connect(m_fields, &QTreeWidget::currentItemChanged, this, &HeaderView::explain);
    connect(m_fields, &QWidget::customContextMenuRequested, this, &HeaderView::openMenu);
    explain();
}

void HeaderView::show(const QList<mail::HeaderField> &fields)
{
    ++m_shown;
    m_all = fields;
    filter();
}

void HeaderView::openFind()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

void HeaderView::tint()
{
    for (int i = 0; i < m_fields->topLevelItemCount(); ++i) {
        QTreeWidgetItem *item = m_fields->topLevelItem(i);
        item->setForeground(0, groupColor(palette(), fieldGroup(item->text(0))));
    }
}

/// Those that hold the words in their name, their value or their meaning. Any thread.
HeaderView::Found HeaderView::search(const QList<mail::HeaderField> &fields, const QString &words)
{
    Found found;
    for (const mail::HeaderField &field : fields) {
        const bool fits = words.isEmpty() || field.name.contains(words, Qt::CaseInsensitive)
            || field.value.contains(words, Qt::CaseInsensitive)
            || fieldMeaning(field.name).contains(words, Qt::CaseInsensitive);
        if (fits && found.rows.size() < fieldsShown)
            found.rows.append({field, excerptOf(field.value, words)});
        else if (fits)
            ++found.more;
    }
    return found;
}

/// Only what holds the words is in sight, once it is found.
void HeaderView::filter()
{
    const QString words = m_search->text().trimmed();
    if (words.isEmpty()) {
        list(search(m_all, words));
        return;
    }
    if (std::exchange(m_isSearching, true))
        return;
    mail::runLongWork([fields = m_all, words] {
        return search(fields, words);
    }).andThen(this, [this, words, shown = m_shown](const Found &found) {
        m_isSearching = false;
        const QString now = m_search->text().trimmed();
        if (shown == m_shown && words == now)
            list(found);
        else if (!now.isEmpty())
            filter();
    });
}

QTreeWidgetItem *HeaderView::itemOf(const Row &row)
{
    auto *item = new QTreeWidgetItem({shortened(safeLine(row.field.name), fieldShown), row.excerpt});
    item->setToolTip(0, plainToolTip(fieldMeaning(row.field.name)));
    item->setToolTip(1, plainToolTip(row.excerpt));
    item->setData(1, wholeValue, row.field.value);
    item->setTextAlignment(0, Qt::AlignTop | Qt::AlignLeading);
    return item;
}

void HeaderView::list(const Found &found)
{
    m_fields->clear();
    QList<QTreeWidgetItem *> items;
    for (const Row &row : found.rows)
        items.append(itemOf(row));
    m_fields->addTopLevelItems(items);
    addRest(m_fields, found.more);
    tint();
    explain();
}

/// While something is searched for, Escape ends that, and not what the view is in.
bool HeaderView::event(QEvent *event)
{
    if (event->type() == QEvent::ShortcutOverride && !m_search->text().isEmpty()
        && static_cast<QKeyEvent *>(event)->key() == Qt::Key_Escape) {
        event->accept();
        return true;
    }
    return QWidget::event(event);
}

void HeaderView::keyPressEvent(QKeyEvent *event)
{
    if (event->key() != Qt::Key_Escape || m_search->text().isEmpty()) {
        QWidget::keyPressEvent(event);
        return;
    }
    m_search->clear();
    m_fields->setFocus();
}

void HeaderView::explain()
{
    const QTreeWidgetItem *item = m_fields->currentItem();
    const QString meaning = item ? fieldMeaning(item->text(0)) : QString();
    if (!item)
        m_meaning->setText(tr("Choose a field to see what it means."));
    else if (meaning.isEmpty())
        m_meaning->setText(tr("%1 is not a field of the standards: a program's own.").arg(item->text(0)));
    else
        m_meaning->setText(tr("%1: %2").arg(item->text(0), meaning));
}

void HeaderView::openMenu(const QPoint &position)
{
    const QTreeWidgetItem *item = m_fields->itemAt(position);
    if (item == nullptr || !item->data(1, wholeValue).isValid())
        return;
    const QString value = safeLine(item->data(1, wholeValue).toString());
    const auto copy = [](const QString &text) { QGuiApplication::clipboard()->setText(text); };
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(icon(IconName::Copy), tr("Copy &field"), this,
        [copy, line = QStringLiteral("%1: %2").arg(item->text(0), value)] { copy(line); });
    menu->addAction(tr("Copy &value"), this, [copy, value] { copy(value); });
    menu->popup(m_fields->viewport()->mapToGlobal(position));
}

void HeaderView::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange)
        tint();
    QWidget::changeEvent(event);
}

} // namespace glasspost::ui
