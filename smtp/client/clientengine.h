#pragma once

#include "smtp/client/clientevent.h"
#include "smtp/client/clientsettings.h"
#include "smtp/client/clientsignin.h"
#include "smtp/client/contentframer.h"
#include "smtp/client/transaction.h"
#include "smtp/session/blotting.h"
#include "smtp/session/moment.h"
#include "smtp/syntax/capabilities.h"
#include "smtp/syntax/replyparser.h"

#include <QByteArray>
#include <QList>
#include <QQueue>

#include <memory>
#include <optional>
#include <utility>

namespace glasspost::smtp {

/// The SMTP client without I/O and without a clock (RFC 5321): octets, answers and moments in, events and
/// octets out, the table of clientstates.h in between. After each call its owner takes the events, in order,
/// and then the output, until there are none; it calls timeoutPassed() at nextTimeout(). One thread.
class ClientEngine
{
public:
    explicit ClientEngine(ClientSettings settings);

    /// The server's name and address, for reports; before connectionOpened().
    void setPeer(const Peer &peer) { m_peer = peer; }

    void lookingUp(Moment now);
    void connecting(Moment now);
    /// With the address of our end, where it has one.
    void connectionOpened(const QHostAddress &ourAddress, Moment now);
    /// Connecting failed: every recipient gets this outcome.
    void connectionFailed(const Outcome &outcome, Moment now);
    /// The handshake did, or the certificate is refused. ReconnectInClear follows where TLS is opportunistic
    /// and nothing depends on the certificate (C47); otherwise every recipient fails with the status.
    void handshakeFailed(EnhancedStatusCode status, const QByteArray &reason, Moment now);
    enum class Certificate { Unverified, Verified };
    void encrypted(Certificate certificate, const ChannelBindings &bindings, Moment now);
    /// What ResponseNeeded asked for; nothing when the challenge makes no sense.
    void responded(const std::optional<QByteArray> &response, Moment now);
    /// What ConversionNeeded asked for.
    void converted(const ConvertedMessage &sevenBit, Moment now);
    void receive(QByteArrayView octets, Moment now);
    /// The other end is gone; everything it said was received before.
    void connectionLost(const QByteArray &reason, Moment now);
    void abort(const QByteArray &reason, Moment now);
    /// nextTimeout() has come; sooner, nothing happens.
    void timeoutPassed(Moment now);
    /// RFC 5321 4.5.3.2. Nothing: there is nothing to wait for.
    [[nodiscard]] std::optional<Moment::Steady> nextTimeout() const { return m_timeout; }

    /// The next message; waits for the one under way.
    void send(const Envelope &envelope, std::shared_ptr<MessageSource> message, Moment now);
    void quit(Moment now);

    /// Octets to write now; of a message about maximum at a time, so ask again once they are written.
    QByteArray takeOutput(qint64 maximum, Moment now);
    QList<ClientEvent> takeEvents() { return std::exchange(m_events, {}); }

    [[nodiscard]] ClientState state() const { return m_state; }
    [[nodiscard]] const Capabilities &capabilities() const { return m_capabilities; }
    [[nodiscard]] bool isReusable() const;
    [[nodiscard]] bool isSecure() const { return m_channel != ChannelProtection::Clear; }

private:
    struct Awaited
    {
        ClientState state = ClientState::Idle;
        QByteArray line; ///< as reports show it
        qsizetype recipient = -1;
        bool written = false;
    };

    struct Message
    {
        Envelope envelope;
        std::shared_ptr<MessageSource> source;
    };

