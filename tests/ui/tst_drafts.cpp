// What becomes of what a person wrote: closed, sent, discarded, undone, given back after a crash; and of the
// files attached to it.

#include "tests/support/awaited.h"
#include "tests/support/composeservices.h"
#include "tests/support/runningmail.h"
#include "ui/compose/composeform.h"
#include "ui/compose/composewindow.h"
#include "ui/compose/filestrip.h"
#include "ui/compose/recipientfield.h"
#include "ui/composers.h"
#include "ui/widgets/inlinebar.h"

#include <QApplication>
#include <QDir>
#include <QDirIterator>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPointer>
#include <QTemporaryDir>
#include <QTest>
#include <QThreadPool>

#include <sys/stat.h>

using namespace glasspost;
using mail::DraftField;

namespace {

const QString bob = QStringLiteral("bob@example.net");
const QString alice = QStringLiteral("alice");

enum class Way { Fresh, Reply, Forward, FromDrafts, Restored, RestoredTwice, UndoneSend, UndoneDiscard };
enum class Fate { Changed, Deleted, Folder, FolderGone };

mode_t modeOf(const QString &path)
{
    struct stat facts = {};
    return ::stat(QFile::encodeName(path).constData(), &facts) == 0 ? facts.st_mode & 0777 : 0;
}

bool write(const QString &path, const QByteArray &content)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QStringList filesBelow(const QString &folder)
{
    QStringList files;
    for (QDirIterator at(folder, QDir::Files, QDirIterator::Subdirectories); at.hasNext();)
        files << at.next();
    return files;
}

/// The program as far as writing goes: a mail system whose mail leaves nowhere, and its composers.
class Desk
{
public:
    explicit Desk(const QString &folder, int undoSeconds = 30)
        : m_system(folder), m_composers(test::composeServices(m_system), m_system.listener(), m_bar)
    {
        mail::StartOptions options;
        options.outgoing = mail::StartOptions::Outgoing::Rest;
        options.adjust = [undoSeconds](mail::Settings settings) {
            settings.hostName = QStringLiteral("mail.example.test");
            settings.users = {{alice, QStringLiteral("Alice")}};
            settings.identities
                = {{QStringLiteral("Alice"), QStringLiteral("alice@mail.example.test"), alice}};
            settings.undoSeconds = undoSeconds;
            return settings;
        };
        m_runs = test::start(m_system, options);
    }
    ~Desk()
    {
        for (QWidget *window : QApplication::topLevelWidgets()) {
            if (qobject_cast<ui::ComposeWindow *>(window) != nullptr)
                delete window; // as a program ends that is killed: nothing is asked, nothing saved
        }
    }

    [[nodiscard]] bool runs() const { return m_runs; }
    mail::MailSystem &system() { return m_system; }
    ui::Composers &composers() { return m_composers; }
    ui::InlineBar &bar() { return m_bar; }

    /// The composer that is open; waits for it.
    ui::ComposeWindow *window()
    {
        ui::ComposeWindow *found = nullptr;
        const bool isThere = QTest::qWaitFor([&found] {
            for (QWidget *window : QApplication::topLevelWidgets()) {
                auto *composer = qobject_cast<ui::ComposeWindow *>(window);
                if (composer != nullptr && composer->isVisible())
                    found = composer;
            }
            return found != nullptr;
        });
        return isThere ? found : nullptr;
    }

    QList<mail::MessageRow> rows(const QString &folder)
    {
        mail::RowQuery query;
        query.folder = {alice, folder};
        QObject context;
        const auto page = test::awaited(m_system.mailboxes().settle().andThen(
            &context, [&](quint64) { return m_system.mailboxes().rows(query); }));
        return page ? page->rows : QList<mail::MessageRow>();
    }

