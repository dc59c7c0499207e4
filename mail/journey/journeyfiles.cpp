#include "mail/journey/journeyfiles.h"

#include "mail/base/dayfiles.h"
#include "mail/base/posix.h"
#include "mail/journey/journeyline.h"

#include <QFile>
#include <QFileInfo>
#include <QScopeGuard>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace glasspost::mail {

namespace {

constexpr qint64 microsecondsOfMilli = 1000;
constexpr size_t lineSize = 512; // octets of one, about

// Times and plans go their own way: what a person is told is compared.
bool tellTheSame(const QueueEntry &a, const QueueEntry &b)
{
    const auto isSame = [](const QueueRecipient &one, const QueueRecipient &other) {
        return one.progress == other.progress && one.notified == other.notified && one.later == other.later
            && one.receipt == other.receipt;
    };
    return a.held == b.held && std::ranges::equal(a.recipients, b.recipients, isSame);
}

} // namespace

QString JourneyFiles::pathOf(const QString &name) const
{
    return dayPath(m_folder, name);
}

void JourneyFiles::findDays()
{
    if (std::exchange(m_found, true))
        return;
    for (const QString &name : listDays(m_folder))
        m_days[name];
}

void JourneyFiles::removeOld(int days)
{
    findDays();
    for (const QString &name : removeOldDays(m_folder, days, m_limits.folder))
        m_days.erase(name);
}

QStringList JourneyFiles::newestFirst() const
{
    QStringList names;
    for (auto day = m_days.rbegin(); day != m_days.rend(); ++day)
        names.append(day->first);
    return names;
}

qint64 JourneyFiles::lastWrittenAt()
{
    findDays();
    qint64 last = 0;
    for (const auto &day : m_days)
        last = std::max(last, QFileInfo(pathOf(day.first)).lastModified().toMSecsSinceEpoch());
    return last;
}

// Where a line's end was lost, the next one begins within it.
void JourneyFiles::index(Day &day, QByteArrayView line, qint64 offset) const
{
    while (!line.isEmpty()) {
        const bool isWhole = isSealed(line);
        const qsizetype end = isWhole ? line.size() : endOfJourneyLine(line);
        indexOne(day, line.first(end), offset, isWhole || isSealed(line.first(end)));
        line = line.sliced(end);
        offset += end;
    }
}

void JourneyFiles::indexOne(Day &day, QByteArrayView line, qint64 offset, bool isWhole) const
{
    const auto head = headOfJourneyLine(line);
    if (!isWhole || !head) {
        day.damaged.insert(head ? head->id : QByteArray());
        return;
    }
    const Place place{offset, line.size(), head->number};
    if (head->number < 0) {
        day.sessions[head->id].append(place);
        return;
    }
    day.journeys[head->id].append(place);
    if (head->messageMark != 0 && head->number == 0)
        day.byMessage.insert(head->messageMark, head->id);
    for (const quint32 mark : head->originalMarks) {
        if (mark != 0 && head->number == 0)
            day.byOriginal.insert(mark, head->id);
    }
}

JourneyFiles::Day &JourneyFiles::load(const QString &name)
{
    findDays();
    Day &day = m_days[name];
    if (day.size >= 0)
        return day;
    day = {};
    day.size = 0;
    const auto forget = qScopeGuard([this, &name] { forgetOldDays(name); });
    const UnendedLine rest = forEachLine(
        pathOf(name), [this, &day](QByteArrayView line, qint64 offset) { index(day, line, offset); });
    day.size = rest.offset;
    index(day, rest.octets, rest.offset); // a crash has cut it, or it lost its end
    return day;
}

/// A search looks into every day, and most are not asked for again soon.
void JourneyFiles::forgetOldDays(const QString &justRead)
{
    qint64 total = 0;
    for (const QString &name : newestFirst().mid(1)) {
        Day &day = m_days[name];
        total += std::max<qint64>(day.size, 0);
        if (total > m_limits.remembered && name != justRead)
            day = {};
    }
}

bool JourneyFiles::hasRecord(const QString &name, const QByteArray &id)
{
    const Day &day = load(name);
    return day.journeys.contains(id) || day.damaged.contains(id);
}

