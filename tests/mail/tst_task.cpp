#include "mail/base/task.h"
#include "mail/base/worker.h"

#include <QtTest>

#include <atomic>
#include <csignal>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace glasspost::mail;

namespace {

const Error broken{ErrorCode::Damaged, QStringLiteral("file"), QStringLiteral("cut off")};

/// Counts what lives of it.
struct Witness
{
    explicit Witness(std::atomic<int> &count) : m_count(&count) { ++*m_count; }
    Witness(const Witness &other) : m_count(other.m_count) { ++*m_count; }
    Witness &operator=(const Witness &) = delete;
    ~Witness() { --*m_count; }

private:
    std::atomic<int> *m_count;
};

/// Whether it ends a process like this one by an assertion.
bool aborts(const std::function<void()> &work)
{
    const pid_t child = ::fork();
    if (child == 0) {
        std::signal(SIGABRT, SIG_DFL);
        const rlimit none{0, 0};
        ::setrlimit(RLIMIT_CORE, &none);
        qInstallMessageHandler([](QtMsgType, const QMessageLogContext &, const QString &) {});
        work();
        ::_exit(0);
    }
    int status = 0;
    return ::waitpid(child, &status, 0) == child && WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

} // namespace

/// An answer that comes later, on the thread of the one who asked, or never when that one is gone first.
class TestTask : public QObject
{
    Q_OBJECT

    std::unique_ptr<QObject> m_context; // goes with the test that asked, whose variables the answers go to

private Q_SLOTS:
    void init() { m_context = std::make_unique<QObject>(); }
    void cleanup() { m_context.reset(); }

    void isAnsweredBefore()
    {
        const Promise<int> promise;
        promise.answer(7);
        QList<int> got;
        promise.task().then(m_context.get(), [&](Result<int> result) { got.append(result.value()); });
        QVERIFY(got.isEmpty()); // never within then()
        QTRY_COMPARE(got, QList<int>{7});
    }

    void isAnsweredAfter()
    {
        const Promise<int> promise;
        QList<int> got;
        promise.task().then(m_context.get(), [&](const Result<int> &result) { got.append(result.value()); });
        promise.answer(7);
        QCOMPARE(got, QList<int>{7}); // on this thread: at once
        promise.answer(8);
        QCoreApplication::processEvents();
        QCOMPARE(got, QList<int>{7}); // the first counts
    }

    // The second would take the place of the first, or never hear of an answer that was given already.
    void hasOneWaiter_data()
    {
        QTest::addColumn<bool>("isAnswered");
        QTest::newRow("answered before") << true;
        QTest::newRow("not answered yet") << false;
    }

    void hasOneWaiter()
    {
        QFETCH(const bool, isAnswered);
        const Promise<void> promise;
        if (isAnswered)
            promise.answer({});
        promise.task().then(m_context.get(), [](const Result<void> &) {});
        QVERIFY(aborts([&] { promise.task().then(m_context.get(), [](const Result<void> &) {}); }));
        QVERIFY(aborts([&] { Promise<void>().answerWith([&] { return promise.task(); }); }));
        QVERIFY(!aborts([] { Promise<void>().task().then(qApp, [](const Result<void> &) {}); }));
    }

    void bringsAnError()
    {
        std::optional<Error> got;
        Task<void>(tl::unexpected(broken)).then(m_context.get(), [&](const Result<void> &result) {
            got = result.error();
        });
        QTRY_COMPARE(got, std::optional(broken));
    }

    void comesOnTheContextsThread()
    {
        Worker worker;
        QThread *there = nullptr;
        QThread *here = nullptr;
        worker.run([&there] { there = QThread::currentThread(); })
            .then(m_context.get(), [&](const Result<void> &) { here = QThread::currentThread(); });
        QTRY_COMPARE(here, QThread::currentThread());
        QVERIFY(there != nullptr && there != here);
    }

    void keepsTheOrder()
    {
        std::vector<Promise<int>> promises(1000);
        QList<int> got;
        for (const Promise<int> &promise : promises)
            promise.task().then(
                m_context.get(), [&](const Result<int> &result) { got.append(result.value()); });
        std::thread other([&] {
            for (int i = 0; i < int(promises.size()); ++i)
                promises[size_t(i)].answer(i);
        });
        QTRY_COMPARE(got.size(), 1000);
        other.join();
        QVERIFY(std::is_sorted(got.begin(), got.end()));
    }

