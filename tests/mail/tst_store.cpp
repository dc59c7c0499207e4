#include "mail/base/lineends.h"
#include "mail/base/posix.h"
#include "mail/journal/journal.h"
#include "mail/maildir/maildirname.h"
#include "mail/store/store.h"
#include "tests/support/awaited.h"
#include "tests/support/busylongwork.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <cerrno>
#include <fcntl.h>

using namespace glasspost;
using namespace glasspost::mail;

namespace {

/// A disk that is full on demand: for all, or for new files alone.
class FullCalls : public FileSystemCalls
{
public:
    std::atomic<bool> all = false;
    std::atomic<bool> files = false;

    int openAt(int folder, const char *path, int flags, mode_t mode) override
    {
        if (files && (flags & O_CREAT) != 0 && QByteArrayView(path).indexOf(".wal") < 0)
            return errno = ENOSPC, -1;
        return FileSystemCalls::openAt(folder, path, flags, mode);
    }
    ssize_t write(int file, const char *data, size_t size) override
    {
        return all ? (errno = ENOSPC, -1) : FileSystemCalls::write(file, data, size);
    }
};

/// A data folder with its journal and store, opened again at will.
struct House
{
    QTemporaryDir folder;
    FullCalls calls;
    std::unique_ptr<Journal> journal;
    std::unique_ptr<Store> store;
    QObject context;

    House() { open(); }
    ~House() { close(); }
    void open()
    {
        JournalSettings settings;
        settings.calls = &calls;
        settings.retryMilliseconds = 20;
        journal = std::move(*Journal::open(folder.path(), settings));
        store = std::move(*Store::open(folder.path(), *journal));
        QObject::connect(store.get(), &Store::troubled, &context,
            [](const Error &error) { qWarning() << error.subject << error.systemText; });
    }
    void close()
    {
        store.reset();
        journal.reset();
    }

    Result<QList<MessageId>> keep(const QByteArray &content, const QList<FolderId> &folders,
        MessageFlags flags = {}, const QList<MessageId> &replaces = {})
    {
        MailboxTransaction transaction;
        const auto ids = transaction.add(withLf(content), folders, flags, {}, {});
        transaction.remove(replaces);
        const auto durable = test::awaited(store->commit(std::move(transaction)).durable);
        return durable ? ids : tl::unexpected(durable.error());
    }
    Result<QList<MessageId>> keep(const QByteArray &content, const QString &user = QStringLiteral("alice"))
    {
        return keep(content, {{user, {}}});
    }
    RowPage rows(const RowQuery &query) { return test::awaited(store->rows(query)).value_or(RowPage()); }
    RowPage search(const QString &text)
    {
        RowQuery query;
        query.searchText = text;
        return rows(query);
    }
    RowPage inbox(const QString &user = QStringLiteral("alice"))
    {
        RowQuery query;
        query.folder = {user, QStringLiteral("")};
        return rows(query);
    }
    /// Messages as another program leaves them there; while no store is open.
    void fill(const QString &user, int count)
    {
        const QDir box(folder.filePath(QStringLiteral("mail/") + user));
        for (const char *part : {"cur", "new", "tmp"})
            box.mkpath(QLatin1String(part));
        for (int i = 0; i < count; ++i)
            write(box.filePath(QStringLiteral("new/1700000000.M%1P1.elsewhere").arg(i)));
    }
    static void write(const QString &path)
    {
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write("From: a@b.test\nSubject: bulk\n\nx\n") < 0)
            qWarning() << "cannot write" << path;
    }
    QStringList files(const QString &path) const
    {
        return QDir(folder.filePath(path)).entryList(QDir::Files | QDir::Hidden);
    }
};

QByteArray message(const QByteArray &subject, const QByteArray &body = "hello\r\n")
{
    return "From: Ann Example <ann@example.org>\r\nTo: alice@example.test\r\nSubject: " + subject
        + "\r\nDate: Mon, 23 Nov 2026 10:00:00 +0000\r\nMessage-ID: <1@example.org>\r\n\r\n" + body;
}

/// Mail that comes and messages that change without an end: each as soon as the one before is durable.
class Stream
{
public:
    Stream(House &house, const QList<MessageId> &toggled) : m_house(house)
    {
        for (int sender = 0; sender < 3; ++sender)
            keepNext();
        for (const MessageId &id : toggled)
            toggle(id, true);
    }
    [[nodiscard]] int kept() const { return m_kept; } ///< durable ones, all with "pouring" as their subject
    /// What is under way still comes to its end.
    [[nodiscard]] bool end()
    {
        m_isEnding = true;
        return QTest::qWaitFor([this] { return m_running == 0; }, 20000);
    }

private:
    void keepNext()
    {
        ++m_running;
        MailboxTransaction transaction;
        transaction.add(
            "From: a@b.test\nSubject: pouring\n\nx\n", {{QStringLiteral("alice"), {}}}, {}, {}, {});
        m_house.store->commit(std::move(transaction))
            .durable.then(&m_context, [this](const Result<void> &durable) {
                --m_running;
                m_kept += durable ? 1 : 0;
                if (!m_isEnding)
                    keepNext();
            });
    }
    void toggle(const MessageId &id, bool isSet)
    {
        ++m_running;
        const MessageFlags flag = MessageFlag::Passed;
        m_house.store->setFlags({id}, isSet ? flag : MessageFlags(), isSet ? MessageFlags() : flag)
            .then(&m_context, [this, id, isSet](const Result<QList<MessageId>> &) {
                --m_running;
                if (!m_isEnding)
                    toggle(id, !isSet);
            });
    }