// The id has the time in it, as a rule: that day is looked at first, and then all, once for all ids.
QHash<QByteArray, QString> JourneyFiles::daysWith(const QList<QByteArray> &ids)
{
    findDays();
    QHash<QByteArray, QString> days;
    QList<QByteArray> left;
    for (const QByteArray &id : ids) {
        if (const QString name = dayName(timeOfId(id)); m_days.count(name) > 0 && hasRecord(name, id))
            days.insert(id, name);
        else
            left.append(id);
    }
    for (const QString &name : newestFirst()) {
        if (left.isEmpty())
            break;
        left.removeIf([&](const QByteArray &id) {
            if (!hasRecord(name, id))
                return false;
            days.insert(id, name);
            return true;
        });
    }
    return days;
}

QList<Journey> JourneyFiles::find(const QList<QByteArray> &ids, WithSessions sessions)
{
    const QHash<QByteArray, QString> days = daysWith(ids);
    QList<Journey> journeys;
    for (const QByteArray &id : ids) {
        if (!days.contains(id))
            continue;
        journeys.append(read(days.value(id), id));
        if (sessions == WithSessions::Yes)
            addSessions(journeys.last());
    }
    return journeys;
}

Journey JourneyFiles::read(const QString &name, const QByteArray &id)
{
    const Day &day = load(name);
    Journey journey;
    QFile file(pathOf(name));
    journey.isDamaged = !file.open(QIODevice::ReadOnly) || day.size > m_limits.day; // nothing came past it
    int expected = 0;
    for (const Place &place : day.journeys.value(id)) {
        journey.isDamaged |= place.number != expected;
        expected = place.number + 1;
        fold(journey, file.seek(place.offset) ? file.read(place.size) : QByteArray());
    }
    if (journey.entry.id.isEmpty()) {
        journey.entry.id = id;
        journey.isDamaged = true;
    }
    // A line whose id cannot be read, or is nobody's, may have been of this one.
    const auto mayBeIts = [&](const QByteArray &damaged) {
        return damaged == id || !(day.journeys.contains(damaged) || day.sessions.contains(damaged));
    };
    journey.isDamaged |= std::any_of(day.damaged.begin(), day.damaged.end(), mayBeIts);
    return journey;
}

void JourneyFiles::addSessions(Journey &journey)
{
    QList<QByteArray> ids = journey.entry.attemptSessionIds;
    if (!journey.entry.originSessionId.isEmpty())
        ids.prepend(journey.entry.originSessionId);
    // One that brought it may have begun the day before.
    const QString first = dayName(journey.entry.queuedAt - millisecondsOfDay);
    for (auto one = m_days.lower_bound(first); one != m_days.end() && !ids.isEmpty(); ++one) {
        const Day &day = load(one->first);
        QFile file(pathOf(one->first));
        ids.removeIf([&](const QByteArray &id) {
            const auto places = day.sessions.constFind(id);
            if (places == day.sessions.cend() || !(file.isOpen() || file.open(QIODevice::ReadOnly)))
                return false;
            journey.isDamaged |= day.damaged.contains(id);
            for (const Place &place : *places)
                foldSession(journey, file.seek(place.offset) ? file.read(place.size) : QByteArray());
            return true;
        });
    }
}

bool JourneyFiles::addLines(
    std::string &lines, const QString &name, QHash<QByteArray, int> &next, const JourneyNote &note)
{
    const QByteArray &id = note.id;
    const Day &day = load(name);
    const auto places = day.journeys.constFind(id);
    int &number = next[id];
    if (number == 0 && places != day.journeys.cend())
        number = places->last().number + 1;
    if (number == 0 && !note.now)
        return false;
    if (number == 0) {
        appendEntryLine(lines, *note.now, number++, note.at);
        if (note.kind != JourneyNote::Kind::Removed)
            return true;
    }
    switch (note.kind) {
    case JourneyNote::Kind::Came:
        break;
    case JourneyNote::Kind::Events:
        for (const QueueEvent &event : note.events)
            appendEventLine(lines, id, number++, {note.at, event});
        break;
    case JourneyNote::Kind::CaughtUp:
        if (!tellTheSame(read(name, id).entry, *note.now))
            appendEntryLine(lines, *note.now, number++, note.at);
        break;
    case JourneyNote::Kind::Removed:
        appendRemovalLine(lines, id, number++, note.at);
        break;
    }
    return true;
}

