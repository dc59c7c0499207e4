// Ten thousand journeys and ten thousand transcripts that a disk, a crash or a person has changed: what is
// read of them was said, and a journey that lacks something says so.
#include "mail/journey/journeyfiles.h"
#include "mail/transcripts/transcriptfiles.h"
#include "mail/transcripts/transcriptjson.h"
#include "tests/support/journeys.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <random>

using namespace glasspost;
using namespace glasspost::mail;
using namespace glasspost::test;

namespace {

constexpr int rounds = 5'000; ///< of each kind: 10,000 files together
const QByteArray session = "1J1B9AUMIJ5GHHBMQ"; // of everything()'s attempts

/// Where and how, the same each time.
class Chance
{
public:
    explicit Chance(unsigned seed) : m_random(seed) { }
    qsizetype below(qsizetype limit)
    {
        return std::uniform_int_distribution<qsizetype>(0, std::max<qsizetype>(limit, 1) - 1)(m_random);
    }

private:
    std::mt19937 m_random;
};

void changeLines(QByteArray &octets, Chance &chance)
{
    QList<QByteArray> lines = octets.split('\n');
    lines.removeLast(); // behind the last line's end
    const qsizetype one = chance.below(lines.size());
    const qsizetype other = chance.below(lines.size());
    switch (chance.below(3)) {
    case 0:
        lines.removeAt(one);
        break;
    case 1:
        lines.swapItemsAt(one, other);
        break;
    default:
        lines.insert(other, lines.at(one));
    }
    octets = lines.join('\n') + '\n';
}

/// An octet changed, some left out, put in or written over; lines lost, exchanged or doubled; the end lost.
QByteArray mutated(QByteArray octets, Chance &chance)
{
    const qsizetype at = chance.below(octets.size());
    const qsizetype some = 1 + chance.below(40);
    QByteArray noise;
    for (qsizetype i = 0; i < some; ++i)
        noise.append(char(chance.below(256)));
    switch (chance.below(6)) {
    case 0:
        octets[at] = char(octets[at] ^ char(1 + chance.below(255)));
        break;
    case 1:
        octets.remove(at, some);
        break;
    case 2:
        octets.insert(at, noise);
        break;
    case 3:
        octets.replace(at, some, noise);
        break;
    case 4:
        octets.truncate(at);
        break;
    default:
        changeLines(octets, chance);
    }
    return octets;
}

QByteArray octetsOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

bool overwrite(const QString &path, const QByteArray &octets)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly | QIODevice::Truncate) && file.write(octets) == octets.size();
}

template <typename T> bool areAmong(const QList<T> &told, const QList<T> &whole)
{
    return std::all_of(told.begin(), told.end(), [&whole](const T &one) { return whole.contains(one); });
}

/// The first of its events, and what the entry had become by them: a lost end is no damage.
bool isBeginningOf(const Journey &told, const Journey &whole, const QueueEntry &came)
{
    if (told.events != whole.events.first(std::min(told.events.size(), whole.events.size())))
        return false;
    QueueEvents events;
    for (const JourneyEvent &event : told.events)
        events.append(event.what);
    return told.entry.recipients == applyAll(came, events).recipients;
}

/// Nothing in it that is not in the whole one.
bool isOf(const Journey &told, const Journey &whole)
{
    const auto stagesAre = [&whole](const smtp::SessionTrace &trace) {
        return areAmong(trace.stages, whole.traces.first().stages);
    };
    return told.entry.id == whole.entry.id && areAmong(told.events, whole.events)
        && areAmong(told.sessions, whole.sessions)
        && std::all_of(told.traces.begin(), told.traces.end(), stagesAre)
        && (told.removedAt == 0 || told.removedAt == whole.removedAt);
}

smtp::SessionFacts factsOf(const QByteArray &id)
{
    smtp::SessionFacts facts;
    facts.id = id;
    facts.outcome = smtp::SessionOutcome::Completed;
    facts.startedAt = noon * 1000;
    facts.endedAt = facts.startedAt + 1;
    facts.peerName = "mx1.example.org";
    facts.ending = "QUIT";
    return facts;
}

/// Of each session three blocks, in turn.
QByteArray transcripts(const QList<QByteArray> &ids)
{
    std::string lines;
    for (int piece = 0; piece < 3; ++piece) {
        for (const QByteArray &id : ids) {
            TranscriptBlock block{factsOf(id), {}, piece == 0};
            block.facts.messages = piece;
            for (int line = 0; line < 5; ++line)
                block.entries.append({noon * 1000 + line, smtp::Speaker::Client, false,
                    id + " says " + QByteArray::number(piece * 5 + line), 0});
            appendJsonLine(lines, block);
        }
    }
    return QByteArray::fromStdString(lines);
}

