// What comes over the wire is kept octet by octet. Rows bear the line of the server catalogue.
#include "tests/support/memoryserver.h"

#include <QTest>

using namespace glasspost;
using namespace glasspost::test;

class TestServerKeeps : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void eightBit_data()
    {
        QTest::addColumn<QByteArray>("parameter");
        QTest::newRow("S52 BODY=8BITMIME") << QByteArray(" BODY=8BITMIME");
        QTest::newRow("S52 BODY=7BIT") << QByteArray(" BODY=7BIT");
        QTest::newRow("S52 no BODY") << QByteArray();
    }

    void eightBit()
    {
        QFETCH(QByteArray, parameter);
        QByteArray text = "Subject: x\r\n\r\n";
        for (int octet = 0x80; octet <= 0xff; ++octet)
            text += static_cast<char>(octet);
        text += "\r\n";
        House house;
        QTcpSocket client;
        house.connectTo(client);
        client.write("EHLO a.example\r\nMAIL FROM:<a@example.org>" + parameter
            + "\r\nRCPT TO:<b@example.test>\r\nDATA\r\n" + text + ".\r\n");
        QTRY_COMPARE(house.mail.messages.size(), 1);
        QCOMPARE(house.mail.messages.constFirst().body, text);
    }

    void longLines_data()
    {
        QTest::addColumn<int>("length");
        for (const int length : {998, 1001, 70'000, 10 * 1024 * 1024})
            QTest::addRow("S85 %d, dots", length) << length;
    }

    /// Cut anywhere, each piece would begin with a dot.
    void longLines()
    {
        QFETCH(int, length);
        House house([](smtp::ServerSettings &settings) { settings.limits.messageSize = 100'000'000; });
        const QByteArray text = "Subject: x\r\n\r\nx" + QByteArray(length - 1, '.') + "\r\n";
        QTcpSocket client;
        house.connectTo(client);
        client.write(toData + text + ".\r\n");
        QTRY_COMPARE_WITH_TIMEOUT(house.mail.messages.size(), 1, 30'000);
        QVERIFY(house.mail.messages.constFirst().body == text);
    }
};

QTEST_GUILESS_MAIN(TestServerKeeps)
#include "tst_serverkeeps.moc"
