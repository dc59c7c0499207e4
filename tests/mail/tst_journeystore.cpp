// The record of a message's way: what happened is read back as it was, survives the queue's files, is found
// by Message-ID, makes good what a crash took, and says when it is damaged.
#include "mail/journey/journeystore.h"
#include "mail/queue/queue.h"
#include "tests/support/awaited.h"
#include "tests/support/journeys.h"

#include <QtTest>

#include <random>

using namespace glasspost;
using namespace glasspost::mail;
using namespace glasspost::test;

namespace {

/// Written by itself, each event in a note of its own.
void write(JourneyFiles &files, const QueueEntry &came, const QueueEvents &events)
{
    QList<JourneyNote> notes{{JourneyNote::Kind::Came, noon, came, {}}};
    QueueEntry now = came;
    for (const QueueEvent &event : events) {
        now = apply(now, event);
        notes.append({JourneyNote::Kind::Events, noon + notes.size(), now, {event}});
    }
    QVERIFY(!files.append(notes, {}).error);
}

QueueEvents eventsOf(const Journey &journey)
{
    QueueEvents events;
    for (const JourneyEvent &event : journey.events)
        events.append(event.what);
    return events;
}

/// Without an entry when there is no record of it.
Journey readFrom(JourneyStore &store, const QByteArray &id)
{
    return awaited(store.find({id, {}, {}})).value_or(QList<Journey>()).value(0);
}

/// Without an entry when there is no record of it.
Journey readFrom(JourneyFiles &files, const QByteArray &id)
{
    return files.find({id}).value(0);
}

QByteArray octetsOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void overwrite(const QString &path, const QByteArray &octets)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
    QCOMPARE(file.write(octets), octets.size());
}

/// One octet changed, left out or added.
QByteArray mutated(QByteArray octets, std::mt19937 &random)
{
    const auto below = [&random](qsizetype limit) {
        return std::uniform_int_distribution<qsizetype>(0, limit - 1)(random);
    };
    const qsizetype at = below(octets.size());
    switch (below(3)) {
    case 0:
        octets[at] = char(octets[at] ^ char(1 + below(255)));
        return octets;
    case 1:
        return octets.remove(at, 1);
    default:
        return octets.insert(at, char(below(256)));
    }
}

} // namespace

class TestJourneyStore : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_folder.emplace();
        QVERIFY(QDir(m_folder->path()).mkpath(QStringLiteral("journeys")));
        QVERIFY(QDir(m_folder->path()).mkpath(QStringLiteral("queue/done")));
    }
    void cleanup() { m_folder.reset(); }

    void everyEventIsReadBack();
    void othersGoBetween();
    void isFoundByMessageId();
    void isFoundByItsOriginal();
    void keepsTheSessionsFacts();
    void isDeletedOnPurpose();
    void damageIsSaid();
    void aLostEndIsNoUntruth();
    void goesOnAfterATornLine();
    void expires();
    void theQueueTellsIt();
    void aCrashIsMadeGood();
    void aRecordThatExpiredBeginsAnew();

private:
    [[nodiscard]] QString folder() const { return m_folder->path() + QStringLiteral("/journeys"); }
    [[nodiscard]] QString file() const { return folder() + QStringLiteral("/2026-11-28.jsonl"); }
    std::optional<QTemporaryDir> m_folder;
};

void TestJourneyStore::everyEventIsReadBack()
{
    const QueueEntry came = entryTo("1J1B9AUMIJ5AAAAAA", {"bob", "carol"});
    JourneyFiles files(folder());
    write(files, came, everything());
    const Journey known = readFrom(files, came.id);
    JourneyFiles fresh(folder());
    const Journey read = readFrom(fresh, came.id);
    QVERIFY(read == known);
    QVERIFY(!read.isDamaged);
    QVERIFY(eventsOf(read) == everything());
    QCOMPARE(read.events.first().at, noon + 1);
    const QueueEntry now = applyAll(came, everything());
    QVERIFY(read.entry.recipients == now.recipients);
    QCOMPARE(read.entry.attemptSessionIds, QList<QByteArray>{"1J1B9AUMIJ5GHHBMQ"});
    QCOMPARE(read.entry.subject, came.subject);
    QVERIFY(read.entry.recipients.first().later);
    QVERIFY(read.entry.recipients.first().receipt);
    QVERIFY(readFrom(fresh, "1J1B9AUMIJ5ZZZZZZ").entry.id.isEmpty());
}