    /// Has a message in its Inbox, with one attachment.
    mail::MessageView received()
    {
        const QByteArray message
            = "From: bob@example.net\nTo: alice@mail.example.test\nSubject: Plans\nMessage-ID: <1@x>\n"
              "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nSee there.\n"
              "--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename=plan.txt\n\n"
              "the plan\n--b--\n";
        test::awaited(m_system.mailboxes().keepMessages({alice, {}}, {{message, {}}}));
        const QList<mail::MessageRow> all = rows({});
        if (all.isEmpty())
            return {};
        const auto view = test::awaited(m_system.mailboxes().message(all.first().id));
        return view.value_or(mail::MessageView());
    }

    bool pressUndo()
    {
        if (!m_bar.canUndo())
            return false;
        m_bar.undo();
        return true;
    }

private:
    mail::MailSystem m_system;
    ui::InlineBar m_bar;
    ui::Composers m_composers;
    bool m_runs = false;
};

void fill(ui::ComposeWindow *window)
{
    window->form()->recipients(DraftField::To)->setText(bob);
    window->form()->subject()->setText(QStringLiteral("Worth keeping"));
    window->form()->text()->setPlainText(QStringLiteral("Written once."));
}

} // namespace

class DraftsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void closes_data();
    void closes();
    void keepsAttachments_data();
    void keepsAttachments();
    void saysWhatItCannotSave_data();
    void saysWhatItCannotSave();
    void keepsFilesToItself_data();
    void keepsFilesToItself();
    void discardsADraft_data();
    void discardsADraft();
    void marksTheOrigin_data();
    void marksTheOrigin();
    void raisesTheOpenDraft_data();
    void raisesTheOpenDraft();
    void endsWithComposersOpen_data();
    void endsWithComposersOpen();

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    [[nodiscard]] QString data() const { return m_folder->filePath(QStringLiteral("data")); }
    [[nodiscard]] QString attachments() const { return data() + QStringLiteral("/drafts/attachments"); }
    [[nodiscard]] QStringList composers() const
    {
        return filesBelow(data() + QStringLiteral("/drafts/composers"));
    }
    std::unique_ptr<Desk> openedBy(Way way);
};

void DraftsTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
}

// A desk with one composer open, in the way it came to be; nothing is typed into it any more.
std::unique_ptr<Desk> DraftsTest::openedBy(Way way)
{
    auto desk = std::make_unique<Desk>(data());
    const auto restart = [&] {
        desk.reset();
        desk = std::make_unique<Desk>(data());
        desk->composers().reopen();
        desk->window();
    };
    if (way == Way::Reply || way == Way::Forward) {
        desk->composers().answer(
            way == Way::Reply ? ui::ReplyKind::Reply : ui::ReplyKind::Forward, desk->received());
        desk->window();
        return desk;
    }
    desk->composers().write(QUrl(QStringLiteral("mailto:bob@example.net?subject=Hello")));
    QPointer<ui::ComposeWindow> window = desk->window();
    if (way == Way::Fresh)
        return desk;
    fill(window);
    switch (way) {
    case Way::FromDrafts:
        window->close();
        if (!QTest::qWaitFor([&] { return window.isNull(); }))
            return desk;
        desk->composers().editDraft(desk->rows(QStringLiteral("Drafts")).value(0).id);
        break;
    case Way::UndoneSend:
        window->send();
        if (!QTest::qWaitFor([&] { return window.isNull(); }))
            return desk;
        desk->pressUndo();
        break;
    case Way::UndoneDiscard:
        window->discard();
        if (!QTest::qWaitFor([&] { return window.isNull(); }))
            return desk;
        desk->pressUndo();
        break;
    case Way::Restored:
    case Way::RestoredTwice:
        if (!QTest::qWaitFor([&] { return !composers().isEmpty(); }, 10000)) // kept by itself
            return desk;
        restart();
        if (way == Way::RestoredTwice)
            restart();
        break;
    case Way::Fresh:
    case Way::Reply:
    case Way::Forward:
        break;
    }
    desk->window();
    return desk;
}

