#include "ui/transcript/transcriptpane.h"

#include "mail/base/worker.h"
#include "ui/transcript/transcriptbar.h"
#include "ui/transcript/transcriptsaving.h"
#include "ui/transcript/transcriptview.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/inlinebar.h"
#include "ui/words/errortext.h"
#include "ui/words/format.h"
#include "ui/words/sessiontext.h"

#include <QShortcut>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace glasspost::ui {

namespace {

constexpr std::chrono::milliseconds flushEvery(50);
constexpr std::chrono::milliseconds flushFloodEvery(100);
constexpr qsizetype flood
    = 1000; // lines at once that nobody reads: laying them out takes from who sends them
constexpr qsizetype waitingCap = TranscriptLog::defaultCap;

/// Of a session as many lines as the pane keeps.
struct NewestLines
{
    smtp::SessionFacts facts;
    QList<std::pair<QByteArray, smtp::TranscriptEntry>> entries;
    qsizetype all = 0; ///< lines that it has
};

NewestLines newestOf(const mail::Transcript &transcript)
{
    const QList<smtp::TranscriptEntry> &said = transcript.second;
    NewestLines newest{transcript.first, {}, said.size()};
    newest.entries.reserve(std::min(said.size(), waitingCap));
    for (qsizetype i = std::max<qsizetype>(0, said.size() - waitingCap); i < said.size(); ++i)
        newest.entries.append({transcript.first.id, said.at(i)});
    return newest;
}

/// A million lines are not let go of where the window waits for it.
mail::Task<NewestLines> newestLines(mail::Transcript transcript)
{
    if (transcript.second.size() <= flood)
        return mail::Result<NewestLines>(newestOf(transcript));
    return mail::runInPool([transcript = std::move(transcript)] { return newestOf(transcript); });
}

} // namespace

TranscriptPane::TranscriptPane(mail::Sessions &sessions, QWidget *parent)
    : QWidget(parent), m_sessions(sessions), m_live(new TranscriptModel(this)),
      m_chosen(new TranscriptModel(this)), m_pages(new QStackedWidget), m_controls(new TranscriptBar),
      m_bar(new InlineBar)
{
    setAccessibleName(tr("Transcript"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_controls);
    column->addWidget(m_bar);
    column->addWidget(m_pages, 1);
    m_pages->addWidget(makePage(m_live, &m_liveView, &m_liveEmpty));
    m_pages->addWidget(makePage(m_chosen, &m_chosenView, &m_chosenEmpty));
    connectBar();

    m_flush.setSingleShot(true);
    m_flush.setInterval(flushEvery);
    connect(&m_flush, &QTimer::timeout, this, &TranscriptPane::flush);
    connect(&sessions, &mail::Sessions::recorded, this, &TranscriptPane::take);
    connect(m_chosen, &TranscriptModel::completed, this, &TranscriptPane::goToAsked);
    enter(Scope::Live);
}

TranscriptPane::~TranscriptPane() = default;

void TranscriptPane::connectBar()
{
    using Direction = TranscriptModel::Direction;
    connect(m_controls, &TranscriptBar::liveRequested, this, &TranscriptPane::showLive);
    connect(m_controls, &TranscriptBar::messageRequested, this, &TranscriptPane::showMessage);
    connect(m_controls, &TranscriptBar::filterChanged, this, &TranscriptPane::applyFilter);
    connect(m_controls, &TranscriptBar::errorRequested, this, &TranscriptPane::goToError);
    connect(m_controls, &TranscriptBar::octetViewChosen, this, [this](OctetView shown) {
        m_live->setOctetView(shown);
        m_chosen->setOctetView(shown);
    });
    connect(m_controls, &TranscriptBar::saveRequested, this,
        [this] { askSaveTranscript(this, m_bar, [this] { return model()->saved(); }); });
    connect(m_controls, &TranscriptBar::copyRequested, this, &TranscriptPane::copy);
    connect(m_controls, &TranscriptBar::clearRequested, this, &TranscriptPane::clear);
    connect(m_controls, &TranscriptBar::closeRequested, this, &TranscriptPane::closeRequested);
    const auto onKey = [this](const QKeySequence &keys, Direction direction) {
        auto *shortcut = new QShortcut(keys, this);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, [this, direction] { goToError(direction); });
    };
    onKey(QKeySequence(Qt::Key_F8), Direction::Next);
    onKey(QKeySequence(Qt::SHIFT | Qt::Key_F8), Direction::Previous);
}