void TestJourneyStore::othersGoBetween()
{
    const QueueEntry one = entryTo("1J1B9AUMIJ5AAAAAA", {"bob", "carol"});
    const QueueEntry other = entryTo("1J1B9AUMIJ5BBBBBB", {"dave"});
    JourneyFiles files(folder());
    write(files, one, everything().first(3));
    write(files, other, {Held()});
    JourneyFiles again(folder());
    QueueEntry now = applyAll(one, everything().first(3));
    for (const QueueEvent &event : everything().mid(3)) {
        now = apply(now, event);
        QVERIFY(!again.append({{JourneyNote::Kind::Events, noon, now, {event}}}, {}).error);
    }
    JourneyNote removal{JourneyNote::Kind::Removed, noon + 7, apply(other, Held()), {}};
    QVERIFY(!again.append({removal}, {}).error);
    JourneyFiles fresh(folder());
    QVERIFY(eventsOf(readFrom(fresh, one.id)) == everything());
    QVERIFY(!readFrom(fresh, one.id).isDamaged);
    QCOMPARE(readFrom(fresh, other.id).removedAt, noon + 7);
    QVERIFY(readFrom(fresh, other.id).entry.held);
}

void TestJourneyStore::isFoundByMessageId()
{
    const auto store = JourneyStore::open(m_folder->path(), 0);
    QVERIFY(store);
    QueueEntry brought = entryTo("1J1B9AUMIJ5BBBBBB", {"dave"});
    brought.messageIdField = "1J1B9AUMIJ5AAAAAA@example.net";
    brought.originSessionId = "1J1B9AUMIJ5SSSSSS";
    (*store)->note(entryTo("1J1B9AUMIJ5AAAAAA", {"bob"}), {});
    (*store)->note(brought, {});
    const auto idsOf = [&store](const JourneyKey &key) {
        QList<QByteArray> ids;
        for (const Journey &journey : awaited((*store)->find(key)).value_or(QList<Journey>()))
            ids.append(journey.entry.id);
        std::sort(ids.begin(), ids.end());
        return ids;
    };
    const QList<QByteArray> both{"1J1B9AUMIJ5AAAAAA", "1J1B9AUMIJ5BBBBBB"};
    QCOMPARE(idsOf({{}, brought.messageIdField, {}}), both);
    QCOMPARE(idsOf({{}, brought.messageIdField, brought.originSessionId}), both.mid(1));
    QCOMPARE(idsOf({both.first(), {}, {}}), both.first(1));
    QCOMPARE(idsOf({{}, "other@example.net", {}}), QList<QByteArray>());
    QCOMPARE(idsOf({}), QList<QByteArray>());
    const auto carried = awaited((*store)->ofSession(brought.originSessionId));
    QVERIFY(carried);
    QCOMPARE(carried->size(), 1);
    QCOMPARE(carried->first().entry.id, brought.id);
}

/// By the name of the message that it was made from; by its Message-ID where no record has the name.
void TestJourneyStore::isFoundByItsOriginal()
{
    const MessageId original{{QStringLiteral("alice"), {}}, "1795866000.M1P1.host"};
    QueueEntry byRule = entryTo("1J1B9AUMIJ5AAAAAA", {"bob"});
    byRule.madeFrom
        = MadeFrom{MadeFrom::How::ForwardedByRule, original, "one@example.net", QStringLiteral("to \"bob\"")};
    QueueEntry byHand = entryTo("1J1B9AUMIJ5BBBBBB", {"dave"});
    byHand.madeFrom = MadeFrom{MadeFrom::How::Forwarded, original, {}, {}};
    QueueEntry ofAnother = entryTo("1J1B9AUMIJ5CCCCCC", {"erin"});
    ofAnother.madeFrom = MadeFrom{
        MadeFrom::How::Released, {{QStringLiteral("x"), {}}, "1795866000.M2P1.host"}, "one@example.net", {}};
    {
        JourneyFiles files(folder());
        for (const QueueEntry &entry : {byRule, byHand, ofAnother, entryTo("1J1B9AUMIJ5DDDDDD", {"carol"})})
            write(files, entry, {Held()});
    }
    JourneyFiles files(folder());
    const auto idsOf = [&files](const OriginalKey &key) {
        QList<QByteArray> ids = files.madeFrom(key);
        std::sort(ids.begin(), ids.end());
        return ids;
    };
    QCOMPARE(idsOf({original.unique, "one@example.net", {}}), (QList<QByteArray>{byRule.id, byHand.id}));
    QCOMPARE(idsOf({original.unique, {}, {}}), (QList<QByteArray>{byRule.id, byHand.id}));
    QCOMPARE(idsOf({"imported", "one@example.net", {}}), (QList<QByteArray>{byRule.id, ofAnother.id}));
    QCOMPARE(idsOf({"imported", "other@example.net", {}}), QList<QByteArray>());
    QCOMPARE(idsOf({}), QList<QByteArray>());
    // Nothing is made of what came days after it.
    QCOMPARE(idsOf({"1796200000.M3P1.host", "one@example.net", {}}), QList<QByteArray>());
    const Journey read = readFrom(files, byRule.id);
    QVERIFY(!read.isDamaged);
    QVERIFY(read.entry.madeFrom == byRule.madeFrom);
    QVERIFY(!readFrom(files, "1J1B9AUMIJ5DDDDDD").entry.madeFrom);
    // It is an entry like any other for who looks for its own Message-ID.
    QCOMPARE(files.withMessageId(byRule.messageIdField, {}), QList<QByteArray>{byRule.id});
}

