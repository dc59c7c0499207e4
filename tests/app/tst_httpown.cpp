#include "app/http/httpinterface.h"
#include "tests/support/awaited.h"
#include "tests/support/httpclient.h"
#include "tests/support/runningmail.h"

#include <QDateTime>
#include <QElapsedTimer>
#include <QJsonArray>
#include <QTemporaryDir>
#include <QtTest>

#include <chrono>
#include <vector>

using namespace glasspost;
using namespace glasspost::app;
using test::Answer;

namespace {

smtp::Envelope envelopeTo(const QByteArray &recipient)
{
    smtp::Envelope envelope;
    envelope.reversePath = {"sender", "client.example"};
    envelope.recipients = {smtp::EnvelopeRecipient{{recipient, "example.test"}, {}, {}}};
    return envelope;
}

QByteArray messageOf(const QByteArray &subject, const QByteArray &text = "text")
{
    return "From: Shop <shop@client.example>\nTo: bob@example.test\nX-Order: 4711\nSubject: " + subject
        + "\n\n" + text + "\n";
}

} // namespace

/// /glasspost/v1, which is ours beyond Mailpit's API.
class HttpOwnTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void waitsForWhatComes();
    void findsWhatCameBefore_data();
    void findsWhatCameBefore();
    void waitsForSeveral();
    void saysThatNothingCame();
    void eachWaitHasItsOwn();
    void waitEndsWithItsClient();
    void refusesToWait_data();
    void refusesToWait();
    void showsOneWithItsLinksAndCodes();
    void showsCapturedMailAlone();
    void showsNothingWhereNothingIsCaptured_data();
    void showsNothingWhereNothingIsCaptured();
    void actsOnTheQueue();
    void releasesWithATokenAlone();
    void queueKnowsNoOthers_data();
    void queueKnowsNoOthers();

private:
    void serve(const QByteArray &token);
    QByteArray keep(const QByteArray &message, const QByteArray &recipient = "bob",
        const QString &mailbox = QStringLiteral("captured"));
    QByteArray queueHeld();
    Answer ask(const QByteArray &method, const QString &path) { return m_client.ask(method, path); }
    static QStringList subjectsOf(const Answer &answer);

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<mail::MailSystem> m_mail;
    std::unique_ptr<HttpInterface> m_http;
    test::HttpClient m_client;
};

void HttpOwnTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_mail = std::make_unique<mail::MailSystem>(m_folder->path());
    QVERIFY(test::start(*m_mail));
    serve({});
}

void HttpOwnTest::cleanup()
{
    m_http.reset();
    m_mail.reset();
}

void HttpOwnTest::serve(const QByteArray &token)
{
    m_client.forgetConnections();
    HttpSettings settings;
    settings.token = token;
    m_http = std::make_unique<HttpInterface>(*m_mail, settings);
    const auto port = m_http->listen();
    QVERIFY(port);
    m_client.port = *port;
    m_client.token = token;
}

/// Its ID.
QByteArray HttpOwnTest::keep(const QByteArray &message, const QByteArray &recipient, const QString &mailbox)
{
    const auto id = test::awaited(m_mail->mailboxes().capture({mailbox, {}}, envelopeTo(recipient), message));
    return id ? id->unique : QByteArray();
}

/// Not due for an hour, whoever releases it.
QByteArray HttpOwnTest::queueHeld()
{
    smtp::Envelope envelope = envelopeTo("zoe");
    envelope.recipients.first().forwardPath.domain = "far.invalid";
    const mail::SubmitTerms terms{QDateTime::currentMSecsSinceEpoch()
            + qint64(std::chrono::milliseconds(std::chrono::hours(1)).count()),
        {}, true};
    const auto receipt = test::awaited(m_mail->outbox().submitMessage(
        envelope, mail::MessageOctets(QByteArray("Subject: held\n\ntext\n")), terms));
    return receipt ? receipt->queueId : QByteArray();
}

QStringList HttpOwnTest::subjectsOf(const Answer &answer)
{
    QStringList subjects;
    for (const auto message : answer.object()[QStringLiteral("messages")].toArray())
        subjects += message[QStringLiteral("subject")].toString();
    return subjects;
}

