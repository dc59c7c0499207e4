// The real window over a real mail system in a folder of its own: what a person clicks and types.
#include "mail/system/mailsystem.h"
#include "tests/support/awaited.h"
#include "tests/support/controls.h"
#include "ui/actions/actions.h"
#include "ui/actions/maintoolbar.h"
#include "ui/actions/searchfield.h"
#include "ui/actions/shortcutsheet.h"
#include "ui/centralarea.h"
#include "ui/compose/composewindow.h"
#include "ui/mailbox/folderactions.h"
#include "ui/mailbox/messagechanges.h"
#include "ui/mailbox/messagelist.h"
#include "ui/mailbox/messagespage.h"
#include "ui/mailbox/placestree.h"
#include "ui/mailbox/selectedmessages.h"
#include "ui/mainwindow.h"
#include "ui/message/html/pageview.h"
#include "ui/message/htmlpane.h"
#include "ui/message/messageheader.h"
#include "ui/message/messagepane.h"
#include "ui/queue/attempttimedialog.h"
#include "ui/queue/queuemodel.h"
#include "ui/queue/queueview.h"
#include "ui/queue/routedialog.h"
#include "ui/status/listenerchip.h"
#include "ui/status/mainstatus.h"
#include "ui/transcript/transcriptmodel.h"
#include "ui/transcript/transcriptpane.h"
#include "ui/transfers.h"
#include "ui/widgets/chip.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/findrow.h"
#include "ui/widgets/inlinebar.h"

#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QDesktopServices>
#include <QDir>
#include <QDrag>
#include <QDropEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>
#include <QThreadPool>
#include <QToolButton>

#include <memory>

using namespace glasspost;
using namespace glasspost::ui;

/// What would be opened by other programs.
class OpenedFiles : public QObject
{
    Q_OBJECT
public:
    OpenedFiles() { QDesktopServices::setUrlHandler(QStringLiteral("file"), this, "take"); }
    ~OpenedFiles() override { QDesktopServices::unsetUrlHandler(QStringLiteral("file")); }

    QStringList paths;

public Q_SLOTS:
    void take(const QUrl &url) { paths.append(url.toLocalFile()); }
};

