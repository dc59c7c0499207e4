#include "ui/queue/queueview.h"

#include "ui/queue/certificatebar.h"
#include "ui/queue/queuedetail.h"
#include "ui/queue/queueediting.h"
#include "ui/queue/queuemodel.h"
#include "ui/theme/theme.h"
#include "ui/widgets/chipdelegate.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/inlinebar.h"
#include "ui/widgets/plaintext.h"
#include "ui/words/errortext.h"

#include <QAction>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QStackedWidget>
#include <QTreeView>

namespace glasspost::ui {

namespace {

constexpr std::chrono::seconds tickEvery(5);
constexpr std::chrono::seconds undoTime(8);

} // namespace

QueueView::QueueView(mail::Outbox &outbox, mail::ServerCertificates &certificates,
    const mail::CurrentSettings &settings, QWidget *parent)
    : QWidget(parent), m_outbox(outbox), m_model(new QueueModel(this)), m_list(new QTreeView),
      m_pages(new QStackedWidget), m_empty(new EmptyState(IconName::Outgoing, tr("The queue is empty"),
                                       tr("Messages for other servers wait here until they are delivered, "
                                          "with each attempt and each reply."))),
      m_bar(new InlineBar), m_certificates(new CertificateBar(certificates)), m_detail(new QueueDetail),
      m_editing(new QueueEditing(outbox, settings, *m_bar, this))
{
    setAccessibleName(tr("Outgoing queue"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    makeHead();
    makeList();
    makeMenu();
    column->addWidget(m_certificates);
    auto *page = new QWidget;
    auto *rows = new QVBoxLayout(page);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(0);
    rows->addWidget(m_list, 1);
    rows->addWidget(m_detail);
    m_pages->addWidget(page);
    m_pages->addWidget(m_empty);
    m_empty->setButton(tr("Write a message"));
    connect(m_empty, &EmptyState::buttonClicked, this, &QueueView::composeRequested);
    column->addWidget(m_pages, 1);
    m_bar->floatOver(m_pages);

    m_tick.setInterval(tickEvery);
    connect(&m_tick, &QTimer::timeout, m_model, &QueueModel::tick);
    m_removal.setSingleShot(true);
    m_removal.setInterval(undoTime);
    connect(&m_removal, &QTimer::timeout, this, &QueueView::finishRemoval);
    connectParts();
    showChoice();
    load();
}

void QueueView::connectParts()
{
    connect(&m_outbox, &mail::Outbox::changed, this, [this](QList<mail::QueueEntry> entries) {
        entries.removeIf([this](const mail::QueueEntry &entry) { return m_going.contains(entry.id); });
        m_model->merge(entries);
        showChoice();
    });
    connect(&m_outbox, &mail::Outbox::removed, this, [this](const QList<QByteArray> &ids) {
        m_model->remove(ids);
        showChoice();
    });
    connect(m_certificates, &CertificateBar::changed, this, &QueueView::showChoice);
    const auto showSession = [this](const QByteArray &id) { Q_EMIT sessionRequested(id, 0); };
    connect(m_certificates, &CertificateBar::sessionRequested, this, showSession);
    connect(m_detail, &QueueDetail::sessionRequested, this, showSession);
    connect(m_detail, &QueueDetail::certificateRequested, m_certificates, &CertificateBar::open);
}

void QueueView::makeHead()
{
    auto *row = new QHBoxLayout;
    row->setContentsMargins(space::one + space::half, space::one, space::one, space::one);
    row->setSpacing(space::half);
    QLabel *title = plainLabel(tr("Outgoing"));
    title->setFont(headingFont(font()));
    row->addWidget(title);
    row->addStretch(1);
    const auto add = [&](IconName name, const QString &text, const QString &tip, mail::QueueAction action) {
        auto *button = new QPushButton(icon(name), text);
        button->setToolTip(plainToolTip(tip));
        connect(button, &QPushButton::clicked, this, [this, action] { act(action); });
        row->addWidget(button);
        return button;
    };
    m_tryNow = add(IconName::Retry, tr("Try no&w"), tr("Try the selected messages, or all of them, now (F5)"),
        mail::QueueAction::TryNow);
    m_hold = add(IconName::Hold, tr("Hol&d"), tr("Keep the message here until it is released"),
        mail::QueueAction::Hold);
    m_release = add(IconName::Start, tr("Rele&ase"), tr("Allow delivery again"), mail::QueueAction::Release);
    m_remove = add(IconName::Trash, tr("&Remove"), tr("Remove the message from the queue without sending it"),
        mail::QueueAction::Remove);
    m_more = new QPushButton(tr("M&ore"));
    m_more->setToolTip(tr("Reschedule, reroute or give up"));
    m_more->setMenu(m_editing->menu());
    row->addWidget(m_more);
    static_cast<QVBoxLayout *>(layout())->addLayout(row);
}

void QueueView::makeList()
{
    m_list->setModel(m_model);
    m_list->setItemDelegate(new ChipDelegate(m_list));
    m_list->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_list->setUniformRowHeights(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setAllColumnsShowFocus(true);
    m_list->setAccessibleName(tr("Messages in the queue"));
    m_list->header()->setStretchLastSection(false);
    m_list->header()->setSectionResizeMode(QueueModel::What, QHeaderView::Stretch);
    m_list->header()->setSectionResizeMode(QueueModel::LastReply, QHeaderView::Stretch);
    const QFontMetrics metrics(font());
    const auto width
        = [&](const QString &sample) { return metrics.horizontalAdvance(sample) + space::three; };
    m_list->setColumnWidth(QueueModel::State, width(tr("2 of 12 refused")) + space::one);
    m_list->setColumnWidth(QueueModel::NextAttempt, width(tr("Next attempt")));
    m_list->setColumnWidth(QueueModel::Attempts, width(tr("Attempts")));
    m_list->setColumnWidth(QueueModel::Size, width(QStringLiteral("999.9 kB")));
    connect(m_list->selectionModel(), &QItemSelectionModel::selectionChanged, this, &QueueView::showChoice);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, &QueueView::showChoice);
    m_list->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_list, &QTreeView::customContextMenuRequested, this, [this](const QPoint &place) {
        if (!chosen().isEmpty())
            m_menu->popup(m_list->viewport()->mapToGlobal(place));
    });
    connect(m_list, &QTreeView::activated, this, &QueueView::openCurrent);
    m_list->setExpandsOnDoubleClick(false);
}

// All that can be done with what is selected, as the buttons have it.
void QueueView::makeMenu()
{
    m_menu = new QMenu(this);
    m_menu->addAction(icon(IconName::MailOpen), tr("&Open"), this, &QueueView::openCurrent);
    m_menu->addSeparator();
    const auto add = [this](QPushButton *button, const QString &text) {
        m_menuActions.insert(button, m_menu->addAction(button->icon(), text, button, &QPushButton::click));
    };
    add(m_tryNow, tr("&Try now"));
    add(m_hold, tr("&Hold"));
    add(m_release, tr("Re&lease"));
    add(m_remove, tr("Re&move"));
    m_menu->addSeparator();
    m_menu->addActions(m_editing->menu()->actions());
}

void QueueView::openCurrent()
{
    if (const mail::QueueEntry *entry = m_model->entry(m_list->currentIndex()))
        Q_EMIT openRequested(*entry);
}

// The focus stays with what can be done next: from Hold it goes to Release, never to Remove.
void QueueView::enable(QPushButton *button, bool enabled)
{
    m_menuActions.value(button)->setEnabled(enabled);
    if (!enabled && button->hasFocus()) {
        QPushButton *other = button == m_hold ? m_release : button == m_release ? m_hold : nullptr;
        QWidget *next = other != nullptr && other->isEnabled() ? static_cast<QWidget *>(other) : m_list;
        next->setFocus(Qt::OtherFocusReason);
    }
    button->setEnabled(enabled);
}

void QueueView::load()
{
    m_certificates->load();
    m_outbox.entries().then(this, [this](const mail::Result<QList<mail::QueueEntry>> &entries) {
        if (!entries) {
            m_bar->say(InlineBar::Kind::Error, errorText(entries.error()));
            return;
        }
        m_model->setEntries(*entries);
        showChoice();
    });
}

void QueueView::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_model->tick();
    m_tick.start();
}

void QueueView::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    m_tick.stop();
}

