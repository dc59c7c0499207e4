// Mail carried in and out: the mbox reader and writer, and whole imports and exports over a real mail system.
#include "mail/system/mailsystem.h"
#include "mail/transfer/mboxwriter.h"
#include "mail/transfer/transfer.h"
#include "tests/support/awaited.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <optional>

#include <sys/stat.h>

using namespace glasspost;
using namespace glasspost::mail;

namespace {

const QByteArray firstMessage
    = "From: Alice <alice@example.org>\nSubject: One\n\nText\n\nFrom here on it is quoted.\n";
const QByteArray secondMessage = "From: Bob <bob@example.org>\nSubject: Two\n\n>From the start\n";

QList<CarriedMessage> read(const QByteArray &octets, qsizetype piece)
{
    MboxReader reader(QDir::tempPath(), [&octets](qint64 offset) {
        const QByteArray rest = offset > octets.size() ? QByteArray("past the end") : octets.mid(offset);
        return rest.isEmpty() || rest.startsWith("From ") || rest.startsWith("\nFrom ");
    });
    QList<CarriedMessage> messages;
    for (qsizetype at = 0; at < octets.size(); at += piece)
        messages += reader.feed(QByteArrayView(octets).sliced(at, qMin(piece, octets.size() - at))).value();
    return messages + reader.finish().value();
}

QByteArray mboxEntry(const CarriedMessage &message, const QByteArray &sender, qint64 date)
{
    QByteArray entry;
    (void)writeMboxEntry(message, sender, date, [&entry](QByteArrayView octets) { entry += octets; });
    return entry;
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
        QTest::addColumn<int>("shape");
        const int dated = int(DividerShape::Dated), bare = int(DividerShape::Bare);
        const int sentence = int(DividerShape::Sentence), none = int(DividerShape::None);
        const auto row = [](const char *name, const char *line, int shape) {
            QTest::newRow(name) << QByteArray(line) << shape;
        };
        row("mutt", "From alice@example.org Tue Nov 24 21:36:36 2026\n", dated);
        row("Thunderbird", "From - Tue Nov 24 21:36:36 2026\n", dated);
        row("with a zone", "From a@b Tue Nov 24 21:36:36 2026 +0100\r\n", dated);
        row("a zone with a name before the year", "From a@b Tue Nov 24 21:36:36 CET 2026\n", dated);
        row("gmail", "From 1844152263@xxx Mon Nov 24 21:36:36 +0000 2026\n", dated);
        row("two digits of the year", "From a@b Tue Nov 24 21:36:36 26\n", dated);
        row("no seconds, one digit of the day", "From a@b Tue Nov  4 21:36 2026\n", dated);
        row("as in a date field", "From a@b Tue, 24 Nov 2026 21:36:36 +0100\n", dated);
        row("iso 8601", "From a@b 2026-11-24T21:36:36Z\n", dated);
        row("uucp", "From alice Tue Nov 24 21:36:36 1987 remote from seismo\n", dated);
        row("git", "From 2f3ac60aa0b5b8c1dbf3e6a8b9bb8b3a3a1d5c8f Mon Sep 17 00:00:00 2001\n", dated);
        row("no sender", "From Tue Nov 24 21:36:36 2026\n", dated);
        row("no date", "From alice@example.org\n", bare);
        row("nothing", "From \n", bare);
        row("part of a date", "From alice@example.org Tue Nov 24\n", bare);
        row("a sentence", "From 10:30 on we are in the garden\n", sentence);
        row("a sentence with time and year", "From 10:00 to 11:00 in 2024 we meet.\n", sentence);
        row("a sentence with a date", "From Tue Nov 24 21:36:36 2026 on we are away\n", sentence);
        row("a year alone", "From 2026 on\n", sentence);
        row("quoted", ">From a Tue Nov 24 21:36:36 2026\n", none);
        row("a field", "From: a Tue Nov 24 21:36:36 2026\n", none);
    }
    void dividers()
    {
        QFETCH(QByteArray, line);
        QTEST(int(dividerShape(line)), "shape");
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
                              << QByteArrayList{"Subject: x\n\nText\n"};
        const QByteArray one = "Subject: x\n\nText\n", two = "Subject: y\n\nMore\n";
        const QByteArrayList both = {one, two};
        QTest::newRow("a divider in a paragraph, no header behind it") << divider + one + divider + "\n"
                                                                       << QByteArrayList{one + divider};
        QTest::newRow("T99 not behind an empty line") << divider + one + divider + two << both;
        QTest::newRow("T99 without a date") << "From a@b\n" + one + "\nFrom c@d\n" + two << both;
        QTest::newRow("T99 without sender and date") << "From \n" + one + "\nFrom \n" + two << both;
        QTest::newRow("T99 two digits of the year")
            << "From a@b Tue Nov 24 21:36:36 26\n" + one + "\nFrom a@b Tue Nov 24 21:36:37 26\n" + two
            << both;
        QTest::newRow("T99 as Gmail has it") << "From 18441@xxx Mon Nov 24 21:36:36 +0000 2026\n" + one
                + "\nFrom 18442@xxx Mon Nov 24 21:36:37 +0000 2026\n"
                + two << both;
        QTest::newRow("T99 prose") << divider + one + "\nFrom 10:00 to 11:00 in 2024 we meet.\nAt: noon\n\n"
                                   << QByteArrayList{
                                          one + "\nFrom 10:00 to 11:00 in 2024 we meet.\nAt: noon\n"};
        QTest::newRow("T99 a dated line quoted without a header") << divider + one + "\n" + divider
                + "he wrote that\n" << QByteArrayList{one + "\n" + divider + "he wrote that\n"};
        QTest::newRow("T99 a byte order mark first")
            << "\xEF\xBB\xBF" + divider + one + "\n" + divider + two << both;
        QTest::newRow("T99 empty lines first") << "\n\r\n" + divider + one + "\n" + divider + two << both;
        const QByteArray quoted = "From here\n" + divider + two + ">From there\n";
        QTest::newRow("T99 Content-Length leads to a divider")
            << divider + "Content-Length: " + QByteArray::number(quoted.size()) + "\n\n" + quoted + "\n"
                + divider + two
            << QByteArrayList{"Content-Length: " + QByteArray::number(quoted.size()) + "\n\n" + quoted, two};
        QTest::newRow("T99 Content-Length leads nowhere") << divider + "Content-Length: 9\n\nText\n\n"
                + divider + two << QByteArrayList{"Content-Length: 9\n\nText\n", two};
        QTest::newRow("T99 Content-Length past the end") << divider + "Content-Length: 9999\n\nText\n\n"
                + divider + two << QByteArrayList{"Content-Length: 9999\n\nText\n", two};
        QTest::newRow("a line longer than any buffer")
            << divider + "Subject: x\n\n" + QByteArray(300'000, 'x') + "\n\n" + divider + two
            << QByteArrayList{"Subject: x\n\n" + QByteArray(300'000, 'x') + "\n", two};
    }
    void readerTakesApart()
    {
        QFETCH(QByteArray, octets);
        QFETCH(QByteArrayList, messages);
        for (const qsizetype piece : {qsizetype(1), qsizetype(3), qsizetype(100000)}) {
            QByteArrayList had;
            for (const CarriedMessage &message : read(octets, piece))
                had += message.octets.front(-1).value();
            QCOMPARE(had, messages);
        }
    }

    void statusFieldsBecomeFlags()
    {
        const QList<CarriedMessage> messages = read(
            "From a@b Tue Nov 24 21:36:36 2026\nSubject: x\nStatus: RO\nX-Status: AF\nTo: b@c\n\nStatus: R\n",
            5);
        QCOMPARE(messages.size(), 1);
        QCOMPARE(messages[0].octets.inMemory(), QByteArray("Subject: x\nTo: b@c\n\nStatus: R\n"));
        QCOMPARE(messages[0].flags, MessageFlag::Seen | MessageFlag::Replied | MessageFlag::Flagged);
    }

    void flagsAreTakenOver_data()
    {
        QTest::addColumn<QByteArray>("fields");
        QTest::addColumn<MessageFlags>("flags");
        const auto row = [](const char *name, const char *fields, MessageFlags flags) {
            QTest::newRow(name) << QByteArray(fields) << flags;
        };
        row("T41 Status", "Status: RO\n", MessageFlag::Seen);
        row("T41 Status, new", "Status: O\n", {});
        row("T41 X-Status", "X-Status: AFTD\n",
            MessageFlag::Replied | MessageFlag::Flagged | MessageFlag::Draft | MessageFlag::Trashed);
        row("T41 X-Mozilla-Status, read and starred", "X-Mozilla-Status: 0005\nX-Mozilla-Status2: 00000000\n",
            MessageFlag::Seen | MessageFlag::Flagged);
        row("T41 X-Mozilla-Status, deleted", "X-Mozilla-Status: 0009\n",
            MessageFlag::Seen | MessageFlag::Trashed);
        row("T41 X-Mozilla-Status, answered and forwarded", "x-mozilla-status: 1002\n",
            MessageFlag::Replied | MessageFlag::Passed);
        row("T41 X-Mozilla-Status, no number", "X-Mozilla-Status: none\n", {});
        row("T41 X-Gmail-Labels, read and starred", "X-Gmail-Labels: Inbox,Opened,Starred\n",
            MessageFlag::Seen | MessageFlag::Flagged);
        row("T41 X-Gmail-Labels, unread", "X-Gmail-Labels: Inbox,Unread\n", {});
        row("T41 X-Gmail-Labels, encoded", "X-Gmail-Labels: =?UTF-8?Q?Trash,Opened,R=C3=A4ume?=\n",
            MessageFlag::Seen | MessageFlag::Trashed);
    }
    void flagsAreTakenOver()
    {
        QFETCH(QByteArray, fields);
        QFETCH(MessageFlags, flags);
        const QList<CarriedMessage> messages
            = read("From a@b Tue Nov 24 21:36:36 2026\nSubject: x\n" + fields + "To: b@c\n\nText\n", 7);
        QCOMPARE(messages.size(), 1);
        QCOMPARE(messages[0].flags, flags);
        const bool isKept = fields.startsWith("X-Gmail");
        QCOMPARE(messages[0].octets.inMemory(),
            "Subject: x\n" + (isKept ? fields : QByteArray()) + "To: b@c\n\nText\n");
    }

    void doubtIsCounted()
    {
        const QByteArray divider = "From a@b Tue Nov 24 21:36:36 2026\n";
        const QByteArray message = "Subject: x\n\nText\n\n";
        const auto doubts = [](const QByteArray &octets) {
            MboxReader reader;
            (void)reader.feed(octets);
            (void)reader.finish();
            return reader.doubtful();
        };
        QCOMPARE(doubts(divider + message + divider + message), 0);
        QCOMPARE(doubts(divider + message + "From 10:00 to 11:00 in 2024 we meet.\nBring cake.\n"), 0);
        QCOMPARE(doubts("From a@b\n" + message + "From c@d\n" + message), 0);
        QCOMPARE(doubts(divider + message + "From c@d\n" + message), 1);
        QCOMPARE(doubts(divider + message + divider + "he wrote\n"), 1);
        QCOMPARE(doubts(divider + message + "From one to all\nSubject: y\n"), 1);
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

    void singleFiles_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("octets");
        QTest::addColumn<MessageFlags>("flags");
        const QByteArray crlf = QByteArray(firstMessage).replace("\n", "\r\n");
        const QByteArray list
            = "<?xml version=\"1.0\"?>\n<plist><dict><key>flags</key>\n<integer>8590195713</integer>"
              "</dict></plist>\n";
        const auto row
            = [](const char *name, const char *file, const QByteArray &octets, MessageFlags flags) {
                  QTest::newRow(name) << QString::fromLatin1(file) << octets << flags;
              };
        const QByteArray count = QByteArray::number(firstMessage.size());
        row("T99 .eml with CR alone", "a.eml", QByteArray(firstMessage).replace('\n', '\r'), {});
        row("T99 .eml with CRLF", "a.eml", crlf, {});
        row("T99 .eml with a byte order mark", "a.eml", "\xEF\xBB\xBF" + firstMessage, {});
        row("T99 .eml behind an empty line", "a.eml", "\n" + firstMessage, {});
        row("T99 .emlx", "a.emlx", count + "       \n" + firstMessage + list, MessageFlag::Seen);
        row("T99 .emlx without a list", "a.emlx", count + '\n' + firstMessage, {});
        row("T99 .emlx that is shorter than it says", "a.emlx", "9999\n" + firstMessage, {});
    }
    void singleFiles()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, octets);
        const QString path = m_folder->filePath(name);
        put(path, octets);
        const auto result = run(Transfer::Direction::Import, path, TransferFormat::Detect, inbox());
        QVERIFY(result);
        QCOMPARE(result->messages, 1);
        QCOMPARE(result->doubtful, octets.startsWith("9999") ? 1 : 0);
        QTRY_COMPARE_WITH_TIMEOUT(rows(inbox()).size(), 1, 20000);
        QCOMPARE(source(rows(inbox()).first().id), firstMessage);
        QTEST(rows(inbox()).first().flags, "flags");
    }

    void deletedMailStaysDeleted()
    {
        const QString path = m_folder->filePath(QStringLiteral("Inbox.mbox"));
        put(path,
            "From - Tue Nov 24 21:36:36 2026\nX-Mozilla-Status: 0009\n" + firstMessage
                + "\nFrom - Tue Nov 24 21:36:36 2026\nX-Mozilla-Status: 0001\n" + secondMessage);
        QVERIFY(run(Transfer::Direction::Import, path, TransferFormat::Detect, inbox()));
        const FolderId trash{QStringLiteral("alice"), QStringLiteral("Trash")};
        QTRY_COMPARE_WITH_TIMEOUT(rows(trash).size(), 1, 20000);
        QCOMPARE(rows(trash).first().subject, QStringLiteral("One"));
        QCOMPARE(rows(inbox()).size(), 1);
    }

    /// What a hostile or careless folder holds beside mail is told and left alone.
    void onlyPlainFilesAreRead_data()
    {
        QTest::addColumn<QString>("folder"); // of the files, below what is imported
        QTest::newRow("T114 a folder of .eml files") << QString();
        QTest::newRow("T114 new of a Maildir") << QStringLiteral("/new");
        QTest::newRow("T114 cur of a Maildir") << QStringLiteral("/cur");
    }
    void onlyPlainFilesAreRead()
    {
        QFETCH(QString, folder);
        const QString whole = m_folder->filePath(QStringLiteral("in"));
        const QString path = whole + folder;
        put(path + QStringLiteral("/1.eml"), firstMessage);
        put(m_folder->filePath(QStringLiteral("outside.eml")), secondMessage);
        QStringList left;
        const auto link = [&](const char *name, const QString &target) {
            left.append(path + QLatin1Char('/') + QLatin1String(name));
            QVERIFY(QFile::link(target, left.constLast()));
        };
        link("2-zero.eml", QStringLiteral("/dev/zero"));
        link("3-out.eml", m_folder->filePath(QStringLiteral("outside.eml")));
        link("4-up.eml", QStringLiteral(".."));
        link("5-relative.eml", QStringLiteral("../../outside.eml"));
        link("6-nowhere.eml", QStringLiteral("/nowhere/at/all"));
        left.append(path + QStringLiteral("/7-fifo.eml"));
        QCOMPARE(::mkfifo(QFile::encodeName(left.constLast()).constData(), 0600), 0);
        const auto result = run(Transfer::Direction::Import, whole, TransferFormat::Detect, inbox());
        QVERIFY(result);
        QCOMPARE(result->messages, 1);
        left.removeAll(path + QStringLiteral("/4-up.eml")); // a folder, as any other there
        QCOMPARE(result->leftOut, left);
    }

    void onlyPlainFilesAreNamed_data()
    {
        QTest::addColumn<QString>("path");
        QTest::newRow("T114 a device") << QStringLiteral("/dev/zero");
        QTest::newRow("T114 a FIFO") << QStringLiteral("fifo");
        QTest::newRow("T114 a link to a device") << QStringLiteral("link");
    }
    void onlyPlainFilesAreNamed()
    {
        QFETCH(QString, path);
        QCOMPARE(
            ::mkfifo(QFile::encodeName(m_folder->filePath(QStringLiteral("fifo"))).constData(), 0600), 0);
        QVERIFY(QFile::link(QStringLiteral("/dev/zero"), m_folder->filePath(QStringLiteral("link"))));
        for (const TransferFormat format :
            {TransferFormat::Detect, TransferFormat::Mbox, TransferFormat::Eml})
            QVERIFY(!run(
                Transfer::Direction::Import, QDir(m_folder->path()).absoluteFilePath(path), format, inbox()));
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
                                      << QStringLiteral("nobody") << int(ErrorCode::NoMailbox);
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
        Transfer transfer(
            m_system->mailboxes(), {Transfer::Direction::Import, path, TransferFormat::Detect, inbox()});
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
        Transfer transfer(m_system->mailboxes(), {direction, path, format, folder});
        return wait(transfer);
    }

    bool hasFolder(const FolderId &id)
    {
        const auto folders = test::awaited(m_system->mailboxes().folders()).value();
        return std::any_of(
            folders.cbegin(), folders.cend(), [&](const FolderInfo &info) { return info.id == id; });
    }
    RowPage page(const FolderId &folder)
    {
        RowQuery query;
        query.folder = folder;
        return test::awaited(m_system->mailboxes().rows(query)).value();
    }
    QList<MessageRow> rows(const FolderId &folder) { return page(folder).rows; }
    int total(const FolderId &folder) { return page(folder).total; }
    QByteArray source(const MessageId &id)
    {
        return test::awaited(m_system->mailboxes().octets(id)).value().inMemory();
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<MailSystem> m_system;
};

QTEST_GUILESS_MAIN(TestTransfer)
#include "tst_transfer.moc"