    // The machine: every way into a state, and every way out of the session.
    void enter(ClientState state);
    void startTimeout();
    void say(ClientState state, const QByteArray &line, qsizetype recipient = -1);
    void saySecret(ClientState state, const QByteArray &line, const QByteArray &shown);
    void await(const Awaited &awaited);
    void note(const QByteArray &text);
    [[nodiscard]] bool isPartOfTheExchange(const Reply &reply) const;
    void handle(const Reply &reply);
    void dispatch(Verdict verdict, const Reply &reply, const Awaited &answered);
    void refuseSession(const Outcome &outcome);
    void failSession(const Outcome &outcome, const QByteArray &ending);
    void breach(const QByteArray &what);
    void over(SessionOutcome outcome, const QByteArray &ending);
    Outcome lossOutcome(EnhancedStatusCode status, const QByteArray &reason) const;
    [[nodiscard]] static Outcome untriedOutcome();
    void failUndecided(const Outcome &outcome);
    void noteBrokenBody();

    // The opening: greeting, EHLO, TLS, sign-in.
    void onHello(Verdict verdict, const Reply &reply, const Awaited &answered);
    void afterHello();
    void takeCapabilities(const Capabilities &told);
    QByteArray helloLine() const;
    void sayXClient();
    void onXClient(Verdict verdict, const Reply &reply, const Awaited &answered);
    void onStartTls(Verdict verdict, const Reply &reply, const Awaited &answered);
    void withoutTls(const Reply &reply, const QByteArray &reason);
    void reconnectInClear(const QByteArray &reason);
    void beginAuth();
    void take(const ClientSignIn::Step &step);
    void signInFailed(const Reply &reply, const QByteArray &command, const QByteArray &reason);

    // Transactions.
    void proceed();
    void startTransaction();
    void prepareTransaction();
    void reportUntried(const Message &message);
    void beginRound();
    void sayNextRcpt();
    void onMail(Verdict verdict, const Outcome &outcome);
    void onRcpt(Verdict verdict, const Outcome &outcome, qsizetype recipient);
    void askForMessage();
    void onData(Verdict verdict, const Outcome &outcome);
    void beginBody();
    void beginChunks();
    void failBody();
    QByteArray takeBody(qint64 maximum);
    [[nodiscard]] bool wantsChunk() const;
    QByteArray takeChunk();
    void onChunk(Verdict verdict, const Outcome &outcome);
    void awaitEnd(const QByteArray &line);
    void onEndOfData(Verdict verdict, const Outcome &outcome, qsizetype recipient);
    void endRound();
    void endTransaction();
    void onReset(Verdict verdict, const Outcome &outcome);
    [[nodiscard]] bool pipelines() const;
    [[nodiscard]] bool chunks() const;
    [[nodiscard]] bool speaksLmtp() const { return m_settings.protocol == ClientProtocol::Lmtp; }

    ClientSettings m_settings;
    Peer m_peer;
    QByteArray m_greetingName;
    Moment m_now; ///< of the call under way
    ClientState m_state = ClientState::Idle;
    std::optional<Moment::Steady> m_timeout; ///< of m_state
    ChannelProtection m_channel = ChannelProtection::Clear;
    ChannelBindings m_channelBindings;
    ReplyParser m_parser;
    Capabilities m_capabilities;
    QByteArray m_out;
    QQueue<Awaited> m_awaited;
    QList<ClientEvent> m_events;
    std::optional<Outcome> m_sessionFailure; ///< what every later message gets

    std::unique_ptr<ClientSignIn> m_signIn; ///< once it has begun
    ReplyBlotter m_blotter; ///< of what was said to sign in
    bool m_signedIn = false;
    bool m_xclientSaid = false;

    QQueue<Message> m_waiting;
    std::unique_ptr<Transaction> m_transaction;
    QList<qsizetype> m_round;
    qsizetype m_nextRcpt = 0;
    enum class Group { Stepwise, Envelope, WithData } m_group = Group::Stepwise; ///< what went in one write
    enum class Chunks { None, More, LastSaid, Refused } m_chunks = Chunks::None;
    bool m_emptyData = false; ///< C25: only a dot goes out, and its answer counts for nothing
    bool m_roundDelivered = false;
    bool m_mailSaid = false;
    ContentFramer m_body;
    int m_mails = 0;
    int m_delivered = 0;
    int m_refused = 0;
    QByteArray m_refusal; ///< of the last message that nobody got
    bool m_quitAsked = false;
};

} // namespace glasspost::smtp