    House &m_house;
    QObject m_context;
    int m_kept = 0;
    int m_running = 0;
    bool m_isEnding = false;
};

} // namespace

class tst_Store : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void keptMessageIsThereToTheByte();
    void oneFileForSeveralFolders();
    void newUserHasFolders();
    void flagsAndMovesKeepTheUniqueName();
    void actsOnAMessageKeptAMomentAgo();
    void savingKeepsNoReaderWaiting();
    void endLeavesNoHalfFile();
    void replacedMessageGoes();
    void failedMoveLeavesNoRowBehind();
    void readersAreAnsweredWhileFilesCannotBeWritten();
    void searches_data();
    void searches();
    void rebuildsTheIndex_data();
    void rebuildsTheIndex();
    void seesWhatOtherProgramsDo();
    void sortsAndPages();
    void findsInsideOfSentences_data();
    void findsInsideOfSentences();
    void takesDeepSearches();
    void knowsTheEnvelope_data();
    void knowsTheEnvelope();
    void ordersByArrival_data();
    void ordersByArrival();
    void followsArrivals();
    void findsByUniqueName();
    void actsOnManyAtOnce_data();
    void actsOnManyAtOnce();
    void settlesWithAllThatStands_data();
    void settlesWithAllThatStands();
    void settlesWhileMailPoursIn();
    void removesEmptyFoldersAlone_data();
    void removesEmptyFoldersAlone();
    void namesAreSafe_data();
    void namesAreSafe();
    void foldersAreNamedAsDovecotDoes_data();
    void foldersAreNamedAsDovecotDoes();
    void cleanupTestCase() { m_searched.reset(); } // its threads need the application

private:
    std::unique_ptr<House> m_searched; ///< for all rows of searches()
};

void tst_Store::keptMessageIsThereToTheByte()
{
    House house;
    const QByteArray wire
        = "Return-Path: <ann@example.org>\r\nReceived: from x by y with ESMTP id S123;\r\n\tnow\r\n"
        + message("One");
    MailboxTransaction transaction;
    const auto ids = transaction.add(withLf(wire), {{QStringLiteral("alice"), {}}}, {}, {}, {});
    QVERIFY(ids.has_value());
    QFile file(house.store->fileOf(transaction.steps.first()));
    const Committed committed = house.store->commit(transaction);
    QVERIFY(test::awaited(committed.durable).has_value());
    QVERIFY(test::awaited(committed.applied).has_value());
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), QByteArray(wire).replace("\r\n", "\n"));
    QTRY_COMPARE(house.inbox().total, 1);
    const MessageRow row = house.inbox().rows.value(0);
    QCOMPARE(row.subject, QStringLiteral("One"));
    QCOMPARE(row.fromName, QStringLiteral("Ann Example"));
    QCOMPARE(row.sessionId, QByteArray("S123"));
    QCOMPARE(row.size, qint64(wire.size()));
    QCOMPARE(row.id, ids->first());
    const auto view = test::awaited(house.store->view(row.id));
    QCOMPARE(view->subject, QStringLiteral("One"));
    QCOMPARE(view->sessionId, QByteArray("S123"));
}

void tst_Store::oneFileForSeveralFolders()
{
    House house;
    const auto ids = house.keep(message("Many"),
        {{QStringLiteral("alice"), {}}, {QStringLiteral("bob"), {}},
            {QStringLiteral("alice"), QStringLiteral("Archive")}});
    QCOMPARE(ids->size(), 3);
    QTRY_COMPARE(house.search(QStringLiteral("many")).total, 3);
    const QFileInfo first(house.folder.filePath(
        QStringLiteral("mail/alice/new/") + house.files(QStringLiteral("mail/alice/new")).value(0)));
    QVERIFY(first.exists());
    for (const MessageId &id : *ids)
        QVERIFY(test::awaited(house.store->read(id, -1)).has_value());
}

void tst_Store::newUserHasFolders()
{
    House house;
    QVERIFY(test::awaited(house.store->createUser(QStringLiteral("bob"))).has_value());
    const auto folders = test::awaited(house.store->folders());
    QStringList names;
    for (const FolderInfo &info : *folders)
        names.append(info.id.folder);
    QCOMPARE(names,
        (QStringList{QStringLiteral(""), QStringLiteral("Archive"), QStringLiteral("Drafts"),
            QStringLiteral("Junk"), QStringLiteral("Sent"), QStringLiteral("Trash")}));
    QVERIFY(QFile::exists(house.folder.filePath(QStringLiteral("mail/bob/.Sent/maildirfolder"))));
}

void tst_Store::flagsAndMovesKeepTheUniqueName()
{
    House house;
    const auto ids = house.keep(message("One"));
    QTRY_COMPARE(house.inbox().total, 1);
    QVERIFY(
        test::awaited(house.store->setFlags(*ids, MessageFlag::Seen | MessageFlag::Flagged, {})).has_value());
    QCOMPARE(house.inbox().rows.value(0).flags, MessageFlag::Seen | MessageFlag::Flagged);
    QTRY_COMPARE(house.files(QStringLiteral("mail/alice/cur")),
        QStringList(QString::fromUtf8(ids->first().unique + ":2,FS")));
    const auto moved = test::awaited(house.store->move(*ids, QStringLiteral("Trash")));
    QCOMPARE(moved->first().unique, ids->first().unique);
    QCOMPARE(moved->first().folder.folder, QStringLiteral("Trash"));
    QCOMPARE(house.inbox().total, 0);
    QTRY_COMPARE(house.files(QStringLiteral("mail/alice/.Trash/cur")).size(), 1);
    QVERIFY(test::awaited(house.store->remove(*moved)).has_value());
    QTRY_VERIFY(house.files(QStringLiteral("mail/alice/.Trash/cur")).isEmpty());
    QVERIFY(!test::awaited(house.store->remove(*moved)).has_value());
}

