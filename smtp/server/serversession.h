#pragma once

#include "smtp/server/keyderivation.h"
#include "smtp/server/serverconversation.h"
#include "smtp/server/serversocket.h"

#include <QObject>
#include <QTimer>

#include <memory>

namespace glasspost::smtp {

/// One connection to the listener: socket and timer around a server conversation. Emits finished() once, when
/// the connection is closed and may be deleted (later). One thread with an event loop.
class ServerSession final : public QObject, private ServerTransport
{
    Q_OBJECT
public:
    /// Takes the socket. settings and derivation outlive the session.
    ServerSession(std::unique_ptr<ServerSocket> socket, const ServerSettings &settings,
        const Binding &binding, const ServerConversation::Services &services, KeyDerivation &derivation,
        QObject *parent = nullptr);
    ~ServerSession() override;

    void start();
    void shutdown() { m_conversation.shutdown(); }
    [[nodiscard]] const SessionFacts &facts() const { return m_conversation.facts(); }

Q_SIGNALS:
    void finished();

private:
    void send(const QByteArray &octets) override;
    void startHandshake() override;
    void close() override;
    void deriveKeys(const KeyRequest &request) override;
    void rested() override;

    enum class Reading { OneTurn, All };
    void readSocket();
    void read(Reading reading);
    bool readProxyHeader();
    [[nodiscard]] bool mayRead() const;
    void wroteSocket();
    void socketFailed(const QByteArray &why);
    void socketClosed();
    void clientFinished();
    void endWhenDone();
    void handshakeDone(const TlsEstablished &tls);
    void timerFired();
    void armTimer();

    const ServerSettings &m_settings;
    KeyDerivation &m_derivation;
    Binding m_binding;
    std::unique_ptr<ServerSocket> m_socket;
    ServerConversation m_conversation;
    QTimer m_timer; ///< for the next time-out, or sooner: not restarted for each octet
    Moment::Steady m_timerEnds;
    QTimer m_nextTurn;
    QByteArray m_proxyHeader; ///< as far as it has come
    bool m_reading = false;
    bool m_wasReading = true; ///< of the conversation, when it last rested
    bool m_clientIsFinished = false; ///< it sends no more, and may still read
    bool m_closing = false;
    bool m_isOver = false; ///< finished() was emitted
};

} // namespace glasspost::smtp
