// Receipts (RFC 8098) in the windows: the composer asks for one, the reader's window asks the reader, and
// nothing leaves without a word.
#include "mail/message/mdn.h"
#include "tests/support/awaited.h"
#include "tests/support/composeservices.h"
#include "tests/support/memoryserver.h"
#include "tests/support/runningmail.h"
#include "ui/compose/composewindow.h"
#include "ui/message/journey.h"
#include "ui/message/messagepane.h"
#include "ui/message/receiptbar.h"
#include "ui/queue/queuestate.h"

#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

using namespace glasspost;
using namespace glasspost::test;

class TestReceipts : public QObject
{
    Q_OBJECT

    std::unique_ptr<House> m_house;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<mail::MailSystem> m_system;
    std::unique_ptr<ui::MessagePane> m_pane;

    void start()
    {
        m_pane.reset();
        m_system.reset();
        m_system = std::make_unique<mail::MailSystem>(m_folder->path());
        m_pane = std::make_unique<ui::MessagePane>(
            m_system->mailboxes(), m_system->outbox(), m_system->sessions(), m_system->settings());
        m_pane->resize(800, 600);
        m_pane->setVisible(true);
        QVERIFY(startWithSmarthost(
            *m_system, {QStringLiteral("bob"), QStringLiteral("Bob")}, m_house->bound.port));
    }
    /// A message in a folder of bob's.
    mail::MessageId keep(const QString &folder, const QByteArray &message)
    {
        const mail::FolderId there{QStringLiteral("bob"), folder};
        if (test::awaited(m_system->mailboxes().keepMessages(there, {{message, {}}})) != 1)
            return {};
        const mail::RowPage page = rowsOnceThere(*m_system, there);
        return page.rows.isEmpty() ? mail::MessageId() : page.rows.constFirst().id;
    }
    void open(const mail::MessageId &id)
    {
        m_pane->clear();
        m_pane->open(id);
        QTRY_COMPARE(m_pane->message().id, id);
        // What was asked before is answered in order: then the bar knows, too.
        QVERIFY(test::awaited(m_system->mailboxes().mdnRequest(id)));
    }
    [[nodiscard]] ui::ReceiptBar *bar() const { return m_pane->findChild<ui::ReceiptBar *>(); }
    void press(const QString &text)
    {
        for (QPushButton *button : bar()->findChildren<QPushButton *>()) {
            if (QString(button->text()).remove(QLatin1Char('&')) == text)
                button->click();
        }
    }

    const QByteArray m_asking = "Return-Path: <alice@a.example>\nDelivered-To: bob@mail.example.test\n"
                                "From: Alice <alice@a.example>\nTo: bob@mail.example.test\nSubject: hi\n"
                                "Message-ID: <m1@a.example>\n"
                                "Disposition-Notification-To: Alice <alice@a.example>\n\nhello\n";

private Q_SLOTS:
    void init()
    {
        m_house = std::make_unique<House>();
        m_folder = std::make_unique<QTemporaryDir>();
        start();
    }
    void cleanup()
    {
        m_pane.reset();
        m_system.reset();
        m_folder.reset();
        m_house.reset();
    }

    void isSentByTheReadersWord()
    {
        const mail::MessageId id = keep({}, m_asking);
        open(id);
        QTRY_VERIFY(bar()->isVisible());
        QVERIFY2(bar()->words().contains(QStringLiteral("alice@a.example")), qUtf8Printable(bar()->words()));
        QCOMPARE(m_house->mail.messages.size(), 0); // reading alone sends nothing
        press(QStringLiteral("Send receipt"));
        QTRY_COMPARE(m_house->mail.messages.size(), 1);
        const StubMessage &sent = m_house->mail.messages.constFirst();
        QVERIFY(sent.envelope.reversePath.isNull());
        QCOMPARE(sent.envelope.recipients.constFirst().forwardPath, (smtp::Mailbox{"alice", "a.example"}));
        QByteArray body = sent.body;
        const mail::MdnReceipt receipt = mail::readMdn(body.replace("\r\n", "\n"));
        QCOMPARE(receipt, (mail::MdnReceipt{"m1@a.example", "bob@mail.example.test", "displayed"}));
        open(id);
        QVERIFY(!bar()->isVisible()); // asked once
        start(); // and the answer is kept
        open(id);
        QVERIFY(!bar()->isVisible());
        QCOMPARE(m_house->mail.messages.size(), 1);
    }

