#include "mail/queue/deliveryagent.h"

#include "mail/base/worker.h"
#include "mail/queue/carrier.h"
#include "mail/queue/clock.h"
#include "mail/queue/retrypolicy.h"
#include "mail/queue/sitereports.h"
#include "smtp/client/clientsession.h"

#include <QHash>
#include <QQueue>
#include <QTimer>

#include <algorithm>
#include <numeric>

namespace glasspost::mail {

namespace {

constexpr qsizetype eagerConnections = 2;

// One message on its way: what is known of each recipient of its envelope.
struct Delivery
{
    QList<smtp::RecipientReport> reports; // in the envelope's order; at == 0 while not known
    qsizetype open = 0;
};

} // namespace

struct DeliveryAgent::Private
{
    DeliveryAgent *q = nullptr;
    DeliverySettings settings;
    LookupFactory lookups;
    QHash<Site, std::shared_ptr<TlsSessions>> tlsSessions; // by route
    smtp::TranscriptSink *transcripts = nullptr;
    SiteMemory memory{Clock::system().monotonic};
    QTimer pace; // a site may have its next message
    QHash<quint64, Delivery> deliveries;
    quint64 lastDelivery = 0;
    quint64 lastPart = 0;
    QHash<quint64, std::shared_ptr<const smtp::Envelope>> announced; // and not begun
    std::stop_source measuring; // stopped at the end
    QHash<Site, QQueue<CarrierJob>> waiting;
    QList<Carrier *> carriers;

    qsizetype waitingFor(const Site &site) const
    {
        const auto jobs = waiting.constFind(site);
        return jobs == waiting.constEnd() ? 0 : jobs->size();
    }

    qsizetype carriersTo(const Site &site) const
    {
        return std::count_if(carriers.begin(), carriers.end(),
            [&](const Carrier *carrier) { return carrier->site() == site; });
    }

    void open(quint64 id, const smtp::Envelope &envelope)
    {
        Delivery delivery;
        for (const smtp::EnvelopeRecipient &one : envelope.recipients) {
            delivery.reports.append(smtp::RecipientReport());
            delivery.reports.last().recipient = one.forwardPath;
        }
        delivery.open = envelope.recipients.size();
        deliveries.insert(id, delivery);
    }

    void take(
        quint64 id, const smtp::Envelope &envelope, const SourceFactory &message, const OutgoingRoute &route)
    {
        QList<int> all(envelope.recipients.size());
        std::iota(all.begin(), all.end(), 0);
        QList<DestinationGroup> groups;
        if (route.kind == OutgoingRoute::Kind::Smarthost)
            groups = {{{}, all}};
        else
            groups = groupByDomain(envelope.recipients, all);
        for (const DestinationGroup &group : std::as_const(groups))
            enqueue({id, {route, group.domain}, envelope, message, {}}, group);
        start();
    }

    void enqueue(CarrierJob job, const DestinationGroup &group)
    {
        const smtp::Envelope envelope = job.envelope;
        job.envelope.recipients.clear();
        for (const int index : group.recipients)
            job.envelope.recipients.append(envelope.recipients.at(index));
        const bool direct = job.site.route.kind == OutgoingRoute::Kind::Direct;
        if (direct && group.domain.isEmpty()) {
            refuse(job, {5, 1, 3}, "the address has no domain");
            return;
        }
        waiting[job.site].enqueue(job);
    }

    void refuse(const CarrierJob &job, const smtp::EnhancedStatusCode &status, const QByteArray &reason)
    {
        part(job.delivery,
            ownReports(
                job.envelope, smtp::DeliveryResult::Refused, smtp::DeliveryStage::Local, status, reason));
    }

    [[nodiscard]] bool isLocked(const OutgoingRoute &route) const
    {
        const Account account = Account::of(route);
        return !account.user.isEmpty() && settings.passwords.value(account).isEmpty()
            && settings.token.isEmpty() && route.certificateFile.isEmpty();
    }

    void deferJobs(const QQueue<CarrierJob> &jobs, smtp::DeliveryStage stage,
        const smtp::EnhancedStatusCode &status, const QByteArray &reason)
    {
        for (const CarrierJob &job : jobs)
            defer(job, stage, status, reason);
    }

    // As many carriers as the limits allow; an idle one to another place makes room.
    void start()
    {
        const QList<Site> sites = waiting.keys();
        for (const Site &site : sites) {
            if (isLocked(site.route))
                deferJobs(
                    waiting.take(site), smtp::DeliveryStage::Auth, {4, 7, 0}, "waiting for the password");
            while (waitingFor(site) > 0 && giveToOne(site)) { }
            if (waitingFor(site) == 0)
                waiting.remove(site);
        }
    }

    // The rate that a site is to be spared with: a message later than it could go starts the rest again.
    bool isPaced(const Site &site)
    {
        const qint64 wait = memory.waitFor(site, settings.limits.messagesPerMinute);
        if (wait > 0 && (!pace.isActive() || pace.remainingTime() > wait))
            pace.start(std::chrono::milliseconds(wait));
        return wait > 0;
    }

