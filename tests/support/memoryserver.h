#pragma once

#include "smtp/server/listener.h"
#include "smtp/server/selfsigned.h"
#include "smtp/server/serverconversation.h"
#include "tests/support/stubmail.h"

#include <QTcpSocket>

#include <functional>
#include <memory>
#include <utility>

namespace glasspost::test {

inline smtp::Binding anyPort()
{
    smtp::Binding binding;
    binding.port = 0;
    return binding;
}

inline smtp::SessionFacts fromLoopback()
{
    smtp::SessionFacts facts;
    facts.peerAddress = QHostAddress(QHostAddress::LocalHost);
    return facts;
}

inline smtp::Binding bindingWith(
    smtp::TlsMode tls, smtp::ClientCertificate clientCertificate = smtp::ClientCertificate::NotAsked)
{
    smtp::Binding binding = anyPort();
    binding.tls = tls;
    binding.clientCertificate = clientCertificate;
    return binding;
}

/// A server in memory, for which no time passes but when it slows its client down. What it is to be otherwise
/// is said before it greets.
class MemoryServer final : private smtp::ServerTransport
{
public:
    using Prepare = std::function<void(MemoryServer &)>;
    explicit MemoryServer(const Prepare &prepare = {}, const smtp::Binding &binding = {})
        : conversation(settings, binding, fromLoopback(), {mail, transcripts, &mail}, *this)
    {
        settings.hostName = "mail.example.test";
        if (prepare)
            prepare(*this);
        conversation.start();
        take();
    }

    QByteArray take()
    {
        for (bool more = true; more;) {
            more = false;
            if (const auto request = std::exchange(m_request, {})) {
                conversation.keysDerived(smtp::deriveScramKeys(*request));
                more = true;
            }
            if (conversation.isSlowedDown()) {
                ++delays;
                conversation.timeoutPassed({smtp::microsecondsNow(), *conversation.nextTimeout()});
                more = true;
            }
        }
        return std::exchange(m_sent, {});
    }
    QByteArray say(const QByteArray &octets)
    {
        conversation.receive(octets);
        return take();
    }
    QByteArray sayAtOnce(const QByteArray &octets, qsizetype cut)
    {
        conversation.receive(QByteArrayView(octets).first(cut));
        conversation.receive(QByteArrayView(octets).sliced(cut));
        return take();
    }

    smtp::ServerSettings settings;
    StubMail mail;
    StubTranscripts transcripts;
    smtp::ServerConversation conversation;
    int writes = 0;
    int delays = 0; ///< how often a reply was to wait
    bool closed = false;

private:
    void send(const QByteArray &octets) override
    {
        ++writes;
        m_sent += octets;
    }
    void startHandshake() override { }
    void close() override { closed = true; }
    void deriveKeys(const smtp::KeyRequest &request) override { m_request = request; }
    void rested() override { }

    QByteArray m_sent;
    std::optional<smtp::KeyRequest> m_request;
};

inline const QByteArray toData
    = "EHLO a.example\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.test>\r\nDATA\r\n";

inline const smtp::SelfSigned &ownCertificate()
{
    static const smtp::SelfSigned made = smtp::makeSelfSigned("mail.example.test").value();
    return made;
}

inline void offerTls(MemoryServer &server)
{
    server.settings.identity = {{ownCertificate().certificate}, ownCertificate().key};
}

inline void offerAuth(MemoryServer &server)
{
    server.settings.offerAuth = true;
    server.mail.passwords.insert("alice", "secret");
}

/// A listener on a free port with a stub behind it.
struct House
{
    explicit House(const std::function<void(smtp::ServerSettings &)> &prepare = {},
        smtp::Binding binding = smtp::Binding())
    {
        smtp::ServerSettings settings;
        settings.hostName = "mail.example.test";
        if (prepare)
            prepare(settings);
        listener = std::make_unique<smtp::Listener>(settings, mail, transcripts, &mail);
        binding.port = 0;
        if (const auto had = listener->listen(binding))
            bound = *had;
    }
    void connectTo(QTcpSocket &client) const { client.connectToHost(bound.address, bound.port); }

    StubMail mail;
    StubTranscripts transcripts;
    smtp::Binding bound;
    std::unique_ptr<smtp::Listener> listener;
};

inline void withCertificate(smtp::ServerSettings &settings)
{
    settings.identity = {{ownCertificate().certificate}, ownCertificate().key};
}

} // namespace glasspost::test
