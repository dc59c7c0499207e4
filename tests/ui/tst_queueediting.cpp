// What a person changes about a message in the queue, over the real queue and real servers: another time,
// another way, giving up.
#include "tests/support/memoryserver.h"
#include "tests/support/runningmail.h"
#include "ui/centralarea.h"
#include "ui/mailbox/messagespage.h"
#include "ui/mainwindow.h"
#include "ui/message/messagepane.h"
#include "ui/message/messagewindow.h"
#include "ui/queue/attempttimedialog.h"
#include "ui/queue/queuemodel.h"
#include "ui/queue/queueview.h"
#include "ui/queue/routedialog.h"
#include "ui/transcript/transcriptpane.h"
#include "ui/widgets/inlinebar.h"

#include <QApplication>
#include <QDateTimeEdit>
#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>

using namespace glasspost;
using namespace glasspost::test;

class TestQueueEditing : public QObject
{
    Q_OBJECT

    std::unique_ptr<House> m_busy; ///< defers every recipient
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<mail::MailSystem> m_system;
    std::unique_ptr<ui::QueueView> m_view;

    void submit()
    {
        smtp::Envelope envelope;
        envelope.reversePath = {"alice", "mail.example.test"};
        envelope.recipients.append(smtp::EnvelopeRecipient{{"bob", "b.example"}, {}, {}});
        m_system->outbox().submitMessage(envelope, "Subject: hi\n\ntext\n");
        QTRY_VERIFY(m_view->model()->rowCount() == 1
            && first().stateOf(first().recipients.constFirst()) == mail::RecipientState::Deferred);
        m_view->select(first().id);
    }
    [[nodiscard]] const mail::QueueEntry &first() const { return m_view->model()->entries().constFirst(); }
    /// A window is open while a message to carol gets that reply; until its bar says so.
    void meetTrouble(ui::MainWindow &window, const ui::InlineBar &bar, const QByteArray &reply)
    {
        mail::Settings settings = m_system->settings().value();
        settings.listener.enabled = false; // the window would start it
        m_system->settings().set(settings);
        QTRY_VERIFY(!m_system->settings().value().listener.enabled);
        window.show();
        const auto &area = *window.findChild<ui::CentralArea *>();
        QTRY_VERIFY(!area.messages().folder().user.isEmpty());
        m_busy->mail.answers[StubMail::Question::Rcpt].insert("*", replyFrom(reply));
        smtp::Envelope envelope;
        envelope.reversePath = {"alice", "mail.example.test"};
        envelope.recipients.append(smtp::EnvelopeRecipient{{"carol", "b.example"}, {}, {}});
        m_system->outbox().submitMessage(envelope, "Subject: ahoy\n\ntext\n");
        QTRY_VERIFY2_WITH_TIMEOUT(
            bar.words().contains(QStringLiteral("ahoy")), qUtf8Printable(bar.words()), 20000);
    }
    static QPushButton *buttonOf(const ui::InlineBar &bar, const QString &text)
    {
        const QList<QPushButton *> buttons = bar.findChildren<QPushButton *>();
        const auto found = std::find_if(
            buttons.begin(), buttons.end(), [&](const QPushButton *one) { return one->text() == text; });
        return found == buttons.end() ? nullptr : *found;
    }
    template <typename Dialog> [[nodiscard]] Dialog *dialog() const { return m_view->findChild<Dialog *>(); }
    [[nodiscard]] QString words() const
    {
        QStringList all;
        for (const QLabel *label : m_view->findChildren<QLabel *>())
            all << label->text();
        return all.join(u'\n');
    }
    static void accept(const QDialog &dialog)
    {
        dialog.findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Ok)->click();
    }

