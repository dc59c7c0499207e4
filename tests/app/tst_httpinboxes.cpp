#include "app/http/httpinterface.h"
#include "tests/support/awaited.h"
#include "tests/support/httpclient.h"
#include "tests/support/runningmail.h"

#include <QDateTime>
#include <QJsonArray>
#include <QTemporaryDir>
#include <QtTest>

using namespace glasspost;
using namespace glasspost::app;
using test::Answer;

namespace {

smtp::Envelope envelopeTo(const QByteArray &recipient, const QByteArray &domain)
{
    smtp::Envelope envelope;
    envelope.reversePath = {"sender", "client.example"};
    envelope.recipients = {smtp::EnvelopeRecipient{{recipient, domain}, {}, {}}};
    return envelope;
}

QByteArray messageOf(const QByteArray &subject)
{
    return "From: Shop <shop@client.example>\nTo: bob@example.test\nSubject: " + subject + "\n\ntext\n";
}

} // namespace

/// Which inbox a path is about, and whose journeys it tells.
class HttpInboxesTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void servesInboxesOfTheRule();
    void tellsJourneys();

private:
    QByteArray keep(const QByteArray &message, const QByteArray &recipient = "bob",
        const QString &mailbox = QStringLiteral("captured"));
    Answer ask(const QByteArray &method, const QString &path) { return m_client.ask(method, path); }
    static QStringList subjectsOf(const Answer &answer);

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<mail::MailSystem> m_mail;
    std::unique_ptr<HttpInterface> m_http;
    test::HttpClient m_client;
};

void HttpInboxesTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_mail = std::make_unique<mail::MailSystem>(m_folder->path());
    QVERIFY(test::start(*m_mail));
    m_client.forgetConnections();
    m_http = std::make_unique<HttpInterface>(*m_mail, HttpSettings());
    const auto port = m_http->listen();
    QVERIFY(port);
    m_client.port = *port;
}

void HttpInboxesTest::cleanup()
{
    m_http.reset();
    m_mail.reset();
}

/// Its ID.
QByteArray HttpInboxesTest::keep(
    const QByteArray &message, const QByteArray &recipient, const QString &mailbox)
{
    const auto id = test::awaited(
        m_mail->mailboxes().capture({mailbox, {}}, envelopeTo(recipient, "example.test"), message));
    return id ? id->unique : QByteArray();
}

QStringList HttpInboxesTest::subjectsOf(const Answer &answer)
{
    QStringList subjects;
    for (const auto message : answer.object()[QStringLiteral("messages")].toArray())
        subjects += message[QStringLiteral("subject")].toString();
    return subjects;
}

