#pragma once

#include "app/hooks/programhook.h"
#include "app/hooks/webhook.h"
#include "app/messages/messagewaits.h"

#include <QQueue>

#include <memory>

namespace glasspost::app {

/// What is done for each message that comes in: a URL is notified, a program run. On the thread of the mail
/// services, which outlive it.
class ArrivalHooks : public QObject
{
    Q_OBJECT
public:
    ArrivalHooks(mail::Mailboxes &mailboxes, mail::Lookups &lookups, QObject *parent = nullptr);

    void tell(const WebhookSettings &settings);
    void run(const ProgramHookSettings &settings);
    /// From now on.
    void follow();

Q_SIGNALS:
    void failed(const QString &sentence);

private:
    void take(const QJsonObject &row);
    void runNext();

    mail::Mailboxes &m_mailboxes;
    MessageWaits m_waits;
    std::unique_ptr<Webhook> m_webhook; ///< null: none is notified
    std::unique_ptr<ProgramHook> m_program; ///< null: none is run
    QQueue<mail::MessageId> m_waiting; ///< for the program
    bool m_isReading = false;
};

} // namespace glasspost::app