private Q_SLOTS:
    void init()
    {
        m_busy = std::make_unique<House>();
        m_busy->mail.answers[StubMail::Question::Rcpt].insert("*", replyFrom("450 4.2.1 Busy"));
        m_folder = std::make_unique<QTemporaryDir>();
        m_system = std::make_unique<mail::MailSystem>(m_folder->path());
        m_view = std::make_unique<ui::QueueView>(
            m_system->outbox(), m_system->certificates(), m_system->settings());
        m_view->resize(1000, 600);
        m_view->show();
        QVERIFY(startWithSmarthost(
            *m_system, {QStringLiteral("alice"), QStringLiteral("Alice")}, m_busy->bound.port));
        submit();
    }
    void cleanup()
    {
        m_view.reset();
        m_system.reset();
        m_folder.reset();
        m_busy.reset();
    }

    void troubleIsSaidWhereOneLooks_data()
    {
        QTest::addColumn<QByteArray>("reply");
        QTest::addColumn<ui::InlineBar::Kind>("kind");
        QTest::addColumn<QString>("words");
        QTest::newRow("T55 deferred")
            << QByteArray("450 4.2.1 Busy") << ui::InlineBar::Kind::Warning << QStringLiteral("deferred");
        QTest::newRow("T55 refused") << QByteArray("550 5.1.1 No such user") << ui::InlineBar::Kind::Error
                                     << QStringLiteral("refused");
    }

    void troubleIsSaidWhereOneLooks()
    {
        QFETCH(QByteArray, reply);
        QFETCH(ui::InlineBar::Kind, kind);
        QFETCH(QString, words);
        ui::MainWindow window(*m_system);
        auto &area = *window.findChild<ui::CentralArea *>();
        const auto &bar = *window.findChild<ui::InlineBar *>(QStringLiteral("bar"));
        meetTrouble(window, bar, reply);
        QVERIFY2(bar.words().contains(words), qUtf8Printable(bar.words()));
        QVERIFY(bar.words().contains(QString::fromLatin1(reply.left(3))));
        QCOMPARE(bar.kind(), kind);
        QPushButton *button = buttonOf(bar, QStringLiteral("Show in transcript"));
        QVERIFY(button != nullptr);
        area.showTranscript(false);
        button->click();
        QVERIFY(area.transcript().isVisible());
        QCOMPARE(area.transcript().scope(), ui::TranscriptPane::Scope::Chosen);
    }

    /// Its certificate, its way and its time are decided on there.
    void aDeferralLeadsToTheQueue()
    {
        ui::MainWindow window(*m_system);
        const auto &bar = *window.findChild<ui::InlineBar *>(QStringLiteral("bar"));
        meetTrouble(window, bar, "450 4.2.1 Busy");
        QPushButton *button = buttonOf(bar, QStringLiteral("Show in queue"));
        QVERIFY(button != nullptr);
        button->click();
        const ui::QueueView &queue = window.findChild<ui::CentralArea *>()->queue();
        QVERIFY(queue.isVisible());
        const auto *list = queue.findChild<QTreeView *>();
        QTRY_COMPARE(list->selectionModel()->selectedRows().size(), 1);
        const int row = list->selectionModel()->selectedRows().constFirst().row();
        QCOMPARE(queue.model()->entries().at(row).subject, QStringLiteral("ahoy"));
    }

    /// The bar says what is, not what was.
    void troubleThatIsOverIsSaidNoMore_data()
    {
        QTest::addColumn<mail::QueueAction>("action");
        QTest::addColumn<QString>("words"); // none: nothing is said any more
        QTest::newRow("delivered") << mail::QueueAction::TryNow << QString();
        QTest::newRow("given up") << mail::QueueAction::Expire << QStringLiteral("was given up for");
    }

    void troubleThatIsOverIsSaidNoMore()
    {
        QFETCH(mail::QueueAction, action);
        QFETCH(QString, words);
        ui::MainWindow window(*m_system);
        const auto &bar = *window.findChild<ui::InlineBar *>(QStringLiteral("bar"));
        meetTrouble(window, bar, "450 4.2.1 Busy");
        QVERIFY(bar.isVisible());
        m_busy->mail.answers[StubMail::Question::Rcpt].clear();
        m_system->outbox().act(action, {});
        if (words.isEmpty())
            QTRY_VERIFY2_WITH_TIMEOUT(!bar.isVisible(), qUtf8Printable(bar.words()), 20000);
        else
            QTRY_VERIFY2_WITH_TIMEOUT(bar.words().contains(words), qUtf8Printable(bar.words()), 20000);
    }

    void isTriedAtAnotherTime()
    {
        m_view->act(mail::QueueAction::Postpone);
        auto *asked = dialog<ui::AttemptTimeDialog>();
        QVERIFY(asked && asked->isVisible());
        QVERIFY(asked->edit()->dateTime() > QDateTime::currentDateTime()); // what was planned
        const QDateTime tomorrow(QDate::currentDate().addDays(1), QTime(8, 0));
        asked->edit()->setDateTime(tomorrow);
        accept(*asked);
        QTRY_COMPARE(first().notBefore, tomorrow.toMSecsSinceEpoch());
        m_view->select(first().id);
        QTRY_VERIFY2(words().contains(QStringLiteral("next attempt ")), qUtf8Printable(words()));
    }

    void goesAnotherWay()
    {
        const House other;
        m_view->act(mail::QueueAction::Reroute);
        auto *asked = dialog<ui::RouteDialog>();
        QVERIFY(asked && asked->isVisible());
        QVERIFY(!asked->route()); // it goes by the settings so far
        const QList<QRadioButton *> ways = asked->findChildren<QRadioButton *>();
        ways.last()->click();
        QPushButton *ok = asked->findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Ok);
        QVERIFY(!ok->isEnabled()); // a smarthost without a name is none
        QTest::keyClicks(asked->findChild<QLineEdit *>(), QStringLiteral("127.0.0.1"));
        asked->findChild<QSpinBox *>()->setValue(other.bound.port);
        QVERIFY(ok->isEnabled());
        accept(*asked);
        QTRY_COMPARE(other.mail.messages.size(), 1);
        QTRY_COMPARE(m_view->model()->rowCount(), 0);
        QCOMPARE(m_busy->mail.messages.size(), 0);
    }

    void isGivenUp()
    {
        m_view->act(mail::QueueAction::Expire);
        QCOMPARE(m_view->model()->rowCount(), 1); // asked first
        for (QPushButton *button : m_view->findChildren<QPushButton *>()) {
            if (button->text() == QStringLiteral("Give u&p"))
                button->click();
        }
        QTRY_COMPARE(m_view->model()->rowCount(), 0);
        const mail::RowPage inbox = rowsOnceThere(*m_system, {QStringLiteral("alice"), {}});
        QCOMPARE(inbox.total, 1); // the sender was told
    }

    void theMenuFollowsTheChoice()
    {
        const auto isOn = [this] {
            const QMenu *menu = m_view->findChild<QMenu *>();
            return menu->actions().constFirst()->isEnabled();
        };
        QVERIFY(isOn());
        m_view->list()->clearSelection();
        QVERIFY(!isOn());
    }

    void theFocusStays_data()
    {
        QTest::addColumn<QString>("pressed");
        QTest::addColumn<QString>("focused");
        QTest::newRow("T62 Hold, then Release") << QStringLiteral("Hol&d") << QStringLiteral("Rele&ase");
        QTest::newRow("T62 Release, then Hold") << QStringLiteral("Rele&ase") << QStringLiteral("Hol&d");
        QTest::newRow("T62 Remove, then what the empty queue offers")
            << QStringLiteral("&Remove") << QString();
    }

    void theFocusStays()
    {
        QFETCH(const QString, pressed);
        QFETCH(const QString, focused);
        m_view->show();
        m_view->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_view.get()));
        const auto button = [this](const QString &text) {
            for (QPushButton *one : m_view->findChildren<QPushButton *>()) {
                if (one->text() == text)
                    return one;
            }
            return static_cast<QPushButton *>(nullptr);
        };
        if (pressed == QStringLiteral("Rele&ase")) {
            m_view->act(mail::QueueAction::Hold);
            QTRY_VERIFY(button(pressed)->isEnabled());
        }
        button(pressed)->setFocus();
        QTest::keyClick(button(pressed), Qt::Key_Space);
        QTRY_VERIFY(!button(pressed)->isEnabled());
        if (focused.isEmpty())
            QVERIFY(
                QApplication::focusWidget() != button(pressed) && QApplication::focusWidget()->isEnabled());
        else
            QCOMPARE(QApplication::focusWidget(), button(focused));
    }

    void theMenuHasWhatTheButtonsHave_data()
    {
        QTest::addColumn<QString>("entry");
        QTest::addColumn<bool>("whileWaiting");
        QTest::addColumn<bool>("whileHeld");
        QTest::newRow("T63 Open") << QStringLiteral("&Open") << true << true;
        QTest::newRow("T63 Hold") << QStringLiteral("&Hold") << true << false;
        QTest::newRow("T63 Release") << QStringLiteral("Re&lease") << false << true;
        QTest::newRow("T63 Remove") << QStringLiteral("Re&move") << true << true;
    }

    void theMenuHasWhatTheButtonsHave()
    {
        QFETCH(const QString, entry);
        QFETCH(const bool, whileWaiting);
        QFETCH(const bool, whileHeld);
        QAction *action = nullptr;
        for (const QMenu *menu : m_view->findChildren<QMenu *>()) {
            for (QAction *one : menu->actions())
                action = one->text() == entry ? one : action;
        }
        QVERIFY(action != nullptr);
        QCOMPARE(action->isEnabled(), whileWaiting);
        m_view->act(mail::QueueAction::Hold);
        QTRY_VERIFY(first().held);
        QCOMPARE(action->isEnabled(), whileHeld);
    }

    void aWaitingMessageIsOpened_data()
    {
        QTest::addColumn<bool>("byKey");
        QTest::newRow("T63 opened by Enter") << true;
        QTest::newRow("T63 opened from the menu") << false;
    }

    void aWaitingMessageIsOpened()
    {
        QFETCH(const bool, byKey);
        QSignalSpy opened(m_view.get(), &ui::QueueView::openRequested);
        if (byKey) {
            QTest::keyClick(m_view->list(), Qt::Key_Return);
        } else {
            for (const QMenu *menu : m_view->findChildren<QMenu *>()) {
                if (menu->actions().constFirst()->text() == QStringLiteral("&Open"))
                    menu->actions().constFirst()->trigger();
            }
        }
        QCOMPARE(opened.size(), 1);
        const auto entry = opened.first().first().value<mail::QueueEntry>();
        auto *window = new ui::MessageWindow(m_system->mailboxes(), m_system->outbox(), m_system->sessions(),
            m_system->settings(), entry, m_view.get());
        QTRY_COMPARE(window->pane()->message().subject, QStringLiteral("hi"));
        QCOMPARE(window->pane()->message().text.trimmed(), QStringLiteral("text"));
        QCOMPARE(window->pane()->message().queueId, entry.id);
    }

    void aWayOfItsOwnIsShown()
    {
        mail::OutgoingRoute settings;
        settings.nameserver = QHostAddress(QStringLiteral("192.0.2.53"));
        settings.mtaSts = smtp::TlsPolicyUse::Off;
        mail::OutgoingRoute own;
        own.kind = mail::OutgoingRoute::Kind::Smarthost;
        own.host = QStringLiteral("smtp.example.org");
        own.port = 465;
        own.tls = smtp::TlsMode::Implicit;
        own.verifyCertificate = true;
        own.user = QStringLiteral("alice");
        const ui::RouteDialog dialog(settings, own);
        const auto route = dialog.route();
        QVERIFY(route);
        QCOMPARE(route->host, own.host);
        QCOMPARE(route->port, own.port);
        QCOMPARE(route->tls, own.tls);
        QCOMPARE(route->user, own.user);
        QVERIFY(route->verifyCertificate);
        QCOMPARE(route->nameserver, settings.nameserver);
        QCOMPARE(route->mtaSts, settings.mtaSts);
        const ui::RouteDialog direct(settings, mail::OutgoingRoute());
        QCOMPARE(direct.route()->kind, mail::OutgoingRoute::Kind::Direct);
        QCOMPARE(direct.route()->port, 25);
    }
};

QTEST_MAIN(TestQueueEditing)
#include "tst_queueediting.moc"