JourneyFiles::Appended JourneyFiles::append(const QList<JourneyNote> &notes,
    const QList<smtp::SessionFacts> &sessions, const QList<smtp::SessionTrace> &traces)
{
    if (isDiskLow(m_folder, m_limits.diskReserve)) {
        m_left += notes;
        shortenLeft();
        return {!m_left.isEmpty(), {}, Error{ErrorCode::NoSpace, m_folder, {}}};
    }
    const QList<JourneyNote> all = std::exchange(m_left, {}) + notes;
    // By days since the Unix epoch: notes, and the lines that come of them and of sessions.
    std::map<qint64, std::pair<QList<const JourneyNote *>, std::string>> days;
    for (const JourneyNote &note : all)
        days[note.queuedAt / millisecondsOfDay].first.append(&note);
    const auto dayOf = [](qint64 at) { return at / microsecondsOfMilli / millisecondsOfDay; };
    for (const smtp::SessionTrace &piece : traces)
        if (load(dayName(dayOf(piece.startedAt) * millisecondsOfDay)).size <= m_limits.traces)
            appendTraceLine(days[dayOf(piece.startedAt)].second, piece);
    for (const smtp::SessionFacts &facts : sessions)
        appendSessionLine(days[dayOf(facts.startedAt)].second, facts);
    Appended appended;
    for (auto &one : days) {
        const QString name = dayName(one.first * millisecondsOfDay);
        auto &[ofDay, lines] = one.second;
        if (load(name).size > m_limits.day) {
            appended.error = Error{ErrorCode::NoSpace, pathOf(name), {}};
            continue;
        }
        lines.reserve(lines.size() + size_t(ofDay.size()) * lineSize);
        QHash<QByteArray, int> next;
        for (const JourneyNote *note : std::as_const(ofDay))
            if (!addLines(lines, name, next, *note))
                appended.lacking.insert(note->id);
        if (const Result<void> written = appendToDay(name, std::move(lines)); !written) {
            appended.error = written.error();
            for (const JourneyNote *note : std::as_const(ofDay))
                m_left.append(*note);
        }
    }
    shortenLeft();
    appended.hasLeft = !m_left.isEmpty();
    return appended;
}

// Of each entry what it is now and that it was removed is worth more than all that came between. What
// happened since the entry was told whole is no more than came between two writes, and kept.
void JourneyFiles::shortenLeft()
{
    if (size_t(m_left.size()) <= m_limits.left)
        return;
    using Kind = JourneyNote::Kind;
    std::map<std::pair<QByteArray, Kind>, bool> known;
    QList<JourneyNote> kept;
    for (auto note = m_left.crbegin(); note != m_left.crend(); ++note) {
        const Kind kind = note->kind == Kind::Removed ? Kind::Removed : Kind::CaughtUp;
        if (!note->now && !known.contains({note->id, Kind::CaughtUp}))
            kept.prepend(*note);
        else if (note->now && known.size() < m_limits.left && !std::exchange(known[{note->id, kind}], true))
            kept.prepend({kind, note->at, note->now});
    }
    m_left = kept;
}

Result<void> JourneyFiles::appendToDay(const QString &name, std::string lines)
{
    if (lines.empty())
        return {};
    FileSystemCalls calls;
    Day &day = load(name);
    const QString path = pathOf(name);
    const FileDescriptor file(::open(
        QFile::encodeName(path).constData(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file.isOpen())
        return systemFailure(errno, path);
    struct stat facts = {};
    ::fstat(file.get(), &facts);
    if (facts.st_nlink > 1) // another's file, linked here to be written to (F30)
        return systemFailure(EMLINK, path);
    char last = '\n'; // a crash may have cut the last line: what follows must not be glued to it
    if (facts.st_size > 0 && ::pread(file.get(), &last, 1, facts.st_size - 1) != 1)
        return systemFailure(errno, path);
    if (last != '\n')
        lines.insert(0, 1, '\n');
    const QByteArrayView octets(lines.data(), qsizetype(lines.size()));
    if (const int failed = writeAll(calls, file.get(), octets); failed != 0) {
        day.size = ::ftruncate(file.get(), facts.st_size) == 0 ? day.size : -1;
        return systemFailure(failed, path);
    }
    qsizetype at = 0;
    for (qsizetype end = octets.indexOf('\n'); end >= 0; at = end + 1, end = octets.indexOf('\n', at))
        if (end > at)
            indexOne(day, octets.sliced(at, end - at), facts.st_size + at, true);
    day.size = facts.st_size + octets.size();
    m_unsynced.insert(name);
    return {};
}

Result<void> JourneyFiles::sync()
{
    FileSystemCalls calls;
    Result<void> result;
    for (const QString &name : std::exchange(m_unsynced, {})) {
        const FileDescriptor file(
            ::open(QFile::encodeName(pathOf(name)).constData(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
        if (file.isOpen() && calls.fdatasync(file.get()) != 0)
            result = systemFailure(errno, pathOf(name));
    }
    return result;
}

} // namespace glasspost::mail
