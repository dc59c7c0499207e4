#pragma once

#include "smtp/server/serverconversation.h"
#include "tests/fuzz/targets/states.h"

#include <QByteArray>
#include <QList>

#include <memory>
#include <optional>

namespace glasspost::fuzz {

/// What a server engine under test was given, and what it said.
struct ServerLog
{
    QByteArray sent;
    bool closed = false;
    QList<smtp::Envelope> envelopes; ///< of the messages kept, in order
    QList<QByteArray> messages;

    friend bool operator==(const ServerLog &, const ServerLog &) = default;
};

/// Whether the server offers what every listener does, or also TLS, sign-in, PROXY and XCLIENT.
enum class Offering { Mail, Everything };

/// When the handler gives its answers: from within the question, or when the engine has returned.
enum class Answering { AtOnce, Later };

/// A server engine with a handler that takes every recipient but those whose local-part begins with "no", and
/// a transport that writes into a ServerLog.
class ServerEnd : public smtp::ServerTransport,
                  public smtp::TransactionHandlerFactory,
                  public smtp::TranscriptSink,
                  public smtp::CredentialStore
{
public:
    explicit ServerEnd(Answering answering, Offering offering = Offering::Mail,
        const smtp::Binding &binding = smtp::Binding());
    ~ServerEnd();
    Q_DISABLE_COPY_MOVE(ServerEnd)

    void receive(QByteArrayView octets);
    void lose();
    /// TLS stands, where the server waits for it.
    void finishHandshake();
    [[nodiscard]] const ServerLog &log() const { return m_log; }
    /// What was sent since the last time.
    QByteArray takeNew();

    void send(const QByteArray &octets) override;
    void startHandshake() override { m_handshake = true; }
    void close() override { m_log.closed = true; }
    void deriveKeys(const smtp::KeyRequest &request) override { m_request = request; }
    void rested() override { }
    void stateEntered(smtp::ServerState to) override;
    std::unique_ptr<smtp::TransactionHandler> create(smtp::Responder &responder, const QByteArray &) override;
    void opened(const smtp::SessionFacts &) override { }
    void recorded(const QByteArray &, smtp::TranscriptEntry) override { }
    void changed(const smtp::SessionFacts &session) override;
    void closed(const smtp::SessionFacts &) override { }
    QList<QByteArray> mechanisms() override;
    std::optional<smtp::ScramKeys> keysFor(const QByteArray &user) override;
    std::optional<smtp::ScramKeys> sha1KeysFor(const QByteArray &user) override;
    bool tokenFits(const QByteArray &, const QByteArray &token) override { return token == "t0ken"; }

private:
    class Handler;
    void pump();

    Answering m_answering;
    bool m_handshake = false;
    std::optional<smtp::KeyRequest> m_request;
    UnderFlags m_under;
    ServerLog m_log;
    qsizetype m_taken = 0;
    smtp::ServerSettings m_settings;
    Handler *m_handler = nullptr;
    std::unique_ptr<smtp::ServerConversation> m_conversation;
};

} // namespace glasspost::fuzz
