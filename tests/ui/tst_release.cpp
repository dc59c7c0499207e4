// Captured mail leaves after all: what the dialog shows before, and what it does then.
#include "tests/support/controls.h"
#include "tests/support/fakemailboxes.h"
#include "tests/support/fakeoutbox.h"
#include "tests/support/fakesettings.h"
#include "ui/compose/recipientfield.h"
#include "ui/releasedialog.h"

#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeWidget>

#include <memory>

using namespace glasspost;
using namespace glasspost::ui;

namespace {

/// Each message by its unique name.
class CapturedOnes : public test::FakeMailboxes
{
public:
    QHash<QByteArray, QByteArray> messages;
    QTemporaryDir spool;

    mail::Task<mail::MessageOctets> octets(const mail::MessageId &id) override
    {
        if (!messages.contains(id.unique))
            return tl::unexpected(mail::Error{mail::ErrorCode::NotFound, QString::fromUtf8(id.unique), {}});
        return mail::Result<mail::MessageOctets>(mail::MessageOctets(messages.value(id.unique)));
    }
    QString spoolFolder() const override { return spool.path(); }
};

/// Takes all but what it is told to refuse.
class TakingOutbox : public test::FakeOutbox
{
public:
    struct Taken
    {
        smtp::Envelope envelope;
        QByteArray front;
        mail::SubmitTerms terms;
    };
    QList<Taken> taken;
    bool isFull = false;

    mail::Task<mail::SubmitReceipt> submitMessage(const smtp::Envelope &envelope,
        const mail::MessageOctets &message, const mail::SubmitTerms &terms) override
    {
        if (isFull)
            return tl::unexpected(mail::Error{
                mail::ErrorCode::InputOutput, QStringLiteral("queue"), QStringLiteral("no room")});
        taken.append({envelope, message.front(1024).value_or(QByteArray()), terms});
        return mail::Result<mail::SubmitReceipt>(mail::SubmitReceipt{"q", {}});
    }
};

QByteArray capturedMessage(const QList<QByteArray> &recipients)
{
    QByteArray octets = "Return-Path: <shop@a.test>\n";
    for (const QByteArray &one : recipients)
        octets += "Delivered-To: " + one + '\n';
    return octets
        + "Received: from x; Tue, 1 Dec 2026 00:00:00 +0000\nFrom: shop@a.test\nSubject: Order\n\nThanks\n";
}

} // namespace

class ReleaseTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void listsEachAddress();
    void releasesToTheirOwn();
    void releasesToOthers();
    void refusesWhatIsNoAddress();
    void marksWhatIsNotAllowed();
    void followsTheAllowList();
    void takesTheRoute();
    void staysWithWhatFailed();
    void releasesMany();
    void endsWhenItIsCancelled();
    void isWorkedByTheKeyboard();

private:
    QList<mail::MessageId> add(const QList<QByteArray> &recipients, int count = 1);
    std::unique_ptr<ReleaseDialog> open(const QList<mail::MessageId> &ids);
    [[nodiscard]] static QStringList column(const ReleaseDialog &dialog, int number);
    [[nodiscard]] QList<QByteArray> recipientsTaken(int message) const;

    std::unique_ptr<CapturedOnes> m_mailboxes;
    std::unique_ptr<TakingOutbox> m_outbox;
    std::unique_ptr<test::FakeSettings> m_settings;
};

void ReleaseTest::init()
{
    m_mailboxes = std::make_unique<CapturedOnes>();
    m_outbox = std::make_unique<TakingOutbox>();
    m_settings = std::make_unique<test::FakeSettings>();
}

QList<mail::MessageId> ReleaseTest::add(const QList<QByteArray> &recipients, int count)
{
    QList<mail::MessageId> ids;
    for (int i = 0; i < count; ++i) {
        const QByteArray unique = QByteArray::number(m_mailboxes->messages.size());
        m_mailboxes->messages.insert(unique, capturedMessage(recipients));
        ids.append({{QStringLiteral("captured"), QStringLiteral("")}, unique});
    }
    return ids;
}

std::unique_ptr<ReleaseDialog> ReleaseTest::open(const QList<mail::MessageId> &ids)
{
    auto dialog = std::make_unique<ReleaseDialog>(ReleaseServices{*m_mailboxes, *m_outbox, *m_settings}, ids);
    dialog->show();
    if (!QTest::qWaitFor([&] { return !dialog->words().startsWith(QStringLiteral("Reading")); }, 60000))
        qWarning("the recipients were not read in time");
    return dialog;
}

