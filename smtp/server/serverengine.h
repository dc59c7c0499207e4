#pragma once

#include "smtp/server/clientpace.h"
#include "smtp/server/errorbudget.h"
#include "smtp/server/messagestream.h"
#include "smtp/server/serverevent.h"
#include "smtp/server/serveroffer.h"
#include "smtp/server/serversettings.h"
#include "smtp/server/servertable.h"
#include "smtp/server/servertls.h"
#include "smtp/server/signin.h"
#include "smtp/session/blotting.h"
#include "smtp/session/credentials.h"
#include "smtp/session/moment.h"
#include "smtp/syntax/bdat.h"
#include "smtp/syntax/command.h"
#include "smtp/syntax/lineframer.h"

#include <QList>

#include <memory>
#include <optional>
#include <utility>

namespace glasspost::smtp {

/// The server's side of RFC 5321 without I/O and without a clock: octets, answers and moments in, events and
/// octets out. After each call its owner takes the events, in order, and then the output, until there are
/// none; it calls at nextTimeout(). In which state a command is allowed, and where it leads, is in
/// servertable.h and nowhere else. One thread.
class ServerEngine
{
public:
    /// What a verb does, and what it needs beside its place in the order.
    struct Rule
    {
        enum class Clear { Allowed, Refused }; ///< before TLS on a binding that requires it (RFC 3207 4)
        enum class Authentication {
            Any,
            Missing, ///< only before it (RFC 4954 4: else 503)
            Needed ///< only after it where the binding requires it (RFC 4954 6: else 530)
        };
        enum class Kind { Productive, Junk }; ///< Junk is counted: S109
        enum class Follows { Nothing, Chunk }; ///< octets behind the line, which a refusal must eat
        Verb verb;
        Clear clear;
        Authentication authentication;
        Kind kind;
        Follows follows;
        bool ServerSettings::*offered; ///< null: always; else 502 where it is not
        Reply (ServerEngine::*missing)(QByteArrayView argument) const; ///< what is refused whatever the order
        void (ServerEngine::*run)(QByteArrayView argument); ///< null: known, never offered (502)
    };
    static const Rule &ruleFor(Verb verb);

    /// facts: id, addresses and ports, startedAt are set by the caller. settings and credentials outlive the
    /// engine; without credentials nobody can sign in.
    ServerEngine(const ServerSettings &settings, const Binding &binding, SessionFacts facts,
        CredentialStore *credentials);

    /// The connection is open: asks the owner, greets; on an Implicit binding the handshake comes first.
    void start(Moment now);
    /// Octets from the client. Those it cannot take now are kept; see isReading().
    void receive(QByteArrayView octets, Moment now);
    /// The answer to the question asked last; null for the engine's own positive one.
    void reply(const Reply &reply, Moment now);
    /// The owner took what OctetsReceived brought, and takes more.
    void octetsTaken(Moment now);
    /// The answer to KeysNeeded; nothing: the client is to try again later.
    void keysDerived(const std::optional<ScramKeys> &keys, Moment now);
    /// TLS is established; its description goes into the facts, its events into the transcript.
    void tlsEstablished(const TlsEstablished &tls, Moment now);
    /// The connection is gone, or has to go.
    void end(ServerEnding ending, const QByteArray &detail, Moment now);
    /// Says 421 4.3.2 and closes; a message that waits for its 250 gets that first.
    void shutdown(Moment now);
    /// nextTimeout() has come; sooner, nothing happens.
    void timeoutPassed(Moment now);
    /// Nothing: it is the owner's turn, without a limit.
    [[nodiscard]] std::optional<Moment::Steady> nextTimeout() const;

    /// Into events, in place of what is there; the engine has the memory of that for the next ones.
    void takeEvents(QList<ServerEvent> &events)
    {
        events.clear();
        events.swap(m_events);
    }
    /// Octets to write now: the replies of a whole pipelined group at once (RFC 2920 3.2).
    QByteArray takeOutput();

    /// False while the owner thinks, or the client is slowed down: read the socket no further.
    [[nodiscard]] bool isReading() const { return !isBlocked(); }
    /// A reply waits because of what the client got wrong.
    [[nodiscard]] bool isSlowedDown() const { return m_slowedUntil.has_value(); }
    /// Of octets that are kept.
    [[nodiscard]] qsizetype backlogSize() const { return m_input.size(); }
    [[nodiscard]] ServerState state() const { return m_state; }
    [[nodiscard]] const SessionFacts &facts() const { return m_facts; }
    /// Of the transaction that is open; RcptAsked is about it.
    [[nodiscard]] const Envelope &envelope() const { return m_envelope; }

private:
    /// What was asked and is not answered.
    enum class Pending : quint8 {
        Nothing,
        Connected,
        Mail,
        Rcpt,
        DataBegin,
        FirstChunk,
        Octets, ///< of a message: more come
        LastOctets,
        DataEnd,
        Verify,
        Expand,
        Keys
    };
    /// A BDAT whose octets are still to come.
    struct Chunk
    {
        BdatArgument argument;
        qint64 left = 0;
        std::optional<Reply> refusal; ///< said once the octets are read
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
    [[nodiscard]] bool isInMessage() const
    {
        return m_state == ServerState::Data || m_state == ServerState::Chunk;
    }
    [[nodiscard]] ServerOffer offer() const
    {
        return {m_settings, m_listenAddress, m_facts, m_identity, m_credentials, secondsNow()};
    }
    [[nodiscard]] bool isSecured() const { return !m_facts.tls.isEmpty(); }
    [[nodiscard]] Reply authMissing(QByteArrayView argument) const;
    [[nodiscard]] Reply startTlsMissing(QByteArrayView argument) const;
    [[nodiscard]] SaslParty saslParty() const;
    [[nodiscard]] qint64 secondsNow() const { return m_now.wall / 1'000'000; }

