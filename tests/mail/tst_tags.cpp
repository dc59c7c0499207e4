// Tags: what a person calls a message, kept beside the mailboxes whatever becomes of flags, folder and index.
#include "mail/index/messagetags.h"
#include "mail/journal/journal.h"
#include "mail/store/store.h"
#include "tests/support/awaited.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

using namespace glasspost;
using namespace glasspost::mail;

namespace {

const FolderId inbox{QStringLiteral("alice"), QStringLiteral("")};
const FolderId archive{QStringLiteral("alice"), QStringLiteral("Archive")};

struct Mailbox
{
    QTemporaryDir folder;
    std::unique_ptr<Journal> journal;
    std::unique_ptr<Store> store;

    Mailbox() { open(); }
    void open()
    {
        journal = std::move(*Journal::open(folder.path()));
        store = std::move(*Store::open(folder.path(), *journal));
    }
    void close()
    {
        store.reset();
        journal.reset();
    }
    MessageId keep(const QByteArray &subject)
    {
        MailboxTransaction transaction;
        const auto ids
            = transaction.add("From: a@b.test\nTo: " + subject + "@x.test\nSubject: " + subject + "\n\nx\n",
                {inbox}, {}, {}, {});
        const auto durable = test::awaited(store->commit(std::move(transaction)).durable);
        return ids && durable ? ids->first() : MessageId();
    }
    QList<MessageId> tag(const QList<MessageId> &ids, const QStringList &add, const QStringList &remove = {})
    {
        return test::awaited(store->setTags(ids, add, remove)).value_or(QList<MessageId>());
    }
    RowPage rows(const RowQuery &query)
    {
        if (!test::awaited(store->settle()))
            return {};
        return test::awaited(store->rows(query)).value_or(RowPage());
    }
    /// Subject and tags of each, in alphabetical order.
    QStringList found(const QString &search)
    {
        RowQuery query;
        query.searchText = search;
        QStringList lines;
        for (const MessageRow &row : rows(query).rows)
            lines += row.subject + u':' + row.tags.join(u',');
        lines.sort();
        return lines;
    }
    QStringList names() { return test::awaited(store->tags()).value_or(QStringList()); }
    [[nodiscard]] QString path(const char *name) const { return folder.filePath(QLatin1String(name)); }
    [[nodiscard]] QByteArray file() const
    {
        QFile tags(path("tags/alice"));
        return tags.open(QIODevice::ReadOnly) ? tags.readAll() : QByteArray("none");
    }
};

QStringList list(const char *words)
{
    return QString::fromUtf8(words).split(u' ', Qt::SkipEmptyParts);
}

} // namespace