void HttpOwnTest::waitsForWhatComes()
{
    QVERIFY(!keep(messageOf("before")).isEmpty());
    const auto reply = m_client.begin("GET", QStringLiteral("/glasspost/v1/wait?timeout=20&subject=^Order"));
    QVERIFY(!QTest::qWaitFor([&reply] { return reply->isFinished(); }, 200));
    QVERIFY(!keep(messageOf("Another")).isEmpty());
    QVERIFY(!keep(messageOf("Order 1")).isEmpty());
    const Answer answer = test::HttpClient::end(*reply);
    QCOMPARE(answer.status, 200);
    QCOMPARE(answer.contentType, QByteArray("application/json"));
    QCOMPARE(subjectsOf(answer), QStringList{QStringLiteral("Order 1")});
}

void HttpOwnTest::findsWhatCameBefore_data()
{
    QTest::addColumn<QString>("asked");
    QTest::addColumn<int>("status");
    const auto row
        = [](const char *asked, int status) { QTest::newRow(asked) << QString::fromLatin1(asked) << status; };
    row("since=all", 200);
    row("since=-5m", 200);
    row("since=now", 404);
    row("", 404);
    row("since=2099-01-01T00:00:00Z", 404);
    row("since=all&to=BOB@example.test", 200);
    row("since=all&to=amy@example.test", 404);
    row("since=all&from=shop@client.example", 200);
    row("since=all&from=sender@client.example", 200);
    row("since=all&from=bob@example.test", 404);
    row("since=all&subject=ord.r%20%5Cd%2B", 404);
    row("since=all&subject=Ord.r%20%5Cd%2B", 200);
    row("since=all&body=^the%20text$", 200);
    row("since=all&body=other", 404);
    row("since=all&header=x-order=^4711$", 200);
    row("since=all&header=x-order=^4711$&header=x-order=9", 404);
    row("since=all&mailbox=captured", 200);
}

void HttpOwnTest::findsWhatCameBefore()
{
    QFETCH(QString, asked);
    QFETCH(int, status);
    QVERIFY(!keep(messageOf("Order 12", "the text")).isEmpty());
    const Answer answer = ask("GET", QStringLiteral("/glasspost/v1/wait?timeout=0&") + asked);
    QVERIFY2(answer.status == status, answer.body);
    if (status == 200)
        QCOMPARE(subjectsOf(answer), QStringList{QStringLiteral("Order 12")});
    else
        QCOMPARE(answer.body, QByteArray("0 of 1 messages arrived in time"));
}

void HttpOwnTest::waitsForSeveral()
{
    const QByteArray first = keep(messageOf("one"));
    const auto reply = m_client.begin("GET",
        QStringLiteral("/glasspost/v1/wait?count=3&timeout=20&since=%1").arg(QString::fromLatin1(first)));
    for (const char *subject : {"two", "three", "four", "five"})
        QVERIFY(!keep(messageOf(subject)).isEmpty());
    QCOMPARE(subjectsOf(test::HttpClient::end(*reply)),
        (QStringList{QStringLiteral("two"), QStringLiteral("three"), QStringLiteral("four")}));
}

void HttpOwnTest::saysThatNothingCame()
{
    QVERIFY(!keep(messageOf("one")).isEmpty());
    QElapsedTimer time;
    time.start();
    const Answer answer = ask("GET", QStringLiteral("/glasspost/v1/wait?since=all&count=2&timeout=1"));
    QCOMPARE(answer.status, 404);
    QCOMPARE(answer.body, QByteArray("1 of 2 messages arrived in time"));
    QVERIFY(time.elapsed() >= 1000);
}

void HttpOwnTest::eachWaitHasItsOwn()
{
    std::vector<std::unique_ptr<QNetworkReply>> replies;
    for (int i = 0; i < 6; ++i) // as many as Qt opens connections for at once
        replies.push_back(m_client.begin(
            "GET", QStringLiteral("/glasspost/v1/wait?since=all&timeout=20&to=r%1@example.test").arg(i)));
    for (int i = 0; i < 6; ++i)
        QVERIFY(!keep(messageOf("for " + QByteArray::number(i)), "r" + QByteArray::number(i)).isEmpty());
    for (int i = 0; i < 6; ++i)
        QCOMPARE(subjectsOf(test::HttpClient::end(*replies[size_t(i)])),
            QStringList{QStringLiteral("for %1").arg(i)});
}

void HttpOwnTest::waitEndsWithItsClient()
{
    auto left = m_client.begin("GET", QStringLiteral("/glasspost/v1/wait?timeout=600"));
    QVERIFY(!QTest::qWaitFor([&left] { return left->isFinished(); }, 200));
    left.reset();
    QVERIFY(!keep(messageOf("to nobody")).isEmpty());
    const Answer next = ask("GET", QStringLiteral("/glasspost/v1/wait?since=all&timeout=20"));
    QCOMPARE(subjectsOf(next), QStringList{QStringLiteral("to nobody")});
}

