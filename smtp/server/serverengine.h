#pragma once

#include "smtp/server/messagecheck.h"
#include "smtp/server/serversettings.h"
#include "smtp/server/servertable.h"
#include "smtp/server/servertls.h"
#include "smtp/server/servertransport.h"
#include "smtp/server/transactionhandler.h"
#include "smtp/session/blotting.h"
#include "smtp/session/credentials.h"
#include "smtp/session/saslserver.h"
#include "smtp/session/transcript.h"
#include "smtp/syntax/bdat.h"
#include "smtp/syntax/command.h"
#include "smtp/syntax/dotdecoder.h"
#include "smtp/syntax/lineframer.h"
#include "smtp/syntax/linescanner.h"
#include "smtp/syntax/parameters.h"

#include <memory>
#include <optional>

namespace glasspost::smtp {

/// How a session came to its end when it was not by QUIT.
enum class ServerEnding {
    PeerClosed,
    ConnectionLost,
    IdleTimeout,
    TooSlow,
    NoMessage, ///< commands alone, for too long
    Shutdown,
    HandshakeFailed
};

/// The server's side of RFC 5321 without I/O: octets in by receive(), octets and wishes out through the
/// transport, questions to the transaction handler, every line into the transcript. Which command is allowed
/// when, and where it leads, is in servertable.h and nowhere else. All references outlive the engine; one
/// thread.
class ServerEngine final : public Responder
{
public:
    struct Owner
    {
        TransactionHandlerFactory &handlers;
        TranscriptSink &transcripts;
        CredentialStore *credentials; ///< null: nobody can sign in
    };
    /// What a verb does, and what it needs beside its place in the order.
    struct Rule
    {
        enum class Clear { Allowed, Refused }; ///< before TLS on a binding that requires it (RFC 3207 4)
        enum class SignIn {
            Any,
            Missing, ///< only before it (RFC 4954 4: else 503)
            Needed ///< only after it where the binding requires it (RFC 4954 6: else 530)
        };
        enum class Kind { Productive, Junk }; ///< Junk is counted: S109
        enum class Follows { Nothing, Chunk }; ///< octets behind the line, which a refusal must eat
        Verb verb;
        Clear clear;
        SignIn signIn;
        Kind kind;
        Follows follows;
        bool ServerSettings::*offered; ///< null: always; else 502 where it is not
        Reply (ServerEngine::*missing)(QByteArrayView argument) const; ///< what is refused whatever the order
        void (ServerEngine::*run)(QByteArrayView argument); ///< null: known, never offered (502)
    };
    static const Rule &ruleFor(Verb verb);

    /// facts: id, addresses and ports, startedAt are set by the caller.
    ServerEngine(const ServerSettings &settings, const Binding &binding, SessionFacts facts,
        const Owner &owner, ServerTransport &transport);
    ~ServerEngine() override;
    Q_DISABLE_COPY_MOVE(ServerEngine)

    /// The connection stands: asks the owner, greets; on an Implicit binding the handshake comes first.
    void start();
    /// Octets from the client. Those it cannot take now are kept; see isReading().
    void receive(QByteArrayView octets);
    /// False while the owner thinks, or is behind with the data: read the socket no further.
    [[nodiscard]] bool isReading() const { return !isBlocked(); }
    /// Of octets that are kept.
    [[nodiscard]] qsizetype backlogSize() const { return m_backlog.size(); }
    /// True while it is the client's turn: then the time-outs run.
    [[nodiscard]] bool isWaitingForClient() const
    {
        return !isBlocked() || m_state == ServerState::Handshake;
    }
    /// Octets of a message that may still be accepted are what comes.
    [[nodiscard]] bool isInMessage() const
    {
        return (m_state == ServerState::Data || m_state == ServerState::Chunk) && !m_check.isFaulty();
    }
    /// TLS stands; its description goes into the facts, its events into the transcript.
    void tlsEstablished(const TlsEstablished &tls);
    /// The connection is gone, or has to go.
    void end(ServerEnding ending, const QByteArray &detail = {});
    /// Says 421 4.3.2 and closes; a message that waits for its 250 gets that first.
    void shutdown();
    /// The time that startDelay() asked for has passed.
    void delayOver();
    /// What deriveKeys() asked for; nothing: the client is to try again later.
    void keysDerived(const std::optional<ScramKeys> &keys);
    /// An event for the transcript ("certificate of the client: ...").
    void note(const QByteArray &event);