void DraftsTest::closes_data()
{
    QTest::addColumn<Way>("way");
    QTest::addColumn<int>("drafts");
    QTest::newRow("T25 given back after a crash") << Way::Restored << 1;
    QTest::newRow("T25 given back, killed, given back") << Way::RestoredTwice << 1;
    QTest::newRow("T25 send undone") << Way::UndoneSend << 1;
    QTest::newRow("T25 discard undone") << Way::UndoneDiscard << 1;
    QTest::newRow("T25 draft opened from Drafts") << Way::FromDrafts << 1;
    QTest::newRow("T25 mailto link, untouched") << Way::Fresh << 0;
    QTest::newRow("T25 reply, untouched") << Way::Reply << 0;
    QTest::newRow("T25 forward, untouched") << Way::Forward << 0;
}

void DraftsTest::closes()
{
    QFETCH(const Way, way);
    QFETCH(const int, drafts);
    const std::unique_ptr<Desk> desk = openedBy(way);
    QVERIFY(desk->runs());
    QPointer<ui::ComposeWindow> window = desk->window();
    QVERIFY(window);
    window->close(); // without a key pressed
    QTRY_VERIFY(window.isNull());
    const QList<mail::MessageRow> kept = desk->rows(QStringLiteral("Drafts"));
    QCOMPARE(kept.size(), drafts);
    QTRY_VERIFY(composers().isEmpty());
    QTRY_VERIFY(filesBelow(attachments()).isEmpty());
    if (drafts == 0)
        return;
    const auto draft = test::awaited(desk->system().drafts().load(kept.first().id));
    QVERIFY(draft);
    QCOMPARE(draft->to, bob);
    QCOMPARE(draft->text.trimmed(), QStringLiteral("Written once."));
}

void DraftsTest::keepsAttachments_data()
{
    QTest::addColumn<Fate>("fate");
    QTest::newRow("T26 file deleted after the first save") << Fate::Deleted;
    QTest::newRow("T26 file changed after the first save") << Fate::Changed;
    QTest::newRow("T26 folder of that name in its place") << Fate::Folder;
    QTest::newRow("T26 its folder gone") << Fate::FolderGone;
}

void DraftsTest::keepsAttachments()
{
    QFETCH(const Fate, fate);
    Desk desk(data());
    QDir outside(m_folder->path());
    QVERIFY(outside.mkdir(QStringLiteral("outside")));
    const QString path = m_folder->filePath(QStringLiteral("outside/notes.txt"));
    QVERIFY(write(path, "as attached"));
    desk.composers().write(QUrl());
    QPointer<ui::ComposeWindow> window = desk.window();
    fill(window);
    window->form()->attachments()->addFiles({path});
    window->saveDraft();
    QTRY_VERIFY(!window->savedAs().isNull());
    const mail::MessageId first = window->savedAs();
    QVERIFY(QFile::remove(path));
    if (fate == Fate::Changed)
        QVERIFY(write(path, "another matter"));
    else if (fate == Fate::Folder)
        QVERIFY(QDir().mkdir(path));
    else if (fate == Fate::FolderGone)
        QVERIFY(outside.rmdir(QStringLiteral("outside")));
    QTest::keyClicks(window->form()->text(), QStringLiteral("More. "));
    window->saveDraft();
    QTRY_VERIFY(window->savedAs() != first);

    const QList<mail::MessageRow> kept = desk.rows(QStringLiteral("Drafts"));
    QCOMPARE(kept.size(), 1);
    const auto draft = test::awaited(desk.system().drafts().load(kept.first().id));
    QVERIFY(draft);
    QVERIFY(draft->text.contains(QStringLiteral("More.")));
    QCOMPARE(draft->attachments.size(), 1);
    QCOMPARE(draft->attachments.first().name, QStringLiteral("notes.txt"));
    QCOMPARE(contentOf(draft->attachments.first().path), QByteArray("as attached"));

    window->send(); // and it leaves with the message
    QTRY_VERIFY(window.isNull());
    const QList<mail::MessageRow> sent = desk.rows(QStringLiteral("Sent"));
    QCOMPARE(sent.size(), 1);
    const auto source = test::awaited(desk.system().mailboxes().octets(sent.first().id));
    QVERIFY(source->inMemory().contains(QByteArray("as attached").toBase64()));
}

