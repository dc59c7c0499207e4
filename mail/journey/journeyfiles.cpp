#include "mail/journey/journeyfiles.h"

#include "mail/base/posix.h"
#include "mail/journey/journeyline.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace glasspost::mail {

namespace {

constexpr qint64 journeyChunk = 4 * 1024 * 1024;
constexpr qsizetype idTimeSize = 11; // characters: smtp::newSessionId()
constexpr int idBase = 32;
constexpr qint64 microsecondsOfMilli = 1000;
constexpr qint64 oneDay = 24LL * 60 * 60 * 1000; // milliseconds

QString journeyDay(qint64 milliseconds)
{
    return QDateTime::fromMSecsSinceEpoch(milliseconds, Qt::UTC).toString(QStringLiteral("yyyy-MM-dd"));
}

// Times and plans go their own way: what a person is told is compared.
bool tellTheSame(const QueueEntry &a, const QueueEntry &b)
{
    const auto isSame = [](const QueueRecipient &one, const QueueRecipient &other) {
        return one.progress == other.progress && one.notified == other.notified && one.later == other.later
            && one.receipt == other.receipt;
    };
    return a.held == b.held
        && std::equal(
            a.recipients.begin(), a.recipients.end(), b.recipients.begin(), b.recipients.end(), isSame);
}

} // namespace

QString JourneyFiles::pathOf(const QString &name) const
{
    return m_folder + QLatin1Char('/') + name + QStringLiteral(".jsonl");
}

void JourneyFiles::findDays()
{
    if (std::exchange(m_found, true))
        return;
    for (const QString &file : QDir(m_folder).entryList({QStringLiteral("*.jsonl")}, QDir::Files))
        m_days[file.chopped(6)];
}

void JourneyFiles::removeOld(int days)
{
    findDays();
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    const QString today = journeyDay(now);
    const QString first = journeyDay(now - days * oneDay);
    qint64 total = 0;
    for (const auto &one : m_days)
        total += QFileInfo(pathOf(one.first)).size();
    while (!m_days.empty() && m_days.begin()->first < today
        && (total > m_limits.folder || (days > 0 && m_days.begin()->first < first))) {
        const QString oldest = pathOf(m_days.begin()->first);
        total -= QFileInfo(oldest).size();
        QFile::remove(oldest);
        m_days.erase(m_days.begin());
    }
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
        const qsizetype end = isSealed(line) ? line.size() : endOfJourneyLine(line);
        indexOne(day, line.first(end), offset);
        line = line.sliced(end);
        offset += end;
    }
}

void JourneyFiles::indexOne(Day &day, QByteArrayView line, qint64 offset) const
{
    const auto head = headOfJourneyLine(line);
    if (!isSealed(line) || !head) {
        day.damaged.insert(head ? head->id : QByteArray());
        return;
    }
    const Place place{offset, line.size(), head->number};
    if (head->number < 0) {
        day.sessions.insert(head->id, place);
        return;
    }
    day.journeys[head->id].append(place);
    if (head->messageMark != 0 && head->number == 0)
        day.byMessage.insert(head->messageMark, head->id);
}

JourneyFiles::Day &JourneyFiles::load(const QString &name)
{
    findDays();
    Day &day = m_days[name];
    if (day.size >= 0)
        return day;
    day = {};
    day.size = 0;
    QFile file(pathOf(name));
    if (!file.open(QIODevice::ReadOnly))
        return day;
    QByteArray rest;
    for (QByteArray more = file.read(journeyChunk); !more.isEmpty(); more = file.read(journeyChunk)) {
        rest += more;
        qsizetype at = 0;
        for (qsizetype end = rest.indexOf('\n'); end >= 0; at = end + 1, end = rest.indexOf('\n', at))
            index(day, QByteArrayView(rest).sliced(at, end - at), day.size + at);
        rest.remove(0, at);
        day.size += at;
    }
    index(day, rest, day.size); // a crash has cut it, or it lost its end
    return day;
}

// The id has the time in it, as a rule: that day is looked at before the newest.
std::optional<QString> JourneyFiles::dayWith(const QByteArray &id)
{
    findDays();
    QStringList names;
    for (const auto &day : m_days)
        names.prepend(day.first);
    const QString byId = journeyDay(id.left(idTimeSize).toLongLong(nullptr, idBase) / microsecondsOfMilli);
    if (names.removeOne(byId))
        names.prepend(byId);
    for (const QString &name : std::as_const(names)) {
        const Day &day = load(name);
        if (day.journeys.contains(id) || day.damaged.contains(id))
            return name;
    }
    return std::nullopt;
}

Journey JourneyFiles::find(const QByteArray &id)
{
    const auto name = dayWith(id);
    if (!name)
        return {};
    Journey journey = read(*name, id);
    addSessions(journey);
    return journey;
}

