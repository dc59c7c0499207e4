#include "mail/accept/acceptor.h"
#include "mail/base/posix.h"
#include "tests/support/awaited.h"

#include <QtTest>

#include <atomic>
#include <cerrno>
#include <sys/stat.h>

using namespace glasspost;
using namespace glasspost::mail;

namespace {

using Origin = IncomingMessage::Origin;

/// A disk whose nth call since it was armed fails, once.
class FailingAt : public FileSystemCalls
{
public:
    void arm(int call)
    {
        m_count = 0;
        m_failAt = call;
    }
    [[nodiscard]] bool hasFailed() const { return m_failAt > 0 && m_count >= m_failAt; }

    int openAt(int folder, const char *path, int flags, mode_t mode) override
    {
        return fails() ? -1 : FileSystemCalls::openAt(folder, path, flags, mode);
    }
    ssize_t write(int file, const char *data, size_t size) override
    {
        return fails() ? -1 : FileSystemCalls::write(file, data, size);
    }
    int fdatasync(int file) override { return fails() ? -1 : FileSystemCalls::fdatasync(file); }
    int fsync(int file) override { return fails() ? -1 : FileSystemCalls::fsync(file); }
    int syncfs(int file) override { return fails() ? -1 : FileSystemCalls::syncfs(file); }
    int ftruncate(int file, off_t size) override
    {
        return fails() ? -1 : FileSystemCalls::ftruncate(file, size);
    }
    int renameAt(int fromFolder, const char *from, int toFolder, const char *to) override
    {
        return fails() ? -1 : FileSystemCalls::renameAt(fromFolder, from, toFolder, to);
    }
    int linkAt(int fromFolder, const char *from, int toFolder, const char *to) override
    {
        return fails() ? -1 : FileSystemCalls::linkAt(fromFolder, from, toFolder, to);
    }
    int unlinkAt(int folder, const char *path) override
    {
        return fails() ? -1 : FileSystemCalls::unlinkAt(folder, path);
    }

private:
    bool fails()
    {
        if (++m_count != m_failAt)
            return false;
        errno = EIO;
        return true;
    }

    std::atomic<int> m_count = 0;
    std::atomic<int> m_failAt = 0;
};

Settings sampleSettings()
{
    Settings settings;
    settings.hostName = QStringLiteral("here.example");
    settings.users = {{QStringLiteral("alice"), {}}, {QStringLiteral("bob"), {}}};
    return settings;
}

smtp::EnvelopeRecipient recipient(
    const QByteArray &name, const QByteArray &domain, smtp::NotifyFlags notify = {})
{
    return {{name, domain}, notify, {}};
}

/// To two mailboxes here, one of which asked for a report, and two domains elsewhere; with a copy in Sent.
IncomingMessage toEverybody(const MessageOctets &octets)
{
    IncomingMessage message;
    message.origin = Origin::Composer;
    message.envelope.reversePath = {"alice", "here.example"};
    message.envelope.recipients
        = {recipient("alice", "here.example"), recipient("bob", "here.example", smtp::Notify::Success),
            recipient("a", "far.example"), recipient("b", "away.example")};
    message.content = octets;
    message.subject = QStringLiteral("One");
    message.messageId = "1@here.example";
    message.sentCopy = {{QStringLiteral("alice"), QStringLiteral("Sent")}, octets};
    return message;
}

const QByteArray text = "Subject: One\nMessage-ID: <1@here.example>\n\nbody\n";
const FileTransaction alongside{
    {FileStep::Kind::Replace, QStringLiteral("receipts.txt"), {}, QByteArray("noted\n"), {}}};

/// A data folder that is opened and closed as the mail system does.
struct Rig
{
    QTemporaryDir folder;
    FailingAt calls;
    std::unique_ptr<Journal> journal;
    std::unique_ptr<Store> store;
    std::unique_ptr<Queue> queue;
    std::unique_ptr<Acceptor> acceptor;

    Rig() { open(); }
    ~Rig() { close(); }
    void open()
    {
        JournalSettings settings;
        settings.calls = &calls;
        settings.retryMilliseconds = 1;
        journal = std::move(*Journal::open(folder.path(), settings));
        store = std::move(*Store::open(folder.path(), *journal));
        queue = std::move(*Queue::open(folder.path(), *journal));
        acceptor = std::make_unique<Acceptor>(*store, *queue,
            AcceptanceRules{Router(sampleSettings()), RecipientPolicy::Mailboxes, "here.example"});
    }
    void close()
    {
        acceptor.reset();
        queue.reset();
        store.reset();
        journal.reset();
    }

