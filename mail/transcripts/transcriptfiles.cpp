#include "mail/transcripts/transcriptfiles.h"

#include "mail/base/dayfiles.h"
#include "mail/base/posix.h"

#include <QFile>
#include <QHash>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace glasspost::mail {

namespace {

constexpr size_t mostKept = 4 * 1024 * 1024;

QString dayOf(qint64 microseconds)
{
    return dayName(microseconds / 1000);
}

} // namespace

QString TranscriptFiles::pathOf(const QString &name) const
{
    return dayPath(m_folder, name);
}

void TranscriptFiles::findDays()
{
    if (std::exchange(m_found, true))
        return;
    for (const QString &name : listDays(m_folder))
        m_days[name];
}

void TranscriptFiles::removeOld(int days)
{
    findDays();
    for (const QString &name : removeOldDays(m_folder, days, m_limits.folder))
        m_days.erase(name);
}

bool TranscriptFiles::isDiskLow() const
{
    return mail::isDiskLow(m_folder, m_limits.diskReserve);
}

std::optional<TranscriptBlock> TranscriptFiles::cut(const TranscriptBlock &block, qint64 size) const
{
    if (size < m_limits.day)
        return block;
    if (size >= m_limits.day + m_limits.day / 4)
        return {};
    TranscriptBlock rest{block.facts, {}, block.isFirst};
    if (!block.entries.isEmpty())
        rest.entries.append({block.entries.first().at, smtp::Speaker::Event, false,
            QByteArray::number(block.entries.size())
                + " lines left out: the day's transcripts have reached their limit",
            0});
    return rest;
}

Result<int> TranscriptFiles::append(const QList<TranscriptBlock> &blocks)
{
    std::map<QString, QList<const TranscriptBlock *>> byDay;
    for (const TranscriptBlock &block : blocks)
        byDay[dayOf(block.facts.startedAt)].append(&block);
    int leftOut = 0;
    for (const auto &[name, ofDay] : byDay) {
        const auto ofThis = appendToDay(name, ofDay);
        if (!ofThis)
            return ofThis;
        leftOut += *ofThis;
    }
    if (m_lines.capacity() > mostKept)
        m_lines = {};
    return leftOut;
}

Result<int> TranscriptFiles::appendToDay(const QString &name, const QList<const TranscriptBlock *> &blocks)
{
    FileSystemCalls calls;
    Day &day = load(name);
    const QString path = pathOf(name);
    const FileDescriptor file(::open(
        QFile::encodeName(path).constData(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file.isOpen())
        return systemFailure(errno, path);
    // A crash has cut the last line: what follows must not be glued to it.
    struct stat facts = {};
    char last = '\n';
    ::fstat(file.get(), &facts);
    if (facts.st_nlink > 1) // another's file, linked here to be written to (F30)
        return systemFailure(EMLINK, path);
    if (facts.st_size > 0 && ::pread(file.get(), &last, 1, facts.st_size - 1) != 1)
        return systemFailure(errno, path);
    m_lines.assign(last == '\n' ? "" : "\n");
    const qint64 start = facts.st_size;
    std::vector<Place> places;
    int leftOut = 0;
    for (const TranscriptBlock *block : blocks) {
        const size_t at = m_lines.size();
        const auto written = cut(*block, start + qint64(at));
        if (!written) {
            ++leftOut;
            continue;
        }
        appendJsonLine(m_lines, *written);
        places.push_back(
            {qHash(block->facts.id), start + qint64(at), quint32(m_lines.size() - at - 1), block->isFirst});
    }
    const QByteArrayView lines(m_lines.data(), qsizetype(m_lines.size()));
    if (const int failed = writeAll(calls, file.get(), lines); failed != 0) {
        if (::ftruncate(file.get(), start) != 0)
            day.size = -1;
        return systemFailure(failed, path);
    }
    day.places.insert(day.places.end(), places.begin(), places.end());
    day.size = start + lines.size();
    return leftOut;
}

TranscriptFiles::Day &TranscriptFiles::load(const QString &name)
{
    findDays();
    Day &day = m_days[name];
    if (day.size >= 0)
        return day;
    day = {};
    const auto index = [&day](QByteArrayView line, qint64 offset) {
        if (const auto head = headOfLine(line))
            day.places.push_back({qHash(head->sessionId), offset, quint32(line.size()), head->isFirst});
    };
    day.size = forEachLine(pathOf(name), index).offset;
    return day;
}

std::optional<TranscriptBlock> TranscriptFiles::read(const QString &name, const Place &place) const
{
    QFile file(pathOf(name));
    if (!file.open(QIODevice::ReadOnly) || !file.seek(place.offset))
        return {};
    return fromJsonLine(file.read(place.size));
}

QList<smtp::SessionFacts> TranscriptFiles::sessions(int offset, int limit)
{
    findDays();
    QList<smtp::SessionFacts> facts;
    QList<QString> names;
    for (const auto &entry : m_days)
        names.prepend(entry.first);
    for (const QString &name : names) {
        const Day &day = load(name);
        QHash<size_t, size_t> latest;
        QList<size_t> wanted;
        for (size_t i = day.places.size(); i-- > 0 && facts.size() + wanted.size() < limit;) {
            if (!day.places[i].isFirst || offset-- > 0)
                continue;
            wanted.append(i);
            latest.insert(day.places[i].idHash, i);
        }
        for (size_t i = 0; i < day.places.size() && !latest.isEmpty(); ++i) {
            const auto known = latest.find(day.places[i].idHash);
            if (known != latest.end())
                *known = i;
        }
        for (const size_t place : wanted) {
            if (auto block = read(name, day.places[latest.value(day.places[place].idHash, place)]))
                facts.append(block->facts);
        }
        if (facts.size() >= limit)
            break;
    }
    return facts;
}

TranscriptBlock TranscriptFiles::session(const QByteArray &id, qsizetype atLeast)
{
    findDays();
    TranscriptBlock whole;
    QList<QList<smtp::TranscriptEntry>> pieces; // the last one first
    qsizetype entries = 0;
    const size_t hash = qHash(id);
    for (auto at = m_days.rbegin(); at != m_days.rend() && whole.facts.id.isEmpty(); ++at) {
        const std::vector<Place> &places = load(at->first).places;
        for (auto place = places.rbegin(); place != places.rend() && entries < atLeast; ++place) {
            if (place->idHash != hash)
                continue;
            const auto block = read(at->first, *place);
            if (!block || block->facts.id != id)
                continue;
            if (whole.facts.id.isEmpty())
                whole.facts = block->facts;
            pieces.append(block->entries);
            entries += block->entries.size();
        }
    }
    whole.entries.reserve(entries);
    for (auto piece = pieces.crbegin(); piece != pieces.crend(); ++piece)
        whole.entries += *piece;
    return whole;
}

smtp::SessionFacts TranscriptFiles::facts(const QByteArray &id)
{
    findDays();
    const size_t hash = qHash(id);
    for (auto at = m_days.rbegin(); at != m_days.rend(); ++at) {
        const std::vector<Place> &places = load(at->first).places;
        for (auto place = places.rbegin(); place != places.rend(); ++place) {
            if (place->idHash != hash)
                continue;
            const auto block = read(at->first, *place);
            if (block && block->facts.id == id)
                return block->facts;
        }
    }
    return {};
}

} // namespace glasspost::mail
