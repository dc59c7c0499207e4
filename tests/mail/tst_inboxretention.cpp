#include "mail/system/inboxretention.h"
#include "tests/support/awaited.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace glasspost;
using namespace glasspost::mail;

namespace {

constexpr qint64 firstArrival = 1'700'000'000;
constexpr qint64 messageSize = 35; // octets on the wire

} // namespace

/// What an inbox of captured mail holds no longer, and its removal.
class InboxRetentionTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();

    void findsSurplus_data();
    void findsSurplus();
    void sweepsInBatches();
    void sweepsWhatComesIn();
    void sweepsFoldersByTheirOwn();
    void takesNewLimits();
    void leavesEverythingUnlessTold_data();
    void leavesEverythingUnlessTold();

private:
    void fill(const QString &mailbox, int count, int flagged = -1);
    void open();
    [[nodiscard]] QList<MessageRow> rows(const QString &mailbox, const QString &folder = QStringLiteral(""));
    void keep(const QString &mailbox);

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Journal> m_journal;
    std::unique_ptr<Store> m_store;
};

void InboxRetentionTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
}

void InboxRetentionTest::cleanup()
{
    m_store.reset();
    m_journal.reset();
}

/// Messages that came a second after each other, before the store is opened.
void InboxRetentionTest::fill(const QString &mailbox, int count, int flagged)
{
    const QDir box(m_folder->filePath(QStringLiteral("mail/") + mailbox));
    for (const char *part : {"cur", "new", "tmp"})
        QVERIFY(box.mkpath(QLatin1String(part)));
    for (int i = 0; i < count; ++i) {
        const QString name = QStringLiteral("%1.M%2P1.elsewhere,S=31,W=35").arg(firstArrival + i).arg(i);
        QFile file(box.filePath(
            i == flagged ? QStringLiteral("cur/%1:2,F").arg(name) : QStringLiteral("new/") + name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QVERIFY(file.write("From: a@b.test\nSubject: x\n\ntxt\n") > 0);
    }
}

void InboxRetentionTest::open()
{
    m_journal = std::move(*Journal::open(m_folder->path()));
    m_store = std::move(*Store::open(m_folder->path(), *m_journal));
    QVERIFY(test::awaited(m_store->settle()));
}

QList<MessageRow> InboxRetentionTest::rows(const QString &mailbox, const QString &folder)
{
    RowQuery query;
    query.folder = {mailbox, folder};
    query.sort = SortKey::Arrival;
    query.order = Qt::AscendingOrder;
    query.limit = 10000;
    return test::awaited(m_store->rows(query)).value_or(RowPage()).rows;
}

void InboxRetentionTest::keep(const QString &mailbox)
{
    MailboxTransaction transaction;
    QVERIFY(transaction.add("Subject: new\n\nx\n", {{mailbox, {}}}, {}, {}, {}));
    QVERIFY(test::awaited(m_store->commit(std::move(transaction)).applied));
}

void InboxRetentionTest::findsSurplus_data()
{
    QTest::addColumn<SurplusQuery>("query");
    QTest::addColumn<QList<int>>("expected"); // of ten messages, of which the third is flagged
    const FolderId folder{QStringLiteral("captured"), {}};
    const auto row = [](const char *name, const SurplusQuery &query, const QList<int> &expected) {
        QTest::newRow(name) << query << expected;
    };
    row("no limit", {.folder = folder}, {});
    row("by number", {.folder = folder, .mostMessages = 4}, {0, 1, 3, 4, 5});
    row("as many as there are", {.folder = folder, .mostMessages = 9}, {});
    row("by size", {.folder = folder, .mostOctets = 4 * messageSize}, {0, 1, 3, 4, 5});
    row("by size, a part of one", {.folder = folder, .mostOctets = 4 * messageSize - 1}, {0, 1, 3, 4, 5, 6});
    row("by size, less than one", {.folder = folder, .mostOctets = 1}, {0, 1, 3, 4, 5, 6, 7, 8});
    row("by age", {.folder = folder, .arrivedBefore = firstArrival + 4}, {0, 1, 3});
    row("by age, all", {.folder = folder, .arrivedBefore = firstArrival + 100}, {0, 1, 3, 4, 5, 6, 7, 8, 9});
    row("by both", {.folder = folder, .mostMessages = 8, .arrivedBefore = firstArrival + 4}, {0, 1, 3});
    row("some at once", {.folder = folder, .mostMessages = 4, .limit = 2}, {0, 1});
}

void InboxRetentionTest::findsSurplus()
{
    QFETCH(SurplusQuery, query);
    QFETCH(QList<int>, expected);
    fill(QStringLiteral("captured"), 10, 2);
    open();
    const QList<MessageRow> all = rows(QStringLiteral("captured"));
    QCOMPARE(all.size(), 10);
    QCOMPARE(all.first().size, messageSize);
    QList<MessageId> ids;
    for (const int number : expected)
        ids.append(all.at(number).id);
    const auto surplus = test::awaited(m_store->surplus(query));
    QVERIFY(surplus.has_value());
    QCOMPARE(*surplus, ids);
}

void InboxRetentionTest::sweepsInBatches()
{
    fill(QStringLiteral("captured"), 1203, 0);
    for (const char *name : {"shop", "alice", "former"})
        fill(QString::fromLatin1(name), 5);
    QFile mark(m_folder->filePath(QStringLiteral("mail/shop/captured-inbox")));
    QVERIFY(mark.open(QIODevice::WriteOnly));
    open();
    const QList<MessageRow> before = rows(QStringLiteral("captured"));
    const CaptureInboxes inboxes(m_folder->path());
    InboxRetention retention(*m_store, inboxes);
    Settings settings;
    settings.users = {{QStringLiteral("alice"), {}}};
    ListenerBinding later; // than the mailbox it names
    later.captureMailbox = QStringLiteral("former");
    settings.listener.bindings.prepend(later);
    settings.listener.retention.messages = 3;
    retention.configure(settings);
    QTRY_COMPARE_WITH_TIMEOUT(rows(QStringLiteral("captured")).size(), 4, 30000);
    QTRY_COMPARE_WITH_TIMEOUT(rows(QStringLiteral("shop")).size(), 3, 30000);
    const QList<MessageRow> left = rows(QStringLiteral("captured"));
    QCOMPARE(left.first().id, before.first().id); // flagged
    QCOMPARE(left.last().id, before.last().id);
    QCOMPARE(rows(QStringLiteral("alice")).size(), 5);
    QCOMPARE(rows(QStringLiteral("former")).size(), 5);
    const QDir files(m_folder->filePath(QStringLiteral("mail/captured/new")));
    QTRY_COMPARE(files.entryList(QDir::Files).size(), 3);
}

/// By number, size and age; a person's folder too, and a captured inbox by its limits alone.
void InboxRetentionTest::sweepsFoldersByTheirOwn()
{
    fill(QStringLiteral("captured"), 20, 3);
    fill(QStringLiteral("shop"), 20, 3);
    fill(QStringLiteral("alice"), 20, 3);
    fill(QStringLiteral("alice/.Lists"), 20, 3);
    fill(QStringLiteral("alice/.Old"), 20, 3);
    fill(QStringLiteral("alice/.Blue"), 20, 3);
    QFile mark(m_folder->filePath(QStringLiteral("mail/shop/captured-inbox")));
    QVERIFY(mark.open(QIODevice::WriteOnly));
    open();
    const CaptureInboxes inboxes(m_folder->path());
    InboxRetention retention(*m_store, inboxes);
    Settings settings;
    const QString alice = QStringLiteral("alice");
    settings.users = {{alice, {}}};
    settings.listener.retention.messages = 2;
    settings.folders = {{alice, QStringLiteral("Lists"), {5, {}, 0}, {}},
        {QStringLiteral("shop"), {}, {0, {}, 7 * messageSize}, {}},
        {alice, QStringLiteral("Old"), {0, std::chrono::hours(24), 0}, {}},
        {alice, QStringLiteral("Blue"), {}, QStringLiteral("blue")},
        {alice, QStringLiteral("None"), {1, {}, 0}, {}}};
    retention.configure(settings);
    const auto left = [this](const QString &mailbox, const char *folder) {
        return rows(mailbox, QString::fromLatin1(folder)).size();
    };
    QTRY_COMPARE_WITH_TIMEOUT(left(QStringLiteral("captured"), ""), 3, 30000); // by the listener's
    QTRY_COMPARE_WITH_TIMEOUT(left(QStringLiteral("shop"), ""), 8, 30000);
    QTRY_COMPARE_WITH_TIMEOUT(left(alice, "Old"), 1, 30000);
    QTRY_COMPARE_WITH_TIMEOUT(left(alice, "Lists"), 6, 30000);
    QCOMPARE(left(alice, ""), 20);
    QCOMPARE(left(alice, "Blue"), 20);
}

void InboxRetentionTest::takesNewLimits()
{
    fill(QStringLiteral("alice"), 20);
    open();
    const CaptureInboxes inboxes(m_folder->path());
    InboxRetention retention(*m_store, inboxes);
    Settings settings;
    settings.listener.policy = RecipientPolicy::Mailboxes; // whose limits are for captured mail alone
    settings.listener.retention.messages = 1;
    settings.folders = {{QStringLiteral("alice"), {}, {12, {}, 0}, {}}};
    retention.configure(settings);
    QTRY_COMPARE_WITH_TIMEOUT(rows(QStringLiteral("alice")).size(), 12, 30000);
    retention.configureFolders({{QStringLiteral("alice"), {}, {4, {}, 0}, {}}});
    QTRY_COMPARE_WITH_TIMEOUT(rows(QStringLiteral("alice")).size(), 4, 30000);
}

void InboxRetentionTest::sweepsWhatComesIn()
{
    open();
    const CaptureInboxes inboxes(m_folder->path());
    InboxRetention retention(*m_store, inboxes);
    Settings settings;
    settings.listener.retention.messages = 2;
    retention.configure(settings);
    for (int i = 0; i < 9; ++i) {
        keep(QStringLiteral("captured"));
        retention.noteArrival({});
    }
    const QDir files(m_folder->filePath(QStringLiteral("mail/captured/new")));
    QTRY_COMPARE_WITH_TIMEOUT(files.entryList(QDir::Files).size(), 2, 30000);
}

void InboxRetentionTest::leavesEverythingUnlessTold_data()
{
    QTest::addColumn<bool>("isLimited");
    QTest::addColumn<bool>("isCatchAll");
    QTest::newRow("no limit") << false << true;
    QTest::newRow("mailboxes") << true << false;
}

void InboxRetentionTest::leavesEverythingUnlessTold()
{
    QFETCH(bool, isLimited);
    QFETCH(bool, isCatchAll);
    fill(QStringLiteral("captured"), 5);
    open();
    const CaptureInboxes inboxes(m_folder->path());
    InboxRetention retention(*m_store, inboxes);
    InboxRetention other(
        *m_store, inboxes); // a second one that sweeps, so that the time is known to have come
    Settings settings;
    settings.listener.policy = isCatchAll ? RecipientPolicy::CatchAll : RecipientPolicy::Mailboxes;
    settings.listener.retention.messages = isLimited ? 1 : 0;
    retention.configure(settings);
    Settings sweeping;
    sweeping.listener.retention.messages = 4;
    other.configure(sweeping);
    QTRY_COMPARE_WITH_TIMEOUT(rows(QStringLiteral("captured")).size(), 4, 30000);
    QVERIFY(test::awaited(m_store->settle()));
    QCOMPARE(rows(QStringLiteral("captured")).size(), 4);
}

QTEST_GUILESS_MAIN(InboxRetentionTest)
#include "tst_inboxretention.moc"