    Result<Accepted> accept(const IncomingMessage &message, const FileTransaction &steps = {})
    {
        const Promised promised = acceptor->accept(message, acceptor->planFor(message), steps);
        const Result<Accepted> durable = test::awaited(promised.durable);
        return durable ? test::awaited(promised.filed) : durable;
    }
    /// Everything of the message that is there, a word for each.
    [[nodiscard]] QStringList traces() const
    {
        QStringList found;
        for (const char *part :
            {"mail/alice/new", "mail/bob/new", "mail/alice/.Sent/cur", "queue", "receipts.txt"}) {
            const QString path = folder.filePath(QLatin1String(part));
            const qsizetype count
                = QFileInfo(path).isFile() ? 1 : QDir(path).entryList(QDir::Files | QDir::Hidden).size();
            if (count > 0)
                found.append(QStringLiteral("%1 %2").arg(QLatin1String(part)).arg(count));
        }
        return found;
    }
    [[nodiscard]] QByteArray content(const QString &path) const
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(none)");
    }
};

const QStringList everything{QStringLiteral("mail/alice/new 1"), QStringLiteral("mail/bob/new 1"),
    QStringLiteral("mail/alice/.Sent/cur 1"), QStringLiteral("queue 4"), QStringLiteral("receipts.txt 1")};

quint64 inodeOf(const QString &path)
{
    struct stat facts = {};
    return ::stat(QFile::encodeName(path).constData(), &facts) == 0 ? facts.st_ino : 0;
}

Result<MessageOctets> spooled(const Rig &rig, const QByteArray &octets)
{
    OctetsWriter writer(rig.store->spoolFolder());
    writer.write(octets);
    return writer.finish();
}

} // namespace

/// The contract of Acceptor, on real files and through a journal whose system calls can fail.
class TestAcceptor : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void keepsAllOfIt();
    void allOrNothingWhateverFails_data();
    void allOrNothingWhateverFails();
    void refusesWhatCannotBe_data();
    void refusesWhatCannotBe();
    void linksLargeMessages();
    void filesManyTogether_data();
    void filesManyTogether();
    void replacesTheDraft();
};

void TestAcceptor::keepsAllOfIt()
{
    Rig rig;
    const Result<Accepted> accepted = rig.accept(toEverybody(text), alongside);
    QVERIFY(accepted);
    QCOMPARE(rig.traces(), everything);
    QCOMPARE(accepted->mailboxes.size(), 2);
    QCOMPARE(
        accepted->size, qint64(QFileInfo(accepted->file).size() + rig.content(accepted->file).count('\n')));
    QCOMPARE(rig.content(accepted->file), "Return-Path: <alice@here.example>\n" + text);
    const QList<QueueEntry> entries = rig.queue->entries();
    QCOMPARE(entries.size(), 2); // the relay, and the report that is owed
    const QueueEntry relay = rig.queue->entry(accepted->queueId);
    QCOMPARE(relay.recipients.size(), 2);
    QCOMPARE(relay.subject, QStringLiteral("One"));
    QCOMPARE(rig.content(rig.queue->messageFile(relay.id)), text);
    // One state file says all of it from the start: the copy in Sent and the entry name each other.
    QCOMPARE(relay.sentCopy, accepted->sentCopy);
    QVERIFY(accepted->sentCopy.unique.contains(",Q=" + relay.id));
    rig.close();
    rig.open();
    QCOMPARE(rig.queue->entry(accepted->queueId).sentCopy, accepted->sentCopy);
}

void TestAcceptor::allOrNothingWhateverFails_data()
{
    QTest::addColumn<int>("size");
    QTest::newRow("in the record") << 100;
    QTest::newRow("beside the record") << 300 * 1024;
}

void TestAcceptor::allOrNothingWhateverFails()
{
    QFETCH(int, size);
    int kept = 0;
    int refused = 0;
    for (int call = 1;; ++call) {
        Rig rig;
        const MessageOctets octets(text + QByteArray(size, 'x') + '\n');
        rig.calls.arm(call);
        const Result<Accepted> accepted = rig.accept(toEverybody(octets), alongside);
        const QStringList expected = accepted ? everything : QStringList();
        const bool hasFailed = rig.calls.hasFailed();
        QCOMPARE(rig.queue->entries().size(), accepted ? 2 : 0);
        rig.close();
        rig.calls.arm(0);
        QCOMPARE(rig.traces(), expected);
        rig.open(); // and a start later finds no more and no less
        QCOMPARE(rig.queue->entries().size(), accepted ? 2 : 0);
        QCOMPARE(rig.traces(), expected);
        ++(accepted ? kept : refused);
        if (!hasFailed)
            break;
    }
    QVERIFY2(
        refused > 1 && kept > 5, qPrintable(QStringLiteral("%1 refused, %2 kept").arg(refused).arg(kept)));
}

