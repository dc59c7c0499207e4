#pragma once

// What ClientSession is made of; for its own sources alone.

#include "smtp/client/addressrace.h"
#include "smtp/client/certificateverdict.h"
#include "smtp/client/clientengine.h"
#include "smtp/client/clientsession.h"
#include "smtp/client/sessiontracer.h"
#include "smtp/client/tlsfacts.h"
#include "smtp/session/tlshandle.h"
#include "smtp/session/wallclock.h"

#include <QElapsedTimer>
#include <QFutureWatcher>
#include <QHostInfo>
#include <QSslSocket>
#include <QTimer>

#include <stop_token>

namespace glasspost::smtp {

/// Socket and timer around the engine. After every call of the engine comes pump(), which carries its output
/// and its events away; pump() never runs inside itself.
class ClientSession::Private
{
public:
    Private(ClientSession *session, ClientSettings given, TranscriptSink &sink);

    void begin(const Endpoint &where);
    void lookedUp(const QHostInfo &info);
    void raceAddresses();
    void connectToSocket();
    void onConnected();
    void onReadyRead();
    void onDisconnected(const QByteArray &reason);
    void onError(QAbstractSocket::SocketError error);
    void onEncrypted();
    void onSslErrors(const QList<QSslError> &errors);
    void keepTlsSession();
    void timerFired();
    void pump();
    void record(Speaker speaker, const QByteArray &bytes);
    void record(TranscriptEntry entry);
    void dropUnsaid(); ///< the connection ends
    void tellTrace();
    void tellEnd(SessionOutcome outcome, const QByteArray &why);
    void note(const QByteArray &text) { record(Speaker::Event, text); }

    /// What the transcript gets when the octets before it have left the socket: it tells nothing that was not
    /// said.
    struct Held
    {
        TranscriptEntry entry;
        qint64 behind; ///< of the octets handed over; -1: those of the engine's next output
    };

    ClientSession *q;
    const ClientSettings settings; ///< as given; the engine has its own, and decides by them
    TranscriptSink &transcripts;
    ClientEngine engine;
    SessionFacts facts;
    qint64 contentOctets = 0; ///< of the transaction's message, said so far
    SessionTracer tracer;
    Endpoint endpoint;
    QSslSocket socket;
    QTimer timer;
    QTimer nextTurn; ///< of the loop: the rest of what a peer takes as fast as it is given
    Moment::Steady timerEnds; ///< when it is active
    QElapsedTimer connectTime;
    QElapsedTimer handshakeTime;
    QByteArray tlsSession;
    TlsHandle tlsHandle;
    AddressRace race;
    QFutureWatcher<std::optional<QByteArray>> response; ///< of a sign-in, worked out on another thread
    QFutureWatcher<ConvertedMessage> sevenBit; ///< so is that
    std::stop_source ending; ///< of that work, with the session
    QList<QHostAddress> addresses; ///< to race
    QList<QSslError> sslErrors;
    enum class Pumping { No, Yes, Again } pumping = Pumping::No;
    QList<Held> held;
    qint64 handedOver = 0; ///< octets, on this connection
    qint64 left = 0; ///< of these

private:
    void armTimer();
    bool step();
    bool writeOutput();
    void handOver(const QByteArray &octets);
    void releaseHeld();
    void show(TranscriptEntry entry);
    void announceClient();
    void startTls();
    [[nodiscard]] TlsFacts examine() const;
    void showTls(const TlsFacts &shown);
    void raceWon(qintptr descriptor, const QHostAddress &address);
    void connectFailed(const QHostAddress &address, const QByteArray &reason);
    void tlsFailed(EnhancedStatusCode status, const QByteArray &reason);
    void readAll();
    void finish(const SessionOver &over);
    [[nodiscard]] CertificateDemands demands() const;
    void refuseCertificate(const CertificateVerdict &verdict);

    void handle(const StateEntered &event);
    void handle(const Answered &event) { tracer.answered(event, microsecondsNow()); }
    void handle(const LineSpoken &event) { record(event.speaker, event.bytes); }
    void handle(const DataSpoken &event);
    void handle(const TlsNeeded &) { startTls(); }
    void handle(const ReconnectInClear &);
    void handle(const ResponseNeeded &event);
    void handle(const ConversionNeeded &event);
    void handle(const SignedIn &event);
    void handle(const TransactionDone &event);
    void handle(const SessionOver &event) { finish(event); }
};

} // namespace glasspost::smtp
