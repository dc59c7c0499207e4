// A data folder that came from elsewhere, with links in it that lead to files of the person who opens it.
#include "mail/accept/composers.h"
#include "mail/queue/messagesources.h"
#include "mail/queue/queuefiles.h"
#include "mail/queue/statefile.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace glasspost;
using namespace glasspost::mail;

class TestPlantedLinks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_room = std::make_unique<QTemporaryDir>();
        QVERIFY(QDir(m_room->path()).mkpath(QStringLiteral("data")));
        QVERIFY(put(QStringLiteral("private/letters/dear"), "kept"));
    }

    void nothingIsDroppedBehindOne_data()
    {
        QTest::addColumn<QString>("link");
        QTest::addColumn<QString>("target");
        QTest::newRow("T112 drafts") << QStringLiteral("drafts") << QStringLiteral("private");
        QTest::newRow("T112 the folder of opened attachments")
            << QStringLiteral("drafts/opened") << QStringLiteral("private");
        QTest::newRow("T112 the folder of attachments")
            << QStringLiteral("drafts/attachments") << QStringLiteral("private");
        QTest::newRow("T112 the attachments of a draft")
            << QStringLiteral("drafts/attachments/6869") << QStringLiteral("private/letters");
        QTest::newRow("T112 a folder among opened attachments")
            << QStringLiteral("drafts/opened/1") << QStringLiteral("private/letters");
        QTest::newRow("T112 a folder among those of a draft")
            << QStringLiteral("drafts/attachments/6869/x") << QStringLiteral("private/letters");
    }
    void nothingIsDroppedBehindOne()
    {
        QFETCH(QString, link);
        QFETCH(QString, target);
        // As drafts, the person's folder has what would be dropped.
        QVERIFY(put(QStringLiteral("private/opened/one"), "kept"));
        QVERIFY(put(QStringLiteral("private/attachments/6869/two"), "kept"));
        plant(link, target);
        dropOrphanedAttachments(data());
        dropOpened(data());
        dropAttachments(data(), "hi");
        for (const char *file :
            {"private/letters/dear", "private/opened/one", "private/attachments/6869/two"})
            QCOMPARE(content(QLatin1String(file)), QByteArray("kept"));
    }

    void whatIsOursIsDropped()
    {
        QVERIFY(put(QStringLiteral("data/drafts/opened/1/one"), "gone"));
        QVERIFY(put(QStringLiteral("data/drafts/attachments/6869/two"), "gone"));
        QVERIFY(put(QStringLiteral("data/drafts/attachments/7070/three"), "gone"));
        dropOpened(data());
        dropAttachments(data(), "hi");
        dropOrphanedAttachments(data());
        QVERIFY(!QFile::exists(m_room->filePath(QStringLiteral("data/drafts/opened"))));
        QVERIFY(QDir(data() + QStringLiteral("/drafts/attachments")).isEmpty());
    }

    void noComposerIsReadThroughOne()
    {
        KeptComposer composer;
        composer.draft.id = "hi";
        composer.draft.subject = QStringLiteral("Elsewhere");
        QVERIFY(put(QStringLiteral("private/composer.json"), writeComposer(composer)));
        plant(QStringLiteral("drafts/composers/6869.json"), QStringLiteral("private/composer.json"));
        QVERIFY(readComposerFiles(data()).isEmpty());
        QVERIFY(keepComposerFile(data(), composer).has_value()); // replaces the link, not what it leads to
        QCOMPARE(readComposerFiles(data()).size(), 1);
        QVERIFY(!QFileInfo(data() + QStringLiteral("/drafts/composers/6869.json")).isSymLink());
    }

    void attachmentsGoByTheirOwnNames_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("name");
        QTest::newRow("T112 a private file")
            << QStringLiteral("private/letters/dear") << QStringLiteral("dear");
        QTest::newRow("T112 a link to one among the attachments")
            << QStringLiteral("data/drafts/attachments/6869/1-link") << QStringLiteral("dear");
        QTest::newRow("T112 a detour to one")
            << QStringLiteral("data/drafts/attachments/6869/../../../../private/letters/dear")
            << QStringLiteral("dear");
        QTest::newRow("T112 one of the draft's own")
            << QStringLiteral("data/drafts/attachments/6869/1-own") << QStringLiteral("notes.txt");
    }
    /// What a record of a composer calls notes.txt.
    void attachmentsGoByTheirOwnNames()
    {
        QFETCH(QString, path);
        QVERIFY(put(QStringLiteral("data/drafts/attachments/6869/1-own"), "own"));
        plant(QStringLiteral("drafts/attachments/6869/1-link"), QStringLiteral("private/letters/dear"));
        KeptComposer composer;
        composer.draft.id = "hi";
        composer.draft.attachments = {{m_room->filePath(path), QStringLiteral("notes.txt"), {}}};
        QVERIFY(put(QStringLiteral("data/drafts/composers/6869.json"), writeComposer(composer)));
        const QList<KeptComposer> read = readComposerFiles(data());
        QCOMPARE(read.size(), 1);
        QTEST(read.first().draft.attachments.first().name, "name");
    }

    void noQueuedMessageIsReadThroughOne_data()
    {
        QTest::addColumn<int>("size");
        QTest::newRow("T112 small, in the queue") << 100;
        QTest::newRow("T112 large, in the queue") << 3000000;
    }
    void noQueuedMessageIsReadThroughOne()
    {
        QFETCH(int, size);
        const QString name = queueMessagePath("1");
        QVERIFY(put(QStringLiteral("private/message"), QByteArray(size, 'x')));
        plant(name, QStringLiteral("private/message"));
        const QString path = data() + QLatin1Char('/') + name;
        QVERIFY(fileSources(path, 1, data())() == nullptr);
        QVERIFY(
            QFile::remove(path) && QFile::copy(m_room->filePath(QStringLiteral("private/message")), path));
        QVERIFY(fileSources(path, 1, data())() != nullptr);
    }

    void noStateIsReadThroughOne()
    {
        QueueEntry entry;
        entry.id = "1";
        const QString name = queueStatePath("1");
        QVERIFY(put(QStringLiteral("private/state"), writeState(entry)));
        plant(name, QStringLiteral("private/state"));
        const Result<StoredQueue> read = readQueue(data(), 0);
        QVERIFY(read.has_value());
        QVERIFY(read->entries.isEmpty());
        QCOMPARE(read->damaged.size(), 1); // and is told of
    }

private:
    [[nodiscard]] QString data() const { return m_room->filePath(QStringLiteral("data")); }
    bool put(const QString &name, const QByteArray &octets)
    {
        const QString path = m_room->filePath(name);
        QFile file(path);
        return QDir().mkpath(QFileInfo(path).path()) && file.open(QIODevice::WriteOnly)
            && file.write(octets) == octets.size();
    }
    [[nodiscard]] QByteArray content(const QString &name) const
    {
        QFile file(m_room->filePath(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(none)");
    }
    /// A link in the data folder to something beside it.
    void plant(const QString &name, const QString &target)
    {
        const QString path = data() + QLatin1Char('/') + name;
        QVERIFY(QDir().mkpath(QFileInfo(path).path()));
        QVERIFY(QFile::link(m_room->filePath(target), path));
    }

    std::unique_ptr<QTemporaryDir> m_room;
};

QTEST_GUILESS_MAIN(TestPlantedLinks)
#include "tst_plantedlinks.moc"
