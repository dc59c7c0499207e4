#pragma once

#include "mail/queue/reachability.h"
#include "mail/system/listenerstate.h"
#include "mail/transcripts/transcriptbatch.h"
#include "ui/queue/queuestate.h"
#include "ui/theme/theme.h"

#include <QStatusBar>
#include <QTimer>

namespace glasspost::ui {

class Chip;
class ElidedLabel;
class ListenerChip;

/// The status bar: the listener, HTTP while it is switched on, the queue, the last event. Red only when
/// something is wrong.
class MainStatus : public QStatusBar
{
    Q_OBJECT
public:
    explicit MainStatus(QWidget *parent = nullptr);

    void setListener(const mail::ListenerState &state);
    void setHttp(const mail::ListenerState &state);
    void setQueue(const QueueSummary &queue);
    void setReachability(mail::Reachability reachability);
    /// What happened last; the time is said with it.
    void tell(const QString &event);
    void tellRefusal(const QString &event); ///< in red
    void tellDeferral(const QString &event); ///< in amber
    /// Says it when a client did not get past the listener's TLS, and what helps.
    void takeSessions(const mail::TranscriptBatch &batch);
    [[nodiscard]] Tone eventTone() const { return m_eventTone; }
    [[nodiscard]] ListenerChip *listener() const { return m_listener; }
    [[nodiscard]] Chip *http() const { return m_http; }
    [[nodiscard]] Chip *queue() const { return m_queue; }
    [[nodiscard]] QString lastEvent() const;

protected:
    void changeEvent(QEvent *event) override;

private:
    void showQueue();
    void takeEvent(const QString &event, Tone tone);
    void tint();

    ListenerChip *m_listener;
    Chip *m_http;
    Chip *m_queue;
    ElidedLabel *m_event;
    Tone m_eventTone = Tone::Neutral;
    QueueSummary m_summary;
    mail::Reachability m_reachability = mail::Reachability::Unknown;
    QTimer m_minute;
};

/// "3 waiting, next in 4 min"; "1 refused"; "Nothing waiting".
[[nodiscard]] QString queueText(const QueueSummary &queue, const QDateTime &now);

} // namespace glasspost::ui