/// Below /inbox/NAME everything is about that inbox; one that nobody may ask for stays closed.
void HttpInboxesTest::servesInboxesOfTheRule()
{
    mail::Settings settings = m_mail->settings().value();
    const QString person = settings.users.first().name;
    const QStringList closed{person, QStringLiteral("theirs"), QStringLiteral("Shop")};
    QVERIFY(!keep(messageOf("imported"), "bob", QStringLiteral("theirs")).isEmpty());
    QCOMPARE(ask("GET", QStringLiteral("/inbox/shop/api/v1/messages")).status, 400); // there is no rule
    settings.listener.captureRule.by = mail::CaptureRule::By::SignIn;
    QVERIFY(test::awaited(m_mail->settings().set(settings)));
    const auto empty = ask("GET", QStringLiteral("/inbox/shop/api/v1/messages"));
    QCOMPARE(empty.object()[QStringLiteral("total")], QJsonValue(0));
    const auto listed = QStringLiteral("/glasspost/v1/inboxes");
    QCOMPARE(ask("GET", listed).object()[QStringLiteral("inboxes")].toArray().size(), 1);

    QVERIFY(!keep(messageOf("usual")).isEmpty());
    const QByteArray id = keep(messageOf("of the shop"), "bob", QStringLiteral("shop"));
    const QString name = QString::fromLatin1(id);
    QCOMPARE(subjectsOf(ask("GET", QStringLiteral("/glasspost/v1/wait?since=all&mailbox=shop"))),
        QStringList{QStringLiteral("of the shop")});
    QCOMPARE(subjectsOf(ask("GET", QStringLiteral("/inbox/shop/glasspost/v1/wait?since=all"))),
        QStringList{QStringLiteral("of the shop")});
    QCOMPARE(ask("GET", QStringLiteral("/inbox/shop/api/v1/message/") + name).status, 200);
    QCOMPARE(ask("GET", QStringLiteral("//inbox/shop/api/v1/message/") + name).status, 200);
    QCOMPARE(ask("GET", QStringLiteral("/api/v1/message/") + name).status, 404);
    QCOMPARE(ask("GET", QStringLiteral("/inbox/shop/view/latest")).fields.value("location"),
        "/inbox/shop/view/" + id + ".txt");
    const QJsonArray inboxes = ask("GET", listed).object()[QStringLiteral("inboxes")].toArray();
    QCOMPARE(inboxes.size(), 2);
    QCOMPARE(inboxes.at(1)[QStringLiteral("name")], QJsonValue(QStringLiteral("shop")));
    QCOMPARE(inboxes.at(1)[QStringLiteral("total")], QJsonValue(1));
    QCOMPARE(ask("DELETE", QStringLiteral("/inbox/shop/api/v1/messages")).status, 200);
    QCOMPARE(ask("GET", QStringLiteral("/inbox/shop/api/v1/info")).object()[QStringLiteral("Messages")],
        QJsonValue(0));
    QCOMPARE(ask("GET", QStringLiteral("/api/v1/info")).object()[QStringLiteral("Messages")], QJsonValue(1));
    for (const QString &one : closed)
        QCOMPARE(ask("GET", QStringLiteral("/inbox/%1/api/v1/messages").arg(one)).status, 400);
    QCOMPARE(ask("GET", QStringLiteral("/inbox/shop")).status, 404);
}

/// Of what is in the queue, and of messages in the inbox; other people's have none.
void HttpInboxesTest::tellsJourneys()
{
    const mail::SubmitTerms held{QDateTime::currentMSecsSinceEpoch() + 3'600'000, {}, true};
    const auto receipt = test::awaited(m_mail->outbox().submitMessage(
        envelopeTo("zoe", "far.invalid"), mail::MessageOctets(messageOf("leaves later")), held));
    QVERIFY(receipt);
    const QString root = QStringLiteral("/glasspost/v1/journeys/");
    const Answer left = ask("GET", root + QString::fromLatin1(receipt->queueId));
    QVERIFY2(left.status == 200, left.body);
    const QJsonValue journey = left.object()[QStringLiteral("journeys")][0];
    QCOMPARE(journey[QStringLiteral("id")].toString().toLatin1(), receipt->queueId);
    const QJsonValue recipient = journey[QStringLiteral("recipients")][0];
    QCOMPARE(recipient[QStringLiteral("address")], QJsonValue(QStringLiteral("zoe@far.invalid")));
    QCOMPARE(recipient[QStringLiteral("state")], QJsonValue(QStringLiteral("held")));

    const QByteArray captured = keep(messageOf("captured"));
    for (const QString &name : {QStringLiteral("latest"), QString::fromLatin1(captured)}) {
        const QJsonObject here = ask("GET", root + name).object();
        QCOMPARE(here[QStringLiteral("message")][QStringLiteral("id")].toString().toLatin1(), captured);
        QCOMPARE(here[QStringLiteral("journeys")].toArray().size(), 0);
    }
    const QString person = m_mail->settings().value().users.first().name;
    const QString theirs = QString::fromLatin1(keep(messageOf("private"), "bob", person));
    QVERIFY(!theirs.isEmpty());
    QCOMPARE(ask("GET", root + theirs).status, 404);
    QCOMPARE(ask("GET", root + theirs + QStringLiteral("?mailbox=") + person).status, 404);
}

QTEST_GUILESS_MAIN(HttpInboxesTest)
#include "tst_httpinboxes.moc"
