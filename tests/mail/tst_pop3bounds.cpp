#include "mail/pop3/pop3engine.h"
#include "smtp/server/anycredentials.h"

#include <QtTest>

using namespace glasspost;
using namespace glasspost::mail;

/// What a POP3 session may take of this side's memory.
class Pop3BoundsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void commandsWaitUntilTheirAnswersAreTaken();
};

/// Some octets of a command may ask for megabytes, and a client may send many before it reads any answer.
void Pop3BoundsTest::commandsWaitUntilTheirAnswersAreTaken()
{
    constexpr int commands = 1000;
    constexpr qsizetype messages = 2000;
    const Pop3Offer offer{"here.test"};
    smtp::AnyCredentials anybody;
    Pop3Engine engine(offer, anybody);
    engine.start();
    engine.receive("USER bob\r\nPASS any\r\n", 1);
    engine.opened(Maildrop(messages, DropMessage{{}, 1000, "uid"}));
    QCOMPARE(engine.state(), Pop3State::Transaction);
    engine.takeOutput();
    engine.receive(QByteArray("UIDL\r\n").repeated(commands) + "QUIT\r\n", 1);
    int answers = 0;
    while (engine.holdsInput()) {
        const QByteArray output = engine.takeOutput();
        QVERIFY(output.size() <= 2 * Pop3Engine::mostOutput);
        answers += int(output.count("\r\n.\r\n"));
        engine.receive({}, 1);
    }
    const QByteArray last = engine.takeOutput();
    QCOMPARE(answers + int(last.count("\r\n.\r\n")), commands);
    QVERIFY(last.endsWith("+OK Bye\r\n"));
    QCOMPARE(engine.state(), Pop3State::Closed);
}

QTEST_GUILESS_MAIN(Pop3BoundsTest)
#include "tst_pop3bounds.moc"