/// The lines that say that they are of that session.
QList<QByteArray> linesOf(const QByteArray &octets, const QByteArray &id)
{
    QList<QByteArray> lines;
    QList<QByteArray> all = octets.split('\n');
    all.removeLast(); // one without an end
    for (const QByteArray &line : std::as_const(all)) {
        const auto head = headOfLine(line);
        if (head && head->sessionId == id)
            lines.append(line);
    }
    return lines;
}

} // namespace

class TestDamagedRecords : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_folder.emplace(); }
    void cleanup() { m_folder.reset(); }

    void journeysTellNoUntruth();
    void transcriptsOfOthersAreWhole();

private:
    [[nodiscard]] QString folder() const { return m_folder->path(); }
    [[nodiscard]] QString file() const { return folder() + QStringLiteral("/2026-11-28.jsonl"); }
    std::optional<QTemporaryDir> m_folder;
};

/// Two journeys that one session carried.
void TestDamagedRecords::journeysTellNoUntruth()
{
    const QList<QByteArray> ids{"1J1B9AUMIJ5AAAAAA", "1J1B9AUMKLMNOPQRS"};
    {
        JourneyFiles files(folder());
        for (const QByteArray &id : ids) {
            QueueEntry now = entryTo(id, {"bob", "carol"});
            QList<JourneyNote> notes{{JourneyNote::Kind::Came, noon, now, {}}};
            for (const QueueEvent &event : everything().first(9)) {
                now = apply(now, event);
                notes.append({JourneyNote::Kind::Events, noon + notes.size(), now, {event}});
            }
            QVERIFY(!files.append(notes, {}).error);
        }
        QVERIFY(!files.append({}, {factsOf(session)}, {traceOf(session), traceOf(session, 1)}).error);
    }
    const QList<Journey> whole = JourneyFiles(folder()).find(ids);
    QCOMPARE(whole.size(), ids.size());
    QVERIFY(!whole.first().isDamaged && !whole.first().traces.isEmpty() && !whole.first().sessions.isEmpty());
    const QByteArray octets = octetsOf(file());
    Chance chance(146);
    int said = 0;
    for (int i = 0; i < rounds; ++i) {
        const QByteArray changed = mutated(octets, chance);
        QVERIFY(overwrite(file(), changed));
        bool isSaid = false;
        for (const Journey &told : JourneyFiles(folder()).find(ids)) {
            const Journey &one = whole.at(ids.indexOf(told.entry.id));
            isSaid |= told.isDamaged;
            QVERIFY2(isOf(told, one), qPrintable(QStringLiteral("round %1 tells what never was").arg(i)));
            QVERIFY2(told.isDamaged || isBeginningOf(told, one, entryTo(one.entry.id, {"bob", "carol"})),
                qPrintable(QStringLiteral("round %1 passes for a whole one").arg(i)));
        }
        said += isSaid ? 1 : 0;
    }
    QVERIFY2(said > rounds / 2, qPrintable(QString::number(said)));
}

/// A block has no checksum: of one that was changed, whatever still reads as a block is told. It touches no
/// other session.
void TestDamagedRecords::transcriptsOfOthersAreWhole()
{
    const QList<QByteArray> ids{"1J1B9AUMIJ5AAAAAA", "1J1B9AUMKLMNOPQRS", "1J1B9AUMKLMXXXXXX"};
    const QByteArray octets = transcripts(ids);
    QVERIFY(overwrite(file(), octets));
    QList<TranscriptBlock> whole;
    for (const QByteArray &id : ids) {
        whole.append(TranscriptFiles(folder(), {}).session(id));
        QCOMPARE(whole.last().entries.size(), 15);
    }
    Chance chance(147);
    int untouched = 0;
    for (int i = 0; i < rounds; ++i) {
        const QByteArray changed = mutated(octets, chance);
        QVERIFY(overwrite(file(), changed));
        TranscriptFiles files(folder(), {});
        QVERIFY(files.sessions(0, 100).size() <= ids.size() + 1); // the first line of one may be doubled
        for (qsizetype place = 0; place < ids.size(); ++place) {
            const TranscriptBlock told = files.session(ids.at(place));
            if (linesOf(changed, ids.at(place)) != linesOf(octets, ids.at(place)))
                continue;
            ++untouched;
            QVERIFY2(told.facts == whole.at(place).facts && told.entries == whole.at(place).entries,
                qPrintable(QStringLiteral("round %1 changed another session").arg(i)));
        }
    }
    QVERIFY2(untouched > rounds, qPrintable(QString::number(untouched)));
}

QTEST_APPLESS_MAIN(TestDamagedRecords)
#include "tst_damagedrecords.moc"
