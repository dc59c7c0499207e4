#include "app/http/httpswitch.h"
#include "tests/support/awaited.h"
#include "tests/support/runningmail.h"

#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QtTest>

using namespace glasspost;
using namespace glasspost::app;
using Kind = mail::ListenerState::Kind;

namespace {

const QHostAddress here(QHostAddress::LocalHost);

const QHostAddress everywhere(QHostAddress::AnyIPv4);

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
    m_switch->follow();
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
    QCOMPARE(m_switch->state().kind, Kind::Listening);
    QCOMPARE(statusAt(freed), 200);
}

void HttpSwitchTest::needsATokenForOthers()
{
    set({true, everywhere, 0});
    QCOMPARE(m_switch->state().kind, Kind::Failed);
    QVERIFY(m_switch->state().error.systemText.contains(QStringLiteral("GLASSPOST_HTTP_TOKEN")));
    qputenv("GLASSPOST_HTTP_TOKEN", "s3cret");
    m_switch->start();
    QCOMPARE(m_switch->state().kind, Kind::Listening);
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

QTEST_GUILESS_MAIN(HttpSwitchTest)
#include "tst_httpswitch.moc"
