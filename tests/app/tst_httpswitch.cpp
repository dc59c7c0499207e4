#include "app/http/httpswitch.h"
#include "tests/support/awaited.h"
#include "tests/support/runningmail.h"

#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QThread>
#include <QtTest>

using namespace glasspost;
using namespace glasspost::app;
using Kind = mail::ListenerState::Kind;

namespace {

const QHostAddress here(QHostAddress::LocalHost);

const QHostAddress everywhere(QHostAddress::AnyIPv4);

/// The whole answer, on a thread of the client's own; the caller's runs no event until it is there. Empty
/// when none comes in time.
QByteArray answerToBlockedCaller(quint16 port, const QByteArray &path)
{
    QByteArray answer;
    const std::unique_ptr<QThread> client(QThread::create([port, path, &answer] {
        QTcpSocket socket;
        socket.connectToHost(here, port);
        socket.write("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        while (socket.waitForReadyRead(20000))
            answer += socket.readAll();
    }));
    client->start();
    client->wait();
    return answer;
}

} // namespace

/// The HTTP interface on and off, as a person changes the settings.
class HttpSwitchTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void isOffUntilItIsSwitchedOn();
    void takenPortIsSaidAndTriedAgain();
    void needsATokenForOthers();
    void movesToAnotherPort();
    void answersWhileItsOwnersThreadDoesNothing();
    void lastWishCounts();

private:
    void set(const mail::HttpInterfaceSettings &http);
    [[nodiscard]] quint16 port() const { return m_switch->state().bindings.value(0).port; }
    /// Of a request without a token; 0 when nobody is there.
    int statusAt(quint16 port, const QString &path = QStringLiteral("/livez"));

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<mail::MailSystem> m_mail;
    std::unique_ptr<HttpSwitch> m_switch;
};

void HttpSwitchTest::init()
{
    qunsetenv("GLASSPOST_HTTP_TOKEN");
    m_folder = std::make_unique<QTemporaryDir>();
    m_mail = std::make_unique<mail::MailSystem>(m_folder->path());
    QVERIFY(test::start(*m_mail));
    m_switch = std::make_unique<HttpSwitch>(*m_mail);
    const QSignalSpy changed(m_switch.get(), &HttpSwitch::changed);
    m_switch->follow();
    QTRY_COMPARE(changed.count(), 1);
}

void HttpSwitchTest::cleanup()
{
    m_switch.reset();
    m_mail.reset();
    m_folder.reset();
}

void HttpSwitchTest::set(const mail::HttpInterfaceSettings &http)
{
    mail::Settings settings = m_mail->settings().value();
    settings.http = http;
    const QSignalSpy changed(m_switch.get(), &HttpSwitch::changed);
    QVERIFY(test::awaited(m_mail->settings().set(settings)));
    QTRY_COMPARE(changed.count(), 1);
}

int HttpSwitchTest::statusAt(quint16 port, const QString &path)
{
    QNetworkAccessManager network;
    const std::unique_ptr<QNetworkReply> reply(
        network.get(QNetworkRequest(QUrl(QStringLiteral("http://127.0.0.1:%1%2").arg(port).arg(path)))));
    if (!QTest::qWaitFor([&reply] { return reply->isFinished(); }, 20000))
        return -1;
    return reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
}

void HttpSwitchTest::isOffUntilItIsSwitchedOn()
{
    QCOMPARE(m_switch->state().kind, Kind::Off);
    set({true, here, 0});
    QCOMPARE(m_switch->state().kind, Kind::Listening);
    const quint16 had = port();
    QVERIFY(had != 0);
    QCOMPARE(statusAt(had), 200);
    set({false, here, 0});
    QCOMPARE(m_switch->state().kind, Kind::Off);
    QCOMPARE(statusAt(had), 0);
}

void HttpSwitchTest::takenPortIsSaidAndTriedAgain()
{
    QTcpServer other;
    QVERIFY(other.listen(here, 0));
    set({true, here, other.serverPort()});
    QCOMPARE(m_switch->state().kind, Kind::Failed);
    QCOMPARE(m_switch->state().error.code, mail::ErrorCode::InUse);
    QCOMPARE(m_switch->state().error.subject, QStringLiteral("127.0.0.1:%1").arg(other.serverPort()));
    QVERIFY(m_switch->state().bindings.isEmpty());
    const quint16 freed = other.serverPort();
    other.close();
    m_switch->start();
    QTRY_COMPARE(m_switch->state().kind, Kind::Listening);
    QCOMPARE(statusAt(freed), 200);
}

void HttpSwitchTest::needsATokenForOthers()
{
    set({true, everywhere, 0});
    QCOMPARE(m_switch->state().kind, Kind::Failed);
    QVERIFY(m_switch->state().error.systemText.contains(QStringLiteral("GLASSPOST_HTTP_TOKEN")));
    qputenv("GLASSPOST_HTTP_TOKEN", "s3cret");
    m_switch->start();
    QTRY_COMPARE(m_switch->state().kind, Kind::Listening);
    QCOMPARE(statusAt(port(), QStringLiteral("/api/v1/info")), 401);
}

void HttpSwitchTest::movesToAnotherPort()
{
    QTcpServer lender;
    QVERIFY(lender.listen(here, 0));
    const quint16 second = lender.serverPort();
    lender.close();
    set({true, here, 0});
    const quint16 first = port();
    set({true, here, second});
    QCOMPARE(port(), second);
    QCOMPARE(statusAt(second), 200);
    QCOMPARE(statusAt(first), 0);
    // What else is set does not restart it.
    const QSignalSpy changed(m_switch.get(), &HttpSwitch::changed);
    mail::Settings settings = m_mail->settings().value();
    settings.undoSeconds = 1;
    QVERIFY(test::awaited(m_mail->settings().set(settings)));
    QTRY_COMPARE(m_mail->settings().value().undoSeconds, 1);
    QCOMPARE(changed.count(), 0);
}

/// The window's thread may be busy with itself: programs do not wait for it, nor it for them. The large
/// answer is one that is read from a file.
void HttpSwitchTest::answersWhileItsOwnersThreadDoesNothing()
{
    const mail::FolderId inbox{mail::ListenerBinding().captureMailbox, {}};
    const QByteArray large
        = "Subject: large\n\n" + QByteArray(3 * 1024 * 1024, 'x').replace("xxxxxxxx", "xxxxxxx\n");
    smtp::Envelope envelope;
    envelope.recipients = {smtp::EnvelopeRecipient{{"ann", "b.test"}, {}, {}}};
    const auto id = test::awaited(m_mail->mailboxes().capture(inbox, envelope, large));
    QVERIFY(id);
    QVERIFY(test::awaited(m_mail->mailboxes().settle()));
    set({true, here, 0});
    QVERIFY(answerToBlockedCaller(port(), "/livez").startsWith("HTTP/1.1 200 "));
    const QByteArray raw
        = answerToBlockedCaller(port(), "/api/v1/message/" + CapturedMail::nameOf(*id).toLatin1() + "/raw");
    QVERIFY(raw.startsWith("HTTP/1.1 200 "));
    QVERIFY(raw.size() > large.size());
    QVERIFY(raw.endsWith(large.right(1000)));
}

void HttpSwitchTest::lastWishCounts()
{
    set({true, here, 0});
    const QSignalSpy changed(m_switch.get(), &HttpSwitch::changed);
    m_switch->start();
    m_switch->start();
    QTRY_COMPARE(changed.count(), 1);
    QCOMPARE(statusAt(port()), 200);
}

QTEST_GUILESS_MAIN(HttpSwitchTest)
#include "tst_httpswitch.moc"
