// JourneyFiles: deleting journeys for good.
#include "mail/base/dayfiles.h"
#include "mail/base/octetsreader.h"
#include "mail/journey/journeyfiles.h"
#include "mail/journey/journeyline.h"

#include <QFile>

#include <algorithm>
#include <memory>

namespace glasspost::mail {

namespace {

constexpr qsizetype rewrittenAtOnce = 1 << 20; // octets

/// Of which lines nothing may be left.
struct Doomed
{
    QSet<QByteArray> journeys;
    QSet<QByteArray> sessions;

    [[nodiscard]] bool has(QByteArrayView line) const
    {
        const auto head = headOfJourneyLine(line);
        return head && (head->number < 0 ? sessions : journeys).contains(head->id);
    }
};

/// What stays of a line. Where its end was lost, others begin within it.
QByteArray remainderOf(QByteArrayView line, const Doomed &doomed)
{
    QByteArray kept;
    while (!line.isEmpty()) {
        const QByteArrayView body = line.endsWith('\n') ? line.chopped(1) : line;
        const qsizetype end = isSealed(body) ? line.size() : endOfJourneyLine(line);
        if (!doomed.has(line.first(end)))
            kept += line.first(end);
        line = line.sliced(end);
    }
    return kept;
}

/// The file without them, piece after piece.
OctetPieces piecesWithout(const QString &path, const Doomed &doomed)
{
    const auto file = std::make_shared<QFile>(path);
    const bool isOpen = file->open(QIODevice::ReadOnly);
    return [file, isOpen, path, doomed]() -> Result<QByteArray> {
        QByteArray piece;
        while (isOpen && piece.size() < rewrittenAtOnce && !file->atEnd() && file->error() == QFile::NoError)
            piece += remainderOf(file->readLine(), doomed);
        if (!isOpen || file->error() != QFile::NoError) // or what cannot be read would be lost as well
            return tl::unexpected(Error{ErrorCode::InputOutput, path, file->errorString()});
        return piece;
    };
}

} // namespace

/// A session that carried other messages as well belongs to their journeys, too.
void JourneyFiles::keepSessionsOfOthers(QSet<QByteArray> &sessions, const QSet<QByteArray> &journeys)
{
    for (const QString &name : newestFirst()) {
        if (sessions.isEmpty())
            return;
        forEachLine(pathOf(name), [&sessions, &journeys](QByteArrayView line, qint64) {
            const auto head = headOfJourneyLine(line);
            if (!head || head->number < 0 || journeys.contains(head->id))
                return;
            sessions.removeIf([&line](const QByteArray &id) { return line.contains('"' + id + '"'); });
        });
    }
}

Result<QList<QByteArray>> JourneyFiles::remove(const QList<QByteArray> &ids)
{
    Doomed doomed;
    doomed.journeys = QSet<QByteArray>(ids.cbegin(), ids.cend());
    for (const Journey &journey : find(ids, WithSessions::No)) {
        for (const QByteArray &id :
            journey.entry.attemptSessionIds + QList<QByteArray>{journey.entry.originSessionId}) {
            if (!id.isEmpty())
                doomed.sessions.insert(id);
        }
    }
    keepSessionsOfOthers(doomed.sessions, doomed.journeys);
    m_left.removeIf([&doomed](const JourneyNote &note) { return doomed.journeys.contains(note.id); });
    for (const QString &name : newestFirst()) {
        const Day &day = load(name);
        const auto isIn = [](const QSet<QByteArray> &wanted, const auto &known) {
            return std::any_of(wanted.cbegin(), wanted.cend(),
                [&known](const QByteArray &id) { return known.contains(id); });
        };
        if (!isIn(doomed.journeys, day.journeys) && !isIn(doomed.journeys, day.damaged)
            && !isIn(doomed.sessions, day.sessions))
            continue;
        const Result<void> written = replaceFile(pathOf(name), piecesWithout(pathOf(name), doomed));
        m_days[name] = {};
        if (!written)
            return tl::unexpected(written.error());
    }
    return QList<QByteArray>(doomed.sessions.cbegin(), doomed.sessions.cend());
}

} // namespace glasspost::mail
