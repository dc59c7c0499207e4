#include "app/control/controlclient.h"
#include "app/control/controlpath.h"
#include "app/control/controlserver.h"

#include <QLocalSocket>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

using namespace glasspost::app;

/// One instance asks another: the socket, its name, and peers that misbehave.
class ControlTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        qputenv("XDG_RUNTIME_DIR", m_folder->path().toUtf8());
        m_path = controlPath(m_folder->filePath(QStringLiteral("data")));
    }
    void pathNamesTheFolderHoweverItIsWritten();
    void pathIsNotInAFolderOfOthers();
    void asksAndIsAnswered();
    void answersLater();
    void largeRequest();
    void nobodyThere();
    void takesOverAStaleSocket();
    void garbageEndsThatConnectionAlone();

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_path;
};

static QJsonObject object(const QString &text)
{
    return {{QStringLiteral("text"), text}};
}

static void echo(const QJsonObject &request, QObject *, const ControlServer::Done &done)
{
    done(request);
}

void ControlTest::pathNamesTheFolderHoweverItIsWritten()
{
    const QString data = m_folder->filePath(QStringLiteral("data"));
    QVERIFY(QDir().mkpath(data));
    QVERIFY(QFile::link(data, m_folder->filePath(QStringLiteral("link"))));
    QCOMPARE(controlPath(data + QLatin1Char('/')), controlPath(data));
    QCOMPARE(controlPath(m_folder->filePath(QStringLiteral("link"))), controlPath(data));
    QVERIFY(controlPath(m_folder->filePath(QStringLiteral("other"))) != controlPath(data));
    QVERIFY2(controlPath(data).toUtf8().size() < 108, "the system's limit for the name of a socket");
}

void ControlTest::pathIsNotInAFolderOfOthers()
{
    QVERIFY(QFile::setPermissions(m_folder->path(),
        QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner | QFile::ReadOther | QFile::ExeOther));
    QVERIFY(!controlPath(QStringLiteral("x")).startsWith(m_folder->path()));
}

void ControlTest::asksAndIsAnswered()
{
    ControlServer server(echo);
    QVERIFY(server.listen(m_path));
    ControlClient client(m_path);
    QSignalSpy answered(&client, &ControlClient::answered);
    for (const QString &text : {QStringLiteral("one"), QStringLiteral("zwei ü\n"), QString()}) {
        client.ask(object(text));
        QTRY_COMPARE(answered.size(), 1);
        QCOMPARE(answered.takeFirst().first().toJsonObject(), object(text));
    }
}

void ControlTest::answersLater()
{
    ControlServer::Done kept;
    ControlServer server(
        [&kept](const QJsonObject &, QObject *, const ControlServer::Done &done) { kept = done; });
    QVERIFY(server.listen(m_path));
    ControlClient client(m_path);
    QSignalSpy answered(&client, &ControlClient::answered);
    client.ask(object(QStringLiteral("x")));
    QTRY_VERIFY(kept != nullptr);
    QCOMPARE(answered.size(), 0);
    kept(object(QStringLiteral("late")));
    QTRY_COMPARE(answered.size(), 1);
}

void ControlTest::largeRequest()
{
    ControlServer server(echo);
    QVERIFY(server.listen(m_path));
    ControlClient client(m_path);
    QSignalSpy answered(&client, &ControlClient::answered);
    const QJsonObject large = object(QString(3000000, QLatin1Char('x')));
    client.ask(large);
    QTRY_COMPARE_WITH_TIMEOUT(answered.size(), 1, 30000);
    QVERIFY(answered.first().first().toJsonObject() == large);
}

void ControlTest::nobodyThere()
{
    ControlClient client(m_path);
    QSignalSpy unreachable(&client, &ControlClient::unreachable);
    client.ask({});
    QTRY_COMPARE(unreachable.size(), 1);
}

void ControlTest::takesOverAStaleSocket()
{
    QFile stale(m_path);
    QVERIFY(stale.open(QIODevice::WriteOnly));
    ControlClient client(m_path);
    QSignalSpy unreachable(&client, &ControlClient::unreachable);
    client.ask({});
    QTRY_COMPARE(unreachable.size(), 1);
    ControlServer server(echo);
    QVERIFY(server.listen(m_path));
    QSignalSpy answered(&client, &ControlClient::answered);
    client.ask({});
    QTRY_COMPARE(answered.size(), 1);
}

void ControlTest::garbageEndsThatConnectionAlone()
{
    ControlServer server(echo);
    QVERIFY(server.listen(m_path));
    QLocalSocket rude;
    QSignalSpy gone(&rude, &QLocalSocket::disconnected);
    rude.connectToServer(m_path);
    QTRY_COMPARE(rude.state(), QLocalSocket::ConnectedState);
    rude.write("GET / HTTP/1.1\r\n");
    QTRY_COMPARE(gone.size(), 1);
    ControlClient client(m_path);
    QSignalSpy answered(&client, &ControlClient::answered);
    client.ask({});
    QTRY_COMPARE(answered.size(), 1);
}

QTEST_GUILESS_MAIN(ControlTest)
#include "tst_control.moc"
