#pragma once

#include "mail/system/outbox.h"
#include "ui/queue/queuestate.h"

#include <QHash>
#include <QObject>

namespace glasspost::ui {

/// The outgoing queue as the window knows it: kept up to date by the outbox, as one value.
class QueueWatch : public QObject
{
    Q_OBJECT
public:
    /// The outbox outlives it.
    explicit QueueWatch(mail::Outbox &outbox, QObject *parent = nullptr);

    /// Asks for the whole queue, once the system has started.
    void load();
    [[nodiscard]] const QHash<QByteArray, mail::QueueEntry> &entries() const { return m_entries; }
    [[nodiscard]] QueueSummary sum() const { return summary(m_entries.values()); }

Q_SIGNALS:
    void changed();
    void ended(const glasspost::mail::QueueEntry &entry); ///< every recipient was served, or given up
    void deferred(const glasspost::mail::QueueEntry &entry); ///< for the first time, while the window watched
    void bounced(const glasspost::mail::QueueEntry &entry); ///< it has a report so; perhaps an earlier one
    void failed(const glasspost::mail::Error &error);

private:
    enum class News { Live, Old };
    void take(const QList<mail::QueueEntry> &entries, News news);
    void drop(const QList<QByteArray> &ids);

    mail::Outbox &m_outbox;
    QHash<QByteArray, mail::QueueEntry> m_entries;
};

} // namespace glasspost::ui
