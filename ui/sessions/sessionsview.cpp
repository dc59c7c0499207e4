#include "ui/sessions/sessionsview.h"

#include "ui/sessions/sessionplots.h"
#include "ui/sessions/sessionsfilter.h"
#include "ui/sessions/sessionsmodel.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/widgets/chipdelegate.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/inlinebar.h"
#include "ui/widgets/listenerhint.h"
#include "ui/widgets/plaintext.h"
#include "ui/words/errortext.h"

#include <QAction>
#include <QButtonGroup>
#include <QDateTime>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QScopedValueRollback>
#include <QScrollBar>
#include <QStackedWidget>
#include <QToolButton>
#include <QTreeView>

#include <algorithm>

namespace glasspost::ui {

namespace {

constexpr int pageSize = 500;
constexpr std::chrono::milliseconds batchEvery(100);
constexpr std::chrono::seconds durationTick(1);
constexpr std::chrono::milliseconds drawEvery(400);
constexpr int plotsFrom = 420; ///< lower, the list gets their room

} // namespace

SessionsView::SessionsView(mail::Sessions &sessions, const mail::ListenerSwitch &listener, QWidget *parent)
    : QWidget(parent), m_sessions(sessions), m_model(new SessionsModel(this)),
      m_filter(new SessionsFilter(this)), m_list(new QTreeView), m_pages(new QStackedWidget),
      m_empty(new EmptyState(IconName::Sessions, {}, {})), m_hint(new ListenerHint), m_bar(new InlineBar),
      m_plots(new SessionPlots)
{
    setAccessibleName(tr("Sessions"));
    m_filter->setSourceModel(m_model);
    m_filter->setDynamicSortFilter(true);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    makeCompare();
    makeHead();
    makeList();
    makePlots();
    m_empty->addBelow(m_hint);
    m_pages->addWidget(m_list);
    m_pages->addWidget(m_empty);
    column->addWidget(m_bar);
    column->addWidget(m_plots);
    column->addWidget(m_pages, 1);

    m_flush.setSingleShot(true);
    m_flush.setInterval(batchEvery);
    m_tick.setInterval(durationTick);
    connect(&m_flush, &QTimer::timeout, this, &SessionsView::flush);
    connect(&m_tick, &QTimer::timeout, m_model, &SessionsModel::tick);
    connect(&sessions, &mail::Sessions::recorded, this, [this](const mail::TranscriptBatch &batch) {
        m_waiting += batch.sessions;
        if (m_waiting.size() > SessionsModel::cap)
            m_waiting.remove(0, m_waiting.size() - SessionsModel::cap);
        if (isVisible() && !m_flush.isActive())
            m_flush.start();
    });
    connect(&listener, &mail::ListenerSwitch::changed, this,
        [this](const mail::ListenerState &state) { m_hint->setBindings(state.bindings); });
    showEmptiness();
}

void SessionsView::makeCompare()
{
    m_compare = new QAction(icon(IconName::Compare), tr("&Compare"), this);
    m_compare->setToolTip(plainToolTip(tr("Select two sessions to show them side by side")));
    m_compare->setEnabled(false);
    connect(m_compare, &QAction::triggered, this, &SessionsView::compareSelected);
}

void SessionsView::makeHead()
{
    auto *row = new QHBoxLayout;
    row->setContentsMargins(space::one + space::half, space::one, space::one, space::one);
    row->setSpacing(space::half);
    QLabel *title = plainLabel(tr("Sessions"));
    title->setFont(headingFont(font()));
    row->addWidget(title);
    row->addSpacing(space::two);
    m_choices = new QButtonGroup(this);
    const auto add = [&](Show what, const QString &text, const QString &tip) {
        auto *button = new QToolButton;
        button->setText(text);
        button->setToolTip(plainToolTip(tip));
        button->setCheckable(true);
        button->setAutoRaise(true);
        m_choices->addButton(button, int(what));
        row->addWidget(button);
    };
    add(Show::All, tr("&All"), tr("Every session"));
    add(Show::In, tr("&In"), tr("Connections to the listener"));
    add(Show::Out, tr("&Out"), tr("Deliveries to other servers"));
    add(Show::Trouble, tr("&Refused or broken"), tr("Sessions in which something went wrong"));
    m_choices->button(int(Show::All))->setChecked(true);
    connect(m_choices, &QButtonGroup::idClicked, this, [this](int id) { setShown(Show(id)); });
    row->addSpacing(space::one);
    m_words = new QLineEdit;
    m_words->setPlaceholderText(tr("Filter sessions"));
    m_words->setAccessibleName(tr("Filter sessions"));
    m_words->setToolTip(tr("Words of an address, a name, a user, TLS, a session or a result"));
    m_words->setClearButtonEnabled(true);
    constexpr int widest = 260;
    m_words->setMaximumWidth(widest);
    connect(m_words, &QLineEdit::textChanged, this, [this](const QString &words) {
        m_filter->setWords(words);
        showEmptiness();
    });
    row->addWidget(m_words, 1);
    row->addStretch(1);
    auto *compare = new QToolButton;
    compare->setDefaultAction(m_compare);
    compare->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    compare->setAutoRaise(true);
    row->addWidget(compare);
    static_cast<QVBoxLayout *>(layout())->addLayout(row);
}

void SessionsView::makeList()
{
    m_list->setModel(m_filter);
    m_list->setItemDelegate(new ChipDelegate(m_list));
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setAllColumnsShowFocus(true);
    m_list->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_list->addAction(m_compare);
    m_list->setAccessibleName(tr("List of sessions"));
    m_list->header()->setStretchLastSection(false);
    const QFontMetrics metrics(font());
    const auto width = [&](const char *sample) {
        return metrics.horizontalAdvance(QString::fromLatin1(sample)) + space::three;
    };
    m_list->setColumnWidth(SessionsModel::Time, width("12.12.2024 00:00:00"));
    m_list->setColumnWidth(SessionsModel::Label, width("#MMMMM"));
    m_list->setColumnWidth(SessionsModel::Direction, width("Way"));
    m_list->setColumnWidth(SessionsModel::Peer, width("255.255.255.255:65535"));
    m_list->setColumnWidth(SessionsModel::User, width("somebody"));
    m_list->setColumnWidth(SessionsModel::Tls, width("TLSv1.3 TLS_AES_256"));
    m_list->setColumnWidth(SessionsModel::Messages, width("Messages"));
    m_list->setColumnWidth(SessionsModel::Octets, width("999.9 kB"));
    m_list->setColumnWidth(SessionsModel::Outcome, width("completed, 22 refused") + space::two);
    m_list->setColumnWidth(SessionsModel::Duration, width("Duration  "));
    m_list->header()->setSectionResizeMode(SessionsModel::Name, QHeaderView::Stretch);
    m_list->header()->setMinimumSectionSize(40);

    connect(m_list->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &SessionsView::chosen);
    connect(m_list, &QTreeView::activated, this, &SessionsView::chosen);
    m_list->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_list, &QTreeView::customContextMenuRequested, this, &SessionsView::popUp);
    connect(
        m_list->selectionModel(), &QItemSelectionModel::selectionChanged, this, &SessionsView::showSelection);
    connect(m_list->verticalScrollBar(), &QScrollBar::valueChanged, this, [this](int value) {
        if (value >= m_list->verticalScrollBar()->maximum() - m_list->verticalScrollBar()->pageStep())
            loadPage();
    });
    for (const auto &changed : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(m_filter, changed, this, &SessionsView::showEmptiness);
}

void SessionsView::makePlots()
{
    m_draw.setSingleShot(true);
    m_draw.setInterval(drawEvery);
    connect(&m_draw, &QTimer::timeout, this, [this] {
        m_plots->setSeries(sessionSeries(m_model->all(), QDateTime::currentMSecsSinceEpoch() * 1000));
    });
    const auto drawSoon = [this] {
        if (isVisible() && !m_draw.isActive())
            m_draw.start();
    };
    connect(m_model, &QAbstractItemModel::rowsInserted, this, drawSoon);
    connect(m_model, &QAbstractItemModel::rowsRemoved, this, drawSoon);
    connect(m_model, &QAbstractItemModel::dataChanged, this, drawSoon);
}

/// With the mouse where it is, with the menu key at the current row.
void SessionsView::popUp(const QPoint &position)
{
    const QModelIndex under = m_list->indexAt(position);
    const QModelIndex row = m_filter->mapToSource(under.isValid() ? under : m_list->currentIndex());
    if (!row.isValid())
        return;
    const smtp::SessionFacts &facts = m_model->facts(row.row());
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Show &transcript"), this, [this, id = facts.id] { Q_EMIT sessionChosen(id); });
    menu->addAction(tr("Show &messages"), this, [this, id = facts.id] { Q_EMIT messagesRequested(id); })
        ->setEnabled(facts.messages > 0);
    menu->addAction(m_compare);
    menu->popup(m_list->viewport()->mapToGlobal(position));
}

void SessionsView::loadPage()
{
    if (m_loading || m_atEnd)
        return;
    m_loading = true;
    m_sessions.list(m_loaded, pageSize)
        .then(this, [this](const mail::Result<QList<smtp::SessionFacts>> &page) {
            m_loading = false;
            if (!page) {
                m_bar->say(InlineBar::Kind::Error, errorText(page.error()));
                m_atEnd = true;
                return;
            }
            m_loaded += int(page->size());
            m_atEnd = page->size() < pageSize || m_model->rowCount() >= SessionsModel::cap;
            m_model->append(*page);
            showEmptiness();
        });
}

void SessionsView::flush()
{
    // New rows above must not move what one reads.
    const bool atTop = m_list->verticalScrollBar()->value() == 0;
    const int before = m_filter->rowCount();
    m_model->merge(std::exchange(m_waiting, {}));
    const int more = m_filter->rowCount() - before;
    if (!atTop && more > 0 && m_filter->rowCount() > 0) {
        const int height = m_list->visualRect(m_filter->index(0, 0)).height();
        m_list->verticalScrollBar()->setValue(m_list->verticalScrollBar()->value() + more * height);
    }
}

void SessionsView::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    flush();
    loadPage();
    m_tick.start();
    m_draw.start();
}

