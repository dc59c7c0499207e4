#include "smtp/server/serverconversation.h"

#include <utility>

namespace glasspost::smtp {

namespace {

constexpr qsizetype keptEvents = 4; // as many as a command makes

} // namespace

ServerConversation::ServerConversation(const ServerSettings &settings, const Binding &binding,
    const SessionFacts &facts, const Services &services, ServerTransport &transport)
    : m_engine(settings, binding, facts, services.credentials), m_transcripts(services.transcripts),
      m_transport(transport), m_handler(services.handlers.create(*this, binding.name))
{ }

ServerConversation::~ServerConversation() = default;

/// Whatever is called from within an event only feeds the engine: the loop that is under way sees to the
/// rest. Events first, then octets: the replies of a pipelined group go out at once.
void ServerConversation::pump()
{
    if (m_isPumping)
        return;
    m_isPumping = true;
    for (bool hasMore = true; hasMore;) {
        m_engine.takeEvents(m_events);
        for (const ServerEvent &event : std::as_const(m_events))
            std::visit([this](const auto &one) { handle(one); }, event);
        hasMore = !m_events.isEmpty() || flush();
    }
    for (int list = 0; list < 2; ++list) { // the engine's and ours: whoever is idle keeps little for them
        if (m_events.capacity() > keptEvents)
            m_events = {};
        m_engine.takeEvents(m_events);
    }
    m_isPumping = false;
    m_transport.rested();
}

/// True when there was something to write.
bool ServerConversation::flush()
{
    const QByteArray output = m_engine.takeOutput();
    if (!output.isEmpty())
        m_transport.send(output);
    return !output.isEmpty();
}

void ServerConversation::handle(const OctetsReceived &event)
{
    m_isPaused = true; // first: the handler may end the pause before it returns
    if (m_handler->dataChunk(event.octets) == DataFlow::Continue && std::exchange(m_isPaused, false))
        m_engine.octetsTaken(Moment::now());
}

void ServerConversation::handle(const HandshakeNeeded &)
{
    flush();
    m_transport.startHandshake();
}

void ServerConversation::handle(const SessionClosed &event)
{
    m_isPaused = false;
    m_handler->closed(event.facts);
    m_transcripts.closed(event.facts);
    flush();
    m_transport.close();
}

void ServerConversation::start()
{
    m_engine.start(Moment::now());
    pump();
}

void ServerConversation::receive(QByteArrayView octets)
{
    m_engine.receive(octets, Moment::now());
    pump();
}

void ServerConversation::tlsEstablished(const TlsEstablished &tls)
{
    m_engine.tlsEstablished(tls, Moment::now());
    pump();
}

void ServerConversation::keysDerived(const std::optional<ScramKeys> &keys)
{
    m_engine.keysDerived(keys, Moment::now());
    pump();
}

void ServerConversation::end(ServerEnding ending, const QByteArray &detail)
{
    m_engine.end(ending, detail, Moment::now());
    pump();
}

void ServerConversation::shutdown()
{
    m_engine.shutdown(Moment::now());
    pump();
}

void ServerConversation::timeoutPassed(Moment now)
{
    m_engine.timeoutPassed(now);
    pump();
}

void ServerConversation::reply(const Reply &reply)
{
    m_engine.reply(reply, Moment::now());
    pump();
}

void ServerConversation::resumeData()
{
    if (!std::exchange(m_isPaused, false))
        return;
    m_engine.octetsTaken(Moment::now());
    pump();
}

} // namespace glasspost::smtp
