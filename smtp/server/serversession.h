#pragma once

#include "smtp/server/keyderivation.h"
#include "smtp/server/serverengine.h"
#include "smtp/server/serversocket.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <memory>

namespace glasspost::smtp {

/// One connection to the listener: socket and timers around a server engine. Emits finished() once, when the
/// connection is closed and may be deleted (later). One thread with an event loop.
class ServerSession final : public QObject, private ServerTransport
{
    Q_OBJECT
public:
    /// Takes the socket. settings and derivation outlive the session.
    ServerSession(std::unique_ptr<ServerSocket> socket, const ServerSettings &settings,
        const Binding &binding, const ServerEngine::Owner &owner, KeyDerivation &derivation,
        QObject *parent = nullptr);
    ~ServerSession() override;

    void start();
    void shutdown() { m_engine.shutdown(); }
    [[nodiscard]] const SessionFacts &facts() const { return m_engine.facts(); }

Q_SIGNALS:
    void finished();

private:
    void send(const QByteArray &octets) override;
    void startHandshake() override;
    void close() override;
    void startDelay(std::chrono::milliseconds time) override;
    void deriveKeys(const KeyRequest &request) override;
    void wantsInput() override;
    void stateEntered(ServerState from, ServerState to) override;

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
    void checkTime();
    void beginUnit();

    const ServerSettings &m_settings;
    KeyDerivation &m_derivation;
    Binding m_binding;
    std::unique_ptr<ServerSocket> m_socket;
    ServerEngine m_engine;
    QTimer m_timer;
    QElapsedTimer m_sinceOctet; ///< since the client last said anything
    QTimer m_nextTurn;
    QElapsedTimer m_sinceMessage; ///< since the session began, or a message was last accepted or under way
    int m_messages = 0; ///< accepted by then
    QElapsedTimer m_sinceUnit; ///< since this command or message was awaited
    qint64 m_unitOctets = 0;
    QByteArray m_proxyHeader; ///< as far as it has come
    bool m_reading = false;
    bool m_clientIsFinished = false; ///< it sends no more, and may still read
    bool m_closing = false;
    bool m_isOver = false; ///< finished() was emitted
};

} // namespace glasspost::smtp
