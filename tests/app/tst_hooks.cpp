#include "app/hooks/arrivalhooks.h"
#include "tests/support/awaited.h"
#include "tests/support/runningmail.h"
#include "tests/support/webserver.h"

#include <QFile>
#include <QJsonDocument>
#include <QMessageAuthenticationCode>
#include <QTemporaryDir>
#include <QtTest>

using namespace glasspost;
using namespace glasspost::app;

namespace {

QByteArray bodyOf(const QByteArray &request)
{
    return request.mid(request.indexOf("\r\n\r\n") + 4);
}

QJsonObject numbered(int number)
{
    return {{QStringLiteral("number"), number}};
}

QByteArray statusLine(int status)
{
    return "HTTP/1.1 " + QByteArray::number(status) + " Answer\r\n";
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

/// What is done for each message that comes: a URL told, a program run.
class HooksTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void postsInOrder();
    void signsWithItsKey();
    void triesAgainOrGivesUp_data();
    void triesAgainOrGivesUp();
    void succeedsAfterFailures();
    void saysThatNobodyIsThere();
    void doesNotFollow();
    void programGetsTheMessage_data();
    void programGetsTheMessage();
    void programsAreBounded();
    void failuresOfProgramsAreSaid_data();
    void failuresOfProgramsAreSaid();
    void followsWhatArrives();

private:
    std::unique_ptr<Webhook> hookTo(const QString &url, int tries = 3);
    ProgramHookSettings shell(const QString &script) const;
    QString path(const char *name) const { return m_folder->filePath(QString::fromLatin1(name)); }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<test::WebServer> m_web;
    QStringList m_failures;
};

void HooksTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_web = std::make_unique<test::WebServer>();
    m_failures.clear();
}

std::unique_ptr<Webhook> HooksTest::hookTo(const QString &url, int tries)
{
    WebhookSettings settings;
    settings.url = QUrl(url);
    settings.secret = "k3y";
    settings.firstPause = std::chrono::milliseconds(5);
    settings.tries = tries;
    auto hook = std::make_unique<Webhook>(settings);
    connect(hook.get(), &Webhook::failed, this, [this](const QString &sentence) { m_failures += sentence; });
    return hook;
}

ProgramHookSettings HooksTest::shell(const QString &script) const
{
    ProgramHookSettings settings;
    settings.command
        = {QStringLiteral("/bin/sh"), QStringLiteral("-c"), script, QStringLiteral("sh"), m_folder->path()};
    return settings;
}

void HooksTest::postsInOrder()
{
    m_web->give("/hook", "ok");
    const auto hook = hookTo(m_web->address(QStringLiteral("/hook")));
    for (int i = 0; i < 20; ++i)
        hook->post(numbered(i));
    QTRY_COMPARE(m_web->requests().size(), 20);
    for (int i = 0; i < 20; ++i) {
        const QByteArray &request = m_web->requests().at(i);
        QVERIFY2(request.startsWith("POST /hook HTTP/1.1\r\n"), request);
        QVERIFY2(request.contains("Content-Type: application/json\r\n"), request);
        QCOMPARE(QJsonDocument::fromJson(bodyOf(request)).object(), numbered(i));
    }
    QVERIFY(m_failures.isEmpty());
}

void HooksTest::signsWithItsKey()
{
    m_web->give("/hook", "ok");
    const auto hook = hookTo(m_web->address(QStringLiteral("/hook")));
    hook->post(numbered(1));
    QTRY_COMPARE(m_web->requests().size(), 1);
    const QByteArray request = m_web->requests().first();
    const QByteArray signature
        = QMessageAuthenticationCode::hash(bodyOf(request), "k3y", QCryptographicHash::Sha256).toHex();
    QVERIFY2(request.toLower().contains("x-glasspost-signature: sha256=" + signature + "\r\n"), request);
}

void HooksTest::triesAgainOrGivesUp_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<int>("tries");
    for (const int again : {500, 502, 503, 408, 429})
        QTest::newRow(QByteArray::number(again).constData()) << again << 3;
    for (const int once : {301, 400, 401, 404, 410})
        QTest::newRow(QByteArray::number(once).constData()) << once << 1;
}

