// The real window over a real mail system in a folder of its own: what a person clicks and types.
#include "mail/mailsystem.h"
#include "ui/actions.h"
#include "ui/compose/composewindow.h"
#include "ui/mailbox/messagelist.h"
#include "ui/mailbox/messagespage.h"
#include "ui/mailbox/placestree.h"
#include "ui/mainwindow.h"
#include "ui/message/messagepane.h"
#include "ui/status/listenerchip.h"
#include "ui/status/mainstatus.h"
#include "ui/status/maintoolbar.h"
#include "ui/status/shortcutsheet.h"
#include "ui/transcript/transcriptpane.h"
#include "ui/transfers.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/inlinebar.h"

#include <QAbstractSpinBox>
#include <QAccessible>
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QFileInfo>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>
#include <QThreadPool>

#include <memory>

using namespace glasspost;
using namespace glasspost::ui;

class TestMainWindow : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_system = std::make_unique<mail::MailSystem>(m_folder->path());
        m_listener = {};
        connect(m_system.get(), &mail::MailSystem::listenerChanged, this,
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
        QTRY_VERIFY_WITH_TIMEOUT(!m_window->messages().folder().user.isEmpty(), 20000);
        QTRY_COMPARE(m_window->messages().list()->model()->rowCount(), 0);
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
        QTRY_COMPARE(m_window->messages().message().subject, QStringLiteral("Hello there"));
        QVERIFY(!m_window->messages().message().sessionId.isEmpty());
        QTRY_VERIFY_WITH_TIMEOUT(list()->currentRow()->flags.testFlag(mail::MessageFlag::Seen), 20000);
        QVERIFY(m_window->status().lastEvent().contains(QStringLiteral("sender@example.org")));
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
        QVERIFY(!m_window->messages().bar()->isHidden());
        auto *undo = m_window->messages().bar()->findChild<QPushButton *>();
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
        QLineEdit *field = m_window->toolBar().searchField();
        QTRY_VERIFY(field->hasFocus());
        QTest::keyClicks(field, QStringLiteral("alpha"));
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 1, 20000);
        QTest::keyClick(field, Qt::Key_Escape);
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 2, 20000);
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
        m_window->actions()[ActionId::StopListener]->trigger();
        QTRY_COMPARE(int(m_listener.kind), int(mail::ListenerState::Kind::Off));
        QVERIFY(m_window->status().listener()->text().contains(QStringLiteral("off")));
        QVERIFY(!m_window->actions()[ActionId::StopListener]->isEnabled());
        m_window->actions()[ActionId::StartListener]->trigger();
        QTRY_COMPARE(int(m_listener.kind), int(mail::ListenerState::Kind::Listening));
    }

    void deliveryLeadsToTheTranscript()
    {
        send("With a session");
        openFirst();
        const QByteArray session = m_window->messages().message().sessionId;
        m_window->showTranscript(false);
        m_window->showSession(session, 0);
        QVERIFY(m_window->transcript().isVisible());
        QCOMPARE(m_window->transcript().scope(), TranscriptPane::Scope::Chosen);
    }

    void aBusyPortIsSaidInTheWindow()
    {
        QTcpServer taken;
        QVERIFY(taken.listen(QHostAddress::LocalHost, 0));
        mail::ListenerSettings settings = m_system->settings().listener;
        settings.bindings.first().port = taken.serverPort();
        m_system->startListening(settings);
        QTRY_COMPARE(int(m_listener.kind), int(mail::ListenerState::Kind::Failed));
        QVERIFY(!m_window->bar().isHidden());
        QVERIFY(m_window->bar().words().contains(QString::number(taken.serverPort())));
        QCOMPARE(m_window->status().listener()->tone(), Tone::Refused);
        QPushButton *free = nullptr;
        for (QPushButton *button : m_window->bar().findChildren<QPushButton *>())
            free = button->text().contains(QStringLiteral("free port")) ? button : free;
        QVERIFY(free != nullptr);
        QTest::mouseClick(free, Qt::LeftButton);
        QTRY_COMPARE(int(m_listener.kind), int(mail::ListenerState::Kind::Listening));
        QVERIFY(m_listener.bindings.value(0).port != taken.serverPort());
        QVERIFY(m_window->bar().isHidden());
    }

    void opensAtTheInbox()
    {
        // Before the folders are there the tree may make a row of its own current.
        QCOMPARE(m_window->messages().folder(), (mail::FolderId{QStringLiteral("alice"), {}}));
        QVERIFY(m_window->messages().isVisible());
    }

    void focusOpensNothing()
    {
        send("Unread");
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 1, 20000);
        m_window->toolBar().focusSearch();
        list()->setFocus();
        QVERIFY(!list()->currentRow());
        QVERIFY(m_window->messages().message().id.isNull());
    }

    void aClickBesideTheRowsKeepsTheSelection()
    {
        send("One");
        openFirst();
        QTest::mouseClick(list()->viewport(), Qt::LeftButton, {}, {40, list()->viewport()->height() - 8});
        QCOMPARE(m_window->messages().selectedCount(), 1);
        QVERIFY(m_window->actions()[ActionId::Reply]->isEnabled());
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
        QTRY_VERIFY(!m_window->transfers().isRunning());
        QCOMPARE(m_window->transferBar().kind(), InlineBar::Kind::Success);
        QVERIFY2(m_window->transferBar().words().contains(QStringLiteral("Inbox")),
            qPrintable(m_window->transferBar().words()));
        QVERIFY(m_window->status().lastEvent().contains(m_window->transferBar().words()));
        runTransfer(mail::Transfer::Direction::Export, m_folder->filePath(QStringLiteral("out")));
        QTRY_VERIFY_WITH_TIMEOUT(!m_window->transfers().isRunning(), 20000);
        QVERIFY(QFileInfo::exists(m_folder->filePath(QStringLiteral("out"))));
    }

    void importOfNoMessageSaysSoAndLeavesTheListAlone()
    {
        const QString path = m_folder->filePath(QStringLiteral("picture.png"));
        writeFile(path, "\x89PNG\r\n");
        runTransfer(mail::Transfer::Direction::Import, path);
        QTRY_COMPARE_WITH_TIMEOUT(m_window->transferBar().kind(), InlineBar::Kind::Error, 20000);
        QVERIFY2(m_window->transferBar().words().contains(QStringLiteral("picture.png")),
            qPrintable(m_window->transferBar().words()));
        QVERIFY(!m_window->transferBar().isHidden());
        QCOMPARE(rows(), 0);
    }

    void placeAndColumnsAreRemembered()
    {
        m_window->showTranscript(false);
        m_window->resize(740, 520);
        const QSize size = m_window->size();
        m_window->close();
        QTRY_VERIFY(QFileInfo::exists(m_system->dataFolder() + QStringLiteral("/window.ini")));
        QThreadPool::globalInstance()->waitForDone();
        m_window = std::make_unique<MainWindow>(*m_system);
        QVERIFY(!m_window->transcript().isHidden());
        m_window->show();
        QTRY_VERIFY(m_window->transcript().isHidden());
        QTRY_COMPARE(m_window->size(), size);
    }

    void everyControlHasANameForScreenReaders()
    {
        checkNames(m_window.get()); // the first start
        send("One");
        openFirst();
        for (const ActionId view :
            {ActionId::ShowMessage, ActionId::ShowSource, ActionId::ShowHeaders, ActionId::ShowDelivery}) {
            m_window->actions()[view]->trigger();
            checkNames(m_window.get());
        }
        for (const Place::Kind kind : {Place::Kind::Outgoing, Place::Kind::Sessions}) {
            m_window->go({kind, {}});
            checkNames(m_window.get());
        }
        m_window->compose(QUrl(QStringLiteral("mailto:a@example.org?cc=b@example.org&bcc=c@example.org")));
        QTRY_VERIFY(composer() != nullptr);
        checkNames(composer());
        Preferences preferences(*m_system);
        preferences.show();
        using Page = Preferences::Page;
        for (const Page page :
            {Page::Identity, Page::Outgoing, Page::Listener, Page::Mailboxes, Page::Delivery}) {
            preferences.showPage(page);
            checkNames(&preferences);
        }
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
            QVERIFY2(m_window->actions()[id]->shortcuts().contains(QKeySequence(key)), qPrintable(key));
        list()->setFocus();
        QTest::keyClick(list(), Qt::Key_T, Qt::ControlModifier);
        QVERIFY(m_window->transcript().isHidden());
        QTest::keyClick(list(), Qt::Key_2, Qt::ControlModifier);
        QCOMPARE(m_window->messages().folder().folder, QStringLiteral("Drafts"));
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
    void runTransfer(mail::Transfer::Direction direction, const QString &path)
    {
        m_window->transfers().run(
            {direction, path, mail::TransferFormat::Detect, m_window->messages().folder()});
    }
    /// Parts of another control, which speaks for them: a spin box's edit, a view's scroll bars.
    static bool ownedByAnother(const QWidget *widget)
    {
        const QWidget *parent = widget->parentWidget();
        return widget->objectName().startsWith(QLatin1String("qt_"))
            || qobject_cast<const QAbstractSpinBox *>(parent) || qobject_cast<const QComboBox *>(parent)
            || qobject_cast<const QScrollBar *>(widget) || widget->inherits("QComboBoxListView")
            || widget->inherits("QComboBoxPrivateContainer")
            || (qobject_cast<const QScrollArea *>(widget) != nullptr);
    }
    static void checkNames(QWidget *top)
    {
        for (QWidget *widget : top->findChildren<QWidget *>()) {
            if (widget->focusPolicy() == Qt::NoFocus || !widget->isVisible() || ownedByAnother(widget))
                continue;
            const QAccessibleInterface *face = QAccessible::queryAccessibleInterface(widget);
            QVERIFY(face != nullptr);
            QVERIFY2(!face->text(QAccessible::Name).trimmed().isEmpty(),
                qPrintable(QStringLiteral("%1 has no name").arg(pathOf(widget))));
        }
    }
    static QString pathOf(const QWidget *widget)
    {
        QStringList names;
        for (; widget != nullptr; widget = widget->parentWidget())
            names.prepend(QLatin1String(widget->metaObject()->className()));
        return names.join(QLatin1Char('/'));
    }
    static void takeMnemonic(QHash<QString, QString> &taken, const QString &text)
    {
        const QString key = QKeySequence::mnemonic(text).toString();
        QVERIFY2(!key.isEmpty(), qPrintable(text));
        QVERIFY2(!taken.contains(key), qPrintable(text + QStringLiteral(" and ") + taken.value(key)));
        taken.insert(key, text);
    }

    [[nodiscard]] MessageList *list() const { return m_window->messages().list(); }
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
        QTRY_VERIFY(!m_window->messages().message().id.isNull());
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