void TestJourneyStore::keepsTheSessionsFacts()
{
    smtp::SessionFacts facts;
    facts.id = "1J1B9AUMIJ5GHHBMQ";
    facts.role = smtp::SessionRole::Client;
    facts.outcome = smtp::SessionOutcome::Completed;
    facts.startedAt = noon * 1000 + 17;
    facts.tls = "TLSv1.3 TLS_AES_256_GCM_SHA384";
    smtp::SessionFacts stranger = facts;
    stranger.id = "1J1B9AUMIJ5STRANG";
    const QueueEntry came = entryTo("1J1B9AUMIJ5AAAAAA", {"bob", "carol"});
    {
        const auto store = JourneyStore::open(m_folder->path(), 0);
        QVERIFY(store);
        (*store)->note(came, {});
        (*store)->note(applyAll(came, everything().first(2)), everything().first(2));
        (*store)->noteSessions({facts, stranger});
    }
    JourneyFiles files(folder());
    const Journey journey = readFrom(files, came.id);
    QCOMPARE(journey.sessions.size(), 1);
    QVERIFY(journey.sessions.first() == facts);
    QVERIFY(!octetsOf(file()).contains(stranger.id));
}

/// Of its file nothing is left of it, nor of the session that carried it alone; the others are whole.
void TestJourneyStore::isDeletedOnPurpose()
{
    smtp::SessionFacts shared;
    shared.id = "1J1B9AUMIJ5GHHBMQ";
    shared.role = smtp::SessionRole::Client;
    shared.outcome = smtp::SessionOutcome::Completed;
    shared.startedAt = noon * 1000 + 17;
    smtp::SessionFacts own = shared;
    own.id = "1J1B9AUMIJ5OWNOWN";
    const QueueEntry gone = entryTo("1J1B9AUMIJ5AAAAAA", {"bob", "carol"});
    const QueueEntry kept = entryTo("1J1B9AUMIJ5BBBBBB", {"dave", "erin"});
    const QueueEvents opened{SessionOpened{own.id}};
    const auto store = JourneyStore::open(m_folder->path(), 0);
    QVERIFY(store);
    for (const QueueEntry &entry : {gone, kept}) {
        (*store)->note(entry, {});
        (*store)->note(applyAll(entry, everything().first(2)), everything().first(2));
    }
    (*store)->note(apply(applyAll(gone, everything().first(2)), opened.first()), opened);
    (*store)->noteSessions({shared, own});
    const Journey before = readFrom(**store, kept.id);
    QCOMPARE(readFrom(**store, gone.id).sessions.size(), 2);

    QVERIFY(awaited((*store)->remove({gone.id})));
    QVERIFY(readFrom(**store, gone.id).entry.id.isEmpty());
    QCOMPARE(
        awaited((*store)->find({{}, gone.messageIdField, {}})).value_or(QList<Journey>{before}).size(), 0);
    QVERIFY(readFrom(**store, kept.id) == before);
    QVERIFY(!before.isDamaged);
    QCOMPARE(before.sessions.size(), 1);
    const QByteArray octets = octetsOf(file());
    for (const QByteArray &trace : {gone.id, own.id, QByteArray("bob")})
        QVERIFY2(!octets.contains(trace), octets);
    QVERIFY(octets.contains(shared.id));

    // What is written next goes on in the new file.
    (*store)->note(apply(applyAll(kept, everything().first(2)), Held()), {Held()});
    const Journey after = readFrom(**store, kept.id);
    QVERIFY(!after.isDamaged);
    QCOMPARE(after.events.size(), before.events.size() + 1);
    QVERIFY(awaited((*store)->remove({"1J1B9AUMIJ5ZZZZZZ"}))); // there is none
}

