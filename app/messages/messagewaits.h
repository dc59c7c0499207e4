#pragma once

#include "app/messages/waitcondition.h"

#include <QHash>
#include <QJsonObject>
#include <QObject>

#include <functional>
#include <memory>

namespace glasspost::app {

/// Somebody who waits for messages.
struct MessageWait
{
    enum class Answer {
        Row, ///< {"row": {...}}, as search prints it
        Message ///< {"message": {...}}, as show does
    };
    WaitCondition condition;
    Answer answer = Answer::Message;
    int count = 0; ///< of messages, then it ends; 0: never
    std::function<void(const QJsonObject &)> found; ///< for each, in the order in which they came
    std::function<void()> caughtUp; ///< what had come before was looked through
};

/// Finds for each of those who wait what has come since its moment and what comes from now on, each message
/// once, by the index: rows are numbered as they come, those up to the number at which a wait joins are
/// looked through for it alone, those above for all waits together, each message read once. Nothing is asked
/// while nobody waits. An index that was rebuilt is searched again. On the thread that made it; the services
/// outlive it.
class MessageWaits : public QObject
{
    Q_OBJECT
public:
    MessageWaits(mail::Mailboxes &mailboxes, mail::Lookups &lookups, QObject *parent = nullptr);
    ~MessageWaits() override;

    /// Until it has its count, or the context is destroyed.
    void add(MessageWait wait, QObject *context);

private:
    struct Waiting;
    using WaitingPointer = std::shared_ptr<Waiting>;
    using WaitingList = QList<WaitingPointer>;

    void advance();
    void take(const mail::Result<mail::RowPage> &page);
    void rest();
    void joinAll();
    void lookBack(const WaitingPointer &waiting);
    mail::Task<bool> lookAtNextPage(const WaitingPointer &waiting, int round);
    void endLookBack(const WaitingPointer &waiting);
    /// One after another.
    mail::Task<void> examineAll(const QList<mail::MessageRow> &rows, const WaitingPointer &alone);
    mail::Task<void> examine(const mail::MessageRow &row, const WaitingPointer &alone);
    mail::Task<void> judgeFor(const WaitingList &asked, const MessageContent &content, bool isLive);
    void deliver(
        const WaitingPointer &waiting, const mail::MessageRow &row, const QJsonObject &answer, bool isLive);
    void remove(const WaitingPointer &waiting);

    mail::Mailboxes &m_mailboxes;
    mail::Lookups &m_lookups;
    QMultiHash<QString, WaitingPointer> m_waiting; ///< by the recipient that is waited for, or by none
    quint64 m_generation = 0; ///< of the index that m_position is of; 0 while nothing is followed
    qint64 m_position = 0; ///< the number of the last row that all waits were asked about
    bool m_isBusy = false;
    bool m_isChanged = false; ///< since the index was asked last
};

} // namespace glasspost::app