class TestMainWindow : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_system = std::make_unique<mail::MailSystem>(m_folder->path());
        m_listener = {};
        connect(&m_system->listener(), &mail::ListenerSwitch::changed, this,
            [this](const mail::ListenerState &state) { m_listener = state; });
        m_window = std::make_unique<MainWindow>(*m_system);
        m_window->resize(1200, 800);
        m_window->show();
        mail::StartOptions options;
        options.adjust = [](mail::Settings settings) {
            settings.hostName = QStringLiteral("mail.example.test");
            settings.localDomains = {QStringLiteral("example.test")};
            settings.users = {{QStringLiteral("alice"), QStringLiteral("Alice")}};
            settings.identities
                = {{QStringLiteral("Alice"), QStringLiteral("alice@example.test"), QStringLiteral("alice")}};
            settings.listener.policy = mail::RecipientPolicy::Mailboxes;
            settings.listener.bindings.first().port = 0;
            return settings;
        };
        m_system->start(options);
        QTRY_COMPARE_WITH_TIMEOUT(int(m_listener.kind), int(mail::ListenerState::Kind::Listening), 20000);
        QTRY_VERIFY_WITH_TIMEOUT(!part<MessagesPage>().folder().user.isEmpty(), 20000);
        QTRY_COMPARE(part<MessagesPage>().list()->model()->rowCount(), 0);
    }
    void cleanup()
    {
        for (QWidget *widget : QApplication::topLevelWidgets()) {
            if (qobject_cast<ComposeWindow *>(widget) != nullptr)
                delete widget;
        }
        m_window.reset();
        m_system.reset();
        m_folder.reset();
    }

    void firstStepSendsATestMessage()
    {
        // Beside the list: the pane of the message has one of its own.
        auto *empty = list()->parentWidget()->findChild<EmptyState *>();
        QVERIFY(empty != nullptr);
        QTRY_VERIFY(empty->isVisible() && empty->button()->isVisible());
        QTest::mouseClick(empty->button(), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 1, 20000);
    }

    void whatTheListenerTakesShowsUpAndIsRead()
    {
        send("Hello there");
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 1, 20000);
        list()->setFocus();
        QTest::keyClick(list(), Qt::Key_J);
        QTRY_COMPARE(part<MessagesPage>().message().subject, QStringLiteral("Hello there"));
        QVERIFY(!part<MessagesPage>().message().sessionId.isEmpty());
        QTRY_VERIFY_WITH_TIMEOUT(list()->currentRow()->flags.testFlag(mail::MessageFlag::Seen), 20000);
        QVERIFY(part<MainStatus>().lastEvent().contains(QStringLiteral("sender@example.org")));
    }

    void replyOpensAComposerToTheSender()
    {
        send("Question");
        openFirst();
        QTest::keyClick(list(), Qt::Key_R);
        QTRY_VERIFY(composer() != nullptr);
        const mail::Draft draft = composer()->draft();
        QVERIFY2(draft.to.contains(QStringLiteral("sender@example.org")), qPrintable(draft.to));
        QCOMPARE(draft.subject, QStringLiteral("Re: Question"));
    }

    void deleteAndUndo()
    {
        send("To be deleted");
        openFirst();
        QTest::keyClick(list(), Qt::Key_Delete);
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 0, 20000);
        QVERIFY(!part<MessagesPage>().bar()->isHidden());
        auto *undo = part<MessagesPage>().bar()->findChild<QPushButton *>();
        QVERIFY(undo != nullptr);
        QTest::mouseClick(undo, Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 1, 20000);
    }

    void searchFindsAndLetsGo()
    {
        send("Alpha report");
        send("Beta report");
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 2, 20000);
        list()->setFocus();
        QTest::keyClick(list(), Qt::Key_Slash);
        QLineEdit *field = part<MainToolBar>().searchField();
        QTRY_VERIFY(field->hasFocus());
        QTest::keyClicks(field, QStringLiteral("alpha"));
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 1, 20000);
        QTest::keyClick(field, Qt::Key_Escape);
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 2, 20000);
    }

    void everyWayOutOfASearch_data()
    {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("way");
        for (const char *from : {"Inbox", "Sessions"}) {
            for (const char *way : {"Escape in the field", "Escape in the list", "the place itself",
                     "the cross", "Ctrl+digit", "an empty field"})
                QTest::addRow("T47 from %s by %s", from, way)
                    << QString::fromLatin1(from) << QString::fromLatin1(way);
        }
    }
    void everyWayOutOfASearch()
    {
        QFETCH(QString, from);
        QFETCH(QString, way);
        send("Alpha report");
        send("Beta report");
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 2, 20000);
        auto *tree = m_window->findChild<PlacesTree *>();
        const Place inbox{Place::Kind::Folder, {QStringLiteral("alice"), QStringLiteral("")}};
        const Place place = from == QLatin1String("Inbox") ? inbox : Place{Place::Kind::Sessions, {}};
        part<CentralArea>().go(place);
        QLineEdit *field = part<MainToolBar>().searchField();
        field->setFocus();
        QTest::keyClicks(field, QStringLiteral("alpha"));
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 1, 20000);
        QVERIFY(part<MessagesPage>().isVisible());
        if (way == QLatin1String("Escape in the field")) {
            QTest::keyClick(field, Qt::Key_Escape);
        } else if (way == QLatin1String("Escape in the list")) {
            list()->setFocus();
            QTest::keyClick(list(), Qt::Key_Escape);
        } else if (way == QLatin1String("the place itself")) {
            QTest::mouseClick(
                tree->viewport(), Qt::LeftButton, {}, tree->visualRect(tree->currentIndex()).center());
        } else if (way == QLatin1String("the cross")) {
            for (auto *button : field->findChildren<QToolButton *>()) {
                if (button->isVisible() && button->x() > field->width() / 2)
                    QTest::mouseClick(button, Qt::LeftButton);
            }
        } else if (way == QLatin1String("Ctrl+digit")) {
            const auto *places = qobject_cast<const PlacesModel *>(tree->model());
            const int digit = int(places->places().indexOf(place)) + 1;
            QTest::keyClick(m_window.get(), Qt::Key(Qt::Key_0 + digit), Qt::ControlModifier);
        } else {
            field->setText({});
        }
        QTRY_VERIFY(!part<MessagesPage>().isSearching());
        QTRY_VERIFY(field->text().isEmpty());
        QVERIFY(tree->current() == place);
        QCOMPARE(part<MessagesPage>().isVisible(), from == QLatin1String("Inbox"));
        // Qt fades the cross out; its pointer is the field's again then.
        for (const auto *button : field->findChildren<QToolButton *>()) {
            if (button->x() > field->width() / 2)
                QTRY_VERIFY(button->cursor().shape() != Qt::ArrowCursor);
        }
        part<CentralArea>().go(inbox);
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 2, 20000);
    }

    void actsOnAllThatIsSelected_data()
    {
        QTest::addColumn<QString>("where");
        QTest::addColumn<QString>("what");
        for (const char *where : {"folder", "search"}) {
            for (const char *what : {"delete", "archive", "junk", "read", "drag to Trash"})
                QTest::addRow("T45 %s in a %s", what, where)
                    << QString::fromLatin1(where) << QString::fromLatin1(what);
        }
    }
    void actsOnAllThatIsSelected()
    {
        QFETCH(QString, where);
        QFETCH(QString, what);
        constexpr int count = 450;
        fillInbox(count);
        QTRY_COMPARE_WITH_TIMEOUT(rows(), count, 30000);
        if (where == QLatin1String("search")) {
            part<MainToolBar>().searchField()->setText(QStringLiteral("bulk"));
            QTRY_VERIFY_WITH_TIMEOUT(part<MessagesPage>().isSearching() && rows() == count, 20000);
        }
        list()->setFocus();
        list()->selectRow(1); // all but the first, far beyond what is loaded
        QTest::keyClick(list(), Qt::Key_End, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(part<MessagesPage>().selectedCount(), count - 1);
        QTRY_VERIFY(shows(part<MessagesPage>(), QLocale().toString(count - 1) + QStringLiteral(" selected")));
        const QHash<QString, std::pair<ActionId, QString>> actions
            = {{QStringLiteral("delete"), {ActionId::Delete, QStringLiteral("Trash")}},
                {QStringLiteral("archive"), {ActionId::Archive, QStringLiteral("Archive")}},
                {QStringLiteral("junk"), {ActionId::Junk, QStringLiteral("Junk")}},
                {QStringLiteral("read"), {ActionId::MarkRead, {}}}};
        const bool isDrag = what == QLatin1String("drag to Trash");
        const auto [action, folder] = actions.value(isDrag ? QStringLiteral("delete") : what);
        if (isDrag)
            dragSelectionTo(folder);
        else
            part<Actions>()[action]->trigger();
        if (folder.isEmpty()) {
            QTRY_COMPARE_WITH_TIMEOUT(info({}).unread, 1, 30000);
        } else {
            QTRY_COMPARE_WITH_TIMEOUT(info(folder).total, count - 1, 30000);
            QCOMPARE(info({}).total, 1);
        }
        QTRY_VERIFY(part<MessagesPage>().changes().canUndo());
        part<Actions>()[ActionId::Undo]->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(info({}).total, count, 30000);
        // On a slow machine the message that was open, and the one that took its place, count as read by now.
        QTRY_VERIFY_WITH_TIMEOUT(info({}).unread >= count - 2, 30000);
    }

    void movingManyCanBeStopped_data()
    {
        QTest::addColumn<bool>("isUndone");
        QTest::newRow("T45 stopped, the rest stays") << false;
        QTest::newRow("T45 stopped, then undone") << true;
    }
    void movingManyCanBeStopped()
    {
        QFETCH(bool, isUndone);
        constexpr int count = 1500;
        fillInbox(count);
        QTRY_COMPARE_WITH_TIMEOUT(rows(), count, 30000);
        list()->selectAll();
        part<Actions>()[ActionId::Delete]->trigger();
        InlineBar *bar = part<MessagesPage>().bar();
        QTRY_VERIFY_WITH_TIMEOUT(bar->words().contains(QLocale().toString(count)), 20000);
        part<MessagesPage>().changes().stop();
        QTRY_VERIFY_WITH_TIMEOUT(bar->words().contains(QStringLiteral("stopped")), 30000);
        QTRY_VERIFY_WITH_TIMEOUT(info(QStringLiteral("Trash")).total > 0, 20000);
        const int moved = info(QStringLiteral("Trash")).total;
        QVERIFY(moved < count);
        QTRY_COMPARE_WITH_TIMEOUT(info({}).total, count - moved, 20000);
        if (isUndone) {
            part<Actions>()[ActionId::Undo]->trigger();
            QTRY_COMPARE_WITH_TIMEOUT(info({}).total, count, 30000);
        }
    }

    void quittingKeepsWhatIsWritten_data()
    {
        QTest::addColumn<ActionId>("how");
        QTest::newRow("T25 quit from the menu") << ActionId::Quit;
    }

    void quittingKeepsWhatIsWritten()
    {
        QFETCH(const ActionId, how);
        m_window->compose(QUrl(QStringLiteral("mailto:bob@example.net?subject=Written")));
        QTRY_VERIFY(composer() != nullptr);
        composer()->findChild<QPlainTextEdit *>()->insertPlainText(QStringLiteral("Once."));
        part<Actions>()[how]->trigger();
        QTRY_VERIFY(composer() == nullptr);
        QTRY_COMPARE(info(QStringLiteral("Drafts")).total, 1);
    }

    void wholeFolders_data()
    {
        QTest::addColumn<QString>("what");
        for (const char *what : {"mark all as read", "delete all", "empty the Trash", "rename",
                 "rename to one there is", "delete folder"})
            QTest::addRow("T59 %s", what) << QString::fromLatin1(what);
    }
    void wholeFolders()
    {
        QFETCH(QString, what);
        constexpr int count = 250;
        fillInbox(count);
        QTRY_COMPARE_WITH_TIMEOUT(rows(), count, 30000);
        QTRY_COMPARE(info({}).unread, count);
        const QString user = QStringLiteral("alice");
        const auto undo = [this] {
            QTRY_VERIFY(part<MessagesPage>().changes().canUndo());
            part<Actions>()[ActionId::Undo]->trigger();
        };
        if (what == QLatin1String("mark all as read")) {
            choose({user, QStringLiteral("")}, QStringLiteral("Mark all as read"));
            QTRY_COMPARE_WITH_TIMEOUT(info({}).unread, 0, 20000);
            undo();
            QTRY_COMPARE_WITH_TIMEOUT(info({}).unread, count, 20000);
            return;
        }
        const QString project = QStringLiteral("Project");
        m_system->mailboxes().createFolder({user, project});
        if (what == QLatin1String("delete all") || what == QLatin1String("empty the Trash")) {
            choose({user, QStringLiteral("")}, QStringLiteral("Delete all messages"));
            QTRY_COMPARE_WITH_TIMEOUT(info(QStringLiteral("Trash")).total, count, 20000);
            if (what == QLatin1String("delete all")) {
                undo();
                QTRY_COMPARE_WITH_TIMEOUT(info({}).total, count, 20000);
                return;
            }
            choose({user, QStringLiteral("Trash")}, QStringLiteral("Empty Trash …"));
            InlineBar *bar = part<MessagesPage>().bar();
            QTRY_VERIFY_WITH_TIMEOUT(bar->words().contains(QStringLiteral("250"))
                    && bar->words().contains(QStringLiteral("permanently")),
                20000);
            QCOMPARE(info(QStringLiteral("Trash")).total, count);
            for (auto *button : bar->findChildren<QPushButton *>()) {
                if (button->text() == QStringLiteral("Delete permanently"))
                    button->click();
            }
            QTRY_COMPARE_WITH_TIMEOUT(info(QStringLiteral("Trash")).total, 0, 20000);
            return;
        }
        list()->selectAll();
        part<MessagesPage>().moveTo(project);
        QTRY_COMPARE_WITH_TIMEOUT(info(project).total, count, 20000);
        const auto *places = qobject_cast<const PlacesModel *>(m_window->findChild<PlacesTree *>()->model());
        const auto stands = [places, user](const QString &name) {
            return places->indexOf({Place::Kind::Folder, {user, name}}).isValid();
        };
        QTRY_VERIFY(stands(project));
        if (what == QLatin1String("rename to one there is")) {
            rename({user, project}, QStringLiteral("Archive"));
            QVERIFY(part<MessagesPage>().bar()->words().contains(QStringLiteral("already")));
            QCOMPARE(info(project).total, count);
        } else if (what == QLatin1String("rename")) {
            rename({user, project}, QStringLiteral("Renamed"));
            QTRY_COMPARE_WITH_TIMEOUT(info(QStringLiteral("Renamed")).total, count, 20000);
            QTRY_VERIFY_WITH_TIMEOUT(!stands(project), 20000);
        } else {
            choose({user, project}, QStringLiteral("Delete folder"));
            QTRY_COMPARE_WITH_TIMEOUT(info(QStringLiteral("Trash")).total, count, 20000);
            QTRY_VERIFY_WITH_TIMEOUT(!stands(project), 20000);
            undo();
            QTRY_COMPARE_WITH_TIMEOUT(info(project).total, count, 20000);
            QTRY_VERIFY_WITH_TIMEOUT(stands(project), 20000);
        }
    }

    void anImportSaysWhatIsToBeIndexed_data()
    {
        QTest::addColumn<int>("count");
        QTest::newRow("T68 more than a batch of the index") << 1200;
        QTest::newRow("T68 a few") << 5;
    }
    void anImportSaysWhatIsToBeIndexed()
    {
        QFETCH(int, count);
        const QString path = m_folder->filePath(QStringLiteral("in.mbox"));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        for (int number = 0; number < count; ++number)
            file.write("From a@b.test Mon Nov 23 10:00:00 2026\nSubject: bulk\n\nx\n\n");
        file.close();
        // Whenever fewer are listed than were imported, bar and title say that more come.
        int silent = 0;
        int said = 0;
        const QString words = QStringLiteral("being indexed");
        const QObject watch;
        connect(
            &m_system->mailboxes(), &mail::Mailboxes::changed, &watch, [&](const mail::StoreChange &change) {
                const bool isToldByTitle = shows(part<MessagesPage>(), words);
                said += isToldByTitle ? 1 : 0;
                if (change.toBeIndexed > 0 && !isToldByTitle)
                    ++silent;
                if (change.toBeIndexed > 0 && !part<Transfers>().isRunning()
                    && !part<InlineBar>(QStringLiteral("transferBar")).words().contains(words))
                    ++silent;
            });
        part<Transfers>().run({mail::Transfer::Direction::Import, path, mail::TransferFormat::Detect,
            {QStringLiteral("alice"), QStringLiteral("")}});
        QTRY_COMPARE_WITH_TIMEOUT(info({}).total, count, 60000);
        QTRY_VERIFY(!part<Transfers>().isRunning());
        QTRY_VERIFY_WITH_TIMEOUT(
            !part<InlineBar>(QStringLiteral("transferBar")).words().contains(words), 20000);
        QTRY_VERIFY_WITH_TIMEOUT(!shows(part<MessagesPage>(), words), 20000);
        QCOMPARE(silent, 0);
        QVERIFY(count < 500 || said > 0);
    }

    void captureIsInOrderOfArrival_data()
    {
        QTest::addColumn<bool>("isCaptured");
        QTest::newRow("T42 captured mail by arrival") << true;
        QTest::newRow("a user's mail by date") << false;
    }
    void captureIsInOrderOfArrival()
    {
        QFETCH(bool, isCaptured);
        const QString user = isCaptured ? QStringLiteral("captured") : QStringLiteral("alice");
        const Place place{Place::Kind::Folder, {user, QStringLiteral("")}};
        const auto *places = qobject_cast<const PlacesModel *>(m_window->findChild<PlacesTree *>()->model());
        for (const char *year : {"2035", "1999"}) {
            const mail::CarriedMessage message{QByteArray("From: a@b.test\r\nDate: 23 Nov ") + year
                    + " 10:00:00 +0000\r\nSubject: " + year + "\r\n\r\nx\r\n",
                {}};
            QVERIFY(test::awaited(m_system->mailboxes().keepMessages({user, {}}, {message})));
            QTRY_VERIFY_WITH_TIMEOUT(places->indexOf(place).isValid(), 20000);
            part<CentralArea>().go(place);
            QTRY_VERIFY_WITH_TIMEOUT(part<MessagesPage>().folder().user == user && rows() > 0, 20000);
        }
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 2, 20000);
        QTRY_COMPARE(list()->model()->index(0, MessageListModel::Subject).data().toString(),
            isCaptured ? QStringLiteral("1999") : QStringLiteral("2035"));
        QCOMPARE(list()->model()->headerData(MessageListModel::Date, Qt::Horizontal).toString(),
            isCaptured ? QStringLiteral("Received") : QStringLiteral("Date"));
    }

    void sortingBySubject()
    {
        for (const char *subject : {"bbb", "ccc", "aaa"})
            send(subject);
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 3, 20000);
        list()->model()->sort(MessageListModel::Subject, Qt::AscendingOrder);
        QTRY_COMPARE(
            list()->model()->index(0, MessageListModel::Subject).data().toString(), QStringLiteral("aaa"));
        QCOMPARE(
            list()->model()->index(2, MessageListModel::Subject).data().toString(), QStringLiteral("ccc"));
    }

    void theListenerSwitches()
    {
        part<Actions>()[ActionId::StopListener]->trigger();
        QTRY_COMPARE(int(m_listener.kind), int(mail::ListenerState::Kind::Off));
        QVERIFY(part<MainStatus>().listener()->text().contains(QStringLiteral("off")));
        QVERIFY(!part<Actions>()[ActionId::StopListener]->isEnabled());
        part<Actions>()[ActionId::StartListener]->trigger();
        QTRY_COMPARE(int(m_listener.kind), int(mail::ListenerState::Kind::Listening));
    }

    void deliveryLeadsToTheTranscript()
    {
        send("With a session");
        openFirst();
        const QByteArray session = part<MessagesPage>().message().sessionId;
        part<CentralArea>().showTranscript(false);
        part<CentralArea>().showSession(session, 0);
        QVERIFY(part<TranscriptPane>().isVisible());
        QCOMPARE(part<TranscriptPane>().scope(), TranscriptPane::Scope::Chosen);
    }

    void aBusyPortIsSaidInTheWindow()
    {
        QTcpServer taken;
        QVERIFY(taken.listen(QHostAddress::LocalHost, 0));
        mail::ListenerSettings settings = m_system->settings().value().listener;
        settings.bindings.first().port = taken.serverPort();
        m_system->listener().start(settings);
        QTRY_COMPARE(int(m_listener.kind), int(mail::ListenerState::Kind::Failed));
        QVERIFY(!part<InlineBar>(QStringLiteral("bar")).isHidden());
        QVERIFY(part<InlineBar>(QStringLiteral("bar")).words().contains(QString::number(taken.serverPort())));
        QCOMPARE(part<MainStatus>().listener()->tone(), Tone::Refused);
        QPushButton *free = nullptr;
        for (QPushButton *button : part<InlineBar>(QStringLiteral("bar")).findChildren<QPushButton *>())
            free = button->text().contains(QStringLiteral("free port")) ? button : free;
        QVERIFY(free != nullptr);
        QTest::mouseClick(free, Qt::LeftButton);
        QTRY_COMPARE(int(m_listener.kind), int(mail::ListenerState::Kind::Listening));
        QVERIFY(m_listener.bindings.value(0).port != taken.serverPort());
        QVERIFY(part<InlineBar>(QStringLiteral("bar")).isHidden());
    }

    void httpIsSaidWhereTheListenerIs()
    {
        Chip *chip = part<MainStatus>().http();
        auto &bar = part<InlineBar>(QStringLiteral("bar"));
        mail::ListenerState state;
        m_window->showHttp(state);
        QVERIFY(chip->isHidden());
        state.kind = mail::ListenerState::Kind::Failed;
        state.error = {mail::ErrorCode::InUse, QStringLiteral("127.0.0.1:8025"), {}};
        m_window->showHttp(state);
        QVERIFY(chip->isVisible());
        QCOMPARE(chip->tone(), Tone::Refused);
        QVERIFY(!bar.isHidden());
        QVERIFY(bar.words().contains(QStringLiteral("127.0.0.1:8025")));
        QPushButton *again = nullptr;
        for (QPushButton *button : bar.findChildren<QPushButton *>())
            again = button->text() == QStringLiteral("Try again") ? button : again;
        QVERIFY(again != nullptr);
        const QSignalSpy asked(m_window.get(), &MainWindow::httpStartRequested);
        QTest::mouseClick(again, Qt::LeftButton);
        QCOMPARE(asked.count(), 1);
        m_window->showHttp(state);
        state.kind = mail::ListenerState::Kind::Listening;
        state.bindings = {mail::ListenerBinding()};
        state.bindings.first().port = 8025;
        m_window->showHttp(state);
        QVERIFY(bar.isHidden());
        QCOMPARE(chip->tone(), Tone::Accepted);
        QCOMPARE(chip->text(), QStringLiteral("HTTP 127.0.0.1:8025"));
        // What was said of something else meanwhile stays.
        state.kind = mail::ListenerState::Kind::Failed;
        m_window->showHttp(state);
        bar.say(InlineBar::Kind::Info, QStringLiteral("Something else"));
        state.kind = mail::ListenerState::Kind::Listening;
        m_window->showHttp(state);
        QVERIFY(!bar.isHidden());
        bar.dismiss();
    }

    void opensAtTheInbox()
    {
        // Before the folders are there the tree may make a row of its own current.
        QCOMPARE(part<MessagesPage>().folder(), (mail::FolderId{QStringLiteral("alice"), {}}));
        QVERIFY(part<MessagesPage>().isVisible());
    }

    void focusOpensNothing()
    {
        send("Unread");
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 1, 20000);
        part<MainToolBar>().focusSearch();
        list()->setFocus();
        QVERIFY(!list()->currentRow());
        QVERIFY(part<MessagesPage>().message().id.isNull());
    }

    void aClickBesideTheRowsKeepsTheSelection()
    {
        send("One");
        openFirst();
        QTest::mouseClick(list()->viewport(), Qt::LeftButton, {}, {40, list()->viewport()->height() - 8});
        QCOMPARE(part<MessagesPage>().selectedCount(), 1);
        QVERIFY(part<Actions>()[ActionId::Reply]->isEnabled());
        auto *tree = m_window->findChild<PlacesTree *>();
        QTest::mouseClick(tree->viewport(), Qt::LeftButton, {}, {40, tree->viewport()->height() - 8});
        QVERIFY(tree->selectionModel()->hasSelection());
    }

    void importTellsHowManyAndWhere()
    {
        const QString path = m_folder->filePath(QStringLiteral("in.mbox"));
        writeFile(path,
            "From a@b Tue Nov 24 21:36:36 2026\nSubject: one\n\nx\n\n"
            "From a@b Tue Nov 24 21:36:36 2026\nSubject: two\n\ny\n");
        runTransfer(mail::Transfer::Direction::Import, path);
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 2, 20000);
        QTRY_VERIFY(!part<Transfers>().isRunning());
        QCOMPARE(part<InlineBar>(QStringLiteral("transferBar")).kind(), InlineBar::Kind::Success);
        QVERIFY2(part<InlineBar>(QStringLiteral("transferBar")).words().contains(QStringLiteral("Inbox")),
            qPrintable(part<InlineBar>(QStringLiteral("transferBar")).words()));
        QVERIFY(
            part<MainStatus>().lastEvent().contains(part<InlineBar>(QStringLiteral("transferBar")).words()));
        runTransfer(mail::Transfer::Direction::Export, m_folder->filePath(QStringLiteral("out")));
        QTRY_VERIFY_WITH_TIMEOUT(!part<Transfers>().isRunning(), 20000);
        QVERIFY(QFileInfo::exists(m_folder->filePath(QStringLiteral("out"))));
    }

    void importOfNoMessageSaysSoAndLeavesTheListAlone()
    {
        const QString path = m_folder->filePath(QStringLiteral("picture.png"));
        writeFile(path, "\x89PNG\r\n");
        runTransfer(mail::Transfer::Direction::Import, path);
        QTRY_COMPARE_WITH_TIMEOUT(
            part<InlineBar>(QStringLiteral("transferBar")).kind(), InlineBar::Kind::Error, 20000);
        QVERIFY2(
            part<InlineBar>(QStringLiteral("transferBar")).words().contains(QStringLiteral("picture.png")),
            qPrintable(part<InlineBar>(QStringLiteral("transferBar")).words()));
        QVERIFY(!part<InlineBar>(QStringLiteral("transferBar")).isHidden());
        QCOMPARE(rows(), 0);
    }

    void placeAndColumnsAreRemembered()
    {
        part<CentralArea>().showTranscript(false);
        const PageLook look{1.5, phoneWidth, Rendering::Dark};
        part<MessagePane>().html().view()->setLook(look);
        part<MessagePane>().setPreferredView(MessagePane::View::Message);
        m_window->resize(740, 520);
        const QSize size = m_window->size();
        m_window->close();
        QTRY_VERIFY(QFileInfo::exists(m_system->dataFolder() + QStringLiteral("/window.ini")));
        QThreadPool::globalInstance()->waitForDone();
        m_window = std::make_unique<MainWindow>(*m_system);
        QVERIFY(!part<TranscriptPane>().isHidden());
        m_window->show();
        QTRY_VERIFY(part<TranscriptPane>().isHidden());
        QTRY_COMPARE(m_window->size(), size);
        QCOMPARE(part<MessagePane>().html().view()->look(), look);
        QCOMPARE(part<MessagePane>().preferredView(), MessagePane::View::Message);
        QVERIFY(part<Actions>()[ActionId::PhoneWidth]->isChecked());
        QVERIFY(part<Actions>()[ActionId::DarkPage]->isChecked());
    }

    /// Beside a list, so that the first page need not wait for the process that lays it out.
    void aPageIsPreparedFor()
    {
        const auto process = [this] {
            return dynamic_cast<PageView *>(part<MessagePane>().html().view())->process().processId();
        };
        QCOMPARE(process(), 0);
        send("Text");
        QTRY_COMPARE(rows(), 1);
        QTRY_VERIFY(process() > 0);
    }

    void aPageIsShownAsTheMenuSays()
    {
        send("Page\r\nContent-Type: text/html");
        openFirst();
        HtmlView *view = part<MessagePane>().html().view();
        const auto look = [view] { return view->look(); };
        const auto action = [this](ActionId id) { return part<Actions>()[id]; };
        action(ActionId::PhoneWidth)->trigger();
        QTRY_VERIFY(view->isVisible());
        QCOMPARE(look(), (PageLook{1, phoneWidth}));
        QVERIFY(action(ActionId::PhoneWidth)->isChecked());
        QTest::keyClick(list(), Qt::Key_2, Qt::ControlModifier | Qt::AltModifier);
        QCOMPARE(look(), (PageLook{1, tabletWidth}));
        QTest::keyClick(list(), Qt::Key_Minus, Qt::ControlModifier);
        QVERIFY(look().zoom < 1);
        QTest::keyClick(list(), Qt::Key_0, Qt::ControlModifier);
        QCOMPARE(look(), (PageLook{1, tabletWidth}));
        action(ActionId::DarkPage)->trigger();
        QCOMPARE(look(), (PageLook{1, tabletWidth, Rendering::Dark}));
        action(ActionId::DarkPage)->trigger();
        action(ActionId::FitWidth)->trigger();
        QCOMPARE(look(), PageLook());

        auto &row = part<FindRow>();
        QTest::keySequence(list(), QKeySequence::Find);
        QVERIFY(row.isVisible());
        QTest::keyClicks(row.focusWidget(), QStringLiteral("text"));
        QTRY_VERIFY((QTest::keyClick(row.focusWidget(), Qt::Key_Return),
            view->selectedText() == QLatin1String("Text")));
        QTest::keyClick(row.focusWidget(), Qt::Key_Escape);
        QVERIFY(row.isHidden());

        OpenedFiles opened;
        action(ActionId::OpenInBrowser)->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(opened.paths.size(), 1, 20000);
        QVERIFY(opened.paths.first().startsWith(m_folder->path()));
        QFile page(opened.paths.first());
        QVERIFY(page.open(QIODevice::ReadOnly));
        QVERIFY(page.readAll().contains("Text."));
    }

    void everyControlHasANameForScreenReaders()
    {
        checkNames(m_window.get()); // the first start
        send("One");
        openFirst();
        for (const ActionId view :
            {ActionId::ShowMessage, ActionId::ShowSource, ActionId::ShowHeaders, ActionId::ShowDelivery}) {
            part<Actions>()[view]->trigger();
            checkNames(m_window.get());
        }
        for (const Place::Kind kind : {Place::Kind::Outgoing, Place::Kind::Sessions}) {
            part<CentralArea>().go({kind, {}});
            checkNames(m_window.get());
        }
        m_window->compose(QUrl(QStringLiteral("mailto:a@example.org?cc=b@example.org&bcc=c@example.org")));
        QTRY_VERIFY(composer() != nullptr);
        checkNames(composer());
        Preferences preferences(m_system->settings(), m_system->outbox(), m_system->listener());
        preferences.editRules(m_system->rules());
        preferences.show();
        using Page = Preferences::Page;
        for (const Page page : {Page::Identity, Page::Outgoing, Page::Listener, Page::Capture,
                 Page::Mailboxes, Page::HandOn, Page::Delivery, Page::Appearance, Page::Rules}) {
            preferences.showPage(page);
            checkNames(&preferences);
        }
    }

    void mnemonicsDoNotCollide_data()
    {
        QTest::addColumn<QString>("window");
        for (const char *name : {"inbox", "message", "outgoing", "sessions", "composer", "route of a message",
                 "time of an attempt", "preferences 0", "preferences 1", "preferences 2", "preferences 3",
                 "preferences 4", "preferences 5", "preferences 6", "preferences 7", "preferences 8"})
            QTest::addRow("T51 %s", name) << QString::fromLatin1(name);
    }

    void mnemonicsDoNotCollide()
    {
        QFETCH(const QString, window);
        part<InlineBar>(QStringLiteral("bar")).say(InlineBar::Kind::Info, QStringLiteral("Said."));
        part<InlineBar>(QStringLiteral("bar")).addUndo([] {});
        if (window == QStringLiteral("message")) {
            send("One");
            openFirst();
        } else if (window == QStringLiteral("outgoing") || window == QStringLiteral("sessions")) {
            waitInQueue();
            part<CentralArea>().go(
                {window == QStringLiteral("outgoing") ? Place::Kind::Outgoing : Place::Kind::Sessions, {}});
        } else if (window == QStringLiteral("composer")) {
            m_window->compose(
                QUrl(QStringLiteral("mailto:a@example.org?cc=b@example.org&subject=s&body=attached")));
            QTRY_VERIFY(composer() != nullptr);
            composer()->send(); // asks first
            checkMnemonics(composer());
            return;
        } else if (window.startsWith(QStringLiteral("preferences"))) {
            Preferences preferences(m_system->settings(), m_system->outbox(), m_system->listener());
            preferences.editRules(m_system->rules());
            preferences.show();
            preferences.showPage(Preferences::Page(window.right(1).toInt()));
            checkMnemonics(&preferences);
            return;
        } else if (window == QStringLiteral("route of a message")) {
            RouteDialog dialog({}, std::nullopt);
            dialog.show();
            checkMnemonics(&dialog);
            return;
        } else if (window == QStringLiteral("time of an attempt")) {
            AttemptTimeDialog dialog(QDateTime::currentDateTime(), 1);
            dialog.show();
            checkMnemonics(&dialog);
            return;
        }
        checkMnemonics(m_window.get());
        for (const QMenu *menu : m_window->findChildren<QMenu *>()) {
            QHash<QString, QString> inside;
            for (const QAction *action : menu->actions())
                takeIfAny(inside, action->text());
        }
    }

    void undoesASendByItsKey_data()
    {
        QTest::addColumn<int>("undone");
        QTest::newRow("T52 a send") << 0;
        QTest::newRow("T52 a discarded message") << 1;
        QTest::newRow("T52 a removal from the queue") << 2;
        QTest::newRow("T52 the later of a send and a move") << 3;
    }

    void undoesASendByItsKey()
    {
        QFETCH(const int, undone);
        send("Stays");
        openFirst();
        mail::Settings patient = m_system->settings().value();
        patient.undoSeconds = 60;
        m_system->settings().set(patient);
        QTRY_COMPARE(m_system->settings().value().undoSeconds, 60);
        QAction *undo = part<Actions>()[ActionId::Undo];
        QVERIFY(!undo->isEnabled());
        if (undone == 2) {
            const QByteArray id = waitInQueue();
            auto *queue = m_window->findChild<QueueView *>();
            part<CentralArea>().go({Place::Kind::Outgoing, {}});
            queue->select(id);
            queue->act(mail::QueueAction::Remove);
            QTRY_COMPARE(queue->model()->rowCount(), 0);
            QTest::keyClick(queue->list(), Qt::Key_Z, Qt::ControlModifier);
            QTRY_COMPARE(queue->model()->rowCount(), 1);
            return;
        }
        m_window->compose(QUrl(QStringLiteral("mailto:bob@example.net?subject=Sent&body=Text")));
        QTRY_VERIFY(composer() != nullptr);
        undone == 1 ? composer()->discard() : composer()->send();
        QTRY_VERIFY(composer() == nullptr);
        QTRY_VERIFY(undo->isEnabled());
        m_window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        if (undone == 3) {
            QTest::keyClick(list(), Qt::Key_Delete);
            QTRY_COMPARE(rows(), 0);
            QTRY_VERIFY(part<MessagesPage>().bar()->canUndo());
            QTest::keyClick(list(), Qt::Key_Z, Qt::ControlModifier); // the move, which came last
            QTRY_COMPARE(rows(), 1);
            QVERIFY(composer() == nullptr);
        }
        QTest::keyClick(list(), Qt::Key_Z, Qt::ControlModifier);
        QTRY_VERIFY(composer() != nullptr);
        QCOMPARE(composer()->draft().subject, QStringLiteral("Sent"));
    }

    /// A listener that captures, and nobody who writes: there is no mailbox before the first message.
    void theFirstMailboxIsGoneTo()
    {
        QTemporaryDir folder;
        mail::MailSystem system(folder.path());
        MainWindow window(system);
        window.show();
        mail::StartOptions options;
        options.adjust = [](mail::Settings settings) {
            settings.users.clear();
            settings.identities.clear();
            settings.listener.policy = mail::RecipientPolicy::CatchAll;
            settings.listener.bindings.first().port = 0;
            return settings;
        };
        mail::ListenerState listener;
        connect(&system.listener(), &mail::ListenerSwitch::changed, this,
            [&listener](const mail::ListenerState &state) { listener = state; });
        system.start(options);
        QTRY_COMPARE_WITH_TIMEOUT(int(listener.kind), int(mail::ListenerState::Kind::Listening), 20000);
        auto *area = window.findChild<CentralArea *>();
        QTRY_VERIFY_WITH_TIMEOUT(area->pages()->findChild<QueueView *>()->isVisible(), 20000);
        std::swap(m_listener, listener);
        send("First");
        QTRY_VERIFY_WITH_TIMEOUT(area->showsMessages(), 20000);
        auto *page = window.findChild<MessagesPage *>();
        QTRY_COMPARE_WITH_TIMEOUT(page->list()->model()->rowCount(), 1, 20000);
        QCOMPARE(page->folder().user, QStringLiteral("captured"));
        // Who goes to the queue by himself stays there.
        area->go({Place::Kind::Outgoing, {}});
        send("Second");
        QTRY_COMPARE_WITH_TIMEOUT(page->list()->model()->rowCount(), 2, 20000);
        QVERIFY(!area->showsMessages());
        std::swap(m_listener, listener);
    }

    void homeAndEndGoToTheEnds_data()
    {
        QTest::addColumn<int>("width");
        QTest::newRow("T53 wide list") << 1800;
        QTest::newRow("T53 narrow list") << 900;
    }

    void homeAndEndGoToTheEnds()
    {
        QFETCH(const int, width);
        m_window->resize(width, 700);
        for (const char *subject : {"one", "two", "three"})
            send(subject);
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 3, 20000);
        openFirst();
        QTest::keyClick(list(), Qt::Key_End);
        QCOMPARE(list()->currentIndex().row(), 2);
        QCOMPARE(list()->selected().count(), 1);
        QTest::keyClick(list(), Qt::Key_Home);
        QCOMPARE(list()->currentIndex().row(), 0);
        QTest::keyClick(list(), Qt::Key_End, Qt::ShiftModifier);
        QCOMPARE(list()->selected().count(), 3);
    }

    void barsMoveNothing_data()
    {
        QTest::addColumn<int>("which");
        QTest::newRow("T54 of the window") << 0;
        QTest::newRow("T54 of the messages") << 1;
        QTest::newRow("T54 of the queue") << 2;
    }

    void barsMoveNothing()
    {
        QFETCH(const int, which);
        send("One");
        openFirst();
        auto *queue = m_window->findChild<QueueView *>();
        if (which == 2) {
            waitInQueue();
            part<CentralArea>().go({Place::Kind::Outgoing, {}});
        }
        const QList<QWidget *> watched{
            list(), part<MessagesPage>().pane(), &part<TranscriptPane>(), queue->list()};
        const auto places = [&] {
            QList<QRect> all;
            for (const QWidget *one : watched)
                all.append({one->mapTo(m_window.get(), QPoint()), one->size()});
            return all;
        };
        QTest::qWait(0);
        const QList<QRect> before = places();
        InlineBar *bars[]
            = {&part<InlineBar>(QStringLiteral("bar")), part<MessagesPage>().bar(), queue->bar()};
        InlineBar *bar = bars[which];
        bar->say(InlineBar::Kind::Info, QStringLiteral("Something that can be undone."));
        bar->addUndo([] {});
        QTRY_VERIFY(bar->isVisible() && bar->height() > 10);
        QTest::qWait(0);
        QCOMPARE(places(), before);
        QVERIFY(m_window->rect().contains(QRect(bar->mapTo(m_window.get(), QPoint()), bar->size())));
        bar->dismiss();
        QTest::qWait(0);
        QCOMPARE(places(), before);
    }

    void nothingIsReplacedUnasked_data()
    {
        QTest::addColumn<QString>("what");
        QTest::newRow("T113 a message's source asks") << QStringLiteral("source");
        QTest::newRow("T113 a transcript asks") << QStringLiteral("transcript");
        QTest::newRow("T113 an export asks") << QStringLiteral("export");
        QTest::newRow("T113 one attachment asks") << QStringLiteral("part");
        QTest::newRow("T113 all attachments take free names") << QStringLiteral("all");
    }

    void nothingIsReplacedUnasked()
    {
        QFETCH(const QString, what);
        const QByteArray plan = "--b\nContent-Disposition: attachment; filename=plan.txt\n\nnew\n";
        const QByteArray message = "From: a@b.c\nSubject: Files\nMIME-Version: 1.0\n"
                                   "Content-Type: multipart/mixed; boundary=b\n\n--b\n\ntext\n"
            + plan + plan + "--b--\n";
        m_system->mailboxes().keepMessages({QStringLiteral("alice"), {}}, {{message, {}}});
        openFirst();
        QTRY_COMPARE(part<MessagesPage>().message().subject, QStringLiteral("Files"));
        const auto press = [](const QWidget *parent, const QString &text) {
            for (QAbstractButton *button : parent->findChildren<QAbstractButton *>()) {
                if (button->text().startsWith(text) || button->accessibleName() == text)
                    button->click();
            }
        };
        if (what == QStringLiteral("source"))
            part<Actions>()[ActionId::SaveSource]->trigger();
        else if (what == QStringLiteral("export"))
            part<Actions>()[ActionId::Export]->trigger();
        else if (what == QStringLiteral("transcript"))
            press(&part<TranscriptPane>(), QStringLiteral("Save"));
        else if (what == QStringLiteral("all"))
            press(part<MessagesPage>().pane(), QStringLiteral("Save all"));
        else
            part<Actions>()[ActionId::SaveAttachment]->trigger();
        auto *dialog = m_window->findChild<QFileDialog *>();
        QVERIFY(dialog != nullptr);
        if (what != QStringLiteral("all")) {
            QCOMPARE(dialog->acceptMode(), QFileDialog::AcceptSave);
            QVERIFY(!dialog->testOption(QFileDialog::DontConfirmOverwrite));
            return;
        }
        const QTemporaryDir target;
        writeFile(target.filePath(QStringLiteral("plan.txt")), "old");
        dialog->selectFile(target.path());
        static_cast<QDialog *>(dialog)->accept();
        QTRY_COMPARE(QDir(target.path()).entryList(QDir::Files),
            (QStringList{
                QStringLiteral("plan (2).txt"), QStringLiteral("plan (3).txt"), QStringLiteral("plan.txt")}));
        QFile old(target.filePath(QStringLiteral("plan.txt")));
        QVERIFY(old.open(QIODevice::ReadOnly));
        QCOMPARE(old.readAll(), QByteArray("old"));
    }

    void aDraftHasAnEditButton_data()
    {
        QTest::addColumn<QString>("folder");
        QTest::addColumn<bool>("has");
        QTest::newRow("T66 a draft") << QStringLiteral("Drafts") << true;
        QTest::newRow("T66 another message") << QString() << false;
    }

    void aDraftHasAnEditButton()
    {
        QFETCH(const QString, folder);
        QFETCH(const bool, has);
        m_system->mailboxes().keepMessages(
            {QStringLiteral("alice"), folder}, {{"From: alice@example.test\nSubject: Begun\n\ntext\n", {}}});
        part<CentralArea>().go({Place::Kind::Folder, {QStringLiteral("alice"), folder}});
        openFirst();
        QTRY_COMPARE(part<MessagesPage>().message().subject, QStringLiteral("Begun"));
        auto *header = part<MessagesPage>().pane()->findChild<MessageHeader *>();
        QPushButton *edit = nullptr;
        for (QPushButton *button : header->findChildren<QPushButton *>())
            edit = button->text() == QStringLiteral("Edit") ? button : edit;
        QVERIFY(edit != nullptr);
        QCOMPARE(edit->isVisible(), has);
        if (!has)
            return;
        edit->click();
        QTRY_VERIFY(composer() != nullptr);
        QCOMPARE(composer()->draft().subject, QStringLiteral("Begun"));
    }

    void errorsIsASwitch_data()
    {
        QTest::addColumn<bool>("on");
        QTest::newRow("T61 on") << true;
        QTest::newRow("T61 off") << false;
    }

    void errorsIsASwitch()
    {
        QFETCH(const bool, on);
        auto *errors = part<TranscriptPane>().findChild<QCheckBox *>();
        QVERIFY(errors != nullptr && errors->isVisible());
        errors->setChecked(!on);
        errors->click();
        QCOMPARE(errors->isChecked(), on);
        QCOMPARE(part<TranscriptPane>().model()->filter().errorsOnly, on);
        QCOMPARE(part<TranscriptPane>().scope(), TranscriptPane::Scope::Live); // no place of its own
    }

    void theTestMessageComesByASession_data()
    {
        QTest::addColumn<mail::RecipientPolicy>("policy");
        QTest::addColumn<QString>("user");
        QTest::newRow("T71 mailboxes") << mail::RecipientPolicy::Mailboxes << QStringLiteral("alice");
        QTest::newRow("T71 catch-all") << mail::RecipientPolicy::CatchAll << QStringLiteral("captured");
    }

    void theTestMessageComesByASession()
    {
        QFETCH(const mail::RecipientPolicy, policy);
        QFETCH(const QString, user);
        mail::ListenerSettings settings = m_system->settings().value().listener;
        settings.policy = policy;
        if (policy != m_listener.policy)
            m_system->listener().start(settings);
        QTRY_COMPARE(m_listener.policy, policy);
        QTRY_VERIFY((part<CentralArea>().go({Place::Kind::Folder, {user, {}}}),
            part<MessagesPage>().folder() == mail::FolderId{user, {}})); // it is in the tree
        part<CentralArea>().go({Place::Kind::Folder, {QStringLiteral("alice"), QStringLiteral("Sent")}});
        part<Actions>()[ActionId::TestMessage]->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(part<MessagesPage>().folder(), (mail::FolderId{user, {}}), 20000);
        openFirst();
        QCOMPARE(part<MessagesPage>().message().subject, QStringLiteral("Test message"));
        QVERIFY(!part<MessagesPage>().message().sessionId.isEmpty());
    }

    void mnemonicsOfTheMenusAreUnique()
    {
        QHash<QString, QString> top;
        for (const QAction *menu : m_window->menuBar()->actions()) {
            takeMnemonic(top, menu->text());
            QHash<QString, QString> inside;
            for (const QAction *action : menu->menu()->actions()) {
                if (!action->isSeparator())
                    takeMnemonic(inside, action->text());
            }
        }
    }

    void everyKeyOfTheListActs()
    {
        const QList<std::pair<ActionId, QString>> keys
            = {{ActionId::NewMessage, QStringLiteral("N")}, {ActionId::Reply, QStringLiteral("R")},
                {ActionId::ReplyAll, QStringLiteral("Shift+R")}, {ActionId::Forward, QStringLiteral("F")},
                {ActionId::Archive, QStringLiteral("E")}, {ActionId::Delete, QStringLiteral("Del")},
                {ActionId::Next, QStringLiteral("J")}, {ActionId::Previous, QStringLiteral("K")},
                {ActionId::Find, QStringLiteral("/")}, {ActionId::ShowTranscript, QStringLiteral("Ctrl+T")},
                {ActionId::TryQueue, QStringLiteral("F5")}, {ActionId::Shortcuts, QStringLiteral("?")}};
        for (const auto &[id, key] : keys)
            QVERIFY2(part<Actions>()[id]->shortcuts().contains(QKeySequence(key)), qPrintable(key));
        list()->setFocus();
        QTest::keyClick(list(), Qt::Key_T, Qt::ControlModifier);
        QVERIFY(part<TranscriptPane>().isHidden());
        QTest::keyClick(list(), Qt::Key_2, Qt::ControlModifier);
        QCOMPARE(part<MessagesPage>().folder().folder, QStringLiteral("Drafts"));
        QTest::keyClick(list(), Qt::Key_Question);
        auto *sheet = m_window->findChild<ShortcutSheet *>();
        QVERIFY(sheet != nullptr && sheet->isVisible());
        QTest::keyClick(sheet, Qt::Key_Escape);
        QVERIFY(!sheet->isVisible());
    }

