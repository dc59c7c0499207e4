// The real window over a real mail system in a folder of its own: what a person clicks and types.
#include "mail/mailsystem.h"
#include "ui/actions.h"
#include "ui/compose/composewindow.h"
#include "ui/mailbox/messagelist.h"
#include "ui/mailbox/messagespage.h"
#include "ui/mainwindow.h"
#include "ui/message/messagepane.h"
#include "ui/status/listenerchip.h"
#include "ui/status/mainstatus.h"
#include "ui/status/maintoolbar.h"
#include "ui/transcript/transcriptpane.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/inlinebar.h"

#include <QAction>
#include <QApplication>
#include <QLineEdit>
#include <QPushButton>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

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
        auto *empty = m_window->messages().findChild<EmptyState *>();
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
    }

private:
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