void TestJourneyStore::damageIsSaid()
{
    QHash<QByteArray, Journey> whole;
    for (const char *id : {"1J1B9AUMIJ5AAAAAA", "1J1B9AUMKLMNOPQRS", "1J1BA0TTTTTVVVVVV"}) {
        JourneyFiles files(folder());
        write(files, entryTo(id, {"bob", "carol"}), everything());
        whole.insert(id, readFrom(files, id));
    }
    const QByteArray octets = octetsOf(file());
    std::mt19937 random(48); // NOLINT(cert-msc51-cpp): the same each time
    int said = 0;
    for (int i = 0; i < 500; ++i) {
        overwrite(file(), mutated(octets, random));
        JourneyFiles files(folder());
        bool isSaid = false;
        for (auto one = whole.cbegin(); one != whole.cend(); ++one) {
            const Journey read = readFrom(files, one.key());
            QCOMPARE(read.entry.id, one.key());
            isSaid |= read.isDamaged;
            QVERIFY2(read.isDamaged || read == *one, "a damaged record passes for a whole one");
            for (const JourneyEvent &event : read.events)
                QVERIFY2(one->events.contains(event), "an event that never was");
        }
        said += isSaid ? 1 : 0;
    }
    QVERIFY2(said > 490, qPrintable(QString::number(said))); // the end of a line may go without harm
}

void TestJourneyStore::aLostEndIsNoUntruth()
{
    const QueueEntry came = entryTo("1J1B9AUMIJ5AAAAAA", {"bob", "carol"});
    {
        JourneyFiles files(folder());
        write(files, came, everything());
    }
    const QByteArray octets = octetsOf(file());
    for (qsizetype size = 0; size < octets.size(); size += 41) {
        overwrite(file(), octets.first(size));
        JourneyFiles files(folder());
        const Journey read = readFrom(files, came.id);
        QVERIFY(eventsOf(read) == everything().first(read.events.size()));
        if (!read.events.isEmpty())
            QVERIFY(
                read.entry.recipients == applyAll(came, everything().first(read.events.size())).recipients);
        const bool isAtLineEnd = size == 0 || octets[size - 1] == '\n';
        QVERIFY(isAtLineEnd || octets[size] == '\n' || read.isDamaged || read.entry.id.isEmpty());
    }
}

void TestJourneyStore::goesOnAfterATornLine()
{
    const QueueEntry came = entryTo("1J1B9AUMIJ5AAAAAA", {"bob", "carol"});
    {
        JourneyFiles files(folder());
        write(files, came, everything().first(3));
    }
    overwrite(file(), octetsOf(file()).chopped(20));
    JourneyFiles files(folder());
    const QueueEntry now = apply(applyAll(came, everything().first(3)), Held());
    QVERIFY(!files.append({{JourneyNote::Kind::Events, noon + 50, now, {Held()}}}, {}).error);
    JourneyFiles fresh(folder());
    const Journey read = readFrom(fresh, came.id);
    QVERIFY(read.isDamaged);
    QVERIFY(eventsOf(read) == everything().first(2) + QueueEvents{Held()});
}

void TestJourneyStore::expires()
{
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    constexpr qint64 day = 86'400'000;
    JourneyFiles files(folder());
    const QList<QByteArray> ids{"1J1B9AUMIJ5AAAAAA", "1J1B9AUMIJ5BBBBBB", "1J1B9AUMIJ5CCCCCC"};
    const QList<int> ages{40, 4, 3};
    qint64 size = 0;
    for (int i = 0; i < ids.size(); ++i) {
        QueueEntry entry = entryTo(ids.at(i), {"bob"});
        entry.queuedAt = now - ages.at(i) * day;
        write(files, entry, {});
    }
    files.removeOld(0);
    QCOMPARE(readFrom(files, ids.first()).entry.id, ids.first());
    files.removeOld(30);
    QVERIFY(readFrom(files, ids.first()).entry.id.isEmpty());
    for (const QFileInfo &kept : QDir(folder()).entryInfoList(QDir::Files))
        size += kept.size();
    JourneyLimits limits;
    limits.folder = size - 1;
    JourneyFiles bounded(folder(), limits);
    bounded.removeOld(0);
    QVERIFY(readFrom(bounded, ids.at(1)).entry.id.isEmpty());
    QCOMPARE(readFrom(bounded, ids.at(2)).entry.id, ids.at(2));
}

