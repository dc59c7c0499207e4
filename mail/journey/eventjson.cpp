#include "mail/journey/eventjson.h"

#include "mail/queue/reportjson.h"
#include "mail/settings/routejson.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <array>

namespace glasspost::mail {

namespace {

// By the events' place in the variant.
constexpr std::array<const char *, std::variant_size_v<QueueEvent>> eventNames{"attempt-began",
    "attempt-undone", "attempted", "interrupted", "put-off", "session-opened", "returned", "notified",
    "try-requested", "held", "released", "postponed", "rerouted", "expired", "report-folded", "clock-set",
    "restarted"};

void writeReported(JsonText &json, const ReportedRecipient &reported)
{
    json.openObject();
    writeStateOctets(json, "original", reported.originalRecipient);
    writeStateOctets(json, "final", reported.finalRecipient);
    json.number("action", int(reported.action));
    json.text("status", reported.status.toBytes());
    writeStateOctets(json, "server", reported.remoteServer);
    writeStateOctets(json, "diagnostic", reported.diagnostic);
    json.closeObject();
}

ReportedRecipient toReported(const QJsonObject &value)
{
    return {stateOctets(value[u"original"]), stateOctets(value[u"final"]),
        stateEnum(value[u"action"], ReportAction::Expanded), statusFromJson(value[u"status"]),
        stateOctets(value[u"server"]), stateOctets(value[u"diagnostic"])};
}

void writeStatusReport(JsonText &json, const StatusReport &report)
{
    json.openObject("report");
    writeStateOctets(json, "server", report.reportingServer);
    writeStateOctets(json, "envelopeId", report.envelopeId);
    writeStateOctets(json, "messageId", report.originalMessageId);
    json.openArray("recipients");
    for (const ReportedRecipient &reported : report.recipients)
        writeReported(json, reported);
    json.closeArray();
    json.closeObject();
}

StatusReport toStatusReport(const QJsonObject &value)
{
    StatusReport report{stateOctets(value[u"server"]), stateOctets(value[u"envelopeId"]),
        stateOctets(value[u"messageId"]), {}};
    const QJsonArray recipients = value[u"recipients"].toArray();
    for (const auto one : recipients)
        report.recipients.append(toReported(one.toObject()));
    return report;
}

/// The members of each event; one function each.
struct Members
{
    JsonText &json;

    void operator()(const AttemptBegan &event) const { planned(event.recipient, event.nextAttemptAt); }
    void operator()(const AttemptUndone &event) const { planned(event.recipient, event.nextAttemptAt); }
    void operator()(const Attempted &event) const
    {
        json.number("recipient", event.recipient);
        json.number("outcome", int(event.outcome));
        writeRecipientReport(json, "report", event.report);
    }
    void operator()(const AttemptInterrupted &event) const
    {
        json.number("recipient", event.recipient);
        writeRecipientReport(json, "report", event.report);
    }
    void operator()(const PutOff &event) const { planned(event.recipient, event.nextAttemptAt); }
    void operator()(const SessionOpened &event) const { writeStateOctets(json, "session", event.sessionId); }
    void operator()(const Returned &event) const { json.number("when", event.at); }
    void operator()(const Notified &event) const
    {
        json.number("recipient", event.recipient);
        json.number("what", int(event.what));
    }
    void operator()(const TryRequested &) const { }
    void operator()(const Held &) const { }
    void operator()(const Released &) const { }
    void operator()(const Postponed &event) const { json.number("notBefore", event.notBefore); }
    void operator()(const Rerouted &event) const
    {
        if (event.route)
            json.raw("route", QJsonDocument(toJson(event.route).toObject()).toJson(QJsonDocument::Compact));
    }
    void operator()(const Expired &event) const { json.number("when", event.at); }
    void operator()(const ReportFolded &event) const
    {
        json.number("when", event.at);
        if (!event.report.recipients.isEmpty())
            writeStatusReport(json, event.report);
        if (event.receipt.originalMessageId.isEmpty())
            return;
        json.openObject("receipt");
        writeStateOctets(json, "messageId", event.receipt.originalMessageId);
        writeStateOctets(json, "final", event.receipt.finalRecipient);
        writeStateOctets(json, "disposition", event.receipt.disposition);
        json.closeObject();
    }
    void operator()(const ClockSet &event) const
    {
        json.openArray("next");
        for (const qint64 at : event.nextAttemptAt)
            json.number({}, at);
        json.closeArray();
    }
    void operator()(const Restarted &) const { }

    void planned(int recipient, qint64 nextAttemptAt) const
    {
        json.number("recipient", recipient);
        json.number("next", nextAttemptAt);
    }
};

/// An event out of its members. What names a recipient gets one that exists, as readEvent() has seen to.
struct EventReader
{
    const QJsonObject &object;
    const QueueEntry &entry;