void HttpOwnTest::refusesToWait_data()
{
    QTest::addColumn<QString>("asked");
    QTest::addColumn<QByteArray>("words");
    const auto row = [](const char *asked, const char *words) {
        QTest::newRow(asked) << QString::fromLatin1(asked) << QByteArray(words);
    };
    row("subject=(", "subject takes a regular expression");
    row("body=*", "body takes a regular expression");
    row("header=X-Order", "header takes NAME=RE");
    row("header=X-Order=(", "header takes a regular expression");
    row("since=yesterday", "since takes now, all");
    row("count=0", "count takes a whole number from 1 to 100");
    row("count=101", "count takes a whole number from 1 to 100");
    row("timeout=-1", "timeout takes a whole number from 0 to 600");
    row("timeout=soon", "timeout takes a whole number from 0 to 600");
    row("mailbox=alice", "Nothing is captured into a mailbox \"alice\"");
    row("mailbox=..", "Nothing is captured into a mailbox \"..\"");
}

void HttpOwnTest::refusesToWait()
{
    QFETCH(QString, asked);
    QFETCH(QByteArray, words);
    const Answer answer = ask("GET", QStringLiteral("/glasspost/v1/wait?") + asked);
    QCOMPARE(answer.status, 400);
    QVERIFY2(answer.body.startsWith(words), answer.body);
    QCOMPARE(answer.contentType, QByteArray("text/plain; charset=utf-8"));
}

void HttpOwnTest::showsOneWithItsLinksAndCodes()
{
    const QByteArray id
        = keep(messageOf("Your code", "Your code is 482 913.\nSee https://client.example/reset"));
    for (const QString &name : {QString::fromLatin1(id), QStringLiteral("latest")}) {
        const Answer answer = ask("GET", QStringLiteral("/glasspost/v1/messages/") + name);
        QVERIFY2(answer.status == 200, answer.body);
        const QJsonObject message = answer.object();
        QCOMPARE(message[QStringLiteral("id")].toString().toUtf8(), id);
        QCOMPARE(message[QStringLiteral("codes")], QJsonArray{QStringLiteral("482913")});
        QCOMPARE(message[QStringLiteral("links")][0][QStringLiteral("url")].toString(),
            QStringLiteral("https://client.example/reset"));
        QCOMPARE(message[QStringLiteral("deliveredTo")], QJsonArray{QStringLiteral("bob@example.test")});
    }
    QCOMPARE(ask("GET", QStringLiteral("/glasspost/v1/messages/none")).status, 404);
}

void HttpOwnTest::showsCapturedMailAlone()
{
    const QString person = m_mail->settings().value().users.first().name;
    const QByteArray theirs = keep(messageOf("private"), "bob", person);
    QVERIFY(!theirs.isEmpty());
    QCOMPARE(ask("GET", QStringLiteral("/glasspost/v1/messages/") + QString::fromLatin1(theirs)).status, 404);
    QCOMPARE(ask("GET", QStringLiteral("/glasspost/v1/messages/latest")).status, 404);
    QCOMPARE(ask("GET", QStringLiteral("/glasspost/v1/messages/latest?mailbox=") + person).status, 400);
    QCOMPARE(ask("GET", QStringLiteral("/glasspost/v1/wait?since=all&timeout=0")).status, 404);
}

void HttpOwnTest::showsNothingWhereNothingIsCaptured_data()
{
    QTest::addColumn<bool>("isCatchAll");
    QTest::addColumn<QString>("pattern"); // of the binding's mailbox; %1: a person's name
    QTest::newRow("mailboxes") << false << QStringLiteral("captured");
    QTest::newRow("mailboxes, of a person's name") << false << QStringLiteral("%1");
    QTest::newRow("catch-all, of a person's name") << true << QStringLiteral("%1");
    QTest::newRow("catch-all, of no name") << true << QString();
}