void tst_Store::actsOnAMessageKeptAMomentAgo()
{
    House house;
    for (int i = 0; i < 20; ++i) {
        const auto ids = house.keep(message("Quick"));
        QVERIFY(test::awaited(house.store->move(*ids, QStringLiteral("Archive"))).has_value());
    }
    RowQuery query;
    query.folder = {QStringLiteral("alice"), QStringLiteral("Archive")};
    QTRY_COMPARE(house.rows(query).total, 20);
    QTRY_COMPARE(house.files(QStringLiteral("mail/alice/.Archive/cur")).size(), 20);
    // One that was moved before its row was made may show here until the folder is compared with its files.
    QTRY_COMPARE(house.inbox().total, 0);
}

void tst_Store::savingKeepsNoReaderWaiting()
{
    House house;
    const QTemporaryDir target;
    const QString path = target.filePath(QStringLiteral("one.eml"));
    const auto large = house.keep("Subject: one\n\ntext\n");
    const auto other = house.keep("Subject: two\n\ntext\n");
    QVERIFY(large && other);
    test::BusyLongWork busy; // as if the disk were slow
    const Task<void> saved = house.store->saveSource(large->first(), path);
    const auto view = test::awaited(house.store->view(other->first()));
    QCOMPARE(view.value_or(MessageView()).subject, QStringLiteral("two"));
    QVERIFY(!QFile::exists(path));
    busy.end();
    QVERIFY(test::awaited(saved));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), QByteArray("Subject: one\n\ntext\n"));
}

void tst_Store::endLeavesNoHalfFile()
{
    House house;
    const QTemporaryDir target;
    const auto ids = house.keep("Subject: one\n\ntext\n");
    QVERIFY(ids);
    test::BusyLongWork busy;
    house.store->saveSource(ids->first(), target.filePath(QStringLiteral("one.eml")));
    house.store->savePart(ids->first(), 0, target.filePath(QStringLiteral("one.txt")));
    house.store->saveParts(ids->first(), {{0, QStringLiteral("two.txt")}}, target.path());
    QVERIFY(test::awaited(house.store->view(ids->first()))); // the saves wait for their turn
    house.close();
    busy.end();
    QCOMPARE(QDir(target.path()).entryList(QDir::Files | QDir::Hidden), QStringList());
}

void tst_Store::replacedMessageGoes()
{
    House house;
    const QList<FolderId> drafts{{QStringLiteral("alice"), QStringLiteral("Drafts")}};
    const MessageFlags flags = MessageFlag::Draft | MessageFlag::Seen;
    const auto first = house.keep(message("Draft 1"), drafts, flags);
    QVERIFY(house.keep(message("Draft 2"), drafts, flags, *first).has_value());
    QTRY_COMPARE(house.files(QStringLiteral("mail/alice/.Drafts/cur")).size(), 1);
    QTRY_COMPARE(house.search(QStringLiteral("draft")).total, 1);
    QCOMPARE(house.search(QStringLiteral("draft")).rows.value(0).subject, QStringLiteral("Draft 2"));
}

void tst_Store::failedMoveLeavesNoRowBehind()
{
    House house;
    const auto ids = house.keep(message("One"));
    QTRY_COMPARE(house.inbox().total, 1);
    house.calls.all = true;
    const auto moved = test::awaited(house.store->move(*ids, QStringLiteral("Trash")));
    QVERIFY(!moved.has_value());
    QCOMPARE(moved.error().code, ErrorCode::NoSpace);
    RowQuery trash;
    trash.folder = {QStringLiteral("alice"), QStringLiteral("Trash")};
    QTRY_COMPARE(house.rows(trash).total, 0);
    QTRY_COMPARE(house.inbox().total, 1);
    house.calls.all = false;
}

// The message is durable and its file cannot be written yet: whoever asks for it is told so.
void tst_Store::readersAreAnsweredWhileFilesCannotBeWritten()
{
    House house;
    int troubles = 0; // counted here: a QSignalSpy would be written to by the journal's own thread
    QObject::connect(house.journal.get(), &Journal::troubled, &house.context, [&troubles] { ++troubles; });
    house.calls.files = true;
    const auto ids = house.keep(message("One"));
    QVERIFY(ids.has_value());
    QTRY_COMPARE(troubles, 1);
    const auto read = test::awaited(house.store->read(ids->first(), -1));
    QVERIFY(!read.has_value());
    QCOMPARE(read.error().code, ErrorCode::NoSpace);
    const auto flagged = test::awaited(house.store->setFlags(*ids, MessageFlag::Seen, {}));
    QVERIFY(!flagged.has_value());
    QVERIFY(flagged.error().subject != QStringLiteral("no answer"));
    house.calls.files = false;
    QTRY_COMPARE(house.inbox().total, 1);
}

