#pragma once

// A client session that carries one message, and servers for it to meet, over loopback sockets.

#include "smtp/client/clientsession.h"
#include "smtp/client/clientstates.h"
#include "smtp/server/listener.h"
#include "tests/support/certificates.h"
#include "tests/support/memorysource.h"
#include "tests/support/stubmail.h"

#include <QSslSocket>
#include <QTcpServer>

#include <functional>
#include <memory>

namespace glasspost::test {

inline const QByteArray hostName = "mail.example.test";
inline const QByteArray user = "alice";
inline const QByteArray password = "correct horse";

inline smtp::ClientSettings settingsFor(smtp::TlsMode tls)
{
    smtp::ClientSettings settings;
    settings.heloName = "client.example.net";
    settings.tls = tls;
    return settings;
}

/// One session that carries one message to a port of this machine.
class Courier : public QObject
{
public:
    static smtp::Envelope plainEnvelope()
    {
        smtp::Envelope envelope;
        envelope.reversePath = {"a", "example.org"};
        envelope.recipients.append({smtp::Mailbox{"b", "example.test"}, {}, {}});
        return envelope;
    }
    static smtp::Endpoint loopback(quint16 port)
    {
        return {hostName, QHostAddress(QHostAddress::LocalHost), port};
    }

    Courier(const smtp::ClientSettings &settings, quint16 port,
        std::shared_ptr<smtp::MessageSource> message
        = std::make_shared<MemorySource>("Subject: x\n\nHello\n"))
        : Courier(settings, loopback(port), plainEnvelope(), std::move(message))
    { }
    Courier(const smtp::ClientSettings &settings, const smtp::Endpoint &endpoint,
        const smtp::Envelope &envelope,
        std::shared_ptr<smtp::MessageSource> message
        = std::make_shared<MemorySource>("Subject: x\n\nHello\n"))
        : m_session(settings, transcripts)
    {
        connect(&m_session, &smtp::ClientSession::transactionFinished, this,
            [this](const smtp::DeliveryReport &report) { recipient = report.recipients.value(0); });
        connect(&m_session, &smtp::ClientSession::sessionFinished, this, [this] { finished = true; });
        m_session.send(envelope, std::move(message));
        m_session.connectToServer(endpoint);
        m_session.quit();
    }

    [[nodiscard]] bool said(const QByteArray &line) const { return transcripts.lines().contains(line); }
    [[nodiscard]] QByteArray transcript() const { return transcripts.lines().join('\n'); }
    [[nodiscard]] smtp::ClientState state() const { return m_session.state(); }

    StubTranscripts transcripts;
    smtp::RecipientReport recipient;
    bool finished = false;

private:
    smtp::ClientSession m_session;
};

/// Our own listener with one binding.
class House
{
public:
    explicit House(const Certified &identity, smtp::TlsMode tls, const QList<QSslCertificate> &chain = {})
    {
        mail.passwords.insert(user, password);
        smtp::ServerSettings settings;
        settings.hostName = hostName;
        settings.identity = {QList{identity.certificate} + chain, identity.key};
        settings.offerAuth = true;
        m_listener = std::make_unique<smtp::Listener>(settings, mail, transcripts, &mail);
        smtp::Binding binding;
        binding.port = 0;
        binding.tls = tls;
        if (const auto bound = m_listener->listen(binding))
            port = bound->port;
    }

    StubMail mail;
    StubTranscripts transcripts;
    quint16 port = 0;

private:
    std::unique_ptr<smtp::Listener> m_listener;
};

/// A server of a few lines: each line that comes is answered by a function. With an identity it speaks TLS,
/// after STARTTLS (which it answers itself) or at once.
class LineServer : public QTcpServer
{
public:
    using Answer = std::function<void(QTcpSocket &socket, int connection, const QByteArray &line)>;

    explicit LineServer(Answer answer, QByteArray greeting = "220 mx ESMTP\r\n")
        : m_answer(std::move(answer)), m_greeting(std::move(greeting))
    {
        listen(QHostAddress::LocalHost);
    }
    LineServer(Answer answer, const Certified &identity, smtp::TlsMode tls) : LineServer(std::move(answer))
    {
        m_identity = identity;
        m_tls = tls;
    }

    [[nodiscard]] quint16 port() const { return serverPort(); }
    [[nodiscard]] int connections() const { return m_connections; }

protected:
    void incomingConnection(qintptr descriptor) override
    {
        auto *socket = new QSslSocket(this);
        socket->setSocketDescriptor(descriptor);
        const int connection = ++m_connections;
        connect(socket, &QTcpSocket::readyRead, this, [this, socket, connection] {
            while (socket->canReadLine())
                read(*socket, connection, socket->readLine().trimmed());
        });
        if (m_tls == smtp::TlsMode::Implicit)
            startTls(*socket);
        socket->write(m_greeting);
    }

private:
    void read(QSslSocket &socket, int connection, const QByteArray &line)
    {
        if (line != "STARTTLS" || m_identity.certificate.isNull())
            return m_answer(socket, connection, line);
        socket.write("220 go\r\n");
        startTls(socket);
    }
    void startTls(QSslSocket &socket) const
    {
        socket.setLocalCertificate(m_identity.certificate);
        socket.setPrivateKey(m_identity.key);
        socket.setPeerVerifyMode(QSslSocket::QueryPeer);
        connect(&socket, &QSslSocket::sslErrors, &socket, [&socket] { socket.ignoreSslErrors(); });
        socket.startServerEncryption();
    }

    Answer m_answer;
    QByteArray m_greeting;
    Certified m_identity;
    smtp::TlsMode m_tls = smtp::TlsMode::None;
    int m_connections = 0;
};

} // namespace glasspost::test
