#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

#include <optional>

namespace glasspost::mail {

/// What a calendar object in a message is for (RFC 5546 1.4).
enum class CalendarMethod : quint8 { None, Publish, Request, Reply, Cancel, Other };

/// Whether somebody comes (RFC 5545 3.2.12).
enum class Participation : quint8 { Unknown, NeedsAction, Accepted, Declined, Tentative, Delegated };

struct CalendarPerson
{
    QString name; ///< may be empty
    QString address; ///< without "mailto:"
    Participation participation = Participation::Unknown;
    friend bool operator==(const CalendarPerson &, const CalendarPerson &) = default;
};

/// How often an event comes again; Other is a rule that has no single word.
enum class Recurrence : quint8 { None, Daily, Weekly, Monthly, Yearly, Other };

/// An event or a task. Values of a stranger: plain text.
struct CalendarEvent
{
    QString summary, location, description; ///< at most 1,000 characters each, the description 4,000
    qint64 start = 0, end = 0; ///< seconds since the Unix epoch, 0 when not given; the end is not in it
    QString unknownZone; ///< of start and end, when nobody here knows it: they are taken for this machine's
    bool isAllDay = false; ///< start and end are midnights of UTC then, which name days
    bool isCancelled = false;
    Recurrence recurrence = Recurrence::None;
    int interval = 1; ///< every so many days, weeks, months or years
    std::optional<CalendarPerson> organizer;
    QList<CalendarPerson> people; ///< at most 200

    friend bool operator==(const CalendarEvent &, const CalendarEvent &) = default;
};

struct CalendarCard
{
    CalendarMethod method = CalendarMethod::None;
    QList<CalendarEvent> events; ///< at most 50
    friend bool operator==(const CalendarCard &, const CalendarCard &) = default;
};

/// Reads at most 256 KiB of text/calendar (RFC 5545) with libical. What names no time zone is in this
/// machine's. No events: it is none, or holds none. May read the system's files of time zones.
CalendarCard readCalendarCard(const QByteArray &octets);

} // namespace glasspost::mail