QStringList ReleaseTest::column(const ReleaseDialog &dialog, int number)
{
    QStringList texts;
    for (int row = 0; row < dialog.list()->topLevelItemCount(); ++row)
        texts += dialog.list()->topLevelItem(row)->text(number);
    return texts;
}

QList<QByteArray> ReleaseTest::recipientsTaken(int message) const
{
    QList<QByteArray> addresses;
    for (const smtp::EnvelopeRecipient &one : m_outbox->taken.value(message).envelope.recipients)
        addresses += one.forwardPath.toBytes();
    return addresses;
}

void ReleaseTest::listsEachAddress()
{
    const auto dialog = open(add({"ann@b.test", "bob@b.test"}) + add({"ann@b.test", "<b>zoe</b>@c.test"}));
    // What is no address by RFC 5321 gets no mail, and makes no row.
    QCOMPARE(column(*dialog, 0), (QStringList{QStringLiteral("ann@b.test"), QStringLiteral("bob@b.test")}));
    QCOMPARE(column(*dialog, 1), (QStringList{QStringLiteral("2"), QStringLiteral("1")}));
    QVERIFY(dialog->releaseButton()->isEnabled());
    QVERIFY(dialog->allowButton()->isHidden());
    QVERIFY(dialog->releaseButton()->text().contains(u'2'));
    QVERIFY(m_outbox->taken.isEmpty());
}

void ReleaseTest::releasesToTheirOwn()
{
    const auto dialog = open(add({"ann@b.test", "bob@b.test"}) + add({"zoe@c.test"}));
    const QSignalSpy released(dialog.get(), &ReleaseDialog::released);
    dialog->releaseButton()->click();
    QTRY_COMPARE(released.size(), 1);
    QCOMPARE(released.first().first().toInt(), 2);
    QVERIFY(!dialog->isVisible());
    QCOMPARE(m_outbox->taken.size(), 2);
    QCOMPARE(recipientsTaken(0), (QList<QByteArray>{"ann@b.test", "bob@b.test"}));
    QCOMPARE(recipientsTaken(1), QList<QByteArray>{"zoe@c.test"});
    const auto &first = m_outbox->taken.first();
    QCOMPARE(first.envelope.reversePath.toBytes(), QByteArray("shop@a.test"));
    QVERIFY(!first.terms.held);
    QVERIFY(!first.terms.route);
    QVERIFY2(!first.front.contains("Delivered-To"), first.front);
}

void ReleaseTest::releasesToOthers()
{
    const auto dialog = open(add({"ann@b.test"}, 2));
    dialog->otherChoice()->setChecked(true);
    QVERIFY(!dialog->releaseButton()->isEnabled());
    dialog->recipients()->setText(QStringLiteral("Me <me@d.test>, you@d.test"));
    QCOMPARE(column(*dialog, 0), (QStringList{QStringLiteral("me@d.test"), QStringLiteral("you@d.test")}));
    dialog->releaseButton()->click();
    QTRY_COMPARE(m_outbox->taken.size(), 2);
    QCOMPARE(recipientsTaken(1), (QList<QByteArray>{"me@d.test", "you@d.test"}));
}

void ReleaseTest::refusesWhatIsNoAddress()
{
    const auto dialog = open(add({"ann@b.test"}));
    dialog->otherChoice()->setChecked(true);
    dialog->recipients()->setText(QStringLiteral("you@d.test, no address@"));
    QVERIFY(!dialog->releaseButton()->isEnabled());
    QVERIFY2(dialog->words().contains(QStringLiteral("is no address")), qPrintable(dialog->words()));
}

void ReleaseTest::marksWhatIsNotAllowed()
{
    mail::Settings settings;
    settings.listener.releaseAllowed = {QStringLiteral("*@b.test")};
    m_settings->set(settings);
    const auto dialog = open(add({"ann@b.test", "zoe@c.test"}) + add({"zoe@c.test"}));
    QCOMPARE(column(*dialog, 0), (QStringList{QStringLiteral("zoe@c.test"), QStringLiteral("ann@b.test")}));
    QVERIFY(column(*dialog, 2).first().contains(QStringLiteral("allow list")));
    QVERIFY(column(*dialog, 2).last().isEmpty());
    const QSignalSpy wanted(dialog.get(), &ReleaseDialog::settingsRequested);
    dialog->allowButton()->click();
    QCOMPARE(wanted.size(), 1);
    const QSignalSpy released(dialog.get(), &ReleaseDialog::released);
    dialog->releaseButton()->click();
    QTRY_COMPARE(released.size(), 1);
    QCOMPARE(m_outbox->taken.size(), 1);
    QCOMPARE(recipientsTaken(0), QList<QByteArray>{"ann@b.test"});
}