void TestAcceptor::refusesWhatCannotBe_data()
{
    QTest::addColumn<IncomingMessage>("message");
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<QString>("subject");
    IncomingMessage unknown = toEverybody(text);
    unknown.envelope.recipients.append(recipient("zoe", "here.example"));
    QTest::newRow("a name that nobody has")
        << unknown << ErrorCode::NoMailbox << QStringLiteral("zoe@here.example");
    IncomingMessage nobody = toEverybody(text);
    nobody.envelope.recipients.clear();
    nobody.sentCopy.reset();
    QTest::newRow("nothing to keep") << nobody << ErrorCode::NotFound << QString();
    IncomingMessage nowhere = toEverybody(text);
    nowhere.sentCopy->folder.folder = QStringLiteral("a/b");
    QTest::newRow("a folder that cannot be") << nowhere << ErrorCode::NotPermitted << QStringLiteral("alice");
}

void TestAcceptor::refusesWhatCannotBe()
{
    QFETCH(IncomingMessage, message);
    QFETCH(ErrorCode, code);
    QFETCH(QString, subject);
    Rig rig;
    const bool isEmpty = code == ErrorCode::NotFound; // then there must be nothing alongside either
    const Result<Accepted> accepted = rig.accept(message, isEmpty ? FileTransaction() : alongside);
    QVERIFY(!accepted);
    QCOMPARE(accepted.error().code, code);
    QCOMPARE(accepted.error().subject, subject);
    QVERIFY(rig.queue->entries().isEmpty());
    rig.close();
    QCOMPARE(rig.traces(), QStringList());
}

// Flat memory: the file that was written while the message came becomes the mailboxes' and the queue's own.
void TestAcceptor::linksLargeMessages()
{
    Rig rig;
    const QByteArray large = text + QByteArray(400 * 1024, 'x') + '\n';
    const auto forMailboxes = spooled(rig, "Received: here\n" + large);
    const auto forRelays = spooled(rig, large);
    QVERIFY(forMailboxes && forRelays && forMailboxes->isSpooled() && forRelays->isSpooled());
    const quint64 mailboxFile = inodeOf(forMailboxes->file()->path());
    const quint64 relayFile = inodeOf(forRelays->file()->path());
    IncomingMessage message = toEverybody(text);
    message.content = MessageCopies{*forMailboxes, *forRelays};
    const Result<Accepted> accepted = rig.accept(message);
    QVERIFY(accepted);
    QCOMPARE(inodeOf(accepted->file), mailboxFile);
    QCOMPARE(inodeOf(rig.queue->messageFile(accepted->queueId)), relayFile);
    // One that has no fields on top yet is copied under them, and not read into memory.
    message.content = *forRelays;
    const Result<Accepted> second = rig.accept(message);
    QVERIFY(second);
    QCOMPARE(rig.content(second->file), "Return-Path: <alice@here.example>\n" + large);
    QCOMPARE(inodeOf(rig.queue->messageFile(second->queueId)), relayFile);
}

void TestAcceptor::filesManyTogether_data()
{
    QTest::addColumn<QString>("secondFolder");
    QTest::addColumn<int>("count");
    QTest::newRow("all") << QStringLiteral("Lists") << 2;
    QTest::newRow("none, when one cannot be filed") << QStringLiteral("a/b") << 0;
}

void TestAcceptor::filesManyTogether()
{
    QFETCH(QString, secondFolder);
    QFETCH(int, count);
    Rig rig;
    IncomingMessage first;
    first.origin = Origin::Import;
    first.folder = {QStringLiteral("alice"), QStringLiteral("Lists")};
    first.content = QByteArray("Subject: a\r\n\r\nbody\r\n");
    IncomingMessage second = first;
    second.folder.folder = secondFolder;
    QCOMPARE(test::awaited(rig.acceptor->acceptAll({first, second})).has_value(), count > 0);
    rig.close();
    const QDir folder(rig.folder.filePath(QStringLiteral("mail/alice/.Lists/new")));
    QCOMPARE(folder.entryList(QDir::Files).size(), count);
    for (const QString &name : folder.entryList(QDir::Files))
        QCOMPARE(rig.content(folder.filePath(name)), QByteArray("Subject: a\n\nbody\n"));
}

void TestAcceptor::replacesTheDraft()
{
    Rig rig;
    IncomingMessage draft;
    draft.origin = Origin::Draft;
    draft.folder = {QStringLiteral("alice"), QStringLiteral("Drafts")};
    draft.flags = MessageFlag::Draft;
    draft.content = text;
    const Result<Accepted> saved = rig.accept(draft);
    QVERIFY(saved);
    IncomingMessage sent = toEverybody(text);
    sent.replaces = saved->mailboxes;
    QVERIFY(rig.accept(sent, alongside));
    QCOMPARE(rig.traces(), everything);
    QVERIFY(QDir(rig.folder.filePath(QStringLiteral("mail/alice/.Drafts/cur"))).isEmpty());
}

QTEST_GUILESS_MAIN(TestAcceptor)
#include "tst_acceptor.moc"