    [[nodiscard]] int recipient() const { return object[u"recipient"].toInt(-1); }
    [[nodiscard]] qint64 next() const { return stateInteger(object[u"next"]); }
    [[nodiscard]] qint64 when() const { return stateInteger(object[u"when"]); }
    [[nodiscard]] smtp::RecipientReport report() const
    {
        return recipientReport(
            object[u"report"].toObject(), entry.recipients[recipient()].recipient.forwardPath);
    }

    [[nodiscard]] QueueEvent read(AttemptBegan *) const { return AttemptBegan{recipient(), next()}; }
    [[nodiscard]] QueueEvent read(AttemptUndone *) const { return AttemptUndone{recipient(), next()}; }
    [[nodiscard]] QueueEvent read(Attempted *) const
    {
        return Attempted{recipient(), report(), stateEnum(object[u"outcome"], AttemptOutcome::Expired)};
    }
    [[nodiscard]] QueueEvent read(AttemptInterrupted *) const
    {
        return AttemptInterrupted{recipient(), report()};
    }
    [[nodiscard]] QueueEvent read(PutOff *) const { return PutOff{recipient(), next()}; }
    [[nodiscard]] QueueEvent read(SessionOpened *) const
    {
        return SessionOpened{stateOctets(object[u"session"])};
    }
    [[nodiscard]] QueueEvent read(Returned *) const { return Returned{when()}; }
    [[nodiscard]] QueueEvent read(Notified *) const
    {
        switch (object[u"what"].toInt()) {
        case int(DsnKind::Delay):
            return Notified{recipient(), DsnKind::Delay};
        case int(DsnKind::Success):
            return Notified{recipient(), DsnKind::Success};
        default:
            return Notified{recipient(), DsnKind::Failure};
        }
    }
    [[nodiscard]] QueueEvent read(TryRequested *) const { return TryRequested(); }
    [[nodiscard]] QueueEvent read(Held *) const { return Held(); }
    [[nodiscard]] QueueEvent read(Released *) const { return Released(); }
    [[nodiscard]] QueueEvent read(Postponed *) const { return Postponed{stateInteger(object[u"notBefore"])}; }
    [[nodiscard]] QueueEvent read(Rerouted *) const { return Rerouted{routeFromJson(object[u"route"])}; }
    [[nodiscard]] QueueEvent read(Expired *) const { return Expired{when()}; }
    [[nodiscard]] QueueEvent read(ReportFolded *) const
    {
        const QJsonObject receipt = object[u"receipt"].toObject();
        return ReportFolded{toStatusReport(object[u"report"].toObject()),
            {stateOctets(receipt[u"messageId"]), stateOctets(receipt[u"final"]),
                stateOctets(receipt[u"disposition"])},
            when()};
    }
    [[nodiscard]] QueueEvent read(ClockSet *) const
    {
        ClockSet event;
        const QJsonArray next = object[u"next"].toArray();
        for (const auto at : next)
            event.nextAttemptAt.append(stateInteger(at));
        return event;
    }
    [[nodiscard]] QueueEvent read(Restarted *) const { return Restarted(); }
};

bool namesRecipient(size_t kind)
{
    static const QList<size_t> kinds{QueueEvent(AttemptBegan()).index(), QueueEvent(AttemptUndone()).index(),
        QueueEvent(Attempted()).index(), QueueEvent(AttemptInterrupted()).index(),
        QueueEvent(PutOff()).index(), QueueEvent(Notified()).index()};
    return kinds.contains(kind);
}

template <size_t... Kinds>
std::optional<QueueEvent> readKind(size_t kind, const EventReader &reader, std::index_sequence<Kinds...>)
{
    std::optional<QueueEvent> event;
    const auto tryOne = [&]<size_t Kind>(std::integral_constant<size_t, Kind>) {
        if (Kind == kind)
            event = reader.read(static_cast<std::variant_alternative_t<Kind, QueueEvent> *>(nullptr));
    };
    (tryOne(std::integral_constant<size_t, Kinds>()), ...);
    return event;
}

} // namespace

QByteArray eventName(const QueueEvent &event)
{
    return eventNames[event.index()];
}

void writeEvent(JsonText &json, const QueueEvent &event)
{
    json.text("event", eventName(event));
    std::visit(Members{json}, event);
}

std::optional<QueueEvent> readEvent(const QJsonObject &object, const QueueEntry &entry)
{
    const QByteArray name = object[u"event"].toString().toLatin1();
    size_t kind = 0;
    while (kind < eventNames.size() && name != eventNames[kind])
        ++kind;
    const EventReader reader{object, entry};
    const int recipient = reader.recipient();
    if (namesRecipient(kind) && (recipient < 0 || recipient >= entry.recipients.size()))
        return std::nullopt;
    return readKind(kind, reader, std::make_index_sequence<std::variant_size_v<QueueEvent>>());
}

} // namespace glasspost::mail
