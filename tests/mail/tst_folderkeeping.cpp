#include "mail/settings/folderkeeping.h"
#include "mail/settings/settingsfile.h"
#include "mail/system/mailsystem.h"
#include "tests/support/awaited.h"
#include "tests/support/runningmail.h"

#include <QtTest>

using namespace glasspost;
using namespace glasspost::mail;

/// What is set for folders: found, changed, saved, and gone with the folder.
class FolderKeepingTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsColors_data();
    void readsColors();
    void changesOneAlone();
    void goesAlongWithAName();
    void savesNothingElse();
    void isForgottenWithItsFolder();
};

namespace {

const QString alice = QStringLiteral("alice");
const FolderKeeping lists{alice, QStringLiteral("Lists"), {5, {}, 0}, QStringLiteral("red")};
const FolderKeeping inboxKeeping{alice, {}, {0, std::chrono::hours(24), 0}, {}};

KeepingChange setting(const FolderKeeping &keeping)
{
    return [keeping](QList<FolderKeeping> &all) { setKeeping(all, keeping); };
}

/// As saved.
QList<FolderKeeping> savedIn(const QTemporaryDir &folder)
{
    return loadSettings(folder.path()).value_or(Settings()).folders;
}

} // namespace

void FolderKeepingTest::readsColors_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<std::optional<QString>>("color");
    const auto row = [](const char *text, std::optional<QString> color) {
        QTest::newRow(text) << QString::fromLatin1(text) << color;
    };
    row("red", QStringLiteral("red"));
    row(" Teal ", QStringLiteral("teal"));
    row("#0A1b2C", QStringLiteral("#0a1b2c"));
    row("", QString());
    row("none", QString());
    row("mauve", std::nullopt);
    row("#0a1b2", std::nullopt);
    row("#0a1b2g", std::nullopt);
    row("0a1b2c7", std::nullopt);
}

void FolderKeepingTest::readsColors()
{
    QFETCH(QString, text);
    QFETCH(std::optional<QString>, color);
    QCOMPARE(folderColorFrom(text), color);
}

void FolderKeepingTest::changesOneAlone()
{
    QList<FolderKeeping> all;
    setKeeping(all, lists);
    setKeeping(all, inboxKeeping);
    QCOMPARE(all, (QList<FolderKeeping>{lists, inboxKeeping}));
    FolderKeeping more = lists;
    more.retention.messages = 9;
    setKeeping(all, more);
    QCOMPARE(keepingOf(all, alice, QStringLiteral("Lists")), more);
    QCOMPARE(keepingOf(all, alice, {}), inboxKeeping);
    QVERIFY(keepingOf(all, QStringLiteral("bob"), {}).isEmpty());
    setKeeping(all, {alice, QStringLiteral("Lists"), {}, {}});
    setKeeping(all, {alice, QStringLiteral("Other"), {}, {}});
    QCOMPARE(all, QList<FolderKeeping>{inboxKeeping});
}

void FolderKeepingTest::goesAlongWithAName()
{
    QList<FolderKeeping> all{lists, inboxKeeping};
    moveKeeping(all, alice, QStringLiteral("Lists"), QStringLiteral("Mail.Lists"));
    FolderKeeping moved = lists;
    moved.folder = QStringLiteral("Mail.Lists");
    QCOMPARE(all, (QList<FolderKeeping>{inboxKeeping, moved}));
    moveKeeping(all, alice, QStringLiteral("None"), QStringLiteral("Mail.Lists"));
    QCOMPARE(all, (QList<FolderKeeping>{inboxKeeping, moved}));
}

/// Not what options have adjusted for this run, and not over what others have set.
void FolderKeepingTest::savesNothingElse()
{
    const QTemporaryDir folder;
    StartOptions options;
    options.adjust = [](Settings settings) {
        settings.listener.retention.messages = 77;
        return settings;
    };
    MailSystem system(folder.path());
    QVERIFY(test::start(system, options));
    const QSignalSpy changed(&system.settings(), &CurrentSettings::changed);
    QVERIFY(test::awaited(system.settings().changeFolders(setting(lists))));
    QVERIFY(test::awaited(system.settings().changeFolders(setting(inboxKeeping))));
    QTRY_COMPARE(changed.size(), 2);
    const Settings now = system.settings().value();
    QCOMPARE(now.folders, (QList<FolderKeeping>{lists, inboxKeeping}));
    QCOMPARE(now.listener.retention.messages, 77);
    QCOMPARE(savedIn(folder), now.folders);
    QCOMPARE(loadSettings(folder.path())->listener.retention.messages, 0);
}

void FolderKeepingTest::isForgottenWithItsFolder()
{
    const QTemporaryDir folder;
    StartOptions options;
    options.adjust = [](Settings settings) {
        settings.users = {{alice, {}}};
        return settings;
    };
    MailSystem system(folder.path());
    QVERIFY(test::start(system, options));
    const FolderId id{alice, QStringLiteral("Lists")};
    QVERIFY(test::awaited(system.mailboxes().createFolder(id)));
    QVERIFY(test::awaited(system.settings().changeFolders(setting(lists))));
    QVERIFY(test::awaited(system.settings().changeFolders(setting(inboxKeeping))));
    QVERIFY(test::awaited(system.mailboxes().removeFolder(id)));
    QCOMPARE(system.settings().value().folders, QList<FolderKeeping>{inboxKeeping});
    QCOMPARE(savedIn(folder), QList<FolderKeeping>{inboxKeeping});
    QVERIFY(!test::awaited(system.mailboxes().removeFolder({alice, {}}))); // an Inbox
    QCOMPARE(savedIn(folder), QList<FolderKeeping>{inboxKeeping});
}

QTEST_GUILESS_MAIN(FolderKeepingTest)
#include "tst_folderkeeping.moc"