void HooksTest::triesAgainOrGivesUp()
{
    QFETCH(int, status);
    QFETCH(int, tries);
    m_web->give("/hook", {}, statusLine(status));
    const auto hook = hookTo(m_web->address(QStringLiteral("/hook")));
    hook->post(numbered(1));
    QTRY_COMPARE(m_failures.size(), 1);
    QCOMPARE(m_web->requests().size(), tries);
    QVERIFY2(m_failures.first().contains(QString::number(status)), qPrintable(m_failures.first()));
    // The next one is not held up by it.
    m_web->give("/hook", "ok");
    hook->post(numbered(2));
    QTRY_COMPARE(m_web->requests().size(), tries + 1);
    QCOMPARE(QJsonDocument::fromJson(bodyOf(m_web->requests().last())).object(), numbered(2));
}

void HooksTest::succeedsAfterFailures()
{
    m_web->give("/hook", {}, statusLine(503));
    const auto hook = hookTo(m_web->address(QStringLiteral("/hook")), 100);
    hook->post(numbered(1));
    hook->post(numbered(2));
    QTRY_VERIFY(m_web->requests().size() >= 2);
    m_web->give("/hook", "ok");
    const auto isSecond = [this] {
        return QJsonDocument::fromJson(bodyOf(m_web->requests().last())).object() == numbered(2);
    };
    QTRY_VERIFY(isSecond());
    QVERIFY(m_failures.isEmpty());
    for (const QByteArray &request : m_web->requests().mid(0, m_web->requests().size() - 1))
        QCOMPARE(QJsonDocument::fromJson(bodyOf(request)).object(), numbered(1));
}

void HooksTest::saysThatNobodyIsThere()
{
    const QString scheme = QStringLiteral("http://");
    const QString place = m_web->address(QStringLiteral("/hook")).mid(scheme.size());
    m_web.reset();
    const auto hook = hookTo(scheme + QStringLiteral("ann:p4ss@") + place);
    hook->post(numbered(1));
    QTRY_COMPARE(m_failures.size(), 1);
    QVERIFY2(m_failures.first().contains(place), qPrintable(m_failures.first()));
    QVERIFY2(!m_failures.first().contains(QStringLiteral("p4ss")), qPrintable(m_failures.first()));
    QVERIFY2(m_failures.first().contains(QStringLiteral("tried 3 times")), qPrintable(m_failures.first()));
}

void HooksTest::doesNotFollow()
{
    m_web->redirect("/hook", "/elsewhere");
    m_web->give("/elsewhere", "ok");
    const auto hook = hookTo(m_web->address(QStringLiteral("/hook")));
    hook->post(numbered(1));
    QTRY_COMPARE(m_failures.size(), 1);
    QCOMPARE(m_web->paths(), QList<QByteArray>{"/hook"});
}

void HooksTest::programGetsTheMessage_data()
{
    QTest::addColumn<QByteArray>("octets");
    QTest::addColumn<bool>("isFile");
    QTest::newRow("small") << QByteArray("Subject: x\n\ntext\n") << false;
    QTest::newRow("more than a pipe holds") << QByteArray(1'000'000, 'x') << false;
    QTest::newRow("in a file") << QByteArray(1'000'000, 'y') << true;
}

void HooksTest::programGetsTheMessage()
{
    QFETCH(QByteArray, octets);
    QFETCH(bool, isFile);
    mail::MessageOctets message(octets);
    if (isFile) {
        QFile file(path("message"));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(octets) == octets.size());
        file.close();
        message = mail::MessageOctets::inFile(path("message"));
    }
    qputenv("GLASSPOST_WEBHOOK_SECRET", "k3y");
    qputenv("GLASSPOST_HTTP_TOKEN", "t0k");
    const auto forget = qScopeGuard([] {
        qunsetenv("GLASSPOST_WEBHOOK_SECRET");
        qunsetenv("GLASSPOST_HTTP_TOKEN");
    });
    ProgramHook hook(
        shell(QStringLiteral(R"(cat > "$1/got"; printf %s "$GLASSPOST_ID" > "$1/id"; env > "$1/env")")));
    const QSignalSpy rested(&hook, &ProgramHook::rested), failed(&hook, &ProgramHook::failed);
    hook.run("1764.M1P2Q3.host", message);
    QTRY_COMPARE(rested.count(), 1);
    QCOMPARE(failed.count(), 0);
    QVERIFY(contentOf(path("got")) == octets);
    QCOMPARE(contentOf(path("id")), QByteArray("1764.M1P2Q3.host"));
    const QByteArray environment = contentOf(path("env"));
    QVERIFY(environment.contains("GLASSPOST_ID="));
    QVERIFY(!environment.contains("k3y") && !environment.contains("t0k"));
}