void tst_Store::searches_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("found");
    const auto row
        = [](const char *text, int found) { QTest::newRow(text) << QString::fromUtf8(text) << found; };
    row("invoice", 1);
    row("invo", 1);
    row("\"quarterly report\"", 1);
    row("\"report quarterly\"", 0);
    row("from:ann", 2);
    row("from:\"ann example\"", 2);
    row("subject:invoice", 1);
    row("to:invoice", 0);
    row("to:alice", 2);
    row("before:2026-11-23", 0);
    row("after:2026-11-22 invoice", 1);
    row("after:2027", 0);
    row("before:2027 after:2026", 2);
    row("has:attachment", 0);
    row("-invoice", 1);
    row("ann -invoice", 1);
    row("strasse", 0);
    row("cafe", 1);
    // F12: what is typed is data.
    row("'; DROP TABLE messages; --", 0);
    row("\"", 0);
    row("\"unclosed", 0);
    row("a OR b", 0);
    row("NEAR(", 0);
    row("body : x", 0);
    row("^invoice*", 1);
    row("(((", 2);
    row("from:", 2);
    row("before:someday", 0);
    row("before:2026-11-24", 2);
    row("invoice OR lunch ", 2);
    row("quarterly (lunch OR invoice) ", 1);
    row("-(lunch OR invoice) ", 0);
    row("invoice OR has:attachment", 1);
    row("-has:attachment -invoice ", 1);
    row("subject:(lunch OR quarterly) ", 1);
    row("is:unread", 2);
    row("is:read", 0);
    row("-is:read -is:flagged invoice", 1);
    row("in:inbox", 2);
    row("in:ALICE", 2);
    row("in:alice/Inbox invoice", 1);
    row("in:sent", 0);
    row("id:1@example.org", 2);
    row("id:<1@example.org> lunch", 1);
    row("id:1@example", 0);
    row("session:none", 0);
    row("-session:none", 2);
    row("larger:100 smaller:1k", 2);
    row("larger:1k", 0);
    row("date:2026-11", 2);
    row("date:2026-11-24..", 0);
    row("cc:alice", 0);
    row("body:invoice", 0);
    row("sender:ann", 0);
    row("* ) AND", 0);
    row("%", 0);
}

void tst_Store::searches()
{
    QFETCH(QString, text);
    QFETCH(int, found);
    if (!m_searched)
        m_searched = std::make_unique<House>();
    House &house = *m_searched;
    if (house.inbox().total == 0) {
        QVERIFY(house.keep(message("Invoice 17", "The quarterly report.\r\n")).has_value());
        QVERIFY(house.keep(message("Lunch", "Caf\xC3\xA9\r\n")).has_value());
        QTRY_COMPARE(house.inbox().total, 2);
    }
    if (text == QLatin1String("\"")) // nothing asked: everything
        found = 2;
    QCOMPARE(house.search(text).total, found);
}

void tst_Store::rebuildsTheIndex_data()
{
    QTest::addColumn<QByteArray>("damage");
    QTest::newRow("F32 deleted") << QByteArray("delete");
    QTest::newRow("F32 overwritten") << QByteArray("overwrite");
    QTest::newRow("F32 middle overwritten") << QByteArray("middle");
    QTest::newRow("F32 empty") << QByteArray("empty");
}

void tst_Store::rebuildsTheIndex()
{
    QFETCH(QByteArray, damage);
    House house;
    for (int i = 0; i < 30; ++i)
        QVERIFY(house.keep(message("Number " + QByteArray::number(i))).has_value());
    QTRY_COMPARE(house.inbox().total, 30);
    house.close();
    const QString path = house.folder.filePath(QStringLiteral("index.sqlite"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadWrite));
    if (damage == "delete")
        QVERIFY(file.remove());
    else if (damage == "empty")
        QVERIFY(file.resize(0));
    else if (damage == "overwrite")
        file.write(QByteArray(int(file.size()), 'x'));
    else
        QVERIFY(file.seek(4096) && file.write(QByteArray(int(file.size() - 4096), '\xA5')) > 0);
    file.close();
    house.open();
    QTRY_COMPARE_WITH_TIMEOUT(house.inbox().total, 30, 15000);
    QCOMPARE(house.search(QStringLiteral("number 7")).total, 1);
}