void DraftsTest::saysWhatItCannotSave_data()
{
    QTest::addColumn<bool>("sends");
    QTest::newRow("T26 file gone before it was ever saved") << false;
    QTest::newRow("T26 file gone before it is sent") << true;
}

void DraftsTest::saysWhatItCannotSave()
{
    QFETCH(const bool, sends);
    Desk desk(data());
    const QString path = m_folder->filePath(QStringLiteral("notes.txt"));
    QVERIFY(write(path, "as attached"));
    desk.composers().write(QUrl());
    QPointer<ui::ComposeWindow> window = desk.window();
    fill(window);
    window->saveDraft();
    QTRY_VERIFY(!window->savedAs().isNull());
    const mail::MessageId first = window->savedAs();
    window->form()->attachments()->addFiles({path});
    QThreadPool::globalInstance()->waitForDone(); // it has been looked at
    QCoreApplication::processEvents();
    QVERIFY(QFile::remove(path));
    if (sends) {
        window->send();
        QVERIFY(window->isVisible());
    } else {
        window->bar()->dismiss();
        window->close();
        QTRY_VERIFY(window->bar()->words().startsWith(QStringLiteral("Not saved.")));
        QVERIFY(window->bar()->words().contains(QStringLiteral("notes.txt")));
    }
    QVERIFY(window); // it stays open with what is in it
    QCOMPARE(window->savedAs(), first);
    const QList<mail::MessageRow> kept = desk.rows(QStringLiteral("Drafts"));
    QCOMPARE(kept.size(), 1);
    QCOMPARE(kept.first().id, first);
}

void DraftsTest::keepsFilesToItself_data()
{
    QTest::addColumn<Way>("way");
    QTest::addColumn<QString>("end");
    for (const auto &[name, way] :
        {std::pair("forward", Way::Forward), std::pair("saved draft", Way::FromDrafts)}) {
        for (const char *end : {"closed", "sent", "discarded", "killed"})
            QTest::addRow("T27 %s, %s", name, end) << way << QString::fromLatin1(end);
    }
    QTest::newRow("T27 opened with another program") << Way::Fresh << QStringLiteral("opened");
}

void DraftsTest::keepsFilesToItself()
{
    QFETCH(const Way, way);
    QFETCH(const QString, end);
    const QStringList before = QDir(QDir::tempPath()).entryList(QDir::AllEntries | QDir::NoDotAndDotDot);
    std::unique_ptr<Desk> desk = std::make_unique<Desk>(data(), 0);
    const mail::MessageView message = desk->received();
    QVERIFY(!message.id.isNull());
    if (end == QStringLiteral("opened")) {
        const auto copy
            = test::awaited(desk->system().mailboxes().copyPart(message.id, {2, QStringLiteral("plan.txt")}));
        QVERIFY(copy);
        QVERIFY(copy->startsWith(data() + QLatin1Char('/')));
        QVERIFY(copy->endsWith(QStringLiteral("/plan.txt")));
        QCOMPARE(contentOf(*copy), QByteArray("the plan"));
        const auto page
            = test::awaited(desk->system().mailboxes().copyOctets("<p>x", QStringLiteral("message.html")));
        QVERIFY(page);
        QVERIFY(page->startsWith(data() + QLatin1Char('/')));
        QVERIFY(page->endsWith(QStringLiteral("/message.html")));
        QCOMPARE(contentOf(*page), QByteArray("<p>x"));
        for (const QString &opened : {*copy, *page}) {
            QCOMPARE(modeOf(opened), mode_t(0400));
            QCOMPARE(modeOf(QFileInfo(opened).path()), mode_t(0700));
        }
        desk.reset();
        QVERIFY(!QFile::exists(*copy));
        QVERIFY(!QFile::exists(*page));
        return;
    }
    desk->composers().answer(ui::ReplyKind::Forward, message);
    QPointer<ui::ComposeWindow> window = desk->window();
    QVERIFY(window);
    fill(window);
    if (way == Way::FromDrafts) {
        window->close();
        QTRY_VERIFY(window.isNull());
        QTRY_VERIFY(filesBelow(attachments()).isEmpty());
        desk->composers().editDraft(desk->rows(QStringLiteral("Drafts")).value(0).id);
        window = desk->window();
        QVERIFY(window);
    }
    const QStringList files = filesBelow(attachments());
    QCOMPARE(files.size(), 1);
    QCOMPARE(contentOf(files.first()), QByteArray("the plan"));
    QCOMPARE(modeOf(files.first()), mode_t(0600));
    QCOMPARE(modeOf(QFileInfo(files.first()).path()), mode_t(0700));
    QCOMPARE(modeOf(attachments()), mode_t(0700));
    QCOMPARE(window->draft().attachments.first().path, files.first());
    if (end == QStringLiteral("killed")) {
        desk.reset();
        // Before what was typed was kept; a composer given back would still need its files.
        for (const QString &composer : composers())
            QVERIFY(QFile::remove(composer));
        desk = std::make_unique<Desk>(data());
    } else if (end == QStringLiteral("sent")) {
        window->send();
    } else if (end == QStringLiteral("closed")) {
        window->close();
    } else {
        window->discard();
        QTRY_VERIFY(window.isNull());
        QVERIFY(desk->pressUndo()); // until it cannot be undone any more
        window = desk->window();
        QCOMPARE(contentOf(window->draft().attachments.first().path), QByteArray("the plan"));
        window->close();
    }
    QTRY_VERIFY(filesBelow(attachments()).isEmpty());
    QStringList added = QDir(QDir::tempPath()).entryList(QDir::AllEntries | QDir::NoDotAndDotDot);
    added.removeIf([&](const QString &name) { return before.contains(name); });
    QCOMPARE(added.filter(QStringLiteral("plan")), QStringList());
}

