#include "mail/base/jsontext.h"
#include "mail/base/lineends.h"

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

QTEST_APPLESS_MAIN(TestOctets)
#include "tst_octets.moc"