void ReleaseTest::followsTheAllowList()
{
    const auto dialog = open(add({"ann@b.test"}));
    QVERIFY(dialog->releaseButton()->isEnabled());
    mail::Settings settings;
    settings.listener.releaseAllowed = {QStringLiteral("*@else.test")};
    m_settings->set(settings);
    QVERIFY(!dialog->releaseButton()->isEnabled());
    QVERIFY(dialog->allowButton()->isVisible());
    m_settings->set({});
    QVERIFY(dialog->releaseButton()->isEnabled());
}

void ReleaseTest::takesTheRoute()
{
    const auto dialog = open(add({"ann@b.test"}));
    mail::OutgoingRoute route;
    route.kind = mail::OutgoingRoute::Kind::Smarthost;
    route.host = QStringLiteral("relay.test");
    dialog->setRoute(route);
    dialog->releaseButton()->click();
    QTRY_COMPARE(m_outbox->taken.size(), 1);
    QCOMPARE(m_outbox->taken.first().terms.route, std::optional(route));
}

void ReleaseTest::staysWithWhatFailed()
{
    const auto dialog = open(add({"ann@b.test"}));
    const QSignalSpy released(dialog.get(), &ReleaseDialog::released);
    m_outbox->isFull = true;
    dialog->releaseButton()->click();
    QTRY_VERIFY(dialog->words().contains(QStringLiteral("could not be released")));
    QVERIFY(dialog->isVisible());
    QVERIFY(released.isEmpty());
    QCOMPARE(column(*dialog, 2).last(), QStringLiteral("Failed"));
    m_outbox->isFull = false;
    dialog->releaseButton()->click();
    QTRY_COMPARE(released.size(), 1);
    QCOMPARE(m_outbox->taken.size(), 1);
}

void ReleaseTest::releasesMany()
{
    QList<mail::MessageId> ids;
    for (int i = 0; i < 2100; ++i)
        ids += add({"r" + QByteArray::number(i) + "@b.test"});
    const auto dialog = open(ids);
    QCOMPARE(dialog->list()->topLevelItemCount(), 2000);
    QVERIFY2(dialog->words().contains(QStringLiteral("100")), qPrintable(dialog->words()));
    const QSignalSpy released(dialog.get(), &ReleaseDialog::released);
    dialog->releaseButton()->click();
    QTRY_COMPARE_WITH_TIMEOUT(released.size(), 1, 60000);
    QCOMPARE(released.first().first().toInt(), 2100);
    QCOMPARE(m_outbox->taken.size(), 2100);
}

void ReleaseTest::endsWhenItIsCancelled()
{
    const auto dialog = open(add({"ann@b.test"}, 50));
    const QSignalSpy released(dialog.get(), &ReleaseDialog::released);
    dialog->releaseButton()->click();
    dialog->reject();
    QTRY_VERIFY(!dialog->isVisible());
    QCOMPARE(m_outbox->taken.size(), 1); // the one that was under way
    QCOMPARE(released.size(), 1);
    QCOMPARE(released.first().first().toInt(), 1);
}

void ReleaseTest::isWorkedByTheKeyboard()
{
    mail::Settings settings;
    settings.listener.releaseAllowed = {QStringLiteral("*@b.test")};
    m_settings->set(settings);
    const auto dialog = open(add({"ann@b.test", "zoe@c.test"}));
    QCOMPARE(test::shared(test::mnemonics(*dialog)), QStringList());
    QCOMPARE(test::nameless(*dialog), QStringList());
    QCOMPARE(test::tipless(*dialog), QStringList());
    dialog->otherChoice()->setFocus();
    QTest::keyClick(dialog->otherChoice(), Qt::Key_Space);
    QVERIFY(dialog->recipients()->isEnabled());
    dialog->recipients()->edit()->setFocus();
    QTest::keyClicks(dialog->recipients()->edit(), QStringLiteral("me@b.test"));
    QTest::keyClick(dialog->recipients()->edit(), Qt::Key_Return);
    QVERIFY(dialog->isVisible());
    dialog->releaseButton()->setFocus();
    QTest::keyClick(dialog->releaseButton(), Qt::Key_Space);
    QTRY_COMPARE(m_outbox->taken.size(), 1);
    QCOMPARE(recipientsTaken(0), QList<QByteArray>{"me@b.test"});
}

QTEST_MAIN(ReleaseTest)
#include "tst_release.moc"
