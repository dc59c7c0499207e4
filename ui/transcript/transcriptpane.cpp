#include "ui/transcript/transcriptpane.h"

#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/transcript/transcriptmodel.h"
#include "ui/transcript/transcriptview.h"
#include "ui/widgets/backgroundwrite.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/inlinebar.h"
#include "ui/widgets/plaintext.h"
#include "ui/words/errortext.h"

#include <QButtonGroup>
#include <QCheckBox>
#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QStackedWidget>
#include <QToolButton>

namespace glasspost::ui {

namespace {

constexpr std::chrono::milliseconds flushEvery(50);
constexpr std::chrono::milliseconds flushFloodEvery(100);
constexpr qsizetype flood
    = 1000; // lines at once that nobody reads: laying them out takes from who sends them
constexpr qsizetype waitingCap = TranscriptLog::defaultCap;

QToolButton *tool(const QString &text, IconName name, const QString &tip)
{
    auto *button = new QToolButton;
    button->setIcon(icon(name));
    button->setAutoRaise(true);
    button->setToolTip(plainToolTip(tip));
    button->setAccessibleName(text);
    return button;
}

QToolButton *choice(const QString &text, const QString &tip)
{
    auto *button = new QToolButton;
    button->setText(text);
    button->setCheckable(true);
    button->setAutoRaise(true);
    button->setToolTip(plainToolTip(tip));
    return button;
}

} // namespace

TranscriptPane::TranscriptPane(mail::Sessions &sessions, QWidget *parent)
    : QWidget(parent), m_sessions(sessions), m_live(new TranscriptModel(this)),
      m_chosen(new TranscriptModel(this)), m_pages(new QStackedWidget), m_bar(new InlineBar)
{
    setAccessibleName(tr("Transcript"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    makeBar();
    column->addWidget(m_bar);
    column->addWidget(m_pages, 1);
    m_pages->addWidget(makePage(m_live, &m_liveView, &m_liveEmpty));
    m_pages->addWidget(makePage(m_chosen, &m_chosenView, &m_chosenEmpty));

    m_flush.setSingleShot(true);
    m_flush.setInterval(flushEvery);
    connect(&m_flush, &QTimer::timeout, this, &TranscriptPane::flush);
    connect(&sessions, &mail::Sessions::recorded, this, &TranscriptPane::take);
    enter(Scope::Live);
}

TranscriptPane::~TranscriptPane() = default;

void TranscriptPane::makeBar()
{
    auto *row = new QHBoxLayout;
    row->setContentsMargins(space::one, space::half, space::half, space::half);
    row->setSpacing(space::half);
    QLabel *title = plainLabel(tr("Transcript"));
    title->setFont(boldFont(title->font()));
    row->addWidget(title);
    row->addSpacing(space::one);

    m_scopes = new QButtonGroup(this);
    auto *live = choice(tr("&Live"), tr("Every session, as it happens"));
    auto *message = choice(tr("Thi&s message"), tr("The sessions that brought or carried the open message"));
    m_scopes->addButton(live, int(Scope::Live));
    m_scopes->addButton(message, int(Scope::Chosen));
    m_errors = new QCheckBox(tr("Errors onl&y"));
    m_errors->setToolTip(tr("Only what was refused or deferred, and broken sessions"));
    row->addWidget(live);
    row->addWidget(message);
    row->addSpacing(space::one);
    row->addWidget(m_errors);

    m_words = new QLineEdit;
    m_words->setPlaceholderText(tr("Filter lines"));
    m_words->setAccessibleName(tr("Filter lines"));
    m_words->setClearButtonEnabled(true);
    m_words->setMaximumWidth(260);
    row->addWidget(m_words, 1);
    row->addStretch(1);

    auto *saveButton = tool(tr("Save"), IconName::Save, tr("Save the lines shown to a file"));
    auto *copyButton = tool(tr("Copy"), IconName::Copy, tr("Copy the selected lines, or all, as plain text"));
    auto *clearButton
        = tool(tr("Clear"), IconName::Clear, tr("Clear the lines shown here; they stay under Sessions"));
    auto *closeButton = tool(tr("Close"), IconName::Close, tr("Hide the transcript (Ctrl+T)"));
    for (QToolButton *button : {saveButton, copyButton, clearButton, closeButton})
        row->addWidget(button);
    static_cast<QVBoxLayout *>(layout())->addLayout(row);

    connect(live, &QToolButton::clicked, this, &TranscriptPane::showLive);
    connect(message, &QToolButton::clicked, this, &TranscriptPane::showMessage);
    connect(m_errors, &QCheckBox::toggled, this, &TranscriptPane::applyFilter);
    connect(m_words, &QLineEdit::textChanged, this, &TranscriptPane::applyFilter);
    connect(saveButton, &QToolButton::clicked, this, &TranscriptPane::save);
    connect(copyButton, &QToolButton::clicked, this, &TranscriptPane::copy);
    connect(clearButton, &QToolButton::clicked, this, &TranscriptPane::clear);
    connect(closeButton, &QToolButton::clicked, this, &TranscriptPane::closeRequested);
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
    const qint64 end = m_chosen->log().endSerial();
    const qint64 last = end > m_chosen->log().firstSerial() ? m_chosen->log().line(end - 1).entry.at : 0;
    for (const smtp::SessionFacts &facts : batch.sessions) {
        if (m_shownSessions.contains(facts.id) && m_chosen->log().numberOf(facts.id) != 0)
            mine.sessions.append(facts);
    }
    for (const auto &entry : batch.entries) {
        if (entry.second.at > last && m_chosen->log().numberOf(entry.first) != 0)
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
    m_scopes->button(int(scope))->setChecked(true);
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
    m_chosen->clear();
    m_bar->dismiss();
    showEmptiness();
    const qint64 turn = ++m_loads;
    for (const QByteArray &id : sessionIds) {
        m_sessions.transcript(id).then(
            this, [this, turn, id, at](const mail::Result<mail::Transcript> &answer) {
                if (turn != m_loads)
                    return;
                if (!answer) {
                    m_bar->say(InlineBar::Kind::Warning, errorText(answer.error()));
                    return;
                }
                QList<std::pair<QByteArray, smtp::TranscriptEntry>> entries;
                for (const smtp::TranscriptEntry &entry : answer->second)
                    entries.append({id, entry});
                m_chosen->take({answer->first}, entries);
                m_chosenView->goToRow(m_chosen->rowOf(m_shownSessions.constFirst(), at));
            });
    }
}

void TranscriptPane::setErrorsOnly(bool only)
{
    m_errors->setChecked(only);
}

void TranscriptPane::applyFilter()
{
    model()->setFilter({m_errors->isChecked(), m_words->text()});
    showEmptiness();
}

void TranscriptPane::showEmptiness()
{
    if (!m_liveEmpty || !m_chosenEmpty)
        return;
    const TranscriptModel::Filter &filter = model()->filter();
    const bool filtered = filter.errorsOnly || !filter.words.isEmpty();
    const bool hasLines = model()->log().endSerial() > model()->log().firstSerial();
    EmptyState *empty = m_scope == Scope::Live ? m_liveEmpty : m_chosenEmpty;
    if (filtered && hasLines)
        empty->setContent(IconName::Filter, tr("No matching lines"),
            filter.errorsOnly ? tr("Nothing was refused, deferred or broken off.")
                              : tr("No line contains these words."));
    else if (m_scope == Scope::Live)
        empty->setContent(IconName::Transcript, tr("Nothing said yet"),
            tr("Every line that either side says is shown here as it happens, with its time."));
    else if (m_shownSessions.isEmpty())
        empty->setContent(IconName::Transcript, tr("No session"),
            tr("No SMTP session carried this message, or no message is open."));
    else
        empty->setContent(IconName::Transcript, tr("Nothing kept"), tr("This session has no lines."));
}

void TranscriptPane::save()
{
    auto *dialog = new QFileDialog(this, tr("Save the transcript"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("txt"));
    dialog->selectFile(tr("transcript.txt"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &path) {
        writeInBackground(path, model()->plainText().toUtf8())
            .then(this, [this, path](const mail::Result<void> &done) {
                if (done)
                    m_bar->say(
                        InlineBar::Kind::Success, tr("Saved to %1.").arg(path), std::chrono::seconds(5));
                else
                    m_bar->say(InlineBar::Kind::Error, errorText(done.error()));
            });
    });
    dialog->open();
}

void TranscriptPane::copy()
{
    if (view()->selectionModel()->hasSelection())
        view()->copySelected();
    else
        QGuiApplication::clipboard()->setText(model()->plainText());
}

void TranscriptPane::clear()
{
    m_waiting = {};
    model()->clear();
    if (m_scope == Scope::Chosen)
        m_shownSessions.clear();
    showEmptiness();
}

} // namespace glasspost::ui
