#pragma once

#include "mail/accept/receptionevent.h"
#include "mail/queue/queuevalues.h"
#include "mail/system/listenerstate.h"

#include <QElapsedTimer>
#include <QHash>
#include <QObject>
#include <QTimer>

namespace glasspost::mail {

/// Gathers what the mail thread reports one by one, so that a window gets at most some 30 signals a second
/// and always the last word on each entry. Lives on the mail thread.
class Batches : public QObject
{
    Q_OBJECT
public:
    explicit Batches(QObject *parent = nullptr);

    void entriesChanged(const QList<QueueEntry> &entries);
    void entriesRemoved(const QList<QByteArray> &ids);
    void received(const ReceptionEvent &event);
    void listenerChanged(const ListenerState &state);
    void flush();

Q_SIGNALS:
    void queueChanged(const QList<glasspost::mail::QueueEntry> &entries);
    void queueRemoved(const QList<QByteArray> &ids);
    void receptions(const QList<glasspost::mail::ReceptionEvent> &events);
    void listener(const glasspost::mail::ListenerState &state);

private:
    void schedule();

    QTimer m_timer;
    QElapsedTimer m_lastFlush;
    QList<QueueEntry> m_entries;
    QHash<QByteArray, qsizetype> m_places; // of entries, by id
    QList<QByteArray> m_removed;
    QList<ReceptionEvent> m_events;
    std::optional<ListenerState> m_listener;
};

} // namespace glasspost::mail
