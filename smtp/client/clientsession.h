#pragma once

#include "smtp/client/clientsettings.h"
#include "smtp/client/deliveryreport.h"
#include "smtp/client/messagesource.h"
#include "smtp/client/tlsfacts.h"
#include "smtp/session/transcript.h"

#include <QObject>

#include <memory>

namespace glasspost::smtp {

enum class ClientState : quint8;

/// One connection to one server, carrying one message after another. The QObject around the client engine:
/// socket and timers drive it. Used on one thread with an event loop; the sink outlives it. Life:
/// connectToServer(), send() one message, wait for transactionFinished(), send() the next or quit();
/// sessionFinished() comes once, last. A session that fails before the message was tried reports every
/// recipient with the stage it failed at, by the same transactionFinished().
class ClientSession : public QObject
{
    Q_OBJECT
public:
    ClientSession(ClientSettings settings, TranscriptSink &transcripts, QObject *parent = nullptr);
    ~ClientSession() override;

    /// How its host was found, for its trace; before connectToServer().
    void setOrigin(const TraceOrigin &origin);
    void connectToServer(const Endpoint &endpoint);
    /// One transaction. May be called before the connection stands; one at a time.
    void send(const Envelope &envelope, std::shared_ptr<MessageSource> message);
    /// QUIT, then an orderly close.
    void quit();
    /// Breaks off at once; a message in flight is Deferred, or Unknown after the dot.
    void abort(const QByteArray &reason);

    [[nodiscard]] ClientState state() const;
    [[nodiscard]] const SessionFacts &facts() const;
    /// True when another message may follow on this connection (C64: never after a protocol error).
    [[nodiscard]] bool isReusable() const;
    /// What the server offers, less what the settings pass over; of the last EHLO.
    [[nodiscard]] const Capabilities &capabilities() const;
    /// For the next session at the same server with the same settings; empty when there is none, or when the
    /// certificate did not fit. Valid to the end of sessionFinished().
    [[nodiscard]] const QByteArray &tlsSession() const;

Q_SIGNALS:
    void signedIn(const QByteArray &mechanism);
    void stateChanged(glasspost::smtp::ClientState from, glasspost::smtp::ClientState to);
    /// The end of a handshake, or a certificate that ends it; what follows from it comes after.
    void tlsExamined(const glasspost::smtp::TlsFacts &facts);
    void transactionFinished(const glasspost::smtp::DeliveryReport &report);
    void sessionFinished(const glasspost::smtp::SessionFacts &facts);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace glasspost::smtp
