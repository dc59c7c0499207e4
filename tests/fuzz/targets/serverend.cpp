#include "tests/fuzz/targets/serverend.h"

#include "smtp/server/selfsigned.h"
#include "smtp/session/scramkeys.h"
#include "tests/fuzz/target.h"

#include <optional>
#include <utility>

namespace glasspost::fuzz {

using namespace glasspost::smtp;

class ServerEnd::Handler : public TransactionHandler
{
public:
    Handler(Responder &responder, Answering answering, ServerLog &log)
        : m_responder(responder), m_answering(answering), m_log(log)
    { }

    /// Gives what was put off; true when there was something.
    bool catchUp()
    {
        if (m_paused) {
            m_paused = false;
            m_responder.resumeData();
            return true;
        }
        if (!m_answer)
            return false;
        const Reply answer = *m_answer;
        m_answer.reset();
        m_responder.reply(answer);
        return true;
    }

    void connected(const SessionFacts &) override { answer({}); }
    void identified(const SessionFacts &) override { }
    void mailFrom(const SessionFacts &, const Envelope &) override { answer({}); }
    void rcptTo(const Envelope &, const EnvelopeRecipient &recipient) override
    {
        answer(recipient.forwardPath.localPart.startsWith("no") ? Reply{550, {5, 1, 1}, {"No such user"}}
                                                                : Reply());
    }
    void dataBegin(const Envelope &envelope) override
    {
        demand(!envelope.recipients.isEmpty(), "a message has a recipient");
        m_envelope = envelope;
        m_message.clear();
        answer({});
    }
    DataFlow dataChunk(QByteArrayView octets) override
    {
        demand(!m_paused, "nothing is handed over in a pause");
        m_message += octets;
        m_paused = m_answering == Answering::Later;
        return m_paused ? DataFlow::Pause : DataFlow::Continue;
    }
    void dataEnd() override
    {
        m_log.envelopes += m_envelope;
        m_log.messages += m_message;
        answer({});
    }
    void reset() override { m_message.clear(); }
    void closed(const SessionFacts &) override { m_answer.reset(); }
    void verify(const SessionFacts &, const QByteArray &) override { answer({}); }
    void expand(const SessionFacts &, const QByteArray &) override { answer({}); }

private:
    void answer(const Reply &reply)
    {
        demand(!m_answer, "one question at a time");
        if (m_answering == Answering::AtOnce)
            m_responder.reply(reply);
        else
            m_answer = reply;
    }

    Responder &m_responder;
    Answering m_answering;
    ServerLog &m_log;
    std::optional<Reply> m_answer;
    bool m_paused = false;
    Envelope m_envelope;
    QByteArray m_message;
};

ServerEnd::ServerEnd(Answering answering, Offering offering, const Binding &binding) : m_answering(answering)
{
    if (offering == Offering::Everything) {
        static const SelfSigned made = makeSelfSigned("mail.example.test").value();
        m_settings.identity = {{made.certificate}, made.key};
        m_settings.offerAuth = true;
        m_settings.offerXclient = true;
        m_settings.offerBinaryMime = true;
        m_settings.offerDsn = true;
        m_settings.offerRequireTls = true;
        m_settings.trustedPeers = {{QHostAddress(QHostAddress::LocalHost), 8}};
    }
    m_settings.hostName = "mail.example.test";
    m_settings.limits.messageSize = 100000;
    SessionFacts facts;
    facts.id = "fuzz";
    facts.peerAddress = QHostAddress(QHostAddress::LocalHost);
    m_conversation = std::make_unique<ServerConversation>(
        m_settings, binding, facts, ServerConversation::Services{*this, *this, this}, *this);
    m_conversation->start();
    pump();
}

ServerEnd::~ServerEnd() = default;

std::unique_ptr<TransactionHandler> ServerEnd::create(Responder &responder, const QByteArray &)
{
    auto handler = std::make_unique<Handler>(responder, m_answering, m_log);
    m_handler = handler.get();
    return handler;
}

void ServerEnd::receive(QByteArrayView octets)
{
    if (m_log.closed)
        return;
    m_conversation->receive(octets);
    pump();
}

void ServerEnd::finishHandshake()
{
    if (m_log.closed || !std::exchange(m_handshake, false))
        return;
    TlsEstablished tls{"TLSv1.3 TLS_AES_256_GCM_SHA384"};
    tls.bindings.exporter = QByteArray(32, 'b');
    m_conversation->tlsEstablished(tls);
    pump();
}

QList<QByteArray> ServerEnd::mechanisms()
{
    return CredentialStore::mechanisms()
        + QList<QByteArray>{"SCRAM-SHA-1-PLUS", "SCRAM-SHA-1", "OAUTHBEARER", "XOAUTH2", "ANONYMOUS"};
}

std::optional<ScramKeys> ServerEnd::keysFor(const QByteArray &user)
{
    static const ScramKeys keys = deriveScramKeys({"secret", "salt", 1});
    return user.startsWith("no") ? std::nullopt : std::optional(keys);
}

std::optional<ScramKeys> ServerEnd::sha1KeysFor(const QByteArray &user)
{
    return user.startsWith("no")
        ? std::nullopt
        : std::optional(ScramKeys{"salt", 1, QByteArray(20, 's'), QByteArray(20, 'k')});
}

void ServerEnd::lose()
{
    m_conversation->end(ServerEnding::PeerClosed);
    pump();
}

void ServerEnd::pump()
{
    for (bool more = true; more;) {
        more = m_conversation->isSlowedDown();
        if (more)
            m_conversation->timeoutPassed({microsecondsNow(), *m_conversation->nextTimeout()});
        if (const auto request = std::exchange(m_request, {})) {
            m_conversation->keysDerived(deriveScramKeys(*request));
            more = true;
        }
        more |= m_handler && m_handler->catchUp();
    }
}

void ServerEnd::stateEntered(ServerState to)
{
    reached(stateText(to, m_under));
}

void ServerEnd::changed(const SessionFacts &session)
{
    m_under.setFlag(Under::Tls, !session.tls.isEmpty());
    m_under.setFlag(Under::User, !session.user.isEmpty());
}

void ServerEnd::send(const QByteArray &octets)
{
    demand(!m_log.closed, "nothing is said after the close");
    m_log.sent += octets;
}

QByteArray ServerEnd::takeNew()
{
    const QByteArray fresh = m_log.sent.mid(m_taken);
    m_taken = m_log.sent.size();
    return fresh;
}

} // namespace glasspost::fuzz