QList<QByteArray> QueueView::chosen() const
{
    QList<QByteArray> ids;
    for (const QModelIndex &index : m_list->selectionModel()->selectedRows()) {
        const QByteArray id = m_model->entry(index)->id;
        if (!ids.contains(id))
            ids.append(id);
    }
    return ids;
}

void QueueView::select(const QByteArray &queueId)
{
    const QModelIndex index = m_model->indexOf(queueId);
    if (!index.isValid())
        return;
    // Whatever keys are down.
    m_list->selectionModel()->setCurrentIndex(
        index, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    m_list->expand(index);
}

void QueueView::showChoice()
{
    m_pages->setCurrentIndex(m_model->rowCount() > 0 ? 0 : 1);
    const QList<QByteArray> ids = chosen();
    bool anyHeld = false;
    bool anyFree = false;
    for (const QByteArray &id : ids) {
        const mail::QueueEntry *entry = m_model->entry(id);
        anyHeld = anyHeld || entry->held;
        anyFree = anyFree || (!entry->held && !entry->isDone());
    }
    const QList<std::pair<QPushButton *, bool>> states{{m_tryNow, m_model->rowCount() > 0}, {m_hold, anyFree},
        {m_release, anyHeld}, {m_remove, !ids.isEmpty()}};
    // First what becomes possible, so that the focus has where to go.
    for (const bool enabled : {true, false}) {
        for (const auto &[button, state] : states) {
            if (state == enabled)
                enable(button, state);
        }
    }
    QList<mail::QueueEntry> entries;
    for (const QByteArray &id : ids)
        entries.append(*m_model->entry(id));
    m_editing->setChosen(entries);
    m_more->setEnabled(!ids.isEmpty());
    m_certificates->setEntries(m_model->entries());
    showDetail();
}

void QueueView::showDetail()
{
    const QModelIndex current = m_list->currentIndex();
    const mail::QueueEntry *entry = m_model->entry(current);
    const mail::QueueRecipient *recipient = m_model->recipient(current);
    m_detail->setVisible(recipient != nullptr);
    if (recipient)
        m_detail->tell(*entry, *recipient, m_certificates->questionOf(*recipient));
}

void QueueView::act(mail::QueueAction action)
{
    const QList<QByteArray> ids = chosen();
    switch (action) {
    case mail::QueueAction::TryNow:
        m_outbox.act(action, ids).then(this, [this](const mail::Result<int> &done) {
            say(done.value_or(0) == 1 ? tr("Trying 1 message now.")
                                      : tr("Trying %Ln messages now.", nullptr, done.value_or(0)),
                done);
        });
        break;
    case mail::QueueAction::Hold:
    case mail::QueueAction::Release:
        if (!ids.isEmpty())
            m_outbox.act(action, ids).then(this, [this](const mail::Result<int> &done) { say({}, done); });
        break;
    case mail::QueueAction::Expire:
        m_editing->askGivingUp();
        break;
    case mail::QueueAction::Postpone:
        m_editing->askTime();
        break;
    case mail::QueueAction::Reroute:
        m_editing->askRoute();
        break;
    case mail::QueueAction::Remove:
        if (!ids.isEmpty())
            removeWithUndo(ids);
        break;
    }
}

void QueueView::say(const QString &words, const mail::Result<int> &done)
{
    if (!done)
        m_bar->say(InlineBar::Kind::Error, errorText(done.error()));
    else if (!words.isEmpty())
        m_bar->say(InlineBar::Kind::Info, words, std::chrono::seconds(4));
}

// Held and out of sight first: should the program end within the time for undo, the message is still there.
void QueueView::removeWithUndo(const QList<QByteArray> &ids)
{
    finishRemoval();
    m_going = ids;
    m_wereHeld.clear();
    for (const QByteArray &id : ids) {
        if (m_model->entry(id)->held)
            m_wereHeld.append(id);
    }
    m_outbox.act(mail::QueueAction::Hold, ids);
    m_model->remove(ids);
    showChoice();
    m_bar->say(InlineBar::Kind::Info,
        ids.size() == 1 ? tr("1 message removed from the queue.")
                        : tr("%Ln messages removed from the queue.", nullptr, int(ids.size())),
        undoTime);
    m_bar->addUndo([this] {
        m_removal.stop();
        QList<QByteArray> free = std::exchange(m_going, {});
        free.removeIf([this](const QByteArray &id) { return m_wereHeld.contains(id); });
        if (!free.isEmpty())
            m_outbox.act(mail::QueueAction::Release, free).then(this, [this](const mail::Result<int> &) {
                load();
            });
        else
            load();
    });
    m_removal.start();
}

void QueueView::finishRemoval()
{
    m_removal.stop();
    const QList<QByteArray> ids = std::exchange(m_going, {});
    if (!ids.isEmpty())
        m_outbox.act(mail::QueueAction::Remove, ids).then(this, [this](const mail::Result<int> &done) {
            say({}, done);
            if (!done)
                load();
        });
}

} // namespace glasspost::ui
