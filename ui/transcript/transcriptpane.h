#pragma once

#include "mail/system/sessions.h"
#include "ui/transcript/transcriptmodel.h"

#include <QTimer>
#include <QWidget>

#include <optional>

class QStackedWidget;

namespace glasspost::ui {

class EmptyState;
class InlineBar;
class TranscriptBar;
class TranscriptView;

/// The pane that shows what was said on the wire: live, or of the chosen message or session. Takes what is
/// recorded itself; keeps them without other work while hidden, and repaints some twenty times a
/// second at most, ten in a flood. GUI thread.
class TranscriptPane : public QWidget
{
    Q_OBJECT
public:
    enum class Scope { Live, Chosen };

    /// The sessions outlive it.
    explicit TranscriptPane(mail::Sessions &sessions, QWidget *parent = nullptr);
    ~TranscriptPane() override;

    void showLive();
    /// The transcript of one session, from its first line or from the line said at that time (microseconds
    /// since the Unix epoch), which is then lit up.
    void showSession(const QByteArray &sessionId, qint64 at = 0);
    /// The sessions of the message that is open: the one that brought it, those that carried it away. Shown
    /// at once when the pane shows the message, else kept until it does. An empty list: it came without SMTP.
    void setMessage(const QList<QByteArray> &sessionIds);
    void showMessage();
    void setErrorsOnly(bool only);
    /// Leaves the lines of one session among those shown; an empty id takes that back.
    void follow(const QByteArray &sessionId);
    /// To the nearest error after or before the current line; says so when there is none.
    void goToError(TranscriptModel::Direction direction);

    [[nodiscard]] Scope scope() const { return m_scope; }
    [[nodiscard]] TranscriptModel *model() const; ///< of what is shown now
    [[nodiscard]] TranscriptView *view() const; ///< likewise

Q_SIGNALS:
    void closeRequested(); ///< the cross was clicked
    void lineChosen(const QByteArray &sessionId, qint64 at); ///< by a person

protected:
    void showEvent(QShowEvent *event) override;

private:
    void connectBar();
    QWidget *makePage(TranscriptModel *model, TranscriptView **view, EmptyState **empty);
    void take(const mail::TranscriptBatch &batch);
    void flush();
    void enter(Scope scope);
    void load(const QList<QByteArray> &sessionIds, qint64 at);
    void goToAsked();
    void applyFilter();
    void showEmptiness();
    void copy();
    void clear();

    mail::Sessions &m_sessions;
    Scope m_scope = Scope::Live;
    TranscriptModel *m_live;
    TranscriptModel *m_chosen;
    TranscriptView *m_liveView = nullptr;
    TranscriptView *m_chosenView = nullptr;
    EmptyState *m_liveEmpty = nullptr;
    EmptyState *m_chosenEmpty = nullptr;
    QStackedWidget *m_pages;
    TranscriptBar *m_controls;
    InlineBar *m_bar;
    mail::TranscriptBatch m_waiting; ///< came, not yet in the model
    QTimer m_flush;
    QList<QByteArray> m_messageSessions;
    QList<QByteArray> m_shownSessions;
    qint64 m_loads = 0; ///< answers to earlier questions are dropped
    qsizetype m_unread = 0; ///< sessions that are being read
    qint64 m_readLines = 0; ///< that those which were read have
    std::optional<qint64> m_asked; ///< the time of the line to go to, until all lines are there
    bool m_hasFailed = false; ///< one is kept, but could not be read
};

} // namespace glasspost::ui