    void isIgnoredForGood()
    {
        const mail::MessageId id = keep({}, m_asking);
        open(id);
        QTRY_VERIFY(bar()->isVisible());
        press(QStringLiteral("Ignore"));
        QTRY_VERIFY(!bar()->isVisible());
        // Too late: the answer was given.
        QVERIFY(test::awaited(m_system->mailboxes().answerMdn(id, mail::MdnDecision::Send)));
        start();
        open(id);
        QVERIFY(!bar()->isVisible());
        const auto entries = test::awaited(m_system->outbox().entries());
        QVERIFY(entries && entries->isEmpty());
        QCOMPARE(m_house->mail.messages.size(), 0);
    }

    /// A copy elsewhere is the same message; the cross of the bar is no answer.
    void onlyAnAnswerEndsTheQuestion()
    {
        open(keep({}, m_asking));
        QTRY_VERIFY(bar()->isVisible());
        bar()->dismiss();
        const mail::MessageId copy = keep(QStringLiteral("Archive"), m_asking);
        open(copy);
        QTRY_VERIFY(bar()->isVisible());
        press(QStringLiteral("Ignore"));
        open(keep({}, m_asking));
        QVERIFY(!bar()->isVisible());
    }

    void isNotAskedForEverything_data()
    {
        QTest::addColumn<QString>("folder");
        QTest::addColumn<QByteArray>("message");
        QTest::newRow("own") << QStringLiteral("Sent") << m_asking;
        QTest::newRow("junk") << QStringLiteral("Junk") << m_asking;
        QTest::newRow("does not ask")
            << QString() << QByteArray("Return-Path: <a@b>\nFrom: a@b\nSubject: hi\n\nhello\n");
        QTest::newRow("for two") << QString()
                                 << QByteArray("Return-Path: <a@b>\nFrom: a@b\nSubject: hi\n"
                                               "Disposition-Notification-To: a@b, c@d\n\nhello\n");
    }
    void isNotAskedForEverything()
    {
        QFETCH(QString, folder);
        QFETCH(QByteArray, message);
        open(keep(folder, message));
        QVERIFY(!bar()->isVisible());
    }

    /// RFC 8098 2.1: with care where the answer goes to another than the sender.
    void saysWhomItWouldTell()
    {
        QByteArray other = m_asking;
        open(keep({}, other.replace("Return-Path: <alice@", "Return-Path: <list@")));
        QTRY_VERIFY(bar()->isVisible());
        QVERIFY2(
            bar()->words().contains(QStringLiteral("who is not the sender")), qUtf8Printable(bar()->words()));
    }

    void theComposerAsks()
    {
        mail::Draft draft;
        draft.id = mail::newDraftId();
        draft.asksForMdn = true;
        ui::ComposeWindow window(test::composeServices(*m_system), draft);
        window.setAttribute(Qt::WA_DeleteOnClose, false);
        QVERIFY(window.receiptButton()->isChecked());
        window.receiptButton()->click();
        QVERIFY(!window.draft().asksForMdn);
        window.receiptButton()->click();
        QVERIFY(window.draft().asksForMdn);
        window.discard();
    }

    void standsInTheJourney()
    {
        mail::QueueEntry entry;
        entry.id = "q1";
        mail::QueueRecipient one;
        one.recipient.forwardPath = {"alice", "a.example"};
        smtp::RecipientReport report;
        report.at = 1'700'000'000'000'000;
        report.result = smtp::DeliveryResult::Delivered;
        one.progress = mail::Ended{mail::Ended::Outcome::Delivered, 1, report};
        one.receipt = mail::ReadReceipt{"displayed", 1'700'000'100'000};
        entry.recipients = {one};
        const QDateTime now = QDateTime::currentDateTime();
        const QList<ui::JourneyStep> steps
            = ui::journeyOf({}, std::nullopt, {{entry, {}, {}, 0, false}}, now);
        QCOMPARE(steps.constLast().state, QStringLiteral("displayed"));
        QVERIFY(steps.constLast().facts.constLast().startsWith(QStringLiteral("Read receipt: displayed, ")));
        QCOMPARE(ui::queueChip(entry, now).text, QStringLiteral("displayed"));
    }
};

QTEST_MAIN(TestReceipts)
#include "tst_receipts.moc"
