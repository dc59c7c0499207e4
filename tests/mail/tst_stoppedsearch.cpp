// A search whose answer nobody wants any more: it ends soon, gives nothing, and leaves nothing behind.
#include "mail/store/storereader.h"
#include "tests/mail/threadindex.h"
#include "tests/support/awaited.h"

#include <QElapsedTimer>
#include <QTest>
#include <QThread>

#include <thread>

using namespace glasspost;
using namespace glasspost::mail;

namespace {

constexpr int messages = 3000;

/// The index's reader on a thread of its own, as the store has it.
struct Reading
{
    explicit Reading(const QString &path)
        : reader(new StoreReader(path, -1, &generation, [this](quint64, const Error &) { ++damaged; }))
    {
        reader->moveToThread(&thread);
        QObject::connect(&thread, &QThread::finished, reader, &QObject::deleteLater);
        thread.start();
    }
    ~Reading()
    {
        thread.quit();
        thread.wait();
    }
    Task<RowPage> ask(const RowQuery &query, const std::stop_token &stop = {})
    {
        return runOn(reader, [this, query, stop] { return reader->rows(query, stop); });
    }

    std::atomic<quint64> generation = 1;
    std::atomic<int> damaged = 0;
    QThread thread;
    StoreReader *reader; ///< lives on the thread
};

RowQuery search(const QString &text)
{
    RowQuery query;
    query.searchText = text;
    query.limit = 20;
    return query;
}

/// All messages, found again and again.
RowQuery longSearch()
{
    QStringList terms;
    for (int term = 0; term < 150; ++term)
        terms += QStringLiteral("body:hel*");
    return search(terms.join(QStringLiteral(" OR ")));
}

} // namespace

class StoppedSearchTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void givesNothingOnceItIsStopped_data();
    void givesNothingOnceItIsStopped();
    void isWholeOrNothing_data();
    void isWholeOrNothing();
    void letsTheNewerOneIn();

private:
    test::Index m_index;
};

void StoppedSearchTest::initTestCase()
{
    QVERIFY(m_index.writer && m_index.reader);
    QVERIFY(m_index.writer->begin());
    for (int number = 0; number < messages; ++number)
        m_index.add(
            {QByteArray::number(number), number % 3 > 0 ? QByteArray::number(number - 1) : QByteArray(), {}});
    QVERIFY(m_index.writer->commit());
}

void StoppedSearchTest::givesNothingOnceItIsStopped_data()
{
    QTest::addColumn<Grouping>("grouping");
    QTest::newRow("messages") << Grouping::Messages;
    QTest::newRow("conversations") << Grouping::Conversations;
}

void StoppedSearchTest::givesNothingOnceItIsStopped()
{
    QFETCH(Grouping, grouping);
    RowQuery query = search(QStringLiteral("hello "));
    query.grouping = grouping;
    std::stop_source stop;
    stop.request_stop();
    QVERIFY(!m_index.reader->rows(query, stop.get_token()));
    QVERIFY(!m_index.reader->order(query, stop.get_token()));
    QCOMPARE(m_index.page(query).messages, messages);
    QCOMPARE(m_index.reader->order(query)->numbers.size(), messages);
}

void StoppedSearchTest::isWholeOrNothing_data()
{
    givesNothingOnceItIsStopped_data();
}

/// Stopped at a hundred moments of its way, a search never takes a part for all, nor keeps one.
void StoppedSearchTest::isWholeOrNothing()
{
    QFETCH(Grouping, grouping);
    RowQuery query = search(QStringLiteral("hel* OR subject:news"));
    query.grouping = grouping;
    const int rows = m_index.page(query).total;
    QCOMPARE(rows, grouping == Grouping::Messages ? messages : messages / 3);
    QElapsedTimer timer;
    timer.start();
    m_index.reader = m_index.open(IndexDatabase::Access::Read); // it knows no count yet
    QCOMPARE(m_index.page(query).total, rows);
    const qint64 whole = timer.nsecsElapsed();
    for (int part = 0; part < 100; ++part) {
        m_index.reader = m_index.open(IndexDatabase::Access::Read);
        std::stop_source stop;
        std::jthread later([&stop, whole, part] {
            QElapsedTimer since;
            for (since.start(); since.nsecsElapsed() < whole * part / 100;) { }
            stop.request_stop();
        });
        const auto page = m_index.reader->rows(query, stop.get_token());
        later.join();
        if (page) {
            QCOMPARE(page->total, rows);
            QCOMPARE(page->rows.size(), query.limit);
        }
        QCOMPARE(m_index.page(query).total, rows);
        QCOMPARE(m_index.page(query).rows.size(), query.limit);
    }
}

void StoppedSearchTest::letsTheNewerOneIn()
{
    Reading reading(m_index.folder.filePath(QStringLiteral("index.sqlite")));
    const RowQuery newer = search(QStringLiteral("larger:1"));
    QCOMPARE(test::awaited(reading.ask(newer))->total, messages);
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(test::awaited(reading.ask(longSearch()))->total, messages);
    const qint64 whole = timer.nsecsElapsed();

    constexpr int times = 10;
    int stopped = 0;
    timer.start();
    for (int time = 0; time < times; ++time) {
        std::stop_source stale;
        const auto before = reading.ask(newer);
        RowQuery query = longSearch();
        query.searchText += QStringLiteral(" -%1").arg(time); // none has its count already
        const auto outdated = reading.ask(query, stale.get_token());
        QVERIFY(test::awaited(before)); // the reader has come to the other one
        stale.request_stop();
        QCOMPARE(test::awaited(reading.ask(newer))->total, messages);
        stopped += test::awaited(outdated) ? 0 : 1;
    }
    QVERIFY(stopped > times / 2);
    QVERIFY2(timer.nsecsElapsed() < whole * times / 2,
        qPrintable(QStringLiteral("%1 of %2").arg(timer.nsecsElapsed()).arg(whole * times)));
    // And is no reason to make the index anew.
    QCOMPARE(reading.damaged.load(), 0);
}

QTEST_MAIN(StoppedSearchTest)
#include "tst_stoppedsearch.moc"
