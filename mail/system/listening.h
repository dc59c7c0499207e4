#pragma once

#include "mail/base/worker.h"
#include "mail/system/listenerstate.h"
#include "smtp/server/listener.h"

#include <QObject>

#include <memory>
#include <optional>

namespace glasspost::mail {

/// Turns the listener on and off and says how it is. Each start makes a new listener; the one before it
/// ends in order meanwhile. Lives on the mail thread; handlers and sink outlive it.
class Listening : public QObject
{
    Q_OBJECT
public:
    Listening(QString dataFolder, smtp::TranscriptSink &transcripts, Worker &worker);
    ~Listening() override;

    /// hostName: in the greeting, and in the certificate made when none is given. hopLimit: Received fields
    /// before a message is one that goes in circles. A binding that cannot be opened, and a file of users or
    /// a certificate that cannot be read, turn all of it off again: Failed.
    void start(const ListenerSettings &settings, const QString &hostName, int hopLimit,
        smtp::TransactionHandlerFactory &handlers);
    void stop();
    [[nodiscard]] const ListenerState &state() const { return m_state; }
    [[nodiscard]] bool isIdle() const { return !m_listener && m_ending == 0; }

Q_SIGNALS:
    void changed(const glasspost::mail::ListenerState &state);
    void troubled(const glasspost::mail::Error &error); ///< it goes on, and cannot accept for a while
    void becameIdle(); ///< stopped, and every session has ended

private:
    void listen(const ListenerSettings &settings, const smtp::ServerSettings &server,
        smtp::TransactionHandlerFactory &handlers, std::shared_ptr<smtp::CredentialStore> credentials);
    void fail(const Error &error);
    void endListener();

    QString m_dataFolder;
    smtp::TranscriptSink &m_transcripts;
    Worker &m_worker;
    std::unique_ptr<smtp::Listener> m_listener;
    std::shared_ptr<smtp::CredentialStore> m_credentials;
    ListenerState m_state;
    int m_ending = 0; // listeners that say 421 to their last sessions
    quint64 m_starts = 0; // a certificate that comes after the next start or stop is void
};

} // namespace glasspost::mail