    [[nodiscard]] ServerState state() const { return m_state; }
    [[nodiscard]] const SessionFacts &facts() const { return m_facts; }

    void reply(const Reply &reply) override;
    void resumeData() override;

private:
    enum class SignIn : quint8 { None, Anonymous, User };
    enum class Question : quint8 {
        None,
        Connected,
        Mail,
        Rcpt,
        DataBegin,
        FirstChunk,
        DataEnd,
        Verify,
        Expand
    };
    /// A BDAT whose octets are still to come.
    struct Chunk
    {
        BdatArgument argument;
        qint64 left = 0;
        std::optional<Reply> refusal; ///< said once the octets are eaten
        ServerState saidIn = ServerState::Closed;
        ChunkEnd end = ChunkEnd::Taken;
    };

    [[nodiscard]] bool isBlocked() const;
    [[nodiscard]] bool isAmidSomething() const;
    /// Whether a reply would be one to the client: not amid a handshake, nor before TLS or a proxy's header.
    [[nodiscard]] bool canSpeak() const
    {
        return m_state != ServerState::Handshake && m_state != ServerState::Proxy;
    }
    [[nodiscard]] bool isSecured() const { return !m_facts.tls.isEmpty(); }
    [[nodiscard]] bool offersTls() const;
    [[nodiscard]] bool offersBinaryMime() const;
    [[nodiscard]] bool offersAuth() const;
    [[nodiscard]] bool mayAuthNow() const;
    [[nodiscard]] Reply authMissing(QByteArrayView argument) const;
    [[nodiscard]] Reply startTlsMissing(QByteArrayView argument) const;
    [[nodiscard]] SaslParty saslParty() const;
    [[nodiscard]] QList<QByteArray> mechanisms() const;
    [[nodiscard]] bool offersRequireTls() const;
    [[nodiscard]] bool isKnownClient() const;
    [[nodiscard]] ParameterExtensions extensions() const;
    [[nodiscard]] QList<QByteArray> ehloLines() const;
    [[nodiscard]] Reply parameterRefusal(const Envelope &envelope, qint64 now) const;

    [[nodiscard]] bool isTrusted() const;
    void awaitProxy();
    void takeProxyHeader(QByteArrayView &input);
    void open();
    void enter(std::optional<ServerState> state);
    /// A command, or what else moves the session on: the table says where to.
    void accepted(Verb verb) { enter(orderOf(m_state, verb).next); }
    void advance(ServerTrigger trigger) { enter(stateAfter(m_state, trigger)); }
    void run(QByteArrayView octets);
    void continueAfterAnswer();
    void flush();
    void say(const Reply &reply);
    void sayPlain(const Reply &reply);
    void sayAndClose(const Reply &reply);
    void closeSession(SessionOutcome outcome, const QByteArray &why);
    void record(Speaker speaker, const QByteArray &line);
    void recordUnserved(const QByteArray &why);
    void factsChanged() { m_owner.transcripts.changed(m_facts); }

    void takeLine(QByteArrayView &input);
    void refuseEndlessLine();
    void takeCommand(QByteArrayView line, qint64 size);
    void dispatch(const Command &command);
    [[nodiscard]] Reply refusal(const Rule &rule, QByteArrayView argument) const;
    bool looksForeign(QByteArrayView input);
    void countErrors();
    void delayReply();

