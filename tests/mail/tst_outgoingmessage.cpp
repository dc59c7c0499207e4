// A whole message that somebody gave, as it leaves: what is taken off, what is refused, which octets are
// kept.
#include "mail/message/messagereader.h"
#include "mail/message/outgoingmessage.h"
#include "mail/message/sevenbit.h"
#include "mail/queue/messagesources.h"

#include <QBuffer>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace glasspost;
using namespace glasspost::mail;

namespace {

/// Every octet, line ends of every kind, and what looks like a dot line and a boundary.
QByteArray everyOctet()
{
    QByteArray octets;
    for (int i = 0; i < 256; ++i)
        octets += char(i);
    return octets + "\n\r\n\r\r\n.\r\n..\n--no boundary\r" + octets + '\r';
}

QByteArray withBinaryPart(const QByteArray &lineEnd, const QByteArray &binary)
{
    const QByteArrayList before = {"From: a@b.example", "Subject: x", "MIME-Version: 1.0",
        "Content-Type: multipart/mixed; boundary=b", "", "--b", "Content-Type: text/plain", "", "Text", "--b",
        "Content-Type: application/octet-stream", "Content-Transfer-Encoding: Binary", "", ""};
    return before.join(lineEnd) + binary + lineEnd + "--b--" + lineEnd;
}

Result<OutgoingMessage> prepared(const QByteArray &message, const QString &folder = QDir::tempPath())
{
    QBuffer buffer;
    buffer.setData(message);
    buffer.open(QIODevice::ReadOnly);
    return prepareOutgoing(buffer, folder);
}

QByteArray whole(const MessageOctets &octets)
{
    return octets.front(-1).value();
}

QByteArray whole(smtp::MessageSource &source)
{
    QByteArray all;
    for (QByteArray octets = source.read(1000); !octets.isEmpty(); octets = source.read(1000))
        all += octets;
    return all;
}

} // namespace