/// Notes tell an entry whole once: it is told again when its record is gone.
void TestJourneyStore::aRecordThatExpiredBeginsAnew()
{
    constexpr qint64 day = 86'400'000;
    const auto store = JourneyStore::open(m_folder->path(), 30);
    QVERIFY(store);
    QueueEntry entry = entryTo("1J1B9AUMIJ5AAAAAA", {"bob"});
    entry.queuedAt = QDateTime::currentMSecsSinceEpoch() - 40 * day;
    (*store)->note(entry, {});
    QCOMPARE(readFrom(**store, entry.id).entry.subject, entry.subject);
    entry = apply(entry, Held());
    (*store)->note(entry, {Held()}); // its file goes before this is written
    QVERIFY(readFrom(**store, entry.id).entry.id.isEmpty());
    entry = apply(entry, Released());
    (*store)->note(entry, {Released()});
    const Journey journey = readFrom(**store, entry.id);
    QVERIFY(journey.entry.recipients == entry.recipients);
    QCOMPARE(journey.entry.subject, entry.subject);
    QVERIFY(journey.events.isEmpty());
}

/// What the queue's own methods do is in the record, without the queue's files.
void TestJourneyStore::theQueueTellsIt()
{
    QByteArray id;
    {
        const auto journal = Journal::open(m_folder->path());
        QVERIFY(journal);
        const auto queue = Queue::open(m_folder->path(), **journal);
        QVERIFY(queue);
        const auto store = JourneyStore::open(m_folder->path(), 0);
        QVERIFY(store);
        connect(queue->get(), &Queue::happened, store->get(), &JourneyStore::note);
        connect(queue->get(), &Queue::takenOut, store->get(), &JourneyStore::noteRemoval);
        smtp::Envelope envelope;
        envelope.reversePath = {"alice", "example.net"};
        envelope.recipients.append({smtp::Mailbox{"bob", "example.org"}, {}, {}});
        const QueueEntry entry = (*queue)->prepare(envelope, 0, {}, QStringLiteral("Hello"), "m@example.net");
        id = entry.id;
        QVERIFY(
            awaited((*journal)->commit((*queue)->steps(entry, QByteArray("Subject: Hello\n\n"))).durable));
        (*queue)->insert(entry);
        QVERIFY(awaited((*queue)->record(id, {AttemptBegan{0, noon}})));
        QVERIFY(awaited((*queue)->record(id,
            {Attempted{
                0, reportOf("bob", smtp::DeliveryResult::Delivered, taken), AttemptOutcome::Delivered}})));
        QVERIFY(!(*queue)->contains(id));
        QCOMPARE(readFrom(**store, id).events.size(), 2);
        QVERIFY(awaited((*queue)->record(id, {ReportFolded{bounceOf("bob"), {}, noon}})));
    }
    QVERIFY(QDir(m_folder->path() + QStringLiteral("/queue")).removeRecursively());
    const auto store = JourneyStore::open(m_folder->path(), 0);
    QVERIFY(store);
    const Journey journey = readFrom(**store, id);
    QVERIFY(!journey.isDamaged);
    QCOMPARE(journey.events.size(), 3);
    QCOMPARE(journey.entry.recipients.size(), 1);
    QCOMPARE(journey.entry.stateOf(journey.entry.recipients.first()), RecipientState::Delivered);
    QCOMPARE(journey.entry.recipients.first().later->action, ReportAction::Failed);
    QCOMPARE(journey.entry.messageIdField, QByteArray("m@example.net"));
    QVERIFY(readFrom(**store, "1J1B9AUMIJ5ZZZZZZ").entry.id.isEmpty());
}

/// The queue had written what the journeys had not.
void TestJourneyStore::aCrashIsMadeGood()
{
    const QueueEntry came = entryTo("1J1B9AUMIJ5AAAAAA", {"bob", "carol"});
    const QueueEntry unknown = entryTo("1J1B9AUMIJ5BBBBBB", {"dave"});
    const QueueEntry now = applyAll(came, everything().first(3));
    {
        JourneyFiles files(folder());
        write(files, came, {});
    }
    for (int start = 0; start < 2; ++start) {
        const auto store = JourneyStore::open(m_folder->path(), 0);
        QVERIFY(store);
        (*store)->catchUp({now, unknown});
        const Journey read = readFrom(**store, came.id);
        QVERIFY(read.entry.recipients == now.recipients);
        QVERIFY(!read.isDamaged);
        QCOMPARE(readFrom(**store, unknown.id).entry.id, unknown.id);
    }
    QCOMPARE(octetsOf(file()).count('\n'), 3); // the second start had nothing to add
}

QTEST_GUILESS_MAIN(TestJourneyStore)
#include "tst_journeystore.moc"
