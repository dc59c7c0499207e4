#include "mail/queue/sitehosts.h"

#include "mail/queue/sitereports.h"
#include "smtp/session/wallclock.h"

#include <QFile>

#include <algorithm>
#include <utility>

namespace glasspost::mail {

namespace {

bool isSocketFile(const QByteArray &host)
{
    return host.startsWith('/');
}

QByteArray demandName(smtp::TlsDemand::Kind demand)
{
    switch (demand) {
    case smtp::TlsDemand::Kind::None:
        break;
    case smtp::TlsDemand::Kind::Dane:
        return "DANE";
    case smtp::TlsDemand::Kind::DaneUnverified:
        return "DANE without usable records";
    case smtp::TlsDemand::Kind::MtaSts:
        return "MTA-STS";
    }
    return {};
}

} // namespace

SiteHosts::SiteHosts(
    Site site, std::shared_ptr<smtp::ExchangerLookup> lookup, SiteMemory &memory, QObject *parent)
    : QObject(parent), m_site(std::move(site)), m_lookup(std::move(lookup)), m_memory(memory)
{ }

void SiteHosts::startOver()
{
    m_hosts = m_memory.inOrder(m_hosts, m_site.route.port);
    m_movedOn.clear();
    select(0);
}

void SiteHosts::find(const Done &done)
{
    const bool smarthost = m_site.route.kind == OutgoingRoute::Kind::Smarthost;
    if (const QByteArray file = QFile::encodeName(m_site.route.host); smarthost && isSocketFile(file)) {
        m_hosts = {smtp::Exchanger{0, file, {}}};
        select(0);
    }
    if (!m_hosts.isEmpty()) {
        done({});
        return;
    }
    m_notes.clear();
    m_started = smtp::microsecondsNow();
    const auto note = [this](const QByteArray &line) { m_notes.append({smtp::microsecondsNow(), line}); };
    const auto answered = [this, done](const smtp::ExchangerResult &result) { found(result, done); };
    if (smarthost)
        m_lookup->lookupHost(m_site.route.host.toUtf8(), this, note, answered);
    else
        m_lookup->lookup(m_site.domain, this, note, answered);
}

void SiteHosts::found(const smtp::ExchangerResult &result, const Done &done)
{
    if (!result) {
        done(tl::unexpected(result.error()));
        return;
    }
    m_hosts = *result;
    startOver();
    if (m_addresses.isEmpty()) {
        done(tl::unexpected(smtp::LookupFailure{
            smtp::LookupFailure::Kind::Temporary, {4, 4, 3}, "no exchanger has an address"}));
        return;
    }
    done({});
}

void SiteHosts::select(qsizetype host)
{
    m_host = host;
    m_addresses = host < m_hosts.size() ? m_hosts.at(host).addresses : QList<QHostAddress>();
}

smtp::Endpoint SiteHosts::endpoint() const
{
    smtp::Endpoint endpoint;
    endpoint.host = m_hosts.at(m_host).host;
    endpoint.port = m_site.route.port;
    if (isSocketFile(endpoint.host)) {
        endpoint.socketPath = endpoint.host;
    } else {
        endpoint.address = m_addresses.constFirst();
        endpoint.alternatives = m_addresses.sliced(1);
    }
    return endpoint;
}

smtp::TlsDemand SiteHosts::tls() const
{
    return m_hosts.value(m_host).tls;
}

bool SiteHosts::goToNext(const smtp::RecipientReport &why)
{
    const QByteArray movedOn
        = m_hosts.value(m_host).host + ": " + (why.reply.isNull() ? why.reason : why.reply.toBytes());
    const bool answered = why.stage > smtp::DeliveryStage::Connect;
    if (answered && m_addresses.removeOne(why.remoteAddress) && !m_addresses.isEmpty()) {
        m_movedOn = movedOn;
        return true;
    }
    if (m_host + 1 >= m_hosts.size())
        return false;
    m_movedOn = movedOn;
    select(m_host + 1);
    return true;
}

void SiteHosts::remember(const smtp::RecipientReport &report)
{
    const quint16 port = m_site.route.port;
    if (report.result != smtp::DeliveryResult::Deferred || !isSiteFailure(report)) {
        m_memory.worked(report.remoteAddress, port);
        return;
    }
    // RFC 8305: they were raced, and none answered.
    const bool answered = report.stage > smtp::DeliveryStage::Connect;
    const QList<QHostAddress> bad = answered ? QList<QHostAddress>{report.remoteAddress} : m_addresses;
    for (const QHostAddress &address : bad)
        m_memory.failed(address, port);
}

QByteArray SiteHosts::choice() const
{
    if (m_site.route.kind == OutgoingRoute::Kind::Smarthost)
        return "the smarthost of the route";
    QByteArray words = QByteArray::number(m_host + 1) + " of " + QByteArray::number(m_hosts.size())
        + (m_hosts.size() == 1 ? " host" : " hosts") + ", preference "
        + QByteArray::number(m_hosts.value(m_host).preference);
    if (!m_movedOn.isEmpty())
        words += ", since " + m_movedOn;
    return words;
}

smtp::TraceOrigin SiteHosts::takeOrigin()
{
    return {std::exchange(m_started, 0), std::exchange(m_notes, {}), choice(), demandName(tls().kind)};
}

QByteArray SiteHosts::tellFailure(const smtp::LookupFailure &failure, smtp::TranscriptSink &transcripts)
{
    smtp::SessionFacts facts;
    facts.id = smtp::newSessionId();
    facts.role = smtp::SessionRole::Client;
    facts.startedAt = m_started;
    const bool isDirect = m_site.route.kind == OutgoingRoute::Kind::Direct;
    facts.peerName = isDirect ? m_site.domain : m_site.route.host.toUtf8();
    transcripts.opened(facts);
    m_notes.append({smtp::microsecondsNow(), failure.text});
    for (const smtp::TraceNote &note : std::as_const(m_notes))
        transcripts.recorded(facts.id, {note.at, smtp::Speaker::Event, false, note.text, 0});
    facts.outcome = smtp::SessionOutcome::Broken;
    facts.endedAt = smtp::microsecondsNow();
    facts.ending = failure.text;
    smtp::TracedStage stage;
    stage.stage = smtp::TraceStage::Lookup;
    stage.from = std::exchange(m_started, 0);
    stage.to = std::max(facts.endedAt, stage.from); // the clock may have been set
    stage.notes = std::exchange(m_notes, {});
    smtp::SessionTrace trace;
    trace.sessionId = facts.id;
    trace.startedAt = facts.startedAt;
    trace.host = facts.peerName;
    trace.stages = {stage};
    transcripts.traced(trace);
    transcripts.closed(facts);
    return facts.id;
}

} // namespace glasspost::mail
