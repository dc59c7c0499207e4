#include "mail/queue/deliveryagent.h"

#include "mail/queue/carrier.h"
#include "mail/queue/retrypolicy.h"

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
    std::shared_ptr<smtp::ExchangerLookup> lookup;
    std::shared_ptr<TlsSessions> tlsSessions = std::make_shared<TlsSessions>();
    smtp::TranscriptSink *transcripts = nullptr;
    QHash<quint64, Delivery> deliveries;
    quint64 lastDelivery = 0;
    quint64 lastPart = 0;
    quint64 lastEnded = 0; // up to this one everything was told to end
    QByteArray endReason;
    QHash<QByteArray, QQueue<CarrierJob>> waiting; // by destination
    QList<Carrier *> carriers;

    qsizetype carriersTo(const QByteArray &destination) const
    {
        return std::count_if(carriers.begin(), carriers.end(),
            [&](const Carrier *carrier) { return carrier->destination() == destination; });
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

    void take(quint64 id, const smtp::Envelope &envelope, const SourceFactory &message)
    {
        if (id <= lastEnded) { // ended before it began: nothing is dialled any more
            defer({id, {}, envelope, message, {}}, smtp::DeliveryStage::Local, {4, 3, 2}, endReason);
            return;
        }
        QList<int> all(envelope.recipients.size());
        std::iota(all.begin(), all.end(), 0);
        QList<DestinationGroup> groups;
        if (settings.route.kind == OutgoingRoute::Kind::Smarthost)
            groups = {{{}, all}};
        else
            groups = groupByDomain(envelope.recipients, all);
        for (const DestinationGroup &group : std::as_const(groups))
            enqueue(id, envelope, group, message);
        start();
    }

    void enqueue(quint64 id, const smtp::Envelope &envelope, const DestinationGroup &group,
        const SourceFactory &message)
    {
        CarrierJob job{id, group.domain, envelope, message, {}};
        job.envelope.recipients.clear();
        for (const int index : group.recipients)
            job.envelope.recipients.append(envelope.recipients.at(index));
        const bool direct = settings.route.kind == OutgoingRoute::Kind::Direct;
        if (direct && group.domain.isEmpty()) {
            refuse(job, {5, 1, 3}, "the address has no domain");
            return;
        }
        waiting[group.domain].enqueue(job);
    }

    void refuse(const CarrierJob &job, const smtp::EnhancedStatusCode &status, const QByteArray &reason)
    {
        smtp::DeliveryReport report;
        for (const smtp::EnvelopeRecipient &one : job.envelope.recipients) {
            report.recipients.append(ownReport(
                one.forwardPath, smtp::DeliveryResult::Refused, smtp::DeliveryStage::Local, status, reason));
        }
        part(job.delivery, report);
    }

    // A refused sign-in made the password void: an empty one must not be tried in its place.
    [[nodiscard]] bool waitsForPassword() const
    {
        return settings.route.kind == OutgoingRoute::Kind::Smarthost && !settings.route.user.isEmpty()
            && settings.password.isEmpty() && settings.token.isEmpty()
            && settings.route.certificateFile.isEmpty();
    }

    void deferWaiting(
        smtp::DeliveryStage stage, const smtp::EnhancedStatusCode &status, const QByteArray &reason)
    {
        const auto jobs = std::exchange(waiting, {});
        for (const QQueue<CarrierJob> &queue : jobs) {
            for (const CarrierJob &job : queue)
                defer(job, stage, status, reason);
        }
    }

    // As many carriers as the limits allow; an idle one to another place makes room.
    void start()
    {
        if (waitsForPassword())
            deferWaiting(smtp::DeliveryStage::Auth, {4, 7, 0}, "waiting for the password");
        const QList<QByteArray> destinations = waiting.keys();
        for (const QByteArray &destination : destinations) {
            while (!waiting.value(destination).isEmpty() && giveToOne(destination)) { }
            if (waiting.value(destination).isEmpty())
                waiting.remove(destination);
        }
    }

    // Two connections at once, for one may be slow; more only where each has several messages before it.
    [[nodiscard]] bool isWorthAConnection(const QByteArray &destination) const
    {
        const qsizetype open = carriersTo(destination);
        return open < settings.limits.connectionsPerDestination
            && (open < eagerConnections || waiting.value(destination).size() >= open);
    }

    bool giveToOne(const QByteArray &destination)
    {
        Carrier *carrier = idleTo(destination);
        if (carrier == nullptr && isWorthAConnection(destination) && makeRoom())
            carrier = newCarrier(destination);
        if (carrier == nullptr)
            return false;
        carrier->carry(waiting[destination].dequeue());
        return true;
    }

    Carrier *idleTo(const QByteArray &destination) const
    {
        const auto found = std::find_if(carriers.begin(), carriers.end(), [&](const Carrier *carrier) {
            return carrier->isIdle() && carrier->destination() == destination;
        });
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

    Carrier *newCarrier(const QByteArray &destination)
    {
        auto *carrier = new Carrier(destination, settings, lookup, tlsSessions, *transcripts, q);
        carriers.append(carrier);
        connect(carrier, &Carrier::sessionOpened, q, &DeliveryAgent::sessionOpened);
        connect(carrier, &Carrier::tlsExamined, q, &DeliveryAgent::tlsExamined);
        connect(carrier, &Carrier::partFinished, q,
            [this, carrier](quint64 id, const smtp::DeliveryReport &report) {
                if (settings.nextMessage == DeliverySettings::NextMessage::WhenNoted
                    && report.has(smtp::DeliveryResult::Delivered))
                    carrier->awaitNote(lastPart + 1);
                part(id, report);
            });
        connect(carrier, &Carrier::siteFailed, q,
            [this, destination](const smtp::RecipientReport &why) { siteFailed(destination, why); });
        connect(
            carrier, &Carrier::becameIdle, q, [this] { start(); }, Qt::QueuedConnection);
        connect(carrier, &Carrier::ended, q, [this, carrier] {
            carriers.removeOne(carrier);
            carrier->deleteLater();
            QTimer::singleShot(0, q, [this] { start(); });
        });
        return carrier;
    }

    // Messages that wait for a place where nobody answers share its fate in this attempt: they would hold the
    // queue up one time-out after another.
    void siteFailed(const QByteArray &destination, const smtp::RecipientReport &why)
    {
        const QQueue<CarrierJob> jobs = waiting.take(destination);
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
        lastEnded = lastDelivery;
        endReason = reason;
        deferWaiting(smtp::DeliveryStage::Local, {4, 3, 2}, reason);
        const QList<Carrier *> running = carriers;
        for (Carrier *carrier : running)
            (carrier->*ending)(reason);
    }

    void defer(const CarrierJob &job, smtp::DeliveryStage stage, const smtp::EnhancedStatusCode &status,
        const QByteArray &reason)
    {
        smtp::DeliveryReport report;
        for (const smtp::EnvelopeRecipient &one : job.envelope.recipients) {
            report.recipients.append(
                ownReport(one.forwardPath, smtp::DeliveryResult::Deferred, stage, status, reason));
        }
        part(job.delivery, report);
    }
};

DeliveryAgent::DeliveryAgent(DeliverySettings settings, std::shared_ptr<smtp::ExchangerLookup> lookup,
    smtp::TranscriptSink &transcripts, QObject *parent)
    : QObject(parent), d(std::make_unique<Private>())
{
    d->q = this;
    d->settings = std::move(settings);
    d->lookup = std::move(lookup);
    d->transcripts = &transcripts;
}

DeliveryAgent::~DeliveryAgent()
{
    blockSignals(true);
    d->deliveries.clear();
    d->endAll("shutting down", &Carrier::abort);
    qDeleteAll(std::exchange(d->carriers, {}));
}

void DeliveryAgent::configure(DeliverySettings settings, std::shared_ptr<smtp::ExchangerLookup> lookup)
{
    d->settings = std::move(settings);
    d->lookup = std::move(lookup);
    d->tlsSessions = std::make_shared<TlsSessions>(); // what was good enough before may not be now
    const QList<Carrier *> carriers = d->carriers;
    for (Carrier *carrier : carriers)
        carrier->retire();
}

quint64 DeliveryAgent::deliver(const smtp::Envelope &envelope, SourceFactory message)
{
    const quint64 id = ++d->lastDelivery;
    d->open(id, envelope);
    QTimer::singleShot(
        0, this, [this, id, envelope, message = std::move(message)] { d->take(id, envelope, message); });
    return id;
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