void HooksTest::programsAreBounded()
{
    // Each waits for a file that the test makes.
    ProgramHook hook(shell(QStringLiteral(R"(while [ ! -e "$1/go" ]; do sleep 0.01; done)")));
    const QSignalSpy rested(&hook, &ProgramHook::rested), failed(&hook, &ProgramHook::failed);
    for (int i = 0; i < 4; ++i) {
        QVERIFY(!hook.isFull());
        hook.run("id", mail::MessageOctets(QByteArray("Subject: x\n\n")));
    }
    QVERIFY(hook.isFull());
    QFile go(path("go"));
    QVERIFY(go.open(QIODevice::WriteOnly));
    QTRY_COMPARE(rested.count(), 4);
    QVERIFY(!hook.isFull());
    QCOMPARE(failed.count(), 0);
}

void HooksTest::failuresOfProgramsAreSaid_data()
{
    QTest::addColumn<QStringList>("command");
    QTest::addColumn<QString>("words");
    const QString sh = QStringLiteral("/bin/sh"), c = QStringLiteral("-c");
    QTest::newRow("exit code") << QStringList{sh, c, QStringLiteral("exit 3")}
                               << QStringLiteral("exit code 3");
    QTest::newRow("killed") << QStringList{sh, c, QStringLiteral("kill -9 $$")} << QStringLiteral("crashed");
    QTest::newRow("not there") << QStringList{QStringLiteral("/nonexistent/program")}
                               << QStringLiteral("No such file or directory");
    QTest::newRow("too slow") << QStringList{sh, c, QStringLiteral("exec sleep 1000")}
                              << QStringLiteral("too long");
}

void HooksTest::failuresOfProgramsAreSaid()
{
    QFETCH(QStringList, command);
    QFETCH(QString, words);
    ProgramHookSettings settings;
    settings.command = command;
    settings.timeout
        = words == QStringLiteral("too long") ? std::chrono::milliseconds(200) : settings.timeout;
    ProgramHook hook(settings);
    const QSignalSpy rested(&hook, &ProgramHook::rested), failed(&hook, &ProgramHook::failed);
    hook.run("id", mail::MessageOctets(QByteArray("Subject: x\n\n")));
    QTRY_COMPARE(rested.count(), 1);
    QCOMPARE(failed.count(), 1);
    const QString said = failed.first().first().toString();
    QVERIFY2(said.contains(words), qPrintable(said));
    QVERIFY(!hook.isFull());
}

void HooksTest::followsWhatArrives()
{
    m_web->give("/hook", "ok");
    mail::MailSystem system(path("data"));
    QVERIFY(test::start(system));
    const auto keep = [&system](const QByteArray &subject) {
        smtp::Envelope envelope;
        envelope.recipients = {smtp::EnvelopeRecipient{{"bob", "example.test"}, {}, {}}};
        return test::awaited(system.mailboxes().capture(
            {QStringLiteral("captured"), {}}, envelope, "Subject: " + subject + "\n\ntext\n"));
    };
    QVERIFY(keep("before"));
    ArrivalHooks hooks(system.mailboxes(), system.lookups());
    connect(&hooks, &ArrivalHooks::failed, this, [this](const QString &sentence) { m_failures += sentence; });
    WebhookSettings webhook;
    webhook.url = QUrl(m_web->address(QStringLiteral("/hook")));
    hooks.tell(webhook);
    hooks.run(shell(QStringLiteral(R"(grep ^Subject: >> "$1/subjects")")));
    hooks.follow();
    QList<QByteArray> ids;
    for (int i = 0; i < 10; ++i) {
        const auto id = keep("message " + QByteArray::number(i));
        QVERIFY(id);
        ids.append(id->unique);
    }
    QTRY_COMPARE(m_web->requests().size(), 10);
    for (int i = 0; i < 10; ++i) {
        const QJsonObject told = QJsonDocument::fromJson(bodyOf(m_web->requests().at(i))).object();
        QCOMPARE(told[QStringLiteral("id")].toString().toUtf8(), ids.at(i));
        QCOMPARE(told[QStringLiteral("subject")].toString(), QStringLiteral("message %1").arg(i));
    }
    QTRY_COMPARE(contentOf(path("subjects")).count('\n'), 10);
    QVERIFY(!contentOf(path("subjects")).contains("before"));
    QVERIFY2(m_failures.isEmpty(), qPrintable(m_failures.join(u'\n')));
}

QTEST_GUILESS_MAIN(HooksTest)
#include "tst_hooks.moc"