private:
    static void writeFile(const QString &path, const QByteArray &octets)
    {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(octets), octets.size());
    }
    /// So many messages, as another program brings them in.
    void fillInbox(int count)
    {
        QList<mail::CarriedMessage> messages;
        for (int number = 0; number < count; ++number)
            messages.append(
                {"From: a@b.test\r\nSubject: bulk " + QByteArray::number(number) + "\r\n\r\nx\r\n", {}});
        const mail::FolderId inbox{QStringLiteral("alice"), {}};
        QVERIFY(test::awaited(m_system->mailboxes().keepMessages(inbox, messages), 30000));
    }
    /// A part of the window, of which there is one of that name.
    template <typename T> [[nodiscard]] T &part(const QString &name = {}) const
    {
        return *m_window->findChild<T *>(name);
    }
    /// What the tree knows of a folder of alice's; an empty name: the Inbox.
    [[nodiscard]] mail::FolderInfo info(const QString &folder) const
    {
        const auto *places = qobject_cast<const PlacesModel *>(m_window->findChild<PlacesTree *>()->model());
        return places->info({QStringLiteral("alice"), folder.isNull() ? QStringLiteral("") : folder});
    }
    /// Whether a label within the widget has these words.
    static bool shows(const QWidget &widget, const QString &words)
    {
        const QList<QLabel *> labels = widget.findChildren<QLabel *>();
        return std::any_of(labels.cbegin(), labels.cend(),
            [&words](const QLabel *label) { return label->isVisible() && label->text().contains(words); });
    }
    /// Takes what is selected in the list and drops it on a folder of alice's in the tree.
    void dragSelectionTo(const QString &folder)
    {
        QTRY_VERIFY(list()->currentRow().has_value()); // a person takes a row that is in sight
        const std::unique_ptr<QDrag> drag(list()->newDrag());
        QVERIFY(drag);
        auto *tree = m_window->findChild<PlacesTree *>();
        const auto *places = qobject_cast<const PlacesModel *>(tree->model());
        const QModelIndex target = places->indexOf({Place::Kind::Folder, {QStringLiteral("alice"), folder}});
        tree->scrollTo(target);
        const QPoint point = tree->visualRect(target).center();
        QDragEnterEvent enter(point, Qt::MoveAction, drag->mimeData(), Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(tree->viewport(), &enter);
        QDropEvent drop(point, Qt::MoveAction, drag->mimeData(), Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(tree->viewport(), &drop);
        QVERIFY(drop.isAccepted());
    }
    void runTransfer(mail::Transfer::Direction direction, const QString &path)
    {
        part<Transfers>().run({direction, path, mail::TransferFormat::Detect, part<MessagesPage>().folder()});
    }
    static void checkNames(const QWidget *top) { QCOMPARE(test::nameless(*top).join(u'\n'), QString()); }
    static void takeMnemonic(QHash<QString, QString> &taken, const QString &text)
    {
        const QString key = QKeySequence::mnemonic(text).toString();
        QVERIFY2(!key.isEmpty(), qPrintable(text));
        QVERIFY2(!taken.contains(key), qPrintable(text + QStringLiteral(" and ") + taken.value(key)));
        taken.insert(key, text);
    }

    static void takeIfAny(QHash<QString, QString> &taken, const QString &text)
    {
        if (!QKeySequence::mnemonic(text).isEmpty())
            takeMnemonic(taken, text);
    }
    /// Everything in the window that Alt and a letter reaches.
    static void checkMnemonics(const QWidget *window)
    {
        const QMultiMap<QString, QString> taken = test::mnemonics(*window);
        QVERIFY(!taken.isEmpty());
        QCOMPARE(test::shared(taken).join(u'\n'), QString());
    }
    /// A message that waits in the queue, chosen there; its id.
    QByteArray waitInQueue()
    {
        smtp::Envelope envelope;
        envelope.reversePath = {"alice", "example.test"};
        envelope.recipients.append(smtp::EnvelopeRecipient{{"bob", "example.net"}, {}, {}});
        mail::OutgoingRoute nowhere; // a port that nobody has
        nowhere.kind = mail::OutgoingRoute::Kind::Smarthost;
        nowhere.host = QStringLiteral("127.0.0.1");
        nowhere.port = 1;
        m_system->outbox().submitMessage(envelope, "Subject: waits\n\ntext\n", {.route = nowhere});
        auto *queue = m_window->findChild<QueueView *>();
        const auto isPutOff = [queue] {
            const mail::QueueEntry entry = queue->model()->entries().value(0);
            return entry.stateOf(entry.recipients.value(0)) == mail::RecipientState::Deferred;
        };
        [&] { QTRY_VERIFY(queue->model()->rowCount() == 1 && isPutOff()); }();
        const QByteArray id = queue->model()->entries().constFirst().id;
        queue->select(id);
        return id;
    }

    /// What the menu of a folder offers under these words.
    void choose(const mail::FolderId &folder, const QString &words)
    {
        part<FolderActions>().popUpFor(folder, {});
        auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
        QVERIFY(menu != nullptr);
        const QList<QAction *> offered = menu->actions();
        const auto action = std::find_if(offered.cbegin(), offered.cend(),
            [&words](const QAction *one) { return one->text().remove(u'&') == words; });
        QVERIFY2(action != offered.cend() && (*action)->isEnabled(), qPrintable(words));
        (*action)->trigger();
        menu->close();
    }

    void rename(const mail::FolderId &folder, const QString &name)
    {
        choose(folder, QStringLiteral("Rename folder …"));
        auto *dialog = m_window->findChild<QInputDialog *>();
        QVERIFY(dialog != nullptr);
        dialog->setTextValue(name);
        dialog->accept();
    }

    [[nodiscard]] MessageList *list() const { return part<MessagesPage>().list(); }
    [[nodiscard]] int rows() const { return list()->model()->rowCount(); }
    [[nodiscard]] static ComposeWindow *composer()
    {
        for (QWidget *widget : QApplication::topLevelWidgets()) {
            if (auto *window = qobject_cast<ComposeWindow *>(widget))
                return window;
        }
        return nullptr;
    }

    void openFirst()
    {
        QTRY_VERIFY_WITH_TIMEOUT(rows() > 0, 20000);
        list()->setFocus();
        list()->selectRow(0);
        QTRY_VERIFY(!part<MessagesPage>().message().id.isNull());
    }

    /// One message from sender@example.org to alice through the listener; returns when the 250 is there.
    void send(const QByteArray &subject)
    {
        QTcpSocket socket;
        const QByteArrayList lines = {"EHLO client.example", "MAIL FROM:<sender@example.org>",
            "RCPT TO:<alice@example.test>", "DATA",
            "From: Sender <sender@example.org>\r\nTo: alice@example.test\r\nSubject: " + subject
                + "\r\n\r\nText.\r\n.",
            "QUIT"};
        int next = 0;
        QByteArray last;
        connect(&socket, &QTcpSocket::readyRead, &socket, [&] {
            while (socket.canReadLine()) {
                last = socket.readLine();
                if (last.size() > 3 && last.at(3) == ' ' && next < lines.size())
                    socket.write(lines[next++] + "\r\n");
            }
        });
        socket.connectToHost(QHostAddress(QHostAddress::LocalHost), m_listener.bindings.value(0).port);
        QTRY_VERIFY_WITH_TIMEOUT(last.startsWith("221"), 20000);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<mail::MailSystem> m_system;
    std::unique_ptr<MainWindow> m_window;
    mail::ListenerState m_listener;
};

QTEST_MAIN(TestMainWindow)
#include "tst_mainwindow.moc"