    // Two connections at once, for one may be slow; more only where each has several messages before it.
    [[nodiscard]] bool isWorthAConnection(const Site &site) const
    {
        const qsizetype open = carriersTo(site);
        return open < memory.connectionLimit(site, settings.limits.connectionsPerDestination)
            && (open < eagerConnections || waitingFor(site) >= open);
    }

    bool giveToOne(const Site &site)
    {
        if (isPaced(site))
            return false;
        Carrier *carrier = idleTo(site);
        if (carrier == nullptr && isWorthAConnection(site) && makeRoom())
            carrier = newCarrier(site);
        if (carrier == nullptr)
            return false;
        memory.sentTo(site, settings.limits.messagesPerMinute);
        carrier->carry(waiting[site].dequeue());
        return true;
    }

    Carrier *idleTo(const Site &site) const
    {
        const auto found = std::find_if(carriers.begin(), carriers.end(),
            [&](const Carrier *carrier) { return carrier->isIdle() && carrier->site() == site; });
        return found == carriers.end() ? nullptr : *found;
    }

    bool makeRoom()
    {
        if (carriers.size() < settings.limits.connections)
            return true;
        const auto idle = std::find_if(
            carriers.begin(), carriers.end(), [](const Carrier *carrier) { return carrier->isIdle(); });
        if (idle == carriers.end())
            return false;
        (*idle)->end();
        return true;
    }

    Carrier *newCarrier(const Site &site)
    {
        std::shared_ptr<TlsSessions> &sessions = tlsSessions[{site.route, {}}];
        if (!sessions)
            sessions = std::make_shared<TlsSessions>();
        auto *carrier = new Carrier(site, settings, lookups(site.route), sessions, memory, *transcripts, q);
        carriers.append(carrier);
        connect(carrier, &Carrier::sessionOpened, q, &DeliveryAgent::sessionOpened);
        carrier->setCompany([this, carrier] { return companyOf(*carrier); });
        connect(carrier, &Carrier::turnedAway, q, [this](const CarrierJob &job) {
            memory.limited(job.site, carriersTo(job.site) - 1);
            waiting[job.site].prepend(job);
        });
        connect(carrier, &Carrier::certificateRefused, q, &DeliveryAgent::certificateRefused);
        connect(carrier, &Carrier::partFinished, q,
            [this, carrier](quint64 id, const smtp::DeliveryReport &report) {
                if (settings.nextMessage == DeliverySettings::NextMessage::WhenNoted
                    && report.has(smtp::DeliveryResult::Delivered))
                    carrier->awaitNote(lastPart + 1);
                part(id, report);
            });
        connect(carrier, &Carrier::siteFailed, q,
            [this, site](const smtp::RecipientReport &why) { siteFailed(site, why); });
        connect(
            carrier, &Carrier::becameIdle, q, [this] { start(); }, Qt::QueuedConnection);
        connect(carrier, &Carrier::ended, q, [this, carrier] {
            carriers.removeOne(carrier);
            carrier->deleteLater();
            QTimer::singleShot(0, q, [this] { start(); });
        });
        return carrier;
    }

    [[nodiscard]] Carrier::Company companyOf(const Carrier &carrier) const
    {
        Carrier::Company company = Carrier::Company::None;
        for (const Carrier *other : carriers) {
            if (other == &carrier || !(other->site() == carrier.site()))
                continue;
            company
                = std::max(company, other->isServed() ? Carrier::Company::Served : Carrier::Company::Trying);
        }
        return company;
    }

    // Messages that wait for a place where nobody answers share its fate in this attempt: they would hold the
    // queue up one time-out after another.
    void siteFailed(const Site &site, const smtp::RecipientReport &why)
    {
        memory.unlimited(site);
        const QQueue<CarrierJob> jobs = waiting.take(site);
        for (const CarrierJob &job : jobs) {
            smtp::DeliveryReport report;
            for (const smtp::EnvelopeRecipient &one : job.envelope.recipients) {
                report.recipients.append(why);
                report.recipients.last().recipient = one.forwardPath;
            }
            part(job.delivery, report);
        }
    }

    void part(quint64 id, const smtp::DeliveryReport &report)
    {
        ++lastPart;
        const auto delivery = deliveries.find(id);
        if (delivery == deliveries.end())
            return;
        for (const smtp::RecipientReport &one : report.recipients)
            fill(*delivery, one);
        Q_EMIT q->partFinished(id, report, lastPart);
        finishIfKnown(id);
    }

    // The first place of that recipient that is not known yet: an address may stand twice in an envelope.
    static void fill(Delivery &delivery, const smtp::RecipientReport &report)
    {
        for (smtp::RecipientReport &known : delivery.reports) {
            if (known.at == 0 && known.recipient == report.recipient) {
                known = report;
                known.at = std::max<qint64>(1, known.at);
                --delivery.open;
                return;
            }
        }
    }

