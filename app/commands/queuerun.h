#pragma once

#include "app/commands/requestcommand.h"

#include <QHash>

class QJsonArray;

namespace glasspost::app {

/// glasspost queue run: a running instance tries the entries by itself; where there is none this tries them,
/// and ends when each has had its attempt.
class QueueRun : public RequestCommand
{
    Q_OBJECT
public:
    QueueRun(const QString &dataFolder, QJsonObject request, Print print, QObject *parent = nullptr);

protected:
    void take(const QJsonObject &answer) override;

private:
    enum class Phase { Listing, Acting, Waiting, Ended };

    void noteAttempts(const QJsonArray &entries);
    void watch(mail::Outbox &outbox);
    void look(const mail::QueueEntry &entry);
    void givePassword(const QString &host, const QString &user);
    void endIfSettled();

    QJsonObject m_action;
    QJsonObject m_answer; ///< to the action
    QHash<QByteArray, int> m_open; ///< entries not tried yet, with the attempts they had before
    Phase m_phase = Phase::Listing;
};

} // namespace glasspost::app