void SessionsView::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    m_tick.stop();
}

void SessionsView::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    m_plots->setVisible(height() >= plotsFrom);
}

void SessionsView::setWords(const QString &words)
{
    m_words->setText(words);
}

void SessionsView::setShown(Show what)
{
    m_choices->button(int(what))->setChecked(true);
    m_filter->setShown(what);
    showEmptiness();
}

void SessionsView::select(const QByteArray &sessionId)
{
    QScopedValueRollback quiet(m_quiet, true);
    const int row = m_model->rowOf(sessionId);
    m_list->setCurrentIndex(row < 0 ? QModelIndex() : m_filter->mapFromSource(m_model->index(row, 0)));
}

void SessionsView::chosen()
{
    const QModelIndex current = m_filter->mapToSource(m_list->currentIndex());
    if (!m_quiet && current.isValid())
        Q_EMIT sessionChosen(m_model->facts(current.row()).id);
}

QList<QByteArray> SessionsView::selected() const
{
    QList<int> rows;
    for (const QModelIndex &index : m_list->selectionModel()->selectedRows())
        rows.append(index.row());
    std::sort(rows.begin(), rows.end());
    QList<QByteArray> sessions;
    for (const int row : std::as_const(rows))
        sessions.append(m_model->facts(m_filter->mapToSource(m_filter->index(row, 0)).row()).id);
    return sessions;
}

void SessionsView::showSelection()
{
    m_compare->setEnabled(m_list->selectionModel()->selectedRows().size() == 2);
}

void SessionsView::compareSelected()
{
    if (const QList<QByteArray> sessions = selected(); sessions.size() == 2)
        Q_EMIT compareRequested(sessions[0], sessions[1]);
}

void SessionsView::showFailure(const mail::Error &error)
{
    m_bar->say(InlineBar::Kind::Error, errorText(error));
}

void SessionsView::showEmptiness()
{
    const bool hasAny = m_model->rowCount() > 0;
    if (hasAny)
        m_empty->setContent(
            IconName::Filter, tr("No matching sessions"), tr("No session matches this filter."));
    else
        m_empty->setContent(IconName::Sessions, tr("No sessions yet"),
            tr("Every connection is listed here with each line that was said, including refused and broken "
               "ones. Point a program at the listener, or send a message."));
    m_hint->setVisible(!hasAny);
    m_pages->setCurrentIndex(m_filter->rowCount() > 0 ? 0 : 1);
}

} // namespace glasspost::ui