    void finishIfKnown(quint64 id)
    {
        const auto delivery = deliveries.constFind(id);
        if (delivery == deliveries.constEnd() || delivery->open > 0)
            return;
        const smtp::DeliveryReport whole{deliveries.take(id).reports};
        Q_EMIT q->finished(id, whole);
        if (deliveries.isEmpty())
            Q_EMIT q->becameIdle();
    }

    using Ending = void (Carrier::*)(const QByteArray &);
    void endAll(const QByteArray &reason, Ending ending)
    {
        const auto unbegun = std::exchange(announced, {});
        for (const auto &[id, envelope] : unbegun.asKeyValueRange())
            defer({id, {}, *envelope, {}, {}}, smtp::DeliveryStage::Local, {4, 3, 2}, reason);
        const auto jobs = std::exchange(waiting, {});
        for (const QQueue<CarrierJob> &queue : jobs)
            deferJobs(queue, smtp::DeliveryStage::Local, {4, 3, 2}, reason);
        const QList<Carrier *> running = carriers;
        for (Carrier *carrier : running)
            (carrier->*ending)(reason);
    }

    void defer(const CarrierJob &job, smtp::DeliveryStage stage, const smtp::EnhancedStatusCode &status,
        const QByteArray &reason)
    {
        part(job.delivery, ownReports(job.envelope, smtp::DeliveryResult::Deferred, stage, status, reason));
    }
};

DeliveryAgent::DeliveryAgent(
    DeliverySettings settings, LookupFactory lookups, smtp::TranscriptSink &transcripts, QObject *parent)
    : DeliveryService(parent), d(std::make_unique<Private>())
{
    d->q = this;
    d->settings = std::move(settings);
    d->lookups = std::move(lookups);
    d->transcripts = &transcripts;
    d->pace.setSingleShot(true);
    connect(&d->pace, &QTimer::timeout, this, [this] { d->start(); });
}

DeliveryAgent::~DeliveryAgent()
{
    blockSignals(true);
    d->measuring.request_stop();
    d->deliveries.clear();
    d->endAll("shutting down", &Carrier::abort);
    qDeleteAll(std::exchange(d->carriers, {}));
}

void DeliveryAgent::configure(DeliverySettings settings, LookupFactory lookups)
{
    d->settings = std::move(settings);
    d->lookups = std::move(lookups);
    d->tlsSessions.clear(); // what was good enough before may not be now
    const QList<Carrier *> carriers = d->carriers;
    for (Carrier *carrier : carriers)
        carrier->retire();
}

quint64 DeliveryAgent::deliver(
    const smtp::Envelope &envelope, SourceFactory message, const std::optional<OutgoingRoute> &route)
{
    const quint64 id = ++d->lastDelivery;
    d->open(id, envelope);
    const auto announced = std::make_shared<const smtp::Envelope>(envelope);
    d->announced.insert(id, announced);
    const auto begin = [this, id, envelope, message, route] {
        if (d->announced.remove(id)) // else it was ended before it began
            d->take(id, envelope, message, route.value_or(d->settings.route));
    };
    if (!message.isLarge()) {
        QTimer::singleShot(0, this, begin);
        return id;
    }
    const auto measure = [message, wanted = std::weak_ptr(announced), stop = d->measuring.get_token()] {
        return !wanted.expired() && message(stop) != nullptr;
    };
    runLongWork(measure).then(this, [begin](const Result<bool> &) { begin(); });
    return id;
}

std::optional<Account> DeliveryAgent::accountAwaitingPassword(const std::optional<OutgoingRoute> &route) const
{
    const OutgoingRoute &way = route ? *route : d->settings.route;
    return d->isLocked(way) ? std::optional<Account>(Account::of(way)) : std::nullopt;
}

void DeliveryAgent::leave()
{
    const QList<Carrier *> carriers = d->carriers;
    for (Carrier *carrier : carriers)
        carrier->retire();
    const auto sessions = findChildren<smtp::ClientSession *>(QString(), Qt::FindDirectChildrenOnly);
    if (d->carriers.isEmpty() && sessions.isEmpty()) {
        QTimer::singleShot(0, this, &DeliveryAgent::left);
        return;
    }
    const QObject *last = sessions.isEmpty() ? static_cast<const QObject *>(d->carriers.constLast())
                                             : static_cast<const QObject *>(sessions.constLast());
    connect(last, &QObject::destroyed, this, &DeliveryAgent::leave, Qt::QueuedConnection);
}

void DeliveryAgent::abort(const QByteArray &reason)
{
    d->endAll(reason, &Carrier::abort);
}

void DeliveryAgent::close(const QByteArray &reason)
{
    d->endAll(reason, &Carrier::close);
}

void DeliveryAgent::noted(quint64 part)
{
    const QList<Carrier *> carriers = d->carriers;
    for (Carrier *carrier : carriers)
        carrier->noted(part);
}

bool DeliveryAgent::isIdle() const
{
    return d->deliveries.isEmpty();
}

} // namespace glasspost::mail
