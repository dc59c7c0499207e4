// Mail carried in and out: the mbox reader and writer, and whole imports and exports over a real mail system.
#include "mail/transfer/mboxwriter.h"
#include "mail/transfer/transfer.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <optional>

using namespace glasspost::mail;

namespace {

const QByteArray firstMessage
    = "From: Alice <alice@example.org>\nSubject: One\n\nText\n\nFrom here on it is quoted.\n";
const QByteArray secondMessage = "From: Bob <bob@example.org>\nSubject: Two\n\n>From the start\n";

QList<CarriedMessage> read(const QByteArray &octets, qsizetype piece)
{
    MboxReader reader;
    QList<CarriedMessage> messages;
    for (qsizetype at = 0; at < octets.size(); at += piece)
        messages += reader.feed(QByteArrayView(octets).sliced(at, qMin(piece, octets.size() - at)));
    return messages + reader.finish();
}

void put(const QString &path, const QByteArray &octets)
{
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(octets), octets.size());
}

QByteArray get(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TestTransfer : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        start();
        QTRY_VERIFY_WITH_TIMEOUT(hasFolder({QStringLiteral("alice"), QStringLiteral("Archive")}), 20000);
    }
    void cleanup()
    {
        m_system.reset();
        m_folder.reset();
    }

    void dividers_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<bool>("divides");
        QTest::newRow("mutt") << QByteArray("From alice@example.org Tue Nov 24 21:36:36 2026\n") << true;
        QTest::newRow("Thunderbird") << QByteArray("From - Tue Nov 24 21:36:36 2026\n") << true;
        QTest::newRow("with a zone") << QByteArray("From a@b Tue Nov 24 21:36:36 2026 +0100\r\n") << true;
        QTest::newRow("a sentence") << QByteArray("From 10:30 on we are in the garden\n") << false;
        QTest::newRow("a year alone") << QByteArray("From 2026 on\n") << false;
        QTest::newRow("quoted") << QByteArray(">From a Tue Nov 24 21:36:36 2026\n") << false;
        QTest::newRow("a field") << QByteArray("From: a Tue Nov 24 21:36:36 2026\n") << false;
    }
    void dividers()
    {
        QFETCH(QByteArray, line);
        QTEST(isMboxDivider(line), "divides");
    }

    void readerTakesApart_data()
    {
        QTest::addColumn<QByteArray>("octets");
        QTest::addColumn<QByteArrayList>("messages");
        const QByteArray divider = "From a@b.example Tue Nov 24 21:36:36 2026\n";
        QTest::newRow("nothing") << QByteArray() << QByteArrayList();
        QTest::newRow("one") << divider + "Subject: x\n\nText\n\n" << QByteArrayList{"Subject: x\n\nText\n"};
        QTest::newRow("no empty line at the end")
            << divider + "Subject: x\n\nText" << QByteArrayList{"Subject: x\n\nText"};
        QTest::newRow("two") << divider + "Subject: x\n\nText\n\n" + divider + "Subject: y\n\nMore\n\n"
                             << QByteArrayList{"Subject: x\n\nText\n", "Subject: y\n\nMore\n"};
        QTest::newRow("quoted") << divider + "Subject: x\n\n>From me\n>>From you\n> From them\n\n"
                                << QByteArrayList{"Subject: x\n\nFrom me\n>From you\n> From them\n"};
        QTest::newRow("an unquoted sentence") << divider + "Subject: x\n\nText\n\nFrom now on\n\n"
                                              << QByteArrayList{"Subject: x\n\nText\n\nFrom now on\n"};
        QTest::newRow("CRLF") << QByteArray(divider + "Subject: x\n\nText\n\n").replace("\n", "\r\n")
                              << QByteArrayList{"Subject: x\r\n\r\nText\r\n"};
        QTest::newRow("a divider in the middle of a paragraph") << divider + "Subject: x\n\nText\n" + divider
                + "\n" << QByteArrayList{"Subject: x\n\nText\n" + divider};
    }
    void readerTakesApart()
    {
        QFETCH(QByteArray, octets);
        QFETCH(QByteArrayList, messages);
        for (const qsizetype piece : {qsizetype(1), qsizetype(3), qsizetype(100000)}) {
            QByteArrayList had;
            for (const CarriedMessage &message : read(octets, piece))
                had += message.octets;
            QCOMPARE(had, messages);
        }
    }

    void statusFieldsBecomeFlags()
    {
        const QList<CarriedMessage> messages = read(
            "From a@b Tue Nov 24 21:36:36 2026\nSubject: x\nStatus: RO\nX-Status: AF\nTo: b@c\n\nStatus: R\n",
            5);
        QCOMPARE(messages.size(), 1);
        QCOMPARE(messages[0].octets, QByteArray("Subject: x\nTo: b@c\n\nStatus: R\n"));
        QCOMPARE(messages[0].flags, MessageFlag::Seen | MessageFlag::Replied | MessageFlag::Flagged);
    }

    void tooLongIsLeftOutAndCounted()
    {
        MboxReader reader(100);
        const QByteArray divider = "From a@b Tue Nov 24 21:36:36 2026\n";
        QList<CarriedMessage> messages = reader.feed(divider + "Subject: x\n\n" + QByteArray(5000, 'x'));
        messages += reader.feed("\n\n" + divider + "Subject: y\n\nText\n");
        messages += reader.finish();
        QCOMPARE(messages, (QList<CarriedMessage>{{"Subject: y\n\nText\n", {}}}));
        QCOMPARE(reader.leftOut(), 1);
    }

    void whatIsWrittenIsReadBack()
    {
        const CarriedMessage one{firstMessage, MessageFlag::Seen | MessageFlag::Flagged};
        const CarriedMessage two{secondMessage, {}};
        const QByteArray file = mboxEntry(one, "alice@example.org", 0) + mboxEntry(two, {}, 0);
        QVERIFY(
            file.startsWith("From alice@example.org Thu Jan 01 00:00:00 1970\nStatus: RO\nX-Status: F\n"));
        QVERIFY(file.contains("\nFrom MAILER-DAEMON "));
        QVERIFY(file.contains("\n>From here on"));
        QVERIFY(file.contains("\n>>From the start"));
        QCOMPARE(read(file, 11), (QList<CarriedMessage>{one, two}));
    }

    void importing_data()
    {
        QTest::addColumn<int>("format");
        for (const auto &[name, format] : formats())
            QTest::newRow(name) << int(format);
    }
    void importing()
    {
        QFETCH(int, format);
        const QString path = write(TransferFormat(format));
        const Result<TransferCount> result
            = run(Transfer::Direction::Import, path, TransferFormat::Detect, inbox());
        QVERIFY(result);
        QCOMPARE(result->messages, 2);
        QCOMPARE(result->permille, 1000);
        QVERIFY(result->leftOut.isEmpty());
        QTRY_COMPARE_WITH_TIMEOUT(rows(inbox()).size(), 2, 20000);
        QByteArrayList had;
        for (const MessageRow &row : rows(inbox()))
            had += source(row.id);
        std::sort(had.begin(), had.end());
        QCOMPARE(had, (QByteArrayList{firstMessage, secondMessage}));
    }

    void exportIsReadBack_data() { importing_data(); }
    void exportIsReadBack()
    {
        QFETCH(int, format);
        QVERIFY(
            run(Transfer::Direction::Import, write(TransferFormat::Mbox), TransferFormat::Detect, inbox()));
        QTRY_COMPARE_WITH_TIMEOUT(rows(inbox()).size(), 2, 20000);
        const QString path = m_folder->filePath(QStringLiteral("out"));
        const auto written = run(Transfer::Direction::Export, path, TransferFormat(format), inbox());
        QVERIFY(written);
        QCOMPARE(written->messages, 2);
        QCOMPARE(*detectFormat(path), TransferFormat(format));
        const FolderId back{QStringLiteral("alice"), QStringLiteral("Back")};
        QVERIFY(run(Transfer::Direction::Import, path, TransferFormat::Detect, back));
        QTRY_COMPARE_WITH_TIMEOUT(rows(back).size(), 2, 20000);
        QByteArrayList had;
        for (const MessageRow &row : rows(back)) {
            had += source(row.id);
            if (TransferFormat(format) != TransferFormat::Eml && row.subject == QLatin1String("One"))
                QVERIFY(row.flags.testFlag(MessageFlag::Seen));
        }
        std::sort(had.begin(), had.end());
        QCOMPARE(had, (QByteArrayList{firstMessage, secondMessage}));
    }

    void exportIsWholeWithoutAnIndex_data()
    {
        QTest::addColumn<bool>("isRunning");
        QTest::newRow("deleted before the start") << false;
        QTest::newRow("deleted while it runs") << true;
    }
    void exportIsWholeWithoutAnIndex()
    {
        QFETCH(bool, isRunning);
        constexpr int count = 700; // more than are listed at once
        QByteArray file;
        for (int i = 0; i < count; ++i)
            file += mboxEntry({"Subject: " + QByteArray::number(i) + "\n\nText\n", {}}, {}, 0);
        const QString in = m_folder->filePath(QStringLiteral("many.mbox"));
        put(in, file);
        QVERIFY(run(Transfer::Direction::Import, in, TransferFormat::Detect, inbox()));
        if (!isRunning)
            m_system.reset();
        const QString index = m_folder->filePath(QStringLiteral("data/index.sqlite"));
        QVERIFY(QFile::remove(index));
        QFile::remove(index + QStringLiteral("-wal"));
        QFile::remove(index + QStringLiteral("-shm"));
        if (!isRunning)
            start();
        const QString out = m_folder->filePath(QStringLiteral("out.mbox"));
        const auto written = run(Transfer::Direction::Export, out, TransferFormat::Mbox, inbox());
        QVERIFY(written);
        QCOMPARE(written->messages, count);
        QCOMPARE(read(get(out), 1 << 20).size(), count);
    }

    void whatIsNoMessageIsLeftOut()
    {
        const QString folder = m_folder->filePath(QStringLiteral("mixed"));
        put(folder + QStringLiteral("/a.eml"), firstMessage);
        put(folder + QStringLiteral("/b.eml"), "not a message\n");
        const auto result = run(Transfer::Direction::Import, folder, TransferFormat::Detect, inbox());
        QVERIFY(result);
        QCOMPARE(result->messages, 1);
        QCOMPARE(result->leftOut, QStringList{folder + QStringLiteral("/b.eml")});
    }

    void refusals_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<int>("direction");
        QTest::addColumn<int>("format");
        QTest::addColumn<QString>("user");
        QTest::addColumn<int>("code");
        const int import = int(Transfer::Direction::Import);
        const int detect = int(TransferFormat::Detect);
        const QString alice = QStringLiteral("alice");
        QTest::newRow("no such file")
            << QStringLiteral("nowhere") << import << detect << alice << int(ErrorCode::NotFound);
        QTest::newRow("no message at all")
            << QStringLiteral("text.txt") << import << detect << alice << int(ErrorCode::NotAMessage);
        QTest::newRow("no mbox") << QStringLiteral("text.txt") << import << int(TransferFormat::Mbox) << alice
                                 << int(ErrorCode::NotAMessage);
        QTest::newRow("no Maildir") << QStringLiteral("text.txt") << import << int(TransferFormat::Maildir)
                                    << alice << int(ErrorCode::NotAMessage);
        QTest::newRow("no such user") << QStringLiteral("text.txt") << import << detect
                                      << QStringLiteral("nobody") << int(ErrorCode::NotFound);
        QTest::newRow("written over nothing")
            << QStringLiteral("text.txt") << int(Transfer::Direction::Export) << detect << alice
            << int(ErrorCode::NotPermitted);
    }
    void refusals()
    {
        QFETCH(QString, path);
        QFETCH(int, direction);
        QFETCH(int, format);
        QFETCH(QString, user);
        put(m_folder->filePath(QStringLiteral("text.txt")), "neither field\nnor message\n");
        const auto result = run(
            Transfer::Direction(direction), m_folder->filePath(path), TransferFormat(format), {user, {}});
        QVERIFY(!result);
        QTEST(int(result.error().code), "code");
        QCOMPARE(
            get(m_folder->filePath(QStringLiteral("text.txt"))), QByteArray("neither field\nnor message\n"));
    }

    void cancelKeepsWhatIsThere()
    {
        QByteArray file;
        for (int i = 0; i < 3000; ++i)
            file += mboxEntry(
                {"Subject: " + QByteArray::number(i) + "\n\n" + QByteArray(2000, 'x') + '\n', {}}, {}, 0);
        const QString path = m_folder->filePath(QStringLiteral("many.mbox"));
        put(path, file);
        Transfer transfer(*m_system, {Transfer::Direction::Import, path, TransferFormat::Detect, inbox()});
        connect(&transfer, &Transfer::progressed, &transfer, &Transfer::cancel);
        const auto result = wait(transfer);
        QVERIFY(result);
        QVERIFY(result->isCancelled);
        QVERIFY(result->messages > 0 && result->messages < 3000);
        QTRY_COMPARE_WITH_TIMEOUT(total(inbox()), result->messages, 20000);
    }

    void namesOfMailboxes()
    {
        Settings settings;
        settings.users = {{QStringLiteral("bob"), {}}};
        QCOMPARE(folderNamed({}, settings), (FolderId{QStringLiteral("bob"), {}}));
        settings.identities = {{{}, {}, QStringLiteral("alice")}};
        QCOMPARE(folderNamed({}, settings), (FolderId{QStringLiteral("alice"), {}}));
        QCOMPARE(folderNamed(QStringLiteral("carl"), settings), (FolderId{QStringLiteral("carl"), {}}));
        QCOMPARE(folderNamed(QStringLiteral("carl/INBOX"), settings), (FolderId{QStringLiteral("carl"), {}}));
        QCOMPARE(folderNamed(QStringLiteral("carl/Sent"), settings),
            (FolderId{QStringLiteral("carl"), QStringLiteral("Sent")}));
    }