Journey JourneyFiles::read(const QString &name, const QByteArray &id)
{
    const Day &day = load(name);
    Journey journey;
    QFile file(pathOf(name));
    // Past the limit nothing was added any more.
    journey.isDamaged = !file.open(QIODevice::ReadOnly) || day.size > m_limits.day;
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
    const QString first = journeyDay(journey.entry.queuedAt - oneDay);
    for (const QByteArray &id : std::as_const(ids)) {
        for (auto one = m_days.lower_bound(first); one != m_days.end(); ++one) {
            const Day &day = load(one->first);
            const auto place = day.sessions.constFind(id);
            QFile file(pathOf(one->first));
            if (place == day.sessions.cend() || !file.open(QIODevice::ReadOnly) || !file.seek(place->offset))
                continue;
            const smtp::SessionFacts facts = sessionOfLine(file.read(place->size));
            if (facts.id == id)
                journey.sessions.append(facts);
            break;
        }
    }
}

QList<QByteArray> JourneyFiles::withMessageId(const QByteArray &messageId)
{
    findDays();
    QList<QByteArray> ids;
    if (messageId.isEmpty())
        return ids;
    QStringList names;
    for (const auto &day : m_days)
        names.prepend(day.first);
    for (const QString &name : std::as_const(names)) {
        for (const QByteArray &id : load(name).byMessage.values(messageMark(messageId))) {
            if (read(name, id).entry.messageIdField == messageId)
                ids.append(id);
        }
    }
    return ids;
}

QList<QByteArray> JourneyFiles::withSession(const QByteArray &sessionId)
{
    findDays();
    QList<QByteArray> ids;
    const QByteArray quoted = '"' + sessionId + '"';
    for (auto one = m_days.rbegin(); one != m_days.rend(); ++one) {
        QFile file(pathOf(one->first));
        if (!file.open(QIODevice::ReadOnly))
            continue;
        const Day &day = load(one->first);
        while (!file.atEnd()) {
            const QByteArray line = file.readLine();
            const auto head = line.contains(quoted) ? headOfJourneyLine(line) : std::nullopt;
            if (head && day.journeys.contains(head->id) && !ids.contains(head->id))
                ids.append(head->id);
        }
    }
    return ids;
}

void JourneyFiles::addLines(
    std::string &lines, const QString &name, QHash<QByteArray, int> &next, const JourneyNote &note)
{
    const QByteArray &id = note.now.id;
    const Day &day = load(name);
    const auto places = day.journeys.constFind(id);
    int &number = next[id];
    if (number == 0 && places != day.journeys.cend())
        number = places->last().number + 1;
    if (number == 0) {
        appendEntryLine(lines, note.now, number++, note.at);
        if (note.kind != JourneyNote::Kind::Removed)
            return;
    }
    switch (note.kind) {
    case JourneyNote::Kind::Came:
        break;
    case JourneyNote::Kind::Events:
        for (const QueueEvent &event : note.events)
            appendEventLine(lines, id, number++, {note.at, event});
        break;
    case JourneyNote::Kind::CaughtUp:
        if (!tellTheSame(read(name, id).entry, note.now))
            appendEntryLine(lines, note.now, number++, note.at);
        break;
    case JourneyNote::Kind::Removed:
        appendRemovalLine(lines, id, number++, note.at);
        break;
    }
}

JourneyFiles::Appended JourneyFiles::append(
    const QList<JourneyNote> &notes, const QList<smtp::SessionFacts> &sessions)
{
    std::map<QString, QList<JourneyNote>> byDay;
    for (const JourneyNote &note : std::exchange(m_left, {}) + notes)
        byDay[journeyDay(note.now.queuedAt)].append(note);
    std::map<QString, std::string> sessionLines;
    for (const smtp::SessionFacts &facts : sessions) {
        const QString name = journeyDay(facts.startedAt / microsecondsOfMilli);
        byDay[name];
        appendSessionLine(sessionLines[name], facts);
    }
    Appended appended;
    for (const auto &[name, ofDay] : byDay) {
        if (load(name).size > m_limits.day) {
            appended.error = Error{ErrorCode::NoSpace, pathOf(name), {}};
            continue;
        }
        std::string lines = sessionLines[name];
        QHash<QByteArray, int> next;
        for (const JourneyNote &note : ofDay)
            addLines(lines, name, next, note);
        if (const Result<void> written = appendToDay(name, lines); !written) {
            appended.error = written.error();
            m_left += ofDay;
        }
    }
    appended.hasLeft = !m_left.isEmpty();
    return appended;
}

Result<void> JourneyFiles::appendToDay(const QString &name, const std::string &lines)
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
    // A crash has cut the last line: what follows must not be glued to it.
    char last = '\n';
    if (facts.st_size > 0 && ::pread(file.get(), &last, 1, facts.st_size - 1) != 1)
        return systemFailure(errno, path);
    const std::string text = (last == '\n' ? "" : "\n") + lines;
    const QByteArrayView octets(text.data(), qsizetype(text.size()));
    int failed = writeAll(calls, file.get(), octets);
    if (failed == 0 && calls.fdatasync(file.get()) != 0)
        failed = errno;
    if (failed != 0) {
        day.size = ::ftruncate(file.get(), facts.st_size) == 0 ? day.size : -1;
        return systemFailure(failed, path);
    }
    qsizetype at = 0;
    for (qsizetype end = octets.indexOf('\n'); end >= 0; at = end + 1, end = octets.indexOf('\n', at))
        index(day, octets.sliced(at, end - at), facts.st_size + at);
    day.size = facts.st_size + octets.size();
    return {};
}

} // namespace glasspost::mail
