#pragma once

#include "app/commands/command.h"
#include "app/commands/sendspool.h"
#include "app/control/access.h"
#include "mail/base/messageoctets.h"
#include "smtp/server/serverconversation.h"

#include <QSocketNotifier>
#include <QTimer>

#include <functional>
#include <memory>

namespace glasspost::app {

/// glasspost sendmail -bs: SMTP on standard input and output. Each message goes into the data folder's queue
/// before its 250 is said. Main thread.
class SendmailDialogue : public RunningCommand,
                         private smtp::ServerTransport,
                         private smtp::TransactionHandlerFactory,
                         private smtp::TranscriptSink
{
    Q_OBJECT
public:
    explicit SendmailDialogue(const QString &dataFolder, QObject *parent = nullptr);
    ~SendmailDialogue() override;
    void start() override;

    /// For the handler of its session: once the message is durable, or why it is not.
    using Taken = std::function<void(const smtp::Reply &)>;
    void submit(const smtp::Envelope &envelope, const mail::MessageOctets &message, Taken taken);
    [[nodiscard]] QString spoolFolder() const { return m_spool.path(); }

private:
    void readInput();
    void armTimer();

    void send(const QByteArray &octets) override;
    void startHandshake() override { }
    void close() override;
    void deriveKeys(const smtp::KeyRequest &) override { }
    void rested() override;
    std::unique_ptr<smtp::TransactionHandler> create(
        smtp::Responder &responder, const QByteArray &bindingName) override;
    void opened(const smtp::SessionFacts &) override { }
    void recorded(const QByteArray &, smtp::TranscriptEntry) override { }
    void changed(const smtp::SessionFacts &) override { }
    void closed(const smtp::SessionFacts &) override { }

    QString m_dataFolder;
    SendSpool m_spool;
    Access m_access;
    mail::MessageOctets m_message; ///< whose file is read until the answer has come
    Taken m_taken;
    smtp::ServerSettings m_settings;
    std::unique_ptr<smtp::ServerConversation> m_conversation;
    QSocketNotifier m_input;
    QTimer m_timer;
    bool m_isClosed = false;
};

} // namespace glasspost::app