QWidget *TranscriptPane::makePage(TranscriptModel *model, TranscriptView **view, EmptyState **empty)
{
    auto *stack = new QStackedWidget;
    *empty = new EmptyState(IconName::Transcript, {}, {});
    *view = new TranscriptView(model, this);
    stack->addWidget(*empty);
    stack->addWidget(*view);
    const auto choose = [this, stack, model] {
        stack->setCurrentIndex(model->rowCount() == 0 ? 0 : 1);
        showEmptiness();
    };
    connect(*view, &TranscriptView::rowChosen, this, [this, model](int row) {
        if (const auto session = model->sessionAt(row))
            Q_EMIT lineChosen(session->id, model->timeAt(row));
    });
    connect(*view, &TranscriptView::followRequested, this, &TranscriptPane::follow);
    connect(model, &QAbstractItemModel::rowsInserted, stack, choose);
    connect(model, &QAbstractItemModel::rowsRemoved, stack, choose);
    connect(model, &QAbstractItemModel::modelReset, stack, choose);
    return stack;
}

TranscriptModel *TranscriptPane::model() const
{
    return m_scope == Scope::Live ? m_live : m_chosen;
}

TranscriptView *TranscriptPane::view() const
{
    return m_scope == Scope::Live ? m_liveView : m_chosenView;
}

void TranscriptPane::take(const mail::TranscriptBatch &batch)
{
    m_waiting.sessions += batch.sessions;
    m_waiting.entries += batch.entries;
    // Hidden for long: the newest are kept, as the model would.
    if (m_waiting.entries.size() > waitingCap)
        m_waiting.entries.remove(0, m_waiting.entries.size() - waitingCap + waitingCap / 10);
    if (m_waiting.sessions.size() > waitingCap)
        m_waiting.sessions.remove(0, m_waiting.sessions.size() - waitingCap + waitingCap / 10);
    if (isVisible() && !m_flush.isActive())
        m_flush.start();
}

void TranscriptPane::flush()
{
    const mail::TranscriptBatch batch = std::exchange(m_waiting, {});
    m_flush.setInterval(batch.entries.size() < flood ? flushEvery : flushFloodEvery);
    m_live->take(batch.sessions, batch.entries);
    if (m_shownSessions.isEmpty())
        return;
    // A chosen session that still goes on: what came after its lines were read.
    mail::TranscriptBatch mine;
    const TranscriptLog &log = m_chosen->log();
    const qint64 last = m_chosen->lastAt();
    for (const smtp::SessionFacts &facts : batch.sessions) {
        if (m_shownSessions.contains(facts.id) && log.numberOf(facts.id) != 0)
            mine.sessions.append(facts);
    }
    for (const auto &entry : batch.entries) {
        if (entry.second.at > last && log.numberOf(entry.first) != 0)
            mine.entries.append(entry);
    }
    m_chosen->take(mine.sessions, mine.entries);
}

void TranscriptPane::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    flush();
}

void TranscriptPane::enter(Scope scope)
{
    m_scope = scope;
    m_controls->showAsLive(scope == Scope::Live);
    m_pages->setCurrentIndex(int(scope));
    applyFilter();
    showEmptiness();
}

void TranscriptPane::showLive()
{
    enter(Scope::Live);
}

void TranscriptPane::showSession(const QByteArray &sessionId, qint64 at)
{
    load({sessionId}, at);
    enter(Scope::Chosen);
}

void TranscriptPane::setMessage(const QList<QByteArray> &sessionIds)
{
    m_messageSessions = sessionIds;
    if (m_scope == Scope::Chosen)
        load(sessionIds, 0);
}

void TranscriptPane::showMessage()
{
    load(m_messageSessions, 0);
    enter(Scope::Chosen);
}