private:
    static QList<std::pair<const char *, TransferFormat>> formats()
    {
        return {{"mbox", TransferFormat::Mbox}, {"eml", TransferFormat::Eml},
            {"maildir", TransferFormat::Maildir}};
    }
    static FolderId inbox() { return {QStringLiteral("alice"), {}}; }

    void start()
    {
        m_system = std::make_unique<MailSystem>(m_folder->filePath(QStringLiteral("data")));
        StartOptions options;
        options.adjust = [](Settings settings) {
            settings.users = {{QStringLiteral("alice"), QStringLiteral("Alice")}};
            return settings;
        };
        QSignalSpy started(m_system.get(), &MailSystem::started);
        m_system->start(options);
        QTRY_COMPARE_WITH_TIMEOUT(started.count(), 1, 20000);
    }

    /// The two messages in a format, the first one seen; its path.
    QString write(TransferFormat format)
    {
        const QString path = m_folder->filePath(QStringLiteral("in"));
        if (format == TransferFormat::Mbox) {
            put(path,
                mboxEntry({firstMessage, MessageFlag::Seen}, "a@b", 0)
                    + mboxEntry({secondMessage, {}}, {}, 0));
        } else if (format == TransferFormat::Eml) {
            put(path + QStringLiteral("/one.eml"), firstMessage);
            put(path + QStringLiteral("/two.eml"), QByteArray(secondMessage).replace("\n", "\r\n"));
        } else {
            put(path + QStringLiteral("/cur/1.x:2,S"), firstMessage);
            put(path + QStringLiteral("/new/2.x"), secondMessage);
        }
        return path;
    }

    static Result<TransferCount> wait(Transfer &transfer)
    {
        std::optional<Result<TransferCount>> result;
        connect(&transfer, &Transfer::finished, &transfer, [&](const auto &had) { result = had; });
        transfer.start();
        if (!QTest::qWaitFor([&] { return result.has_value(); }, 30000))
            return tl::unexpected(Error{ErrorCode::InputOutput, QStringLiteral("no answer"), {}});
        return *result;
    }
    Result<TransferCount> run(
        Transfer::Direction direction, const QString &path, TransferFormat format, const FolderId &folder)
    {
        Transfer transfer(*m_system, {direction, path, format, folder});
        return wait(transfer);
    }

    template <typename T, typename Call> T ask(Call call)
    {
        std::optional<T> answer;
        call(Completion<T>([&](const Result<T> &had) { answer = had.value_or(T()); }));
        return QTest::qWaitFor([&] { return answer.has_value(); }, 20000) ? *answer : T();
    }
    bool hasFolder(const FolderId &id)
    {
        const auto folders
            = ask<QList<FolderInfo>>([&](auto done) { m_system->folders(m_system.get(), done); });
        return std::any_of(
            folders.cbegin(), folders.cend(), [&](const FolderInfo &info) { return info.id == id; });
    }
    RowPage page(const FolderId &folder)
    {
        RowQuery query;
        query.folder = folder;
        return ask<RowPage>([&](auto done) { m_system->rows(query, m_system.get(), done); });
    }
    QList<MessageRow> rows(const FolderId &folder) { return page(folder).rows; }
    int total(const FolderId &folder) { return page(folder).total; }
    QByteArray source(const MessageId &id)
    {
        return ask<QByteArray>([&](auto done) { m_system->source(id, m_system.get(), done); });
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<MailSystem> m_system;
};

QTEST_GUILESS_MAIN(TestTransfer)
#include "tst_transfer.moc"