void DraftsTest::discardsADraft_data()
{
    QTest::addColumn<Way>("way");
    QTest::newRow("T31 saved, then discarded") << Way::Fresh;
    QTest::newRow("T31 opened from Drafts, then discarded") << Way::FromDrafts;
    QTest::newRow("T31 given back after a crash, saved, then discarded") << Way::Restored;
}

void DraftsTest::discardsADraft()
{
    QFETCH(const Way, way);
    const std::unique_ptr<Desk> desk = openedBy(way);
    QPointer<ui::ComposeWindow> window = desk->window();
    if (way != Way::FromDrafts) {
        window->saveDraft();
        QTRY_VERIFY(!window->savedAs().isNull());
    }
    QCOMPARE(desk->rows(QStringLiteral("Drafts")).size(), 1);
    window->discard();
    QTRY_VERIFY(window.isNull());
    QTRY_COMPARE(desk->rows(QStringLiteral("Drafts")).size(), 0);
    QCOMPARE(desk->rows(QStringLiteral("Trash")).size(), 1);
    QCOMPARE(desk->bar().words(), QStringLiteral("The draft was moved to Trash."));
    QVERIFY(desk->pressUndo());
    window = desk->window();
    QVERIFY(window);
    QTRY_COMPARE(desk->rows(QStringLiteral("Drafts")).size(), 1);
    QCOMPARE(desk->rows(QStringLiteral("Trash")).size(), 0);
    window->form()->subject()->setText(QStringLiteral("Changed"));
    window->close();
    QTRY_VERIFY(window.isNull());
    const QList<mail::MessageRow> kept = desk->rows(QStringLiteral("Drafts"));
    QCOMPARE(kept.size(), 1); // in the place of the one before
    QCOMPARE(kept.first().subject, QStringLiteral("Changed"));
}

void DraftsTest::marksTheOrigin_data()
{
    QTest::addColumn<ui::ReplyKind>("kind");
    QTest::addColumn<bool>("savedFirst");
    QTest::addColumn<bool>("wasMarked");
    QTest::newRow("T29 reply, sent at once") << ui::ReplyKind::Reply << false << false;
    QTest::newRow("T29 reply, saved, opened, sent") << ui::ReplyKind::Reply << true << false;
    QTest::newRow("T29 forward, saved, opened, sent") << ui::ReplyKind::Forward << true << false;
    QTest::newRow("T29 second reply, undone: the first one's mark stays")
        << ui::ReplyKind::Reply << false << true;
}

