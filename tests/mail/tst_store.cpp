#include "mail/store/journal.h"
#include "mail/store/maildirname.h"
#include "mail/store/posix.h"
#include "mail/store/store.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <cerrno>
#include <fcntl.h>

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

    template <typename T, typename Call> Result<T> wait(Call call)
    {
        std::optional<Result<T>> result;
        call(Completion<T>([&](Result<T> had) { result = std::move(had); }));
        if (!QTest::qWaitFor([&] { return result.has_value(); }, 20000))
            return tl::unexpected(Error{ErrorCode::InputOutput, QStringLiteral("no answer"), {}});
        return *result;
    }
    Result<QList<MessageId>> keep(const Intake &intake)
    {
        return wait<QList<MessageId>>([&](auto done) { store->keep(intake, &context, done); });
    }
    Result<QList<MessageId>> keep(const QByteArray &content, const QString &user = QStringLiteral("alice"))
    {
        Intake intake;
        intake.folders = {{user, {}}};
        intake.content = content;
        return keep(intake);
    }
    RowPage rows(const RowQuery &query)
    {
        return wait<RowPage>([&](auto done) { store->rows(query, &context, done); }).value_or(RowPage());
    }
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
    void replacedMessageGoes();
    void failedMoveLeavesNoRowBehind();
    void readersAreAnsweredWhileFilesCannotBeWritten();
    void searches_data();
    void searches();
    void rebuildsTheIndex_data();
    void rebuildsTheIndex();
    void seesWhatOtherProgramsDo();
    void sortsAndPages();
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
    Intake intake;
    intake.folders = {{QStringLiteral("alice"), {}}};
    intake.traceFields
        = "Return-Path: <ann@example.org>\r\nReceived: from x by y with ESMTP id S123;\r\n\tnow\r\n";
    intake.content = message("One");
    std::optional<Result<Filed>> filed;
    const auto ids = house.wait<QList<MessageId>>([&](auto done) {
        house.store->keep(intake, &house.context, done, [&](const Result<Filed> &result) { filed = result; });
    });
    QVERIFY(ids.has_value());
    QTRY_VERIFY(filed.has_value());
    QFile file((*filed)->file);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray wire = intake.traceFields + intake.content;
    QCOMPARE(file.readAll(), QByteArray(wire).replace("\r\n", "\n"));
    QCOMPARE((*filed)->size, qint64(wire.size()));
    QTRY_COMPARE(house.inbox().total, 1);
    const MessageRow row = house.inbox().rows.value(0);
    QCOMPARE(row.subject, QStringLiteral("One"));
    QCOMPARE(row.fromName, QStringLiteral("Ann Example"));
    QCOMPARE(row.sessionId, QByteArray("S123"));
    QCOMPARE(row.size, qint64(wire.size()));
    QCOMPARE(row.id, ids->first());
    const auto view
        = house.wait<MessageView>([&](auto done) { house.store->view(row.id, &house.context, done); });
    QCOMPARE(view->subject, QStringLiteral("One"));
    QCOMPARE(view->sessionId, QByteArray("S123"));
}

void tst_Store::oneFileForSeveralFolders()
{
    House house;
    Intake intake;
    intake.folders = {{QStringLiteral("alice"), {}}, {QStringLiteral("bob"), {}},
        {QStringLiteral("alice"), QStringLiteral("Archive")}};
    intake.content = message("Many");
    const auto ids = house.keep(intake);
    QCOMPARE(ids->size(), 3);
    QTRY_COMPARE(house.search(QStringLiteral("many")).total, 3);
    const QFileInfo first(house.folder.filePath(
        QStringLiteral("mail/alice/new/") + house.files(QStringLiteral("mail/alice/new")).value(0)));
    QVERIFY(first.exists());
    for (const MessageId &id : *ids)
        QVERIFY(house.wait<QByteArray>([&](auto done) { house.store->read(id, -1, &house.context, done); })
                    .has_value());
}