    void ehlo(QByteArrayView argument);
    void helo(QByteArrayView argument);
    bool identify(QByteArrayView name, Verb verb);
    QByteArray tolerate(const QByteArray &command, const QByteArray &why);
    void mail(QByteArrayView argument);
    void rcpt(QByteArrayView argument);
    void data(QByteArrayView argument);
    void bdat(QByteArrayView argument);
    void rset(QByteArrayView argument);
    void noop(QByteArrayView argument);
    void quit(QByteArrayView argument);
    void vrfy(QByteArrayView argument);
    void expn(QByteArrayView argument);
    void help(QByteArrayView argument);
    void startTls(QByteArrayView argument);
    void xclient(QByteArrayView argument);
    void auth(QByteArrayView argument);

    void ask(Question question) { m_question = question; }
    void answerConnected(const Reply &reply);
    void answerMail(const Reply &reply);
    void answerRcpt(const Reply &reply);
    void answerDataBegin(const Reply &reply);
    void answerDataEnd(const Reply &reply);
    void dropTransaction(Verb verb);

    void beginMessage();
    void takeData(QByteArrayView &input);
    void markBareLf(const LineFacts &lines);
    void handOver(QByteArrayView octets);
    void finishData();
    void keepWire(QByteArrayView octets);
    void recordData();
    void refuseMessage(const Reply &reply);

    void eatChunk(QByteArrayView argument, const Reply &refusal);
    void answerFirstChunk(const Reply &reply);
    void takeChunkOctets();
    void takeChunk(QByteArrayView &input);
    void finishChunk();
    void leaveChunk();
    void messageOver();
    void failMessage(const Reply &reply);
    void refuseChunk(const Reply &reply);

    void takeAuthLine(QByteArrayView line, qint64 size, bool tooLong);
    void takeAuthResult(const SaslServer::Result &result);
    void signedIn();
    void signInRefused(const Reply &reply);
    void authFailed(const Reply &reply);

    const ServerSettings &m_settings;
    Binding m_binding;
    SessionFacts m_facts;
    Owner m_owner;
    ServerTransport &m_transport;
    std::unique_ptr<TransactionHandler> m_handler;
    std::unique_ptr<SaslServer> m_sasl;
    QByteArray m_mechanism; ///< of m_sasl

    ServerState m_state = ServerState::Opening;
    Question m_question = Question::None;
    QHostAddress m_socketPeer; ///< whose word counts: the peer, until a proxy named another
    QByteArray m_proxyOctets;
    SignIn m_signIn = SignIn::None;
    ChannelBindings m_bindings;
    QSslCertificate m_peerCertificate;
    bool m_processing = false;
    bool m_dataPaused = false;
    bool m_deriving = false; ///< the keys of a password are awaited
    bool m_delayed = false; ///< replies wait for delayOver()
    bool m_dataEnded = false; ///< the dot, or the end of a chunk, came while the owner was behind
    bool m_shuttingDown = false;
    QByteArray m_backlog; ///< octets that came while blocked
    QByteArrayView m_input; ///< while run() works: what it has not come to yet
    QByteArray m_output;
    LineFramer m_framer;
    CommandBlotter m_blotter;

    Envelope m_envelope;
    EnvelopeRecipient m_recipient; ///< the one asked about
    QByteArray m_toleratedName; ///< of EHLO or HELO, for Envelope::tolerated
    QByteArray m_toleratedRecipient; ///< of m_recipient
    QByteArray m_lastRefusal;
    int m_errors = 0;
    int m_idleCommands = 0;
    int m_authFailures = 0;
    int m_mails = 0; ///< MAIL accepted in this session

    MessageCheck m_check;
    DotDecoder m_decoder; ///< DATA
    QByteArray m_decoded;
    LineScanner m_lines; ///< BDAT
    Chunk m_chunk;
    QByteArray m_wireKept;
    qsizetype m_wireRoom = 0; ///< octets of the message that the transcript still keeps
    qint64 m_wireSize = 0;
    bool m_hasMarkedLf = false;
};

} // namespace glasspost::smtp
