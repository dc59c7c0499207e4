#pragma once

#include "mail/system/outbox.h"

#include <QHash>
#include <QObject>
#include <QSet>

namespace glasspost::ui {

class MessageListModel;

/// How what is listed left: the queue's entries, and of messages that have left it what their journeys say,
/// asked for as rows come into sight. Tells the model, of what it lists alone; both outlive it.
class PastDeliveries : public QObject
{
    Q_OBJECT
public:
    PastDeliveries(mail::Outbox &outbox, MessageListModel &model, QObject *parent);

    void setQueueEntries(const QHash<QByteArray, mail::QueueEntry> &entries);

private:
    void askForRows();
    void forget(const QList<QByteArray> &ids);
    void forgetOthers(const QSet<QByteArray> &listed);
    void tell();

    mail::Outbox &m_outbox;
    MessageListModel &m_model;
    QHash<QByteArray, mail::QueueEntry> m_waiting;
    QHash<QByteArray, mail::QueueEntry> m_past;
    QSet<QByteArray> m_asked;
    bool m_knowsAny = false; ///< and so does the model
};

} // namespace glasspost::ui