void tst_Store::newUserHasFolders()
{
    House house;
    QVERIFY(house
                .wait<void>(
                    [&](auto done) { house.store->createUser(QStringLiteral("bob"), &house.context, done); })
                .has_value());
    const auto folders
        = house.wait<QList<FolderInfo>>([&](auto done) { house.store->folders(&house.context, done); });
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
    QVERIFY(house
                .wait<void>([&](auto done) {
                    house.store->setFlags(
                        *ids, MessageFlag::Seen | MessageFlag::Flagged, {}, &house.context, done);
                })
                .has_value());
    QCOMPARE(house.inbox().rows.value(0).flags, MessageFlag::Seen | MessageFlag::Flagged);
    QTRY_COMPARE(house.files(QStringLiteral("mail/alice/cur")),
        QStringList(QString::fromUtf8(ids->first().unique + ":2,FS")));
    const auto moved = house.wait<QList<MessageId>>(
        [&](auto done) { house.store->move(*ids, QStringLiteral("Trash"), &house.context, done); });
    QCOMPARE(moved->first().unique, ids->first().unique);
    QCOMPARE(moved->first().folder.folder, QStringLiteral("Trash"));
    QCOMPARE(house.inbox().total, 0);
    QTRY_COMPARE(house.files(QStringLiteral("mail/alice/.Trash/cur")).size(), 1);
    QVERIFY(
        house.wait<void>([&](auto done) { house.store->remove(*moved, &house.context, done); }).has_value());
    QTRY_VERIFY(house.files(QStringLiteral("mail/alice/.Trash/cur")).isEmpty());
    QVERIFY(
        !house.wait<void>([&](auto done) { house.store->remove(*moved, &house.context, done); }).has_value());
}

void tst_Store::actsOnAMessageKeptAMomentAgo()
{
    House house;
    for (int i = 0; i < 20; ++i) {
        const auto ids = house.keep(message("Quick"));
        QVERIFY(house
                    .wait<QList<MessageId>>([&](auto done) {
                        house.store->move(*ids, QStringLiteral("Archive"), &house.context, done);
                    })
                    .has_value());
    }
    RowQuery query;
    query.folder = {QStringLiteral("alice"), QStringLiteral("Archive")};
    QTRY_COMPARE(house.rows(query).total, 20);
    QTRY_COMPARE(house.files(QStringLiteral("mail/alice/.Archive/cur")).size(), 20);
    // One that was moved before its row was made may show here until the folder is compared with its files.
    QTRY_COMPARE(house.inbox().total, 0);
}

void tst_Store::replacedMessageGoes()
{
    House house;
    Intake intake;
    intake.folders = {{QStringLiteral("alice"), QStringLiteral("Drafts")}};
    intake.flags = MessageFlag::Draft | MessageFlag::Seen;
    intake.content = message("Draft 1");
    const auto first = house.keep(intake);
    intake.content = message("Draft 2");
    intake.replaces = *first;
    QVERIFY(house.keep(intake).has_value());
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
    const auto moved = house.wait<QList<MessageId>>(
        [&](auto done) { house.store->move(*ids, QStringLiteral("Trash"), &house.context, done); });
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
    const auto read = house.wait<QByteArray>(
        [&](auto done) { house.store->read(ids->first(), -1, &house.context, done); });
    QVERIFY(!read.has_value());
    QCOMPARE(read.error().code, ErrorCode::NoSpace);
    const auto flagged = house.wait<void>(
        [&](auto done) { house.store->setFlags(*ids, MessageFlag::Seen, {}, &house.context, done); });
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
    row("(((", 0);
    row("from:", 2);
    row("before:yesterday", 0);
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
    if (text == QLatin1String("from:") || text == QLatin1String("\"")) // nothing asked: everything
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
    QVERIFY(house
                .wait<void>([&](auto done) {
                    house.store->setFlags(*ids, MessageFlag::Flagged, {}, &house.context, done);
                })
                .has_value());
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
