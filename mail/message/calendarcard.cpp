#include "mail/message/calendarcard.h"

#include <QDateTime>
#include <QTimeZone>

#include <libical/ical.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <memory>

namespace glasspost::mail {

namespace {

constexpr qsizetype mostOctets = 256 * 1024;
constexpr int mostLines = 10000; // a line that is none costs libical the more the more there were
constexpr qsizetype mostEvents = 50;
constexpr qsizetype mostPeople = 200;
constexpr qsizetype longestText = 1000;
constexpr qsizetype longestDescription = 4000;

struct Free
{
    void operator()(icalcomponent *component) const { icalcomponent_free(component); }
};
using Component = std::unique_ptr<icalcomponent, Free>;

QString text(const char *octets, qsizetype most = longestText)
{
    return octets ? QString::fromUtf8(octets, qsizetype(qstrnlen(octets, uint(4 * most)))).left(most)
                  : QString();
}

template <typename Theirs, typename Ours> struct Meaning
{
    Theirs theirs;
    Ours ours;
};

/// What libical's value means here, or the rest.
template <typename Theirs, typename Ours, std::size_t size>
Ours meaningOf(Theirs value, const Meaning<Theirs, Ours> (&known)[size], Ours rest)
{
    const auto it = std::find_if(std::begin(known), std::end(known),
        [value](const Meaning<Theirs, Ours> &one) { return one.theirs == value; });
    return it == std::end(known) ? rest : it->ours;
}

CalendarMethod methodOf(icalcomponent *calendar)
{
    static constexpr Meaning<icalproperty_method, CalendarMethod> known[] = {
        {ICAL_METHOD_NONE, CalendarMethod::None},
        {ICAL_METHOD_PUBLISH, CalendarMethod::Publish},
        {ICAL_METHOD_REQUEST, CalendarMethod::Request},
        {ICAL_METHOD_REPLY, CalendarMethod::Reply},
        {ICAL_METHOD_CANCEL, CalendarMethod::Cancel},
    };
    return meaningOf(icalcomponent_get_method(calendar), known, CalendarMethod::Other);
}

Participation participationOf(icalproperty *property)
{
    static constexpr Meaning<icalparameter_partstat, Participation> known[] = {
        {ICAL_PARTSTAT_NEEDSACTION, Participation::NeedsAction},
        {ICAL_PARTSTAT_ACCEPTED, Participation::Accepted},
        {ICAL_PARTSTAT_DECLINED, Participation::Declined},
        {ICAL_PARTSTAT_TENTATIVE, Participation::Tentative},
        {ICAL_PARTSTAT_DELEGATED, Participation::Delegated},
    };
    icalparameter *status = icalproperty_get_first_parameter(property, ICAL_PARTSTAT_PARAMETER);
    return status ? meaningOf(icalparameter_get_partstat(status), known, Participation::Unknown)
                  : Participation::Unknown;
}

CalendarPerson personOf(icalproperty *property)
{
    CalendarPerson person;
    icalparameter *name = icalproperty_get_first_parameter(property, ICAL_CN_PARAMETER);
    person.name = name ? text(icalparameter_get_cn(name)) : QString();
    person.address = text(icalproperty_get_value_as_string(property));
    if (person.address.startsWith(QLatin1String("mailto:"), Qt::CaseInsensitive))
        person.address.remove(0, 7);
    person.participation = participationOf(property);
    return person;
}

/// A name of Olson's database is the name of a file: nothing leads out of its folder.
bool isZoneName(const QByteArray &name)
{
    return std::all_of(name.cbegin(), name.cend(),
        [](char c) { return isalnum(uchar(c)) || c == '_' || c == '+' || c == '-' || c == '/'; });
}

/// The zone of a name as Olson's database or Windows has it; calendar programs put a path of their own before
/// it. What the calendar says of its zones itself is not evaluated: a rule that comes again each second since
/// the year 1 keeps libical busy for hours.
QTimeZone zoneNamed(const QByteArray &name)
{
    QByteArray rest = name;
    while (!rest.isEmpty()) {
        // Any word makes a zone otherwise, by the rules of POSIX.
        if (isZoneName(rest) && rest.front() != '/' && QTimeZone::isTimeZoneIdAvailable(rest))
            return QTimeZone(rest);
        const qsizetype slash = rest.indexOf('/');
        rest = slash < 0 ? QByteArray() : rest.mid(slash + 1);
    }
    const QByteArray ofWindows = QTimeZone::windowsIdToDefaultIanaId(name);
    return ofWindows.isEmpty() ? QTimeZone() : QTimeZone(ofWindows); // without a name it is this machine's
}

bool isOfKind(icalproperty *property, icalvalue_kind kind)
{
    icalvalue *value = property ? icalproperty_get_value(property) : nullptr;
    return value && icalvalue_isa(value) == kind;
}

/// Seconds since the Unix epoch of DTSTART, DTEND or DUE; 0 when it is none.
qint64 secondsOf(icalproperty *property, QString &unknownZone)
{
    if (!isOfKind(property, ICAL_DATE_VALUE) && !isOfKind(property, ICAL_DATETIME_VALUE))
        return 0;
    const icaltimetype time = icalvalue_get_datetime(icalproperty_get_value(property));
    const QDate date(time.year, time.month, time.day);
    const QTime clock = time.is_date ? QTime(0, 0) : QTime(time.hour, time.minute, qMin(time.second, 59));
    if (!date.isValid() || !clock.isValid())
        return 0;
    if (time.is_date || icaltime_is_utc(time))
        return QDateTime(date, clock, Qt::UTC).toSecsSinceEpoch();
    icalparameter *zone = icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER);
    const QByteArray name = QByteArray(zone ? icalparameter_get_tzid(zone) : nullptr).left(longestText);
    const QTimeZone known = zoneNamed(name);
    if (known.isValid())
        return QDateTime(date, clock, known).toSecsSinceEpoch();
    unknownZone = QString::fromUtf8(name);
    return QDateTime(date, clock).toSecsSinceEpoch();
}

Recurrence recurrenceOf(icalcomponent *event, int &interval)
{
    static constexpr Meaning<icalrecurrencetype_frequency, Recurrence> known[] = {
        {ICAL_DAILY_RECURRENCE, Recurrence::Daily},
        {ICAL_WEEKLY_RECURRENCE, Recurrence::Weekly},
        {ICAL_MONTHLY_RECURRENCE, Recurrence::Monthly},
        {ICAL_YEARLY_RECURRENCE, Recurrence::Yearly},
    };
    icalproperty *rule = icalcomponent_get_first_property(event, ICAL_RRULE_PROPERTY);
    if (!rule)
        return Recurrence::None;
    const icalrecurrencetype recurrence = icalproperty_get_rrule(rule);
    interval = qMax<int>(1, recurrence.interval);
    return meaningOf(recurrence.freq, known, Recurrence::Other);
}

CalendarEvent eventOf(icalcomponent *component)
{
    CalendarEvent event;
    event.summary = text(icalcomponent_get_summary(component));
    event.location = text(icalcomponent_get_location(component));
    event.description = text(icalcomponent_get_description(component), longestDescription);
    icalproperty *start = icalcomponent_get_first_property(component, ICAL_DTSTART_PROPERTY);
    icalproperty *end = icalcomponent_get_first_property(component, ICAL_DTEND_PROPERTY);
    icalproperty *due = icalcomponent_get_first_property(component, ICAL_DUE_PROPERTY);
    icalproperty *duration = icalcomponent_get_first_property(component, ICAL_DURATION_PROPERTY);
    event.start = secondsOf(start, event.unknownZone);
    event.end = secondsOf(end ? end : due, event.unknownZone);
    event.isAllDay = isOfKind(start, ICAL_DATE_VALUE);
    if (event.end == 0 && event.start != 0 && isOfKind(duration, ICAL_DURATION_VALUE))
        event.end = event.start + qMax(0, icaldurationtype_as_int(icalproperty_get_duration(duration)));
    event.isCancelled = icalcomponent_get_status(component) == ICAL_STATUS_CANCELLED;
    event.recurrence = recurrenceOf(component, event.interval);
    if (icalproperty *organizer = icalcomponent_get_first_property(component, ICAL_ORGANIZER_PROPERTY))
        event.organizer = personOf(organizer);
    for (icalproperty *attendee = icalcomponent_get_first_property(component, ICAL_ATTENDEE_PROPERTY);
         attendee && event.people.size() < mostPeople;
         attendee = icalcomponent_get_next_property(component, ICAL_ATTENDEE_PROPERTY))
        event.people.append(personOf(attendee));
    return event;
}

/// What is read of the octets.
QByteArray front(const QByteArray &octets)
{
    qsizetype end = 0;
    for (int line = 0; line < mostLines && end < octets.size(); ++line) {
        const qsizetype lineEnd = octets.indexOf('\n', end);
        end = lineEnd < 0 ? octets.size() : lineEnd + 1;
    }
    return octets.left(qMin(end, mostOctets));
}

} // namespace

CalendarCard readCalendarCard(const QByteArray &octets)
{
    static const bool isLenient = (icalerror_set_errors_are_fatal(false), true);
    Q_UNUSED(isLenient)
    CalendarCard card;
    const Component root(icalparser_parse_string(front(octets).constData()));
    if (!root)
        return card;
    icalcomponent *calendar = root.get();
    if (icalcomponent_isa(calendar) == ICAL_XROOT_COMPONENT)
        calendar = icalcomponent_get_first_component(calendar, ICAL_VCALENDAR_COMPONENT);
    if (!calendar || icalcomponent_isa(calendar) != ICAL_VCALENDAR_COMPONENT)
        return card;
    card.method = methodOf(calendar);
    for (icalcomponent *inner = icalcomponent_get_first_component(calendar, ICAL_ANY_COMPONENT);
         inner && card.events.size() < mostEvents;
         inner = icalcomponent_get_next_component(calendar, ICAL_ANY_COMPONENT)) {
        const icalcomponent_kind kind = icalcomponent_isa(inner);
        if (kind == ICAL_VEVENT_COMPONENT || kind == ICAL_VTODO_COMPONENT)
            card.events.append(eventOf(inner));
    }
    return card;
}

} // namespace glasspost::mail