    [[nodiscard]] bool isTrusted() const;
    [[nodiscard]] bool isAllowed() const;
    void awaitProxy();
    void takeProxyHeader(QByteArrayView &input);
    void open();
    void askConnected();
    void enter(std::optional<ServerState> state);
    /// A command, or what else moves the session on: the table says where to.
    void accepted(Verb verb) { enter(stateAfter(m_state, verb)); }
    void advance(ServerTrigger trigger) { enter(stateAfter(m_state, trigger)); }

    template <typename Event> void tell(Event event) { m_events.emplaceBack(std::move(event)); }
    template <typename Event> void ask(Pending pending, Event event)
    {
        m_pending = pending;
        tell(std::move(event));
    }
    void run();
    void keep(QByteArrayView octets);
    void settle();
    void say(const Reply &reply);
    void sayPlain(const Reply &reply);
    void sayAndClose(const Reply &reply);
    void sayAndClose(const EnhancedStatusCode &status, const char *why);
    void closeSession(SessionOutcome outcome, const QByteArray &why);
    void record(Speaker speaker, const QByteArray &line);
    void note(const QByteArray &event) { record(Speaker::Event, event); }
    void recordUnserved(const QByteArray &why);
    void recordData() { tell(LineRecorded{m_stream.takeEntry(m_now.wall)}); }
    void factsChanged() { tell(FactsChanged{m_facts}); }

    void takeLine(QByteArrayView &input);
    void refuseEndlessLine();
    void takeCommand(QByteArrayView line, qint64 size);
    void dispatch(const Command &command);
    [[nodiscard]] Reply refusal(const Rule &rule, QByteArrayView argument) const;
    bool looksLikeTls(QByteArrayView input);
    void closeIfExhausted();
    void slowDown();

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

    void answer(Pending question, const Reply &reply);
    void answerConnected(const Reply &reply);
    void answerMail(const Reply &reply);
    void answerRcpt(const Reply &reply);
    void refuseRcpt(const Reply &reply);
    void countRefused(const Reply &reply, qsizetype recipients);
    void answerDataBegin(const Reply &reply);
    void answerDataEnd(const Reply &reply);
    void dropTransaction(Verb verb);

    void takeData(QByteArrayView &input);
    void handOver(QByteArrayView octets, Pending pending);
    void finishOctets();
    void finishData();
    void messageOver();
    void refuseMessage(const Reply &reply);

    void skipChunk(QByteArrayView argument, const Reply &refusal);
    void answerFirstChunk(const Reply &reply);
    void takeChunkOctets();
    void takeChunk(QByteArrayView &input);
    void finishChunk();
    void leaveChunk();
    void failMessage(const Reply &reply);
    void refuseChunk(const Reply &reply);

    void takeAuthLine(QByteArrayView line, qint64 size, bool tooLong);
    void take(const SignIn::Step &step);
    void signedIn();
    void signInFailed(const SignIn::Failed &failure);

    const ServerSettings &m_settings;
    Binding m_listenAddress;
    SessionFacts m_facts;
    CredentialStore *m_credentials;

    ServerState m_state = ServerState::Opening;
    Pending m_pending = Pending::Nothing;
    Moment m_now; ///< of the call under way
    std::optional<Moment::Steady> m_slowedUntil; ///< replies wait for it
    bool m_isShuttingDown = false; ///< once the message has its answer
    QList<ServerEvent> m_events;
    QByteArray m_output;
    QByteArray m_kept;
    QByteArrayView m_input; ///< not yet processed: of m_kept, or while receive() works, of its octets
    LineFramer m_framer;
    CommandBlotter m_blotter;
    ClientPace m_pace;
    ErrorBudget m_budget;

    QHostAddress m_socketPeer; ///< whose word counts: the peer, until a proxy named another
    QByteArray m_proxyOctets;
    ChannelBindings m_channelBindings;
    QSslCertificate m_peerCertificate;
    std::unique_ptr<SignIn> m_signIn; ///< under way
    ClientIdentity m_identity = ClientIdentity::Unknown;

    Envelope m_envelope;
    EnvelopeRecipient m_recipient; ///< the one asked about
    QByteArray m_toleratedName; ///< of EHLO or HELO, for Envelope::tolerated
    QByteArray m_toleratedRecipient; ///< of m_recipient
    QByteArray m_lastRefusal;
    int m_mails = 0; ///< MAIL accepted in this session
    MessageStream m_stream;
    Chunk m_chunk;
};

} // namespace glasspost::smtp
