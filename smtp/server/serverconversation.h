#pragma once

#include "smtp/server/serverengine.h"
#include "smtp/server/servertransport.h"
#include "smtp/server/transactionhandler.h"

#include <memory>

namespace glasspost::smtp {

/// Ties an engine to those whom it serves: carries its questions to the transaction handler and the answers
/// back, its lines to the transcript, its output to the transport, and tells it the time. One thread.
class ServerConversation final : public Responder
{
public:
    /// All references outlive the conversation.
    struct Services
    {
        TransactionHandlerFactory &handlers;
        TranscriptSink &transcripts;
        CredentialStore *credentials; ///< null: nobody can sign in
    };

    ServerConversation(const ServerSettings &settings, const Binding &binding, const SessionFacts &facts,
        const Services &services, ServerTransport &transport);
    ~ServerConversation() override;
    Q_DISABLE_COPY_MOVE(ServerConversation)

    // As the engine's.
    void start();
    void receive(QByteArrayView octets);
    void tlsEstablished(const TlsEstablished &tls);
    void keysDerived(const std::optional<ScramKeys> &keys);
    void end(ServerEnding ending, const QByteArray &detail = {});
    void shutdown();
    void timeoutPassed(Moment now);
    [[nodiscard]] std::optional<Moment::Steady> nextTimeout() const { return m_engine.nextTimeout(); }
    [[nodiscard]] bool isReading() const { return m_engine.isReading(); }
    [[nodiscard]] bool isSlowedDown() const { return m_engine.isSlowedDown(); }
    [[nodiscard]] qsizetype backlogSize() const { return m_engine.backlogSize(); }
    [[nodiscard]] ServerState state() const { return m_engine.state(); }
    [[nodiscard]] const SessionFacts &facts() const { return m_engine.facts(); }

    void reply(const Reply &reply) override;
    void resumeData() override;

private:
    void pump();
    bool flush();
    void handle(const ConnectionAsked &event) { m_handler->connected(event.facts); }
    void handle(const MailAsked &event) { m_handler->mailFrom(event.facts, event.envelope); }
    void handle(const RcptAsked &event) { m_handler->rcptTo(m_engine.envelope(), event.recipient); }
    void handle(const DataAsked &event) { m_handler->dataBegin(event.envelope); }
    void handle(const OctetsReceived &event);
    void handle(const MessageEnded &) { m_handler->dataEnd(); }
    void handle(const VerifyAsked &event) { m_handler->verify(event.facts, event.text); }
    void handle(const ExpandAsked &event) { m_handler->expand(event.facts, event.list); }
    void handle(const KeysNeeded &event) { m_transport.deriveKeys(event.request); }
    void handle(const ClientIdentified &event) { m_handler->identified(event.facts); }
    void handle(const DepartureTolerated &event) { m_handler->tolerated(event.words); }
    void handle(const MessageRefused &event) { m_handler->refused(event.envelope, event.reply); }
    void handle(const TransactionReset &) { m_handler->reset(); }
    void handle(const SessionStarted &event) { m_transcripts.opened(event.facts); }
    void handle(const LineRecorded &event) { m_transcripts.recorded(facts().id, event.entry); }
    void handle(const FactsChanged &event) { m_transcripts.changed(event.facts); }
    void handle(const ServerStateEntered &event) { m_transport.stateEntered(event.to); }
    void handle(const HandshakeNeeded &);
    void handle(const SessionClosed &event);

    ServerEngine m_engine;
    TranscriptSink &m_transcripts;
    ServerTransport &m_transport;
    std::unique_ptr<TransactionHandler> m_handler;
    QList<ServerEvent> m_events; ///< that are being handled
    bool m_isPumping = false;
    bool m_isPaused = false; ///< the handler is behind with the octets
};

} // namespace glasspost::smtp