    // Whatever is answered before then() is called comes before what is answered after it.
    void keepsTheOrderOfWhoAsks()
    {
        for (int round = 0; round < 200; ++round) {
            std::vector<Promise<int>> promises(10);
            QList<int> got;
            std::thread other([&] {
                for (int i = 0; i < int(promises.size()); ++i)
                    promises[size_t(i)].answer(i);
            });
            for (const Promise<int> &promise : promises)
                promise.task().then(
                    m_context.get(), [&](const Result<int> &result) { got.append(result.value()); });
            QTRY_COMPARE(got.size(), 10);
            other.join();
            QVERIFY(std::is_sorted(got.begin(), got.end()));
        }
    }

    void dropsWhatAGoneContextWaitedFor()
    {
        std::atomic<int> living = 0;
        bool called = false;
        const auto waiting = [&called, witness = Witness(living)](const Result<void> &) { called = true; };
        const int outside = living;
        const Promise<void> promise;
        auto context = std::make_unique<QObject>();
        promise.task().then(context.get(), waiting);
        context.reset();
        promise.answer({});
        QTRY_COMPARE(living, outside);
        QVERIFY(!called);
    }

    // Where the context goes between the answer and its turn, too.
    void dropsWhatIsOnItsWayToAGoneContext()
    {
        bool called = false;
        auto context = std::make_unique<QObject>();
        const Promise<void> promise;
        promise.task().then(context.get(), [&](const Result<void> &) { called = true; });
        std::thread([&] { promise.answer({}); }).join();
        context.reset();
        QCoreApplication::processEvents();
        QVERIFY(!called);
    }

    void bearsAContextThatGoesMeanwhile()
    {
        std::atomic<bool> isAlive = true;
        int late = 0;
        for (int round = 0; round < 500; ++round) {
            const Promise<int> promise;
            std::atomic<bool> goes = false;
            std::thread other([&] {
                while (!goes)
                    std::this_thread::yield();
                promise.answer(round);
            });
            isAlive = true;
            auto context = std::make_unique<QObject>();
            promise.task().then(context.get(), [&](const Result<int> &) { late += isAlive ? 0 : 1; });
            goes = true;
            if (round % 2 == 0)
                std::this_thread::yield();
            isAlive = false;
            context.reset();
            other.join();
            QCoreApplication::processEvents();
        }
        QCOMPARE(late, 0);
    }

    void letsGoOfAPromiseThatNobodyKept()
    {
        std::atomic<int> living = 0;
        bool called = false;
        {
            const Promise<int> promise;
            promise.task().then(m_context.get(),
                [&called, witness = Witness(living)](const Result<int> &) { called = true; });
            QCOMPARE(living, 1);
        }
        QCOMPARE(living, 0);
        QCoreApplication::processEvents();
        QVERIFY(!called);
    }

    void needsNobodyToWait()
    {
        const Promise<int> promise;
        const Task<int> unwanted = promise.task();
        promise.answer(1);
        Worker worker;
        worker.run([] { return 1; });
    }

    void takesWhatASlotAnswersToAThreadThatEnded()
    {
        const Promise<void> promise;
        auto context = std::make_unique<QObject>();
        QThread thread;
        context->moveToThread(&thread);
        thread.start();
        bool called = false;
        promise.task().then(context.get(), [&](const Result<void> &) { called = true; });
        thread.quit();
        thread.wait();
        promise.answer({});
        QCoreApplication::processEvents();
        QVERIFY(!called);
    }

    // Another thread may come to lie where one lay that never ran: its line is not that one's.
    void dropsWhatAThreadThatNeverRanWaitedFor()
    {
        std::atomic<int> living = 0;
        std::optional<QThread> thread(std::in_place);
        {
            QObject context;
            context.moveToThread(&*thread);
            ContextThread(&context).post([witness = Witness(living)] {});
            QCOMPARE(living, 1);
        }
        thread.emplace();
        QCOMPARE(living, 0);
        QObject context;
        context.moveToThread(&*thread);
        thread->start();
        const auto ran = std::make_shared<std::atomic<bool>>(false);
        ContextThread(&context).post([ran] { *ran = true; });
        QTRY_VERIFY(*ran);
        thread->quit();
        QVERIFY(thread->wait());
    }

