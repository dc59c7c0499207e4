#include "mail/pop3/pop3session.h"
#include "smtp/server/anycredentials.h"

#include <QDeadlineTimer>
#include <QDir>
#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <array>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace glasspost;
using namespace glasspost::mail;

namespace {

class OneMessage : public Maildrops
{
public:
    Task<Maildrop> open(const QByteArray &) override
    {
        return Result<Maildrop>(Maildrop{DropMessage{{}, 18, "uid"}});
    }
    Task<MessageOctets> octets(const MessageId &) override { return Result<MessageOctets>(message); }
    Task<void> remove(const QList<MessageId> &ids) override
    {
        removed += ids.size();
        return Result<void>();
    }

    MessageOctets message = "Subject: x\n\ntext\n";
    qsizetype removed = 0;
};

/// A session, and the other end of its socket.
class Client
{
public:
    Client()
    {
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, m_ends.data()) != 0)
            return;
        m_session = std::make_unique<Pop3Session>(std::make_unique<smtp::ServerSocket>(m_ends[0]), m_context);
        m_session->start();
    }
    ~Client()
    {
        m_session.reset();
        ::close(m_ends[1]);
    }
    Q_DISABLE_COPY_MOVE(Client)

    /// Whether all of it went.
    bool say(const QByteArray &octets)
    {
        return ::send(m_ends[1], octets.constData(), size_t(octets.size()), MSG_NOSIGNAL) == octets.size();
    }
    /// All so far.
    const QByteArray &said()
    {
        std::array<char, 4096> octets{};
        for (;;) {
            const ssize_t count = ::recv(m_ends[1], octets.data(), octets.size(), 0);
            if (count <= 0)
                return m_said;
            m_said.append(octets.data(), count);
        }
    }
    /// Octets that the session has not read yet.
    [[nodiscard]] int unread() const
    {
        int octets = 0;
        return ::ioctl(m_ends[0], FIONREAD, &octets) == 0 ? octets : -1;
    }

    OneMessage drops;

private:
    Pop3Context m_context{{"here.test"}, {}, std::make_shared<smtp::AnyCredentials>(), drops};
    std::array<int, 2> m_ends{-1, -1};
    std::unique_ptr<Pop3Session> m_session;
    QByteArray m_said;
};

constexpr const char *signIn = "USER bob\r\nPASS any\r\n";

/// By this process.
bool isOpen(const QString &path)
{
    const QDir descriptors(QStringLiteral("/proc/self/fd"));
    const QStringList names = descriptors.entryList(QDir::AllEntries | QDir::System | QDir::NoDotAndDotDot);
    return std::any_of(names.cbegin(), names.cend(),
        [&](const QString &name) { return QFile::symLinkTarget(descriptors.filePath(name)) == path; });
}

} // namespace

/// A session of POP3 at its socket.
class Pop3SessionTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void nothingOfAnotherProtocolIsDone_data();
    void nothingOfAnotherProtocolIsDone();
    void whatComesAfterTheEndIsReadInTurns();
    void closesTheFileBehindAMessage();
};

void Pop3SessionTest::nothingOfAnotherProtocolIsDone_data()
{
    QTest::addColumn<QByteArray>("start");
    QTest::newRow("a form of a web page") << QByteArray("POST / HTTP/1.1\r\nHost: localhost:1110\r\n\r\n");
    QTest::newRow("a long path") << "GET /" + QByteArray(5000, 'x') + " HTTP/1.1\r\nHost: localhost:1110\r\n";
    QTest::newRow("in small letters") << QByteArray("connect localhost:1110 HTTP/1.1\r\n");
}

/// A browser sends what a page of any site makes it send, the body with its commands as it is.
void Pop3SessionTest::nothingOfAnotherProtocolIsDone()
{
    QFETCH(QByteArray, start);
    Client client;
    QVERIFY(client.say(start + signIn + "DELE 1\r\nQUIT\r\n"));
    QTRY_VERIFY(client.said().endsWith("-ERR This is POP3\r\n"));
    QVERIFY(client.say("NOOP\r\n"));
    QTRY_COMPARE(client.unread(), 0);
    QVERIFY(client.said().endsWith("-ERR This is POP3\r\n"));
    QCOMPARE(client.drops.removed, 0);
}

/// T94: who goes on sending at full speed keeps nobody else waiting, nor the time that is left to it.
void Pop3SessionTest::whatComesAfterTheEndIsReadInTurns()
{
    constexpr int mostInATurn = 32 * 1024;
    const QByteArray flood(96 * 1024, 'x');
    Client client;
    QVERIFY(client.say("QUIT\r\n"));
    QTRY_VERIFY(client.said().endsWith("+OK Bye\r\n"));
    QVERIFY(client.say(flood));
    const QDeadlineTimer limit(10000);
    for (int left = int(flood.size()); left > 0 && !limit.hasExpired();) {
        QCoreApplication::processEvents();
        const int now = client.unread();
        QVERIFY2(left - now <= mostInATurn, QByteArray::number(left - now).constData());
        left = now;
    }
    QCOMPARE(client.unread(), 0);
}

/// Who stays signed in does not keep on the disk what others remove.
void Pop3SessionTest::closesTheFileBehindAMessage()
{
    const QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("message")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    const QString path = QFileInfo(file).canonicalFilePath();
    file.write("Subject: x\n\ntext\n");
    QVERIFY(isOpen(path));
    file.close();
    Client client;
    client.drops.message = MessageOctets::inFile(path);
    QVERIFY(client.say(QByteArray(signIn) + "RETR 1\r\nNOOP\r\n"));
    QTRY_VERIFY(client.said().endsWith("\r\ntext\r\n.\r\n+OK Nothing done\r\n"));
    QVERIFY(!isOpen(path));
}

QTEST_GUILESS_MAIN(Pop3SessionTest)
#include "tst_pop3session.moc"
