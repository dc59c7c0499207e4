#include "smtp/client/sessiontracer.h"

#include <QCryptographicHash>
#include <QSslCertificate>

#include <algorithm>
#include <utility>

namespace glasspost::smtp {

namespace {

constexpr qsizetype mostStages = 5000; // of a piece: of one message
constexpr qsizetype mostNotes = 1000;
constexpr qsizetype longestText = 1000; // octets
constexpr qsizetype mostReplyLines = 64;
constexpr qint64 leastStage = 1000; // microseconds: a shorter one that nothing was said in is none

TraceStage stageOf(ClientState state)
{
    switch (state) {
    case ClientState::LookingUp:
        return TraceStage::Lookup;
    case ClientState::Idle:
    case ClientState::Connecting:
        return TraceStage::Connect;
    case ClientState::Greeting:
        return TraceStage::Greeting;
    case ClientState::Ehlo:
    case ClientState::Helo:
    case ClientState::XClient:
        return TraceStage::Hello;
    case ClientState::StartTls:
        return TraceStage::StartTls;
    case ClientState::Handshake:
        return TraceStage::Handshake;
    case ClientState::Auth:
        return TraceStage::Auth;
    case ClientState::Ready:
        return TraceStage::Between;
    case ClientState::Converting:
        return TraceStage::Convert;
    case ClientState::Mail:
        return TraceStage::Mail;
    case ClientState::Rcpt:
        return TraceStage::Rcpt;
    case ClientState::Data:
        return TraceStage::Data;
    case ClientState::Body:
    case ClientState::Chunk:
        return TraceStage::Body;
    case ClientState::EndOfData:
        return TraceStage::EndOfData;
    case ClientState::Reset:
        return TraceStage::Reset;
    case ClientState::Quit:
    case ClientState::Closed:
        break;
    }
    return TraceStage::Quit;
}

bool isOfMessage(TraceStage stage)
{
    return stage >= TraceStage::Convert && stage <= TraceStage::Reset;
}

QByteArray shortened(const QByteArray &text)
{
    return text.size() > longestText ? text.first(longestText) + "..." : text;
}

Reply shortened(Reply reply)
{
    reply.lines.resize(std::min(reply.lines.size(), mostReplyLines));
    for (QByteArray &line : reply.lines)
        line = shortened(line);
    return reply;
}

QByteArray nameIn(const QStringList &common, const QStringList &organization)
{
    return shortened((common.isEmpty() ? organization : common).join(u", ").toUtf8());
}

TracedCertificate traced(const QSslCertificate &certificate)
{
    return {nameIn(certificate.subjectInfo(QSslCertificate::CommonName),
                certificate.subjectInfo(QSslCertificate::Organization)),
        nameIn(certificate.issuerInfo(QSslCertificate::CommonName),
            certificate.issuerInfo(QSslCertificate::Organization)),
        certificate.expiryDate().toSecsSinceEpoch(),
        certificate.digest(QCryptographicHash::Sha256).toHex(':')};
}

} // namespace

void SessionTracer::begin(const QByteArray &sessionId, const QByteArray &host, qint64 at)
{
    m_trace.sessionId = sessionId;
    m_trace.startedAt = at;
    m_trace.host = host;
    m_trace.choice = shortened(m_origin.choice); // which has a reply in it
    m_trace.demand = m_origin.demand;
    if (m_origin.lookedUpAt > 0) {
        open(TraceStage::Lookup, m_origin.lookedUpAt);
        for (const TraceNote &note : std::as_const(m_origin.notes))
            noted(note.text, note.at);
        close(at);
    }
    open(TraceStage::Connect, at);
    m_isFresh = true;
}

void SessionTracer::open(TraceStage stage, qint64 at)
{
    m_current.emplace();
    m_current->stage = stage;
    m_current->from = at;
    m_isFresh = false;
}

void SessionTracer::close(qint64 at)
{
    if (!m_current)
        return;
    m_current->to = std::max(at, m_current->from); // the clock may have been set
    m_current->message = isOfMessage(m_current->stage) ? m_message : 0;
    if (m_trace.stages.size() < mostStages)
        m_trace.stages.append(*std::exchange(m_current, {}));
    else
        ++m_trace.leftOut;
    m_current.reset();
}

void SessionTracer::entered(const StateEntered &event, qint64 at)
{
    if (event.to == ClientState::Closed)
        return; // end() comes, once the connection is given up
    if (event.from == ClientState::Ready)
        ++m_message;
    if (m_isFresh && m_current) {
        m_current->stage = stageOf(event.to);
        m_isFresh = false;
        return;
    }
    close(at);
    open(stageOf(event.to), at);
}

void SessionTracer::answered(const Answered &event, qint64 at)
{
    if (!m_current)
        return;
    if (std::exchange(m_isFresh, false)) // the next reply of the same kind
        m_current->stage = stageOf(event.state);
    if (m_current->command.isEmpty())
        m_current->command = shortened(event.command);
    const bool goesOn = event.state == ClientState::Auth && event.reply.isIntermediate();
    if (goesOn) // a challenge is no result, and may be a secret
        return;
    m_current->reply = shortened(event.reply);
    close(at);
    open(stageOf(event.state), at);
    m_isFresh = true;
}

void SessionTracer::noted(const QByteArray &text, qint64 at)
{
    if (!m_current)
        return;
    if (m_notes >= mostNotes) {
        ++m_trace.leftOut;
        return;
    }
    ++m_notes;
    m_current->notes.append({at, shortened(text)});
}

void SessionTracer::dataSent(qint64 octets)
{
    if (m_current && m_current->stage == TraceStage::Body) {
        m_current->octets += octets; // a chunk may follow another that has no reply yet
        m_isFresh = false;
        return;
    }
    for (auto stage = m_trace.stages.rbegin(); stage != m_trace.stages.rend(); ++stage) {
        if (stage->stage == TraceStage::Body) {
            stage->octets += octets;
            return;
        }
    }
}

void SessionTracer::connected(const QHostAddress &address, quint16 port)
{
    m_trace.address = address;
    m_trace.port = port;
}

void SessionTracer::tlsShown(const TlsFacts &facts)
{
    TracedTls tls{
        facts.summary, facts.resumption == TlsFacts::Resumption::Resumed, {}, facts.errors, facts.fault};
    for (const QSslCertificate &certificate : facts.chain)
        tls.chain.append(traced(certificate));
    m_trace.tls = tls;
}

void SessionTracer::signedIn(const SignedIn &event)
{
    m_trace.mechanism = event.mechanism;
    m_trace.user = event.user;
}

void SessionTracer::end(qint64 at)
{
    const bool isNothing = m_current && m_isFresh && m_current->notes.isEmpty()
        && (m_current->stage == TraceStage::Quit || at - m_current->from < leastStage);
    if (isNothing && !m_trace.stages.isEmpty()) {
        m_trace.stages.last().to = std::max(at, m_trace.stages.last().to); // to the connection's end
        m_current.reset();
    }
    close(at);
}

std::optional<SessionTrace> SessionTracer::take()
{
    if (m_trace.stages.isEmpty())
        return std::nullopt;
    SessionTrace next;
    next.sessionId = m_trace.sessionId;
    next.startedAt = m_trace.startedAt;
    next.piece = m_trace.piece + 1;
    m_notes = 0;
    return std::exchange(m_trace, next);
}

} // namespace glasspost::smtp