    void dropsWhatComesWhileAThreadEnds()
    {
        std::atomic<int> living = 0;
        for (int round = 0; round < 500; ++round) {
            QThread thread;
            QObject context;
            context.moveToThread(&thread);
            thread.start();
            thread.quit();
            for (int i = 0; i < round % 50; ++i)
                std::this_thread::yield();
            ContextThread(&context).post([witness = Witness(living)] {});
            QVERIFY(thread.wait());
            QCOMPARE(living, 0);
        }
    }

    void goesOnWithValues()
    {
        Worker worker;
        std::optional<Result<QString>> got;
        worker.run([] { return 20; })
            .andThen(m_context.get(), [](int value) { return value + 1; })
            .andThen(m_context.get(), [&](int value) { return worker.run([value] { return 2 * value; }); })
            .andThen(m_context.get(), [](int value) -> Result<QString> { return QString::number(value); })
            .then(m_context.get(), [&](const Result<QString> &result) { got = result; });
        QTRY_VERIFY(got);
        QCOMPARE(got->value(), QStringLiteral("42"));
    }

    void goesOnWithNothing()
    {
        QStringList steps;
        Worker worker;
        worker.run([] {})
            .andThen(m_context.get(), [&] { steps.append(QStringLiteral("one")); })
            .andThen(m_context.get(), [&] { return worker.run([]() -> Result<void> { return {}; }); })
            .then(m_context.get(), [&](const Result<void> &result) {
                steps.append(result ? QStringLiteral("two") : QStringLiteral("failed"));
            });
        QTRY_COMPARE(steps, (QStringList{QStringLiteral("one"), QStringLiteral("two")}));
    }

    void passesAnErrorBy()
    {
        bool called = false;
        std::optional<Error> got;
        Worker worker;
        worker.run([]() -> Result<int> { return tl::unexpected(broken); })
            .andThen(m_context.get(),
                [&](int value) {
                    called = true;
                    return value;
                })
            .andThen(m_context.get(), [](int) -> Result<void> { return {}; })
            .then(m_context.get(), [&](const Result<void> &result) { got = result.error(); });
        QTRY_COMPARE(got, std::optional(broken));
        QVERIFY(!called);
    }

    void endsAChainWithItsContext()
    {
        std::atomic<int> living = 0;
        bool called = false;
        const Promise<int> promise;
        auto middle = std::make_unique<QObject>();
        promise.task()
            .andThen(middle.get(), [](int value) { return value; })
            .then(m_context.get(),
                [&called, witness = Witness(living)](const Result<int> &) { called = true; });
        middle.reset();
        promise.answer(1);
        QTRY_COMPARE(living, 0);
        QVERIFY(!called);
    }

    void repeatsAStep()
    {
        Worker worker;
        int steps = 0;
        std::optional<Result<void>> end;
        repeat(m_context.get(), [&] {
            return worker.run([&steps] { return ++steps < 2000; });
        }).then(m_context.get(), [&](const Result<void> &result) { end = result; });
        QTRY_VERIFY_WITH_TIMEOUT(end, 30000);
        QVERIFY(*end);
        QCOMPARE(steps, 2000);
    }

    void repeatsNoStepThatFailed()
    {
        int steps = 0;
        std::optional<Result<void>> end;
        repeat(m_context.get(), [&]() -> Task<bool> {
            if (++steps == 3)
                return tl::unexpected(broken);
            return Result<bool>(true);
        }).then(m_context.get(), [&](const Result<void> &result) { end = result; });
        QTRY_VERIFY(end);
        QCOMPARE(end->error(), broken);
        QCOMPARE(steps, 3);
    }

    void runsInThePool()
    {
        std::optional<int> got;
        runInPool([] { return 3; }).then(m_context.get(), [&](const Result<int> &result) {
            got = result.value();
        });
        QTRY_COMPARE(got, std::optional(3));
    }
};

QTEST_GUILESS_MAIN(TestTask)
#include "tst_task.moc"