void tst_Store::seesWhatOtherProgramsDo()
{
    House house;
    const auto ids = house.keep(message("One"));
    QTRY_COMPARE(house.inbox().total, 1);
    const QDir box(house.folder.filePath(QStringLiteral("mail/alice")));
    const QString name = QString::fromUtf8(ids->first().unique);
    QVERIFY(QFile::rename(box.filePath(QStringLiteral("new/") + name),
        box.filePath(QStringLiteral("cur/") + name + QStringLiteral(":2,RSa"))));
    QFile file(box.filePath(QStringLiteral("new/1700000000.M1P1.elsewhere")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("Subject: From outside\n\nx\n");
    file.close();
    QTRY_COMPARE_WITH_TIMEOUT(house.inbox().total, 2, 15000);
    QTRY_COMPARE_WITH_TIMEOUT(house.search(QStringLiteral("subject:one")).rows.value(0).flags,
        MessageFlag::Replied | MessageFlag::Seen, 15000);
    QVERIFY(test::awaited(house.store->setFlags(*ids, MessageFlag::Flagged, {})).has_value());
    QTRY_VERIFY(QFile::exists(box.filePath(QStringLiteral("cur/") + name + QStringLiteral(":2,FRSa"))));
    QVERIFY(QFile::remove(box.filePath(QStringLiteral("cur/") + name + QStringLiteral(":2,FRSa"))));
    QTRY_COMPARE_WITH_TIMEOUT(house.inbox().total, 1, 15000);
}

void tst_Store::sortsAndPages()
{
    House house;
    for (int i = 0; i < 25; ++i)
        QVERIFY(house.keep(message("Subject " + QByteArray(1, char('a' + i)), QByteArray(10 * i, 'x')))
                    .has_value());
    QTRY_COMPARE(house.inbox().total, 25);
    RowQuery query;
    query.folder = {QStringLiteral("alice"), QStringLiteral("")};
    query.sort = SortKey::Subject;
    query.order = Qt::AscendingOrder;
    query.offset = 10;
    query.limit = 5;
    const RowPage page = house.rows(query);
    QCOMPARE(page.total, 25);
    QCOMPARE(page.rows.size(), 5);
    QCOMPARE(page.rows.first().subject, QStringLiteral("Subject k"));
    query.sort = SortKey::Size;
    query.order = Qt::DescendingOrder;
    query.offset = 0;
    QCOMPARE(house.rows(query).rows.first().subject, QStringLiteral("Subject y"));
}

void tst_Store::findsInsideOfSentences_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("body");
    QTest::addColumn<bool>("isFound");
    const auto row = [](const char *tag, const char *query, const char *body, bool isFound) {
        QTest::newRow(tag) << QString::fromUtf8(query) << QString::fromUtf8(body) << isFound;
    };
    row("T46 Katakana within a sentence", "メール", "今日は新しいメールが届きました。", true);
    row("T46 Katakana in another order", "ルーメ", "今日は新しいメールが届きました。", false);
    row("T46 one Han character", "届", "今日は新しいメールが届きました。", true);
    row("T46 a phrase", "\"新しいメール\"", "今日は新しいメールが届きました。", true);
    row("T46 half-width Katakana", "ﾒｰﾙ", "今日は新しいメールが届きました。", true);
    row("T46 Chinese", "邮件", "请查收附件中的邮件内容", true);
    row("T46 Korean within a word", "메일", "이메일을 확인해 주세요", true);
    row("T46 Thai", "จดหมาย", "คุณได้รับจดหมายใหม่", true);
    row("T46 an emoji", "😀", "Well done😀!", true);
    row("T46 another emoji", "😁", "Well done😀!", false);
    row("T46 an emoji of a later Unicode", "🫠", "It is 🫠 here", true);
    row("T46 a heart from the first plane", "❤", "with ❤️ from here", true);
    row("T46 an emoji beside a word", "done", "Well done😀!", true);
    row("T46 a flag", "🇯🇵", "from 🇯🇵 with", true);
    row("T46 a sign between words", "acme", "Acme® Ltd", true);
    row("T46 Latin as ever, no part of a word", "art", "smarter", false);
    row("T46 not with", "hello -メール", "hello メールが", false);
}

/// SQLite's parsers hold a hundred tokens: what goes past that is no damage of the index, which is left
/// alone.
void tst_Store::takesDeepSearches()
{
    House house;
    QVERIFY(house.keep(message("one")).has_value());
    QTRY_COMPARE(house.inbox().total, 1);
    for (const char *piece : {"one OR b (", "larger:1 OR is:unread (", "-(one b -(c OR "}) {
        const RowPage page = house.search(QString::fromLatin1(piece).repeated(40) + QLatin1String("one "));
        QVERIFY2(!page.isMissing, piece);
    }
}

void tst_Store::findsInsideOfSentences()
{
    QFETCH(QString, query);
    QFETCH(QString, body);
    QFETCH(bool, isFound);
    House house;
    QVERIFY(house
                .keep("From: a@b.test\r\nSubject: one\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
                    + body.toUtf8() + "\r\n")
                .has_value());
    QTRY_COMPARE(house.inbox().total, 1);
    const RowPage page = house.search(query + u' ');
    QCOMPARE(page.total, isFound ? 1 : 0);
    // What is shown of it is the text as it was written.
    if (isFound && query == QStringLiteral("邮件"))
        QCOMPARE(page.rows.first().snippet, body);
}

void tst_Store::knowsTheEnvelope_data()
{
    QTest::addColumn<QByteArray>("trace");
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QString>("query");
    QTest::addColumn<int>("found");
    QTest::addColumn<QString>("sender");
    const QByteArray trace = "Return-Path: <bounces@example.org>\r\nDelivered-To: seen@example.test\r\n"
                             "Delivered-To: hidden@example.test\r\n";
    const QByteArray full = "From: Ann <ann@example.org>\r\nTo: seen@example.test\r\nSubject: x\r\n";
    const QByteArray bare = "Subject: x\r\n";
    const QString ann = QStringLiteral("Ann");
    const QString envelope = QStringLiteral("bounces@example.org");
    QTest::newRow("T50 Bcc, any field") << trace << full << QStringLiteral("hidden@example.test") << 1 << ann;
    QTest::newRow("T50 Bcc, to:") << trace << full << QStringLiteral("to:hidden") << 1 << ann;
    QTest::newRow("T50 Bcc, bcc:") << trace << full << QStringLiteral("bcc:hidden") << 1 << ann;
    QTest::newRow("T50 Bcc, none who is named") << trace << full << QStringLiteral("bcc:seen") << 0 << ann;
    QTest::newRow("T50 envelope-to:")
        << trace << full << QStringLiteral("envelope-to:seen@example.test") << 1 << ann;
    QTest::newRow("T50 envelope-from:")
        << trace << full << QStringLiteral("envelope-from:bounces") << 1 << ann;
    QTest::newRow("T50 envelope-from:, who is none")
        << trace << full << QStringLiteral("envelope-from:ann") << 0 << ann;
    QTest::newRow("T50 a recipient of the header") << trace << full << QStringLiteral("to:seen") << 1 << ann;
    QTest::newRow("T50 who is none") << trace << full << QStringLiteral("to:nobody") << 0 << ann;
    QTest::newRow("T69 no From") << trace << bare << QStringLiteral("from:bounces") << 1 << envelope;
    QTest::newRow("T69 an empty From")
        << trace << QByteArray("From:\r\n" + bare) << QStringLiteral("from:bounces") << 1 << envelope;
    QTest::newRow("T69 a report without From") << QByteArray("Return-Path: <>\r\n") << bare
                                               << QStringLiteral("subject:x") << 1 << QStringLiteral("<>");
    QTest::newRow("T69 a From stands") << trace << full << QStringLiteral("from:bounces") << 0 << ann;
}

void tst_Store::knowsTheEnvelope()
{
    QFETCH(QByteArray, trace);
    QFETCH(QByteArray, header);
    QFETCH(QString, query);
    QFETCH(int, found);
    QFETCH(QString, sender);
    House house;
    QVERIFY(house.keep(trace + header + "\r\nhello\r\n").has_value());
    QTRY_COMPARE(house.inbox().total, 1);
    QCOMPARE(house.inbox().rows.first().fromName, sender);
    QCOMPARE(house.search(query).total, found);
}

void tst_Store::ordersByArrival_data()
{
    QTest::addColumn<SortKey>("sort");
    QTest::addColumn<Qt::SortOrder>("order");
    QTest::addColumn<QStringList>("expected");
    const QStringList arrived = {QStringLiteral("1999"), QStringLiteral("2035"), QStringLiteral("2026")};
    const QStringList reversed = {arrived[2], arrived[1], arrived[0]};
    QTest::newRow("T42 newest first") << SortKey::Arrival << Qt::DescendingOrder << reversed;
    QTest::newRow("T42 oldest first") << SortKey::Arrival << Qt::AscendingOrder << arrived;
    QTest::newRow("by Date") << SortKey::Date << Qt::AscendingOrder
                             << QStringList{arrived[0], arrived[2], arrived[1]};
}

void tst_Store::ordersByArrival()
{
    QFETCH(SortKey, sort);
    QFETCH(Qt::SortOrder, order);
    QFETCH(QStringList, expected);
    House house;
    int kept = 0;
    for (const char *year : {"1999", "2035", "2026"}) {
        QVERIFY(house
                    .keep(QByteArray("From: a@b.test\r\nDate: 23 Nov ") + year
                        + " 10:00:00 +0000\r\nSubject: " + year + "\r\n\r\nx\r\n")
                    .has_value());
        ++kept;
        QTRY_COMPARE(house.inbox().total, kept);
    }
    RowQuery query;
    query.folder = {QStringLiteral("alice"), QStringLiteral("")};
    query.sort = sort;
    query.order = order;
    QStringList subjects;
    const RowPage page = house.rows(query);
    for (const MessageRow &row : page.rows)
        subjects.append(row.subject);
    QCOMPARE(subjects, expected);
}

// Each is one transaction of the index: no look at it sees a part of the work.
void tst_Store::followsArrivals()
{
    House house;
    const auto keepIn = [&house](const QByteArray &subject, const QString &user, const QString &folder) {
        const auto ids = house.keep(message(subject, subject + "\r\n"), {{user, folder}});
        // The order of the index: a look at the folders goes through one after the other.
        const bool isIndexed = test::awaited(house.store->settle()).has_value();
        return ids && isIndexed ? ids->first() : MessageId();
    };
    const QString alice = QStringLiteral("alice"), bob = QStringLiteral("bob");
    const MessageId one = keepIn("one", alice, {});
    keepIn("copy", alice, QStringLiteral("Sent"));
    keepIn("draft", bob, QStringLiteral("Drafts"));
    keepIn("two", bob, QStringLiteral("Lists"));
    keepIn("three", alice, {});
    QVERIFY(test::awaited(house.store->settle()).has_value());
    const auto page = [&house](const ArrivalQuery &query) {
        return test::awaited(house.store->arrivals(query)).value_or(RowPage());
    };
    const auto subjects = [&page](const ArrivalQuery &query) {
        QStringList list;
        for (const MessageRow &row : page(query).rows)
            list += row.subject;
        return list.join(u' ');
    };
    QCOMPARE(subjects({}), QStringLiteral("one two three"));
    QCOMPARE(subjects({{}, {}, 0, 0, 2}), QStringLiteral("one two"));
    const RowPage first = page({{}, {}, 0, 0, 1});
    QCOMPARE(subjects({{}, {}, first.rows.value(0).number}), QStringLiteral("two three"));
    QCOMPARE(subjects({{}, {}, first.newest}), QString());
    QCOMPARE(subjects({{alice, QStringLiteral("Sent")}, {}}), QStringLiteral("copy"));
    QCOMPARE(subjects({{alice, {}}, {}}), QStringLiteral("one three"));
    QCOMPARE(subjects({{}, QStringLiteral("to:\"alice@example.test\" two")}), QStringLiteral("two"));
    QCOMPARE(subjects({{}, QStringLiteral("to:\"nobody@example.test\"")}), QString());
    const qint64 arrived = first.rows.value(0).arrivedAt;
    QCOMPARE(subjects({{}, {}, 0, arrived}), QStringLiteral("one two three"));
    QCOMPARE(subjects({{}, {}, first.rows.value(0).number, arrived}), QStringLiteral("two three"));
    QCOMPARE(subjects({{}, {}, 0, arrived + 3600}), QString());

    // What is moved has come before, wherever it is now.
    QVERIFY(test::awaited(house.store->move({one}, QStringLiteral("Archive"))).has_value());
    QCOMPARE(subjects({{}, {}, first.newest}), QString());
    QCOMPARE(subjects({}), QStringLiteral("one two three"));
    QVERIFY(test::awaited(
        house.store->move({{{alice, QStringLiteral("Archive")}, one.unique}}, QStringLiteral("Trash")))
                .has_value());
    QCOMPARE(subjects({}), QStringLiteral("two three"));
}

void tst_Store::findsByUniqueName()
{
    House house;
    const auto ids = house.keep(message("one"), {{QStringLiteral("alice"), {}}, {QStringLiteral("bob"), {}}});
    QVERIFY(ids.has_value());
    QVERIFY(test::awaited(house.store->settle()).has_value());
    const auto found = [&house](const QByteArray &unique) {
        QList<FolderId> folders;
        for (const MessageRow &row : test::awaited(house.store->named(unique)).value_or(QList<MessageRow>()))
            folders += row.id.folder;
        return folders;
    };
    QCOMPARE(found(ids->first().unique), (QList<FolderId>{{QStringLiteral("alice"), QStringLiteral("")}}));
    QCOMPARE(found(ids->last().unique), (QList<FolderId>{{QStringLiteral("bob"), QStringLiteral("")}}));
    const FolderId junk{QStringLiteral("bob"), QStringLiteral("Junk")};
    QVERIFY(test::awaited(house.store->move({ids->last()}, junk.folder)).has_value());
    QCOMPARE(found(ids->last().unique), QList<FolderId>{junk});
    QCOMPARE(found("1700000000.M1P1.nowhere"), QList<FolderId>());
}

void tst_Store::actsOnManyAtOnce_data()
{
    QTest::addColumn<QString>("what");
    QTest::newRow("T49 move") << QStringLiteral("move");
    QTest::newRow("T49 flag") << QStringLiteral("flag");
    QTest::newRow("T49 remove") << QStringLiteral("remove");
}

void tst_Store::actsOnManyAtOnce()
{
    QFETCH(QString, what);
    constexpr int count = 1000;
    House house;
    house.close();
    house.fill(QStringLiteral("alice"), count);
    house.open();
    QTRY_COMPARE_WITH_TIMEOUT(house.inbox().total, count, 20000);
    RowQuery query;
    query.folder = {QStringLiteral("alice"), QStringLiteral("")};
    const auto order = test::awaited(house.store->order(query));
    QCOMPARE(order->numbers.size(), count);
    const auto ids = test::awaited(house.store->identify(*order));
    QCOMPARE(ids->size(), count);
    bool isDone = false;
    const auto finish = [&isDone](const auto &result) { isDone = result.has_value(); };
    if (what == QLatin1String("move"))
        house.store->move(*ids, QStringLiteral("Trash")).then(&house.context, finish);
    else if (what == QLatin1String("flag"))
        house.store->setFlags(*ids, MessageFlag::Seen, {}).then(&house.context, finish);
    else
        house.store->remove(*ids).then(&house.context, finish);
    QElapsedTimer clock;
    clock.start();
    RowQuery left;
    left.folder = {QStringLiteral("alice"), QStringLiteral("")};
    left.limit = count;
    for (int unchanged = count; unchanged > 0;) {
        const RowPage page = house.rows(left);
        unchanged = what == QLatin1String("flag") ? int(std::count_if(page.rows.cbegin(), page.rows.cend(),
                        [](const MessageRow &row) { return !row.flags.testFlag(MessageFlag::Seen); }))
                                                  : page.total;
        QVERIFY2(unchanged == count || unchanged == 0, "a part of them");
        QVERIFY(clock.elapsed() < 20000);
    }
    QTRY_VERIFY(isDone);
}

void tst_Store::settlesWithAllThatStands_data()
{
    QTest::addColumn<QString>("change");
    QTest::addColumn<int>("expected");
    QTest::newRow("T44 nothing since") << QStringLiteral("none") << 300;
    QTest::newRow("T44 opened with no index") << QStringLiteral("reopen") << 300;
    QTest::newRow("T44 another program put one there") << QStringLiteral("add") << 301;
    QTest::newRow("T44 another program removed one") << QStringLiteral("remove") << 299;
    QTest::newRow("T44 another program made a folder") << QStringLiteral("folder") << 301;
    QTest::newRow("T44 kept a moment ago") << QStringLiteral("keep") << 301;
    QTest::newRow("T44 moved a moment ago") << QStringLiteral("move") << 300;
}

void tst_Store::settlesWithAllThatStands()
{
    QFETCH(QString, change);
    QFETCH(int, expected);
    House house;
    house.close();
    house.fill(QStringLiteral("alice"), 300);
    house.open();
    const auto settled = [&house] { return test::awaited(house.store->settle()).has_value(); };
    if (change != QLatin1String("reopen")) {
        QVERIFY(settled());
        QCOMPARE(house.search(QStringLiteral("bulk")).total, 300);
    }
    const QDir box(house.folder.filePath(QStringLiteral("mail/alice")));
    if (change == QLatin1String("add")) {
        house.write(box.filePath(QStringLiteral("new/1700000001.M1P1.elsewhere")));
    } else if (change == QLatin1String("remove")) {
        QVERIFY(QFile::remove(
            box.filePath(QStringLiteral("new/") + house.files(QStringLiteral("mail/alice/new")).first())));
    } else if (change == QLatin1String("folder")) {
        for (const char *part : {"cur", "new", "tmp"})
            QVERIFY(box.mkpath(QStringLiteral(".Elsewhere/") + QLatin1String(part)));
        house.write(box.filePath(QStringLiteral(".Elsewhere/cur/1700000001.M1P1.elsewhere:2,S")));
    } else if (change == QLatin1String("keep")) {
        QVERIFY(house.keep(message("bulk")).has_value());
    } else if (change == QLatin1String("move")) {
        const QList<MessageId> ids = {house.inbox().rows.first().id};
        house.store->move(ids, QStringLiteral("Trash"));
    }
    QVERIFY(settled());
    RowQuery query;
    query.searchText = QStringLiteral("bulk");
    QCOMPARE(house.rows(query).total, expected);
}

void tst_Store::settlesWhileMailPoursIn()
{
    House house;
    QList<MessageId> toggled;
    for (int i = 0; i < 4; ++i)
        toggled += house.keep(message("toggled")).value_or(QList<MessageId>());
    QCOMPARE(toggled.size(), 4);
    Stream stream(house, toggled);
    for (int count = 1; count <= 6; ++count) {
        const auto ids = house.keep(message("counted"));
        QVERIFY(ids.has_value());
        QVERIFY(test::awaited(house.store->setFlags(*ids, MessageFlag::Flagged, {})).has_value());
        const int kept = stream.kept();
        QVERIFY(test::awaited(house.store->settle()).has_value());
        QVERIFY(house.search(QStringLiteral("subject:pouring ")).total >= kept);
        QCOMPARE(house.search(QStringLiteral("subject:counted is:flagged ")).total, count);
        QCOMPARE(house.search(QStringLiteral("subject:toggled ")).total, 4);
    }
    QVERIFY(stream.end());
    QVERIFY(test::awaited(house.store->settle()).has_value());
    QCOMPARE(house.search(QStringLiteral("subject:pouring ")).total, stream.kept());
    const RowPage page = house.search(QStringLiteral("subject:toggled "));
    QCOMPARE(page.rows.size(), 4);
    for (const MessageRow &row : page.rows)
        QCOMPARE(row.flags, test::awaited(house.store->flags(row.id)).value_or(MessageFlags()));
}

void tst_Store::removesEmptyFoldersAlone_data()
{
    QTest::addColumn<QString>("folder");
    QTest::addColumn<bool>("isFilled");
    QTest::addColumn<bool>("isRemoved");
    QTest::newRow("T59 empty") << QStringLiteral("Project") << false << true;
    QTest::newRow("T59 with a message") << QStringLiteral("Project") << true << false;
    QTest::newRow("T59 an Inbox") << QStringLiteral("") << false << false;
}

void tst_Store::removesEmptyFoldersAlone()
{
    QFETCH(QString, folder);
    QFETCH(bool, isFilled);
    QFETCH(bool, isRemoved);
    House house;
    const FolderId id{QStringLiteral("alice"), folder};
    QVERIFY(test::awaited(house.store->createFolder(id)).has_value());
    if (isFilled)
        QVERIFY(house.keep(message("One"), {id}).has_value());
    QVERIFY(test::awaited(house.store->settle()).has_value());
    QCOMPARE(test::awaited(house.store->removeFolder(id)).has_value(), isRemoved);
    const QString path
        = folder.isEmpty() ? QStringLiteral("mail/alice") : QStringLiteral("mail/alice/.Project");
    QCOMPARE(QFile::exists(house.folder.filePath(path)), !isRemoved);
    // What comes for it later makes it again.
    QVERIFY(house.keep(message("One"), {id}).has_value());
    RowQuery query;
    query.folder = id;
    QTRY_COMPARE(house.rows(query).total, isFilled ? 2 : 1);
}

void tst_Store::namesAreSafe_data()
{
    QTest::addColumn<QString>("user");
    QTest::addColumn<QByteArray>("path");
    QTest::newRow("plain") << QStringLiteral("alice") << QByteArray("mail/alice");
    QTest::newRow("F21 up") << QStringLiteral("../x") << QByteArray("mail/%2E.%2Fx");
    QTest::newRow("F21 dots") << QStringLiteral("..") << QByteArray("mail/%2E.");
    QTest::newRow("F11 semicolon and bar") << QStringLiteral("a|b") << QByteArray("mail/a%7Cb");
    QTest::newRow("line end") << QStringLiteral("a\nb") << QByteArray("mail/a%0Ab");
    QTest::newRow("percent") << QStringLiteral("a%2Fb") << QByteArray("mail/a%252Fb");
    QTest::newRow("tag") << QStringLiteral("a+b") << QByteArray("mail/a+b");
}

void tst_Store::namesAreSafe()
{
    QFETCH(QString, user);
    QFETCH(QByteArray, path);
    QCOMPARE(userPath(user).value(), path);
    QCOMPARE(userOfPath(path.mid(5)), user);
}

void tst_Store::foldersAreNamedAsDovecotDoes_data()
{
    QTest::addColumn<QString>("folder");
    QTest::addColumn<QByteArray>("name");
    QTest::newRow("plain") << QStringLiteral("Sent") << QByteArray(".Sent");
    QTest::newRow("umlaut") << QString::fromUtf8("Entw\xC3\xBCrfe") << QByteArray(".Entw&APw-rfe");
    QTest::newRow("ampersand") << QStringLiteral("R&D") << QByteArray(".R&-D");
    QTest::newRow("RFC 3501 5.1.3") << QString::fromUtf8("\xE5\x8F\xB0\xE5\x8C\x97")
                                    << QByteArray(".&U,BTFw-");
    QTest::newRow("levels") << QStringLiteral("a.b") << QByteArray(".a.b");
}

void tst_Store::foldersAreNamedAsDovecotDoes()
{
    QFETCH(QString, folder);
    QFETCH(QByteArray, name);
    QCOMPARE(folderPath({QStringLiteral("u"), folder}).value(), QByteArray("mail/u/" + name));
    QCOMPARE(folderOfName(name), folder);
}

QTEST_GUILESS_MAIN(tst_Store)
#include "tst_store.moc"