class tst_Tags : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void cleanupTestCase() { m_filled.reset(); } // its threads need the application

    void words_data()
    {
        QTest::addColumn<QString>("given");
        QTest::addColumn<QString>("tag");
        const auto row = [](const char *name, const QString &given, const QString &tag) {
            QTest::newRow(name) << given << tag;
        };
        row("a word", QStringLiteral("work"), QStringLiteral("work"));
        row("blanks", QStringLiteral("  to \t do\n"), QStringLiteral("to do"));
        row("another script", QStringLiteral("仕事 😀"), QStringLiteral("仕事 😀"));
        row("marks of direction", QStringLiteral("a\u202eb\u200f"), QStringLiteral("ab"));
        row("control characters", QStringLiteral("a\x1b[2Jb"), QStringLiteral("a [2Jb"));
        row("nothing", QStringLiteral(" \u200e "), QString());
        row("long", QString(100, u'x'), QString(longestTag, u'x'));
        row("long, in pairs", u'x' + QStringLiteral("😀").repeated(50),
            u'x' + QStringLiteral("😀").repeated((longestTag - 1) / 2));
    }
    void words()
    {
        QFETCH(QString, given);
        QFETCH(QString, tag);
        QCOMPARE(tagOf(given), tag);
        QCOMPARE(tagOf(tag), tag);
    }

    void changes_data()
    {
        QTest::addColumn<QStringList>("before");
        QTest::addColumn<QStringList>("add");
        QTest::addColumn<QStringList>("remove");
        QTest::addColumn<QStringList>("after");
        const auto row = [](const char *before, const char *add, const char *remove, const char *after) {
            QTest::addRow("%s +%s -%s", before, add, remove)
                << list(before) << list(add) << list(remove) << list(after);
        };
        row("", "work", "", "work");
        row("work", "later", "", "work later");
        row("work", "WORK", "", "work");
        row("work later", "", "Work", "later");
        row("work", "work", "work", "work");
        row("work", "", "absent", "work");
        row("", "", "absent", "");
    }
    void changes()
    {
        QFETCH(QStringList, before);
        QFETCH(QStringList, add);
        QFETCH(QStringList, remove);
        QFETCH(QStringList, after);
        QCOMPARE(retagged(before, add, remove), after);
    }

    void staysWithAMessage()
    {
        Mailbox box;
        QVERIFY(test::awaited(box.store->createFolder(archive)).has_value());
        const MessageId one = box.keep("one"), two = box.keep("two");
        QCOMPARE(box.tag({one, two}, {QStringLiteral("work"), QStringLiteral("to do")}).size(), 2);
        QCOMPARE(
            box.tag({one, two}, {QStringLiteral("Work"), QStringLiteral("50%")}, {QStringLiteral("TO DO")})
                .size(),
            2);
        QVERIFY(box.tag({one}, {QStringLiteral("work")}).isEmpty()); // it has it
        const QStringList both{QStringLiteral("one:work,50%"), QStringLiteral("two:work,50%")};
        QCOMPARE(box.found(QStringLiteral("tag:work ")), both);
        QVERIFY(test::awaited(box.store->setFlags({one}, MessageFlag::Seen, {})).has_value());
        const auto moved = test::awaited(box.store->move({one}, archive.folder));
        QVERIFY(moved.has_value());
        QCOMPARE(box.found(QStringLiteral("tag:work ")), both);
        box.close();
        for (const char *name : {"index.sqlite", "index.sqlite-wal", "index.sqlite-shm"})
            QFile::remove(box.path(name));
        box.open();
        QCOMPARE(box.found(QStringLiteral("tag:work ")), both);
        QCOMPARE(box.names(), (QStringList{QStringLiteral("50%"), QStringLiteral("work")}));

        // The file has no more than what is there.
        QVERIFY(test::awaited(box.store->remove(*moved)).has_value());
        QCOMPARE(box.found(QStringLiteral("tag:work ")), both.mid(1));
        QVERIFY(!box.tag({two}, {}, {QStringLiteral("work"), QStringLiteral("50%")}).isEmpty());
        QVERIFY(box.names().isEmpty());
        QCOMPARE(box.found(QStringLiteral("tag:* ")), QStringList());
        box.close();
        QCOMPARE(box.file(), QByteArray());
    }

    void anotherProgramMovesIt()
    {
        Mailbox box;
        QVERIFY(test::awaited(box.store->createFolder(archive)).has_value());
        const MessageId one = box.keep("one");
        box.tag({one}, {QStringLiteral("work")});
        QVERIFY(!box.rows({}).isMissing);
        const QString name = QDir(box.path("mail/alice/new")).entryList(QDir::Files).value(0);
        QVERIFY(QFile::rename(box.path("mail/alice/new/") + name,
            box.path("mail/alice/.Archive/cur/") + name + QStringLiteral(":2,S")));
        RowQuery query;
        query.folder = archive;
        const RowPage page = box.rows(query);
        QCOMPARE(page.total, 1);
        QCOMPARE(page.rows.first().tags, QStringList{QStringLiteral("work")});
    }

    void searches_data()
    {
        QTest::addColumn<QString>("search");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *search, const char *expected) {
            QTest::newRow(search) << QString::fromUtf8(search) << QString::fromUtf8(expected);
        };
        row("tag:work ", "both one");
        row("tag:WORK ", "both one");
        row("tag:wor", "both one");
        row("tag:wor ", "");
        row("tag:\"to do\"", "both");
        row("tag:to", "both");
        row("tag:* ", "both one");
        row("-tag:work ", "none");
        row("tag:work -tag:\"to do\"", "one");
        row("tag:work OR subject:none ", "both none one");
        row("work ", ""); // no words of the message
    }
    void searches()
    {
        QFETCH(QString, search);
        QFETCH(QString, expected);
        if (!m_filled)
            m_filled = filled();
        QStringList subjects;
        for (const QString &line : m_filled->found(search))
            subjects += line.section(u':', 0, 0);
        QCOMPARE(subjects.join(u' '), expected);
    }

    void sorts_data()
    {
        QTest::addColumn<SortKey>("key");
        QTest::addColumn<Qt::SortOrder>("order");
        QTest::addColumn<QString>("expected");
        QTest::newRow("by tags") << SortKey::Tags << Qt::AscendingOrder << QStringLiteral("none one both");
        QTest::newRow("by tags, downwards")
            << SortKey::Tags << Qt::DescendingOrder << QStringLiteral("both one none");
        QTest::newRow("by recipient")
            << SortKey::Recipient << Qt::AscendingOrder << QStringLiteral("both none one");
        QTest::newRow("by recipient, downwards")
            << SortKey::Recipient << Qt::DescendingOrder << QStringLiteral("one none both");
    }
    void sorts()
    {
        QFETCH(SortKey, key);
        QFETCH(Qt::SortOrder, order);
        QFETCH(QString, expected);
        if (!m_filled)
            m_filled = filled();
        RowQuery query;
        query.folder = inbox;
        query.sort = key;
        query.order = order;
        QStringList subjects;
        for (const MessageRow &row : m_filled->rows(query).rows)
            subjects += row.subject;
        QCOMPARE(subjects.join(u' '), expected);
    }

    void readsWhateverLiesThere_data()
    {
        QTest::addColumn<QByteArray>("lines");
        QTest::addColumn<QStringList>("tags");
        QTest::newRow("a tag") << QByteArray("U work\n") << list("work");
        QTest::newRow("no line end") << QByteArray("U work") << list("work");
        QTest::newRow("one twice") << QByteArray("U work WORK\n") << list("work");
        QTest::newRow("blanks") << QByteArray("U  work  \n\n \n") << list("work");
        QTest::newRow("no tag") << QByteArray("U\n") << QStringList();
        QTest::newRow("another message") << QByteArray("V work\n") << QStringList();
        QTest::newRow("half an encoding") << QByteArray("U a%2\n") << list("a%2");
        QTest::newRow("no text") << QByteArray("U \xff\x00\x1b\n", 6)
                                 << QStringList{QStringLiteral("\uFFFD")};
    }
    void readsWhateverLiesThere()
    {
        QFETCH(QByteArray, lines);
        QFETCH(QStringList, tags);
        Mailbox box;
        const MessageId one = box.keep("one");
        box.close();
        QVERIFY(QDir(box.folder.path()).mkpath(QStringLiteral("tags")));
        QFile file(box.path("tags/alice"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        const QByteArray written = lines.replace("U", one.unique);
        QCOMPARE(file.write(written), written.size());
        file.close();
        QFile::remove(box.path("index.sqlite"));
        box.open();
        RowQuery query;
        query.folder = inbox;
        const RowPage page = box.rows(query);
        QCOMPARE(page.rows.size(), 1);
        QCOMPARE(page.rows.first().tags, tags);
    }

    /// What cannot be read is not replaced by the little that is known.
    void keepsWhatCannotBeRead()
    {
        Mailbox box;
        const MessageId one = box.keep("one");
        box.tag({one}, {QStringLiteral("work")});
        box.close();
        const QByteArray before = box.file();
        QVERIFY(QFile::rename(box.path("tags/alice"), box.path("elsewhere")));
        QVERIFY(QFile::link(box.path("elsewhere"), box.path("tags/alice"))); // no link is followed
        box.open();
        QVERIFY(!test::awaited(box.store->setTags({one}, {QStringLiteral("later")}, {})));
        QVERIFY(test::awaited(box.store->remove({one})).has_value());
        box.close();
        QVERIFY(QFileInfo(box.path("tags/alice")).isSymLink());
        QCOMPARE(box.file(), before);
    }

    void goesWithADraftThatIsReplaced()
    {
        Mailbox box;
        const MessageId one = box.keep("one");
        box.tag({one}, {QStringLiteral("work")});
        QCOMPARE(box.names(), QStringList{QStringLiteral("work")});
        MailboxTransaction transaction;
        transaction.remove({one});
        QVERIFY(test::awaited(box.store->commit(std::move(transaction)).applied).has_value());
        QVERIFY(box.names().isEmpty());
        box.close();
        QCOMPARE(box.file(), QByteArray());
    }

    void ofItsField_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<QStringList>("tags");
        QTest::newRow("none") << QByteArray("Subject: x\n\nX-Tags: a\n") << QStringList();
        QTest::newRow("empty") << QByteArray("X-Tags: ,  ,\n\n") << QStringList();
        QTest::newRow("some") << QByteArray("X-Tags: red, to  do ,Blue\n\n")
                              << QString::fromUtf8("Blue,red,to do").split(u',');
        QTest::newRow("one twice") << QByteArray("x-tags: red,RED\n\n") << list("red");
        QTest::newRow("folded") << QByteArray("X-Tags: a,\n b\n\n") << list("a b");
        QTest::newRow("encoded") << QByteArray("X-Tags: =?utf-8?Q?a=2C_b?=\n\n") << list("a b");
        QTest::newRow("other characters")
            << QByteArray("X-Tags: <b>,v1.2_x-y,\x1b[2J\n\n") << list("2J b v1.2_x-y");
        QTest::newRow("two fields") << QByteArray("X-Tags: a\nX-Tags: b\n\n") << list("a");
    }
    void ofItsField()
    {
        QFETCH(QByteArray, header);
        QFETCH(QStringList, tags);
        QCOMPARE(tagsOfField(header), tags);
    }

    /// A captured message has those of its X-Tags field, until somebody says otherwise; a person's has not.
    void capturedWithTags()
    {
        Mailbox box;
        const FolderId captured{QStringLiteral("captured"), {}};
        const auto keepIn = [&box](const FolderId &folder) {
            MailboxTransaction transaction;
            const auto ids = transaction.add("X-Tags: red, Blue\nSubject: one\n\nx\n", {folder}, {}, {}, {});
            test::awaited(box.store->commit(std::move(transaction)).durable);
            return ids.value_or(QList<MessageId>()).value(0);
        };
        const MessageId one = keepIn(captured);
        QVERIFY(!one.isNull() && !keepIn(inbox).isNull());
        QCOMPARE(box.found(QStringLiteral("subject:one ")),
            (QStringList{QStringLiteral("one:"), QStringLiteral("one:Blue,red")}));
        QCOMPARE(box.names(), list("Blue red"));
        const auto counts = [&box](const FolderId &folder) {
            return test::awaited(box.store->tagCounts(folder))
                .value_or(QList<TagCount>{{QStringLiteral("failed"), 1}});
        };
        QCOMPARE(
            counts(captured), (QList<TagCount>{{QStringLiteral("Blue"), 1}, {QStringLiteral("red"), 1}}));
        QCOMPARE(counts(inbox), QList<TagCount>());

        box.tag({one}, {QStringLiteral("work")}, {QStringLiteral("RED")});
        const auto rebuilt = [&box] {
            box.close();
            QFile::remove(box.path("index.sqlite"));
            box.open();
            return box.found(QStringLiteral("subject:one ")).constLast();
        };
        QCOMPARE(rebuilt(), QStringLiteral("one:Blue,work"));
        box.tag({one}, {}, {QStringLiteral("work"), QStringLiteral("Blue")});
        QCOMPARE(rebuilt(), QStringLiteral("one:"));
        QVERIFY(test::awaited(box.store->remove({one})).has_value());
        box.close();
        QFile file(box.path("tags/captured"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray());
    }

    /// Also when nobody looked before the program ended.
    void capturedTagsAreKept()
    {
        Mailbox box;
        MailboxTransaction transaction;
        const auto ids
            = transaction.add("X-Tags: red\n\nx\n", {FolderId{QStringLiteral("captured"), {}}}, {}, {}, {});
        QVERIFY(ids && test::awaited(box.store->commit(std::move(transaction)).durable));
        QVERIFY(test::awaited(box.store->settle()));
        box.close();
        QFile file(box.path("tags/captured"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), ids->first().unique + " red\n");
    }

    void ofAllMessagesTogetherAreAsManyAsThereAre()
    {
        QStringList many;
        for (int i = 0; i < 150; ++i)
            many.append(QString::number(i));
        QCOMPARE(
            mergedTags({QStringLiteral("Work")}, many + QStringList{QStringLiteral("work")}).size(), 151);
        QCOMPARE(retagged({}, many, {}).size(), 100);
    }

private:
    static std::unique_ptr<Mailbox> filled()
    {
        auto box = std::make_unique<Mailbox>();
        const MessageId both = box->keep("both"), one = box->keep("one");
        box->keep("none");
        box->tag({both, one}, {QStringLiteral("work")});
        box->tag({both}, {QStringLiteral("to do")});
        return box;
    }

    std::unique_ptr<Mailbox> m_filled;
};

QTEST_GUILESS_MAIN(tst_Tags)
#include "tst_tags.moc"
