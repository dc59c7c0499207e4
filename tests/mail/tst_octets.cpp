#include "mail/base/jsontext.h"
#include "mail/base/lineends.h"
#include "mail/message/deliveryhead.h"
#include "mail/message/transfercoding.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

using namespace glasspost::mail;

/// What every message passes through, octet by octet.
class TestOctets : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void lineEnds_data();
    void lineEnds();
    void wireSizes_data();
    void wireSizes();
    void jsonReadsBack_data();
    void jsonReadsBack();
    void decodesInPieces_data();
    void decodesInPieces();
    void deliveryHeads_data();
    void deliveryHeads();
};

void TestOctets::lineEnds_data()
{
    QTest::addColumn<QByteArray>("source");
    QTest::addColumn<QByteArray>("lf");
    const auto row = [](const char *name, const QByteArray &source, const QByteArray &lf) {
        QTest::newRow(name) << source << lf;
    };
    row("nothing", {}, {});
    row("no CR", "a\nb\n", "a\nb\n");
    row("lines", "a\r\nbc\r\n", "a\nbc\n");
    row("no end", "a\r\nbc", "a\nbc");
    row("empty lines", "\r\n\r\na\r\n\r\n", "\n\na\n\n");
    row("CR alone stays", "a\rb\r\nc\r", "a\rb\nc\r");
    row("CR before CRLF", "a\r\r\nb", "a\r\nb");
    row("CR at the end", "\r", "\r");
}

void TestOctets::lineEnds()
{
    QFETCH(QByteArray, source);
    QFETCH(QByteArray, lf);
    QCOMPARE(withLf(source), lf);
}

void TestOctets::wireSizes_data()
{
    QTest::addColumn<QByteArray>("source");
    QTest::addColumn<qint64>("size");
    QTest::newRow("nothing") << QByteArray() << qint64(0);
    QTest::newRow("LF") << QByteArray("a\nb\n") << qint64(6);
    QTest::newRow("CRLF") << QByteArray("a\r\nb\r\n") << qint64(6);
    QTest::newRow("both") << QByteArray("\na\r\nb") << qint64(6);
}

void TestOctets::wireSizes()
{
    QFETCH(QByteArray, source);
    QFETCH(qint64, size);
    QCOMPARE(wireSize(source), size);
}

void TestOctets::jsonReadsBack_data()
{
    QTest::addColumn<QString>("text");
    for (ushort code = 0; code < 0x80; ++code)
        QTest::addRow("U+%04X", code) << QString(QChar(code));
    QTest::newRow("runs") << QStringLiteral("MAIL FROM:<\"a\\b\"@example.org>\r\n\tand\x01\x1f more ä€");
}

void TestOctets::jsonReadsBack()
{
    QFETCH(QString, text);
    JsonText json;
    json.openObject();
    json.text("said", text.toUtf8());
    json.number("after", 7);
    json.closeObject();
    QJsonParseError error;
    const QJsonObject object = QJsonDocument::fromJson(json.toOctets(), &error).object();
    QCOMPARE(error.error, QJsonParseError::NoError);
    QCOMPARE(object.value(QStringLiteral("said")).toString(), text);
    QCOMPARE(object.value(QStringLiteral("after")).toInt(), 7);
}

void TestOctets::decodesInPieces_data()
{
    QTest::addColumn<int>("encoding");
    QTest::addColumn<QByteArray>("encoded");
    QTest::addColumn<QByteArray>("octets");
    const auto row
        = [](const char *name, GMimeContentEncoding encoding, const QByteArray &encoded,
              const QByteArray &octets) { QTest::newRow(name) << int(encoding) << encoded << octets; };
    row("none", GMIME_CONTENT_ENCODING_BINARY, QByteArray("a=3D\0\r\n", 7), QByteArray("a=3D\0\r\n", 7));
    row("base64", GMIME_CONTENT_ENCODING_BASE64, "SGVs\nbG8s\r\nIHdv!cmxk", "Hello, world");
    row("base64 that goes on behind its padding", GMIME_CONTENT_ENCODING_BASE64, "YQ==YmM=ZGVm", "abcdef");
    row("base64 without padding", GMIME_CONTENT_ENCODING_BASE64, "YWJjZA", "abcd");
    row("quoted-printable", GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE,
        "a=3Db =20 \t\nsoft= \t\n line=\r\nend =\n=zz=4\n  x", "a=b  \nsoft lineend =zz=4\n  x");
    row("quoted-printable that ends in a soft break", GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE, "a=\n", "a");
    row("a long line of quoted-printable", GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE,
        QByteArray("=C3=A4 b").repeated(50000), QByteArray("\xc3\xa4 b").repeated(50000));
    row("uuencode", GMIME_CONTENT_ENCODING_UUENCODE, "begin 644 x\n#86)C\n`\nend\n", "abc");
}

void TestOctets::decodesInPieces()
{
    QFETCH(int, encoding);
    QFETCH(QByteArray, encoded);
    QFETCH(QByteArray, octets);
    for (const qsizetype size : {encoded.size(), encoded.size() / 2 + 1, qsizetype(4099), qsizetype(1)}) {
        if (size == 1 && encoded.size() > 1000)
            continue; // each octet makes a long line be looked at anew
        TransferDecoder decoder{GMimeContentEncoding(encoding)};
        QByteArray decoded;
        for (qsizetype at = 0; at < encoded.size(); at += size)
            decoded += decoder.take(encoded.mid(at, size));
        decoded += decoder.finish();
        QCOMPARE(decoded, octets);
    }
}

void TestOctets::deliveryHeads_data()
{
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<QByteArray>("rest");
    QTest::addColumn<QByteArray>("returnPath");
    const auto row = [](const char *name, const char *message, const char *rest, const char *path = "a@b") {
        QTest::newRow(name) << QByteArray(message) << QByteArray(rest) << QByteArray(path);
    };
    row("fields behind it", "Return-Path: <a@b>\nDelivered-To: c@d\nSubject: x\n\ny", "Subject: x\n\ny");
    row("a folded one", "Return-Path: <a@b>\r\nDelivered-To:\r\n c@d\r\nReceived: x\r\n\r\n",
        "Received: x\r\n\r\n");
    row("nothing but it", "Return-Path: <a@b>\nDelivered-To: secret@d\n\ny", "\ny");
    row("nothing but it, without an end", "Return-Path: <a@b>\nDelivered-To: secret@d", "");
    row("a line that is no field", "Return-Path: <a@b>\n>From x\nDelivered-To: c@d\n\n",
        ">From x\nDelivered-To: c@d\n\n");
    row("nothing on top", "Subject: x\nReturn-Path: <a@b>\n\n", "Subject: x\nReturn-Path: <a@b>\n\n", "");
}

void TestOctets::deliveryHeads()
{
    QFETCH(QByteArray, message);
    const DeliveryHead head = deliveryHeadOf(message);
    QTEST(message.mid(head.size), "rest");
    QTEST(head.returnPath, "returnPath");
}

QTEST_APPLESS_MAIN(TestOctets)
#include "tst_octets.moc"