void DraftsTest::marksTheOrigin()
{
    QFETCH(const ui::ReplyKind, kind);
    QFETCH(const bool, savedFirst);
    QFETCH(const bool, wasMarked);
    const mail::MessageFlag flag
        = kind == ui::ReplyKind::Forward ? mail::MessageFlag::Passed : mail::MessageFlag::Replied;
    Desk desk(data());
    const mail::MessageView message = desk.received();
    const auto isMarked = [&] { return desk.rows({}).value(0).flags.testFlag(flag); };
    if (wasMarked) {
        test::awaited(desk.system().mailboxes().setFlags({message.id}, flag, {}));
    }
    desk.composers().answer(kind, message);
    QPointer<ui::ComposeWindow> window = desk.window();
    fill(window);
    if (savedFirst) {
        window->close();
        QTRY_VERIFY(window.isNull());
        desk.composers().editDraft(desk.rows(QStringLiteral("Drafts")).value(0).id);
        window = desk.window();
        QVERIFY(window);
        QCOMPARE(window->draft().origin, message.id);
    }
    QCOMPARE(isMarked(), wasMarked);
    window->send();
    QTRY_VERIFY(window.isNull());
    QTRY_VERIFY(isMarked());
    QVERIFY(desk.pressUndo());
    window = desk.window();
    QVERIFY(window);
    QTRY_COMPARE(isMarked(), wasMarked);
}

void DraftsTest::raisesTheOpenDraft_data()
{
    QTest::addColumn<Way>("way");
    QTest::newRow("T66 opened from Drafts twice") << Way::FromDrafts;
    QTest::newRow("T66 saved and opened from Drafts while it is open") << Way::Fresh;
    QTest::newRow("T66 given back, then opened from Drafts") << Way::Restored;
}

void DraftsTest::raisesTheOpenDraft()
{
    QFETCH(const Way, way);
    const std::unique_ptr<Desk> desk = openedBy(way);
    QPointer<ui::ComposeWindow> window = desk->window();
    if (window->savedAs().isNull()) {
        window->saveDraft();
        QTRY_VERIFY(!window->savedAs().isNull());
    }
    desk->composers().editDraft(window->savedAs());
    desk->composers().editDraft(window->savedAs());
    desk->rows({}); // what was asked before has been answered
    int open = 0;
    for (const QWidget *one : QApplication::topLevelWidgets())
        open += qobject_cast<const ui::ComposeWindow *>(one) != nullptr && one->isVisible() ? 1 : 0;
    QCOMPARE(open, 1);
}

void DraftsTest::endsWithComposersOpen_data()
{
    QTest::addColumn<bool>("asked");
    QTest::newRow("T25 quit from the menu") << true;
    QTest::newRow("T25 ended from outside") << false;
}

void DraftsTest::endsWithComposersOpen()
{
    QFETCH(const bool, asked);
    auto desk = std::make_unique<Desk>(data());
    desk->composers().write(QUrl());
    QPointer<ui::ComposeWindow> window = desk->window();
    fill(window);
    if (asked) {
        desk->composers().closeAll();
        QTRY_VERIFY(window.isNull());
        QCOMPARE(desk->rows(QStringLiteral("Drafts")).size(), 1);
        return;
    }
    // What a SIGTERM does, without the wait for the next autosave.
    QMetaObject::invokeMethod(QCoreApplication::instance(), "aboutToQuit", Qt::DirectConnection);
    desk.reset();
    QCOMPARE(composers().size(), 1);
    desk = std::make_unique<Desk>(data());
    desk->composers().reopen();
    window = desk->window();
    QVERIFY(window);
    QCOMPARE(window->draft().text, QStringLiteral("Written once."));
}

QTEST_MAIN(DraftsTest)
#include "tst_drafts.moc"