/// Neither by Mailpit's paths nor by ours.
void HttpOwnTest::showsNothingWhereNothingIsCaptured()
{
    QFETCH(bool, isCatchAll);
    QFETCH(QString, pattern);
    mail::Settings settings = m_mail->settings().value();
    const QString person = settings.users.first().name;
    const QString mailbox = QString(pattern).replace(QStringLiteral("%1"), person);
    settings.listener.bindings.first().captureMailbox = mailbox;
    settings.listener.policy
        = isCatchAll ? mail::RecipientPolicy::CatchAll : mail::RecipientPolicy::Mailboxes;
    QVERIFY(test::awaited(m_mail->settings().set(settings)));
    const QByteArray id = keep(messageOf("private"), "bob", person);
    QVERIFY(!id.isEmpty());
    const QString name = QString::fromLatin1(id);
    const std::pair<const char *, QString> asked[] = {{"GET", QStringLiteral("/api/v1/messages")},
        {"GET", QStringLiteral("/api/v1/search?query=private")},
        {"DELETE", QStringLiteral("/api/v1/messages")},
        {"DELETE", QStringLiteral("/api/v1/search?query=private")},
        {"GET", QStringLiteral("/api/v1/message/latest")}, {"GET", QStringLiteral("/api/v1/message/") + name},
        {"GET", QStringLiteral("/api/v1/message/%1/raw").arg(name)},
        {"GET", QStringLiteral("/glasspost/v1/messages/latest")},
        {"GET", QStringLiteral("/glasspost/v1/messages/%1?mailbox=%2").arg(name, person)},
        {"GET", QStringLiteral("/glasspost/v1/wait?since=all&timeout=0&mailbox=") + mailbox},
        {"GET", QStringLiteral("/glasspost/v1/events")}};
    for (const auto &[method, path] : asked) {
        const Answer answer = ask(method, path);
        QVERIFY2(answer.status == 400, qPrintable(path));
        QVERIFY2(answer.body.startsWith("Nothing is captured into a mailbox"), answer.body);
    }
    QCOMPARE(ask("GET", QStringLiteral("/api/v1/info")).object()[QStringLiteral("Messages")], QJsonValue(0));
    QVERIFY(test::awaited(m_mail->mailboxes().settle()));
    const auto left = test::awaited(m_mail->lookups().named(id));
    QCOMPARE(left ? left->size() : 0, 1);
}

void HttpOwnTest::actsOnTheQueue()
{
    const QByteArray id = queueHeld();
    QVERIFY(!id.isEmpty());
    const QString path = QStringLiteral("/glasspost/v1/queue/") + QString::fromLatin1(id);
    QCOMPARE(ask("GET", path).object()[QStringLiteral("held")], QJsonValue(true));
    const Answer held = ask("POST", path + QStringLiteral("/hold"));
    QCOMPARE(held.status, 200);
    QCOMPARE(held.object()[QStringLiteral("id")].toString().toUtf8(), id);
    QCOMPARE(held.object()[QStringLiteral("held")], QJsonValue(true));
    QCOMPARE(ask("GET", path + QStringLiteral("/hold")).status, 405);
}

void HttpOwnTest::releasesWithATokenAlone()
{
    const QByteArray id = queueHeld();
    const QString path = QStringLiteral("/glasspost/v1/queue/") + QString::fromLatin1(id);
    const Answer refused = ask("POST", path + QStringLiteral("/release"));
    QCOMPARE(refused.status, 403);
    QVERIFY2(refused.body.contains("token"), refused.body);
    QVERIFY(test::awaited(m_mail->outbox().entry(id))->held);
    serve("s3cret");
    const Answer released = ask("POST", path + QStringLiteral("/release"));
    QVERIFY2(released.status == 200, released.body);
    QCOMPARE(released.object()[QStringLiteral("held")], QJsonValue(false));
    QVERIFY(!test::awaited(m_mail->outbox().entry(id))->held);
    QCOMPARE(ask("POST", path + QStringLiteral("/hold")).object()[QStringLiteral("held")], QJsonValue(true));
}

void HttpOwnTest::queueKnowsNoOthers_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QString>("path");
    QTest::newRow("shown") << QByteArray("GET") << QStringLiteral("/glasspost/v1/queue/none");
    QTest::newRow("held") << QByteArray("POST") << QStringLiteral("/glasspost/v1/queue/none/hold");
    QTest::newRow("released") << QByteArray("POST") << QStringLiteral("/glasspost/v1/queue/none/release");
    QTest::newRow("of no name") << QByteArray("POST") << QStringLiteral("/glasspost/v1/queue//hold");
    QTest::newRow("a path") << QByteArray("GET") << QStringLiteral("/glasspost/v1/queue/..%2Fsettings");
}

void HttpOwnTest::queueKnowsNoOthers()
{
    QFETCH(QByteArray, method);
    QFETCH(QString, path);
    const QByteArray id = queueHeld();
    serve("s3cret");
    QCOMPARE(ask(method, path).status, 404);
    QVERIFY(test::awaited(m_mail->outbox().entry(id))->held);
}

QTEST_GUILESS_MAIN(HttpOwnTest)
#include "tst_httpown.moc"
