#include "mail/base/crc32c.h"
#include "mail/base/jsontext.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace glasspost::mail;

namespace {

/// Bit by bit, as the polynomial has it.
quint32 slowCrc(QByteArrayView data)
{
    quint32 crc = ~0U;
    for (const char octet : data) {
        crc ^= quint8(octet);
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82F63B78U : 0U);
    }
    return ~crc;
}

} // namespace

/// JSON that is written as octets, and the sum of what is written.
class JsonTextTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void membersAreReadBack();
    void everyCharacterIsReadBackAtEveryPlace();
    void controlsAreEscaped();
    void sumIsThatOfTheStandard();
    void sumGoesOnFromAnEarlierOne();
};

void JsonTextTest::membersAreReadBack()
{
    JsonText json;
    json.openObject();
    json.text("name", "a \"b\"");
    json.number("least", std::numeric_limits<qint64>::min());
    json.flag("yes", true);
    json.flag("no", false);
    json.raw("raw", "[1,{}]");
    json.openArray("list");
    json.text({}, "one");
    json.number({}, 2);
    json.openObject();
    json.closeObject();
    json.closeArray();
    json.openObject("a-key-of-thirty-two-letters-here");
    json.number("in", 1);
    json.closeObject();
    json.closeObject();
    QCOMPARE(json.toOctets(),
        QByteArray(R"({"name":"a \"b\"","least":-9223372036854775808,"yes":true,"no":false,"raw":[1,{}],)"
                   R"("list":["one",2,{}],"a-key-of-thirty-two-letters-here":{"in":1}})"));
    QVERIFY(!QJsonDocument::fromJson(json.toOctets()).isNull());
}

void JsonTextTest::everyCharacterIsReadBackAtEveryPlace()
{
    for (char32_t character = 1; character < 0x180; ++character) {
        for (int place = 0; place < 20; ++place) {
            QString text(20, QLatin1Char('x'));
            text.replace(place, 1, QString::fromUcs4(&character, 1));
            JsonText json;
            json.openObject();
            json.text("t", text.toUtf8());
            json.closeObject();
            QJsonParseError error;
            const QJsonObject read = QJsonDocument::fromJson(json.toOctets(), &error).object();
            QVERIFY2(error.error == QJsonParseError::NoError, json.toOctets());
            QCOMPARE(read.value(QLatin1String("t")).toString(), text);
        }
    }
}

void JsonTextTest::controlsAreEscaped()
{
    JsonText json;
    json.text({}, QByteArrayView("\0\x01\x1f\b\t\n\f\r\"\\/\x7f", 12));
    QCOMPARE(json.toOctets(), QByteArray("\"\\u0000\\u0001\\u001f\\b\\t\\n\\f\\r\\\"\\\\/\x7f\""));
}

void JsonTextTest::sumIsThatOfTheStandard()
{
    QCOMPARE(crc32c(QByteArray(32, '\0')), 0x8A9136AAU); // RFC 3720 B.4
    QCOMPARE(crc32c(QByteArray(32, '\xFF')), 0x62A8AB43U);
    QByteArray data;
    for (int length = 0; length < 200; ++length) {
        QCOMPARE(crc32c(data), slowCrc(data));
        data.append(char(length * 37));
    }
}

void JsonTextTest::sumGoesOnFromAnEarlierOne()
{
    const QByteArray data("The sum of two parts is that of the whole, wherever it is parted.");
    for (qsizetype at = 0; at <= data.size(); ++at)
        QCOMPARE(crc32c(data.sliced(at), crc32c(data.first(at))), crc32c(data));
}

QTEST_GUILESS_MAIN(JsonTextTest)

#include "tst_jsontext.moc"