class TestOutgoingMessage : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void leaves_data()
    {
        QTest::addColumn<QByteArray>("given");
        QTest::addColumn<QByteArray>("octets"); // empty: refused
        const auto row = [](const char *name, const QByteArray &given, const QByteArray &octets) {
            QTest::newRow(name) << given << octets;
        };
        const QByteArray plain = "From: a@b\nSubject: x\n\nText\n";
        row("plain", plain, plain);
        row("crlf", QByteArray(plain).replace("\n", "\r\n"), plain);
        row("no body", "Subject: x\n", "Subject: x\n");
        row("T20 an mbox's line", "From a@b Tue Nov 24 21:36:36 2026\n" + plain, plain);
        row("T20 git's line", "From 2f3ac60aa0b5 Mon Sep 17 00:00:00 2001\n" + plain, plain);
        row("T20 with CRLF", "From a@b\r\n" + plain, plain);
        row("T20 quoted, and another", ">From a@b\nFrom c@d\n" + plain, plain);
        row("T20 behind a byte order mark",
            "\xEF\xBB\xBF"
            "From a@b\n"
                + plain,
            plain);
        row("T96 Bcc", "Bcc: c@d\n" + plain, plain);
        row("T96 Bcc, folded", "bcc: c@d,\n e@f,\n\tg@h\n" + plain, plain);
        row("T96 Bcc, a blank before the colon", "BCC : c@d\n" + plain, plain);
        row("T96 Resent-Bcc, a tab before the colon", "Resent-Bcc\t: c@d\n" + plain, plain);
        row("T96 Bcc amid mixed line ends", "Subject: y\r\nBcc: c@d\n e@f\r\n" + plain,
            "Subject: y\n" + plain);
        row("T96 Bcc behind a bare CR", "X: y\rBcc: c@d\n" + plain, {});
        row("T96 Bcc behind CR CR LF", "X: y\r\r\nBcc: c@d\r\n" + plain, {});
        row("T96 Bcc behind NUL", QByteArray("X: y\0Bcc: c@d\n", 14) + plain, {});
        row("T96 NUL in the name", QByteArray("B\0cc: c@d\n", 10) + plain, {});
        row("T96 all lines end in CR", QByteArray("Bcc: c@d\n" + plain).replace('\n', '\r'), plain);
        row("T96 lines end in CR, one in LF", "X: y\rBcc: c@d\nSubject: x\r\rText\r", {});
        row("bcc in the body stays", plain + "\nBcc: c@d\n", plain + "\nBcc: c@d\n");
        row("no header", "Hello,\n\nthis is text\n", {});
        row("an empty line first", "\nSubject: x\n\nText\n", {});
    }
    void leaves()
    {
        QFETCH(QByteArray, given);
        QFETCH(QByteArray, octets);
        const auto message = prepared(given);
        if (octets.isEmpty()) {
            QVERIFY(!message);
            QCOMPARE(message.error().code, ErrorCode::NotAMessage);
            QVERIFY(!message.error().systemText.isEmpty());
            return;
        }
        QVERIFY(message);
        QCOMPARE(whole(message->octets), octets);
        QCOMPARE(message->body, smtp::BodyType::SevenBit);
    }

    void binaryIsKept_data()
    {
        QTest::addColumn<QByteArray>("lineEnd");
        QTest::addColumn<QByteArray>("binary");
        for (const auto &[name, end] : {std::pair("lf", "\n"), std::pair("crlf", "\r\n")}) {
            const auto row = [name = name, end = end](const char *what, const QByteArray &binary) {
                QTest::addRow("T74 %s, %s", what, name) << QByteArray(end) << binary;
            };
            row("octets 0 to 255", everyOctet());
            row("lf alone", "a\nb\n");
            row("cr alone", "a\rb\r");
            row("crlf alone", "a\r\nb\r\n");
            row("nothing", {});
            row("half a million octets", everyOctet().repeated(1000));
        }
    }
    void binaryIsKept()
    {
        QFETCH(QByteArray, lineEnd);
        QFETCH(QByteArray, binary);
        const QTemporaryDir folder;
        const auto message = prepared(withBinaryPart(lineEnd, binary), folder.path());
        QVERIFY(message);
        QCOMPARE(message->body, smtp::BodyType::BinaryMime);
        QCOMPARE(whole(message->octets), withBinaryPart("\r\n", binary));
        // Where BINARYMIME is not offered, and in the queue.
        const auto source = sourcesOf(message->octets)();
        QVERIFY(source);
        const smtp::ConvertedMessage sevenBit = source->toSevenBit()({});
        QVERIFY(sevenBit);
        for (const QByteArray &octets :
            {whole(**sevenBit), whole(toSevenBit(message->octets, folder.path()).value())}) {
            for (const char c : octets)
                QVERIFY(c != '\0' && uchar(c) < 0x80);
            QCOMPARE(readPart(octets, 2).value(), binary);
            QVERIFY(octets.contains("Content-Transfer-Encoding: base64"));
        }
    }

    void whatOnlySaysBinaryStaysText()
    {
        const QByteArray text = "Subject: x\nMIME-Version: 1.0\nContent-Type: text/plain\n"
                                "Content-Transfer-Encoding: binary\n\nText\nof lines\n";
        const auto message = prepared(text);
        QVERIFY(message);
        QCOMPARE(message->body, smtp::BodyType::SevenBit);
        QCOMPARE(whole(message->octets), text);
    }

    void aSignedBinaryPartIsNotTouched()
    {
        const QByteArray part
            = withBinaryPart("\r\n", everyOctet()).replace("multipart/mixed", "multipart/signed");
        const auto message = prepared(part);
        QVERIFY(message);
        QCOMPARE(message->body, smtp::BodyType::BinaryMime);
        QCOMPARE(whole(message->octets), part);
        QVERIFY(!toSevenBit(message->octets));
    }

    void nulIsConverted_data()
    {
        QTest::addColumn<QByteArray>("fields");
        QTest::newRow("T74 NUL in a text that says nothing") << QByteArray();
        QTest::newRow("T74 NUL in 7bit") << QByteArray("Content-Transfer-Encoding: 7bit\n");
        QTest::newRow("T74 NUL in 8bit") << QByteArray("Content-Transfer-Encoding: 8bit\n");
    }
    void nulIsConverted()
    {
        QFETCH(QByteArray, fields);
        const QByteArray text("a\0b\n", 4);
        const auto source = bytesSource("Subject: x\nContent-Type: text/plain\n" + fields + '\n' + text);
        QVERIFY(source->hasNul());
        const smtp::ConvertedMessage sevenBit = source->toSevenBit()({});
        QVERIFY(sevenBit);
        const QByteArray converted = whole(**sevenBit);
        QVERIFY(!converted.contains('\0'));
        QCOMPARE(readPart(converted, 0).value(), text);
    }

    void largeOnesAreInFiles()
    {
        const QTemporaryDir folder;
        const QByteArray text = "Subject: x\n\n" + QByteArray("line\n").repeated(200'000);
        {
            const auto message = prepared(QByteArray(text).replace("\n", "\r\n"), folder.path());
            QVERIFY(message);
            QVERIFY(message->octets.isSpooled());
            QCOMPARE(message->octets.size(), text.size());
            QCOMPARE(message->octets.wireSize(), text.size() + text.count('\n'));
            QCOMPARE(whole(message->octets), text);
            QCOMPARE(QDir(folder.path()).entryList(QDir::Files).size(), 1);
        }
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files).size(), 0); // gone with their last owner
    }
};

QTEST_GUILESS_MAIN(TestOutgoingMessage)
#include "tst_outgoingmessage.moc"