void TranscriptPane::load(const QList<QByteArray> &sessionIds, qint64 at)
{
    m_shownSessions = sessionIds;
    m_unread = sessionIds.size();
    m_readLines = 0;
    m_asked = at;
    m_hasFailed = false;
    m_chosen->clear();
    m_bar->dismiss();
    showEmptiness();
    const qint64 turn = ++m_loads;
    for (const QByteArray &id : sessionIds) {
        m_sessions
            .lastLines(id, waitingCap + 1) // one more, to know that there are more
            .andThen(this, newestLines)
            .then(this, [this, turn](const mail::Result<NewestLines> &answer) {
                if (turn != m_loads)
                    return;
                --m_unread;
                if (answer) {
                    m_readLines += answer->all;
                    m_chosen->take({answer->facts}, answer->entries);
                } else {
                    m_hasFailed |= answer.error().code != mail::ErrorCode::NotFound;
                    m_bar->say(InlineBar::Kind::Warning, errorText(answer.error()));
                }
                showEmptiness();
                goToAsked();
            });
    }
}

/// Once the lines are there. What is missing of them is told.
void TranscriptPane::goToAsked()
{
    if (!m_asked || m_shownSessions.isEmpty() || !m_chosen->isComplete())
        return;
    m_chosenView->goToRow(m_chosen->rowOf(m_shownSessions.constFirst(), *m_asked));
    if (m_unread > 0)
        return;
    m_asked.reset();
    const TranscriptLog &log = m_chosen->log();
    if (const qint64 shown = log.endSerial() - log.firstSerial(); shown < m_readLines)
        m_bar->say(InlineBar::Kind::Info, tr("Only the last %1 lines are shown.").arg(countText(shown)));
}

void TranscriptPane::setErrorsOnly(bool only)
{
    m_controls->setErrorsOnly(only);
}

void TranscriptPane::follow(const QByteArray &sessionId)
{
    m_controls->setFilterText(
        sessionId.isEmpty() ? QString() : QStringLiteral("session:") + sessionLabel(sessionId).sliced(1));
}

void TranscriptPane::goToError(TranscriptModel::Direction direction)
{
    const int row = model()->errorFrom(view()->currentIndex().row(), direction);
    if (row < 0) {
        m_bar->say(InlineBar::Kind::Info, tr("The lines shown have no error."), std::chrono::seconds(5));
        return;
    }
    view()->setFocus();
    view()->goToRow(row);
    if (const auto session = model()->sessionAt(row))
        Q_EMIT lineChosen(session->id, model()->timeAt(row));
}

void TranscriptPane::applyFilter()
{
    model()->setFilter(m_controls->filter());
    showEmptiness();
}

void TranscriptPane::showEmptiness()
{
    if (!m_liveEmpty || !m_chosenEmpty)
        return;
    const TranscriptModel::Filter &filter = model()->filter();
    const bool hasLines = model()->log().endSerial() > model()->log().firstSerial();
    EmptyState *empty = m_scope == Scope::Live ? m_liveEmpty : m_chosenEmpty;
    if (model()->isFiltered() && hasLines)
        empty->setContent(IconName::Filter, tr("No matching lines"),
            filter.errorsOnly ? tr("Nothing was refused, deferred or broken off.")
                              : tr("No line matches this filter."));
    else if (m_scope == Scope::Live)
        empty->setContent(IconName::Transcript, tr("Nothing said yet"),
            tr("Every line that either side says is shown here as it happens, with its time."));
    else if (m_shownSessions.isEmpty())
        empty->setContent(IconName::Transcript, tr("No session"),
            tr("No SMTP session carried this message, or no message is open."));
    else if (m_unread > 0)
        empty->setContent(IconName::Transcript, tr("Reading …"), {});
    else if (m_hasFailed)
        empty->setContent(IconName::Transcript, tr("Not read"), tr("What is kept could not be read."));
    else
        empty->setContent(IconName::Transcript, tr("Nothing kept"), tr("This session has no lines."));
}

void TranscriptPane::copy()
{
    if (view()->selectionModel()->hasSelection())
        view()->copySelected();
    else
        copyTranscript(model()->saved(), this);
}

void TranscriptPane::clear()
{
    m_waiting = {};
    if (m_scope == Scope::Chosen) {
        m_shownSessions.clear();
        m_unread = 0;
        m_asked.reset();
        ++m_loads;
    }
    model()->clear();
    showEmptiness();
}

} // namespace glasspost::ui
