#include "ui/actions/searchfield.h"

#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/widgets/plaintext.h"
#include "ui/words/addresstext.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QStandardItemModel>
#include <QTreeView>

#include <algorithm>

namespace glasspost::ui {

namespace {

constexpr int mostRows = 10; ///< in sight at once

} // namespace

SearchField::SearchField(QWidget *parent) : QLineEdit(parent), m_model(new QStandardItemModel(this))
{
    setPlaceholderText(tr("Search all mail"));
    setClearButtonEnabled(true);
    setToolTip(plainToolTip(tr("Words, “phrases”, -word, OR, ( ) and operators such as from: or "
                               "is:unread\nDown shows them all (/)")));
    setAccessibleName(tr("Search all mail"));
    addAction(icon(IconName::Search), QLineEdit::LeadingPosition);
    setMinimumWidth(160);
    setMaximumWidth(320);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_pause.setSingleShot(true);
    m_pause.setInterval(0); // what comes at once is one search; a search that is outdated costs nothing
    connect(this, &QLineEdit::textChanged, &m_pause, qOverload<>(&QTimer::start));
    connect(&m_pause, &QTimer::timeout, this,
        [this] { Q_EMIT searched(text().trimmed().isEmpty() ? QString() : text()); });
    connect(this, &QLineEdit::textChanged, this, [this] {
        if (text() != m_suggestedFor)
            hideSuggestions();
    });
    connect(this, &QLineEdit::textEdited, this, [this] { suggest(Asked::No); });
    connect(this, &QLineEdit::cursorPositionChanged, this, [this] {
        if (isSuggesting())
            suggest(Asked::No);
    });
}

SearchField::~SearchField()
{
    delete m_list;
}

QTreeView *SearchField::suggestions() const
{
    return m_list;
}

void SearchField::clearQuietly()
{
    clear();
    m_pause.stop(); // nobody is notified: it was not the person who cleared it
}

void SearchField::suggest(Asked asked)
{
    m_suggestedFor = text();
    m_suggestions = suggestionsFor(text(), cursorPosition(), m_names ? m_names() : SearchNames(), asked);
    if (m_suggestions.list.isEmpty())
        hideSuggestions();
    else
        showSuggestions();
}

void SearchField::showSuggestions()
{
    if (!m_list) {
        m_list = new QTreeView(window());
        m_list->setObjectName(QStringLiteral("searchSuggestions"));
        m_list->setAccessibleName(tr("Search operators"));
        m_list->setFocusPolicy(Qt::NoFocus);
        m_list->setRootIsDecorated(false);
        m_list->setHeaderHidden(true);
        m_list->setUniformRowHeights(true);
        m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
        m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        m_list->setModel(m_model);
        connect(m_list, &QTreeView::clicked, this, [this](const QModelIndex &index) { take(index.row()); });
    }
    m_model->clear();
    for (const SearchSuggestion &one : std::as_const(m_suggestions.list)) {
        auto *meaning = new QStandardItem(one.meaning);
        meaning->setForeground(mutedText(palette()));
        m_model->appendRow({new QStandardItem(safeLine(one.text.trimmed())), meaning});
    }
    m_list->setCurrentIndex({});
    place();
    m_list->show();
    m_list->raise();
}

void SearchField::hideSuggestions()
{
    if (m_list)
        m_list->hide();
}

/// Below the field, from its leading edge, within the window.
void SearchField::place()
{
    m_list->resizeColumnToContents(0);
    m_list->resizeColumnToContents(1);
    const int frame = 2 * m_list->frameWidth();
    const int rows = std::min(mostRows, m_model->rowCount());
    const int bar = rows < m_model->rowCount() ? m_list->style()->pixelMetric(QStyle::PM_ScrollBarExtent) : 0;
    const QSize whole = window()->size();
    const int width = std::clamp(m_list->columnWidth(0) + m_list->columnWidth(1) + frame + bar + space::two,
        this->width(), std::max(this->width(), whole.width() - 2 * space::one));
    const QPoint below = mapTo(window(), QPoint(0, this->height() + 2));
    const int height = std::min(rows * m_list->sizeHintForRow(0) + frame, whole.height() - below.y());
    const int left = isRightToLeft() ? below.x() + this->width() - width : below.x();
    m_list->setGeometry(
        std::clamp(left, 0, std::max(0, whole.width() - width - space::one)), below.y(), width, height);
}

bool SearchField::isSuggesting() const
{
    return m_list && m_list->isVisible();
}

int SearchField::chosen() const
{
    return isSuggesting() ? m_list->currentIndex().row() : -1;
}

/// Up from the first goes back to the text alone, and so does Down from the last.
void SearchField::choose(int step)
{
    const int count = m_model->rowCount() + 1;
    const int row = (chosen() + 1 + step + count) % count - 1;
    m_list->setCurrentIndex(row < 0 ? QModelIndex() : m_model->index(row, 0));
}

void SearchField::take(int row)
{
    if (row < 0 || row >= m_suggestions.list.size())
        return;
    const QString chosen = m_suggestions.list.at(row).text;
    setSelection(int(m_suggestions.begin), cursorPosition() - int(m_suggestions.begin));
    insert(chosen);
    suggest(Asked::No); // "is:" goes on with what it takes
}

/// Escape is no shortcut of the window here, and Tab takes what is chosen before it goes on to the next
/// widget.
bool SearchField::event(QEvent *event)
{
    const auto isOf = [event](QEvent::Type type, Qt::Key key) {
        return event->type() == type && static_cast<QKeyEvent *>(event)->key() == key;
    };
    if (isOf(QEvent::ShortcutOverride, Qt::Key_Escape)) {
        event->accept();
        return true;
    }
    if (isOf(QEvent::KeyPress, Qt::Key_Tab) && chosen() >= 0) {
        take(chosen());
        return true;
    }
    return QLineEdit::event(event);
}

void SearchField::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Escape:
        if (isSuggesting())
            return hideSuggestions();
        clear();
        Q_EMIT left();
        return;
    case Qt::Key_Down:
    case Qt::Key_Up:
        if (isSuggesting())
            choose(event->key() == Qt::Key_Down ? 1 : -1);
        else if (event->key() == Qt::Key_Down)
            suggest(Asked::Yes);
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (chosen() >= 0)
            return take(chosen());
        hideSuggestions();
        Q_EMIT entered();
        return;
    default:
        QLineEdit::keyPressEvent(event);
    }
}

void SearchField::focusOutEvent(QFocusEvent *event)
{
    hideSuggestions();
    QLineEdit::focusOutEvent(event);
}

void SearchField::resizeEvent(QResizeEvent *event)
{
    QLineEdit::resizeEvent(event);
    hideSuggestions();
}

} // namespace glasspost::ui
