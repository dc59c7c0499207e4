#include "app/commands/sendresult.h"
#include "app/console/jsonvalues.h"
#include "app/console/output.h"
#include "app/console/textlines.h"

#include <QtTest>

using namespace glasspost;
using namespace glasspost::app;

/// What commands say and how they end.
class ResultsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void sendExitCodes_data();
    void sendExitCodes();
    void unverifiedServer_data();
    void unverifiedServer();
    void printableOctets_data();
    void printableOctets();
    void printableDocument();
    void envelopeTravels();
    void errorTravels();
    void transcriptLines();
};

namespace {

using smtp::DeliveryResult;
using smtp::DeliveryStage;

smtp::RecipientReport report(
    DeliveryResult result, DeliveryStage stage, smtp::EnhancedStatusCode status, int code = 0)
{
    smtp::RecipientReport report;
    report.result = result;
    report.stage = stage;
    report.status = status;
    report.reply.code = code;
    return report;
}

const auto accepted = report(DeliveryResult::Delivered, DeliveryStage::EndOfData, {2, 0, 0}, 250);
const auto refusedRcpt = report(DeliveryResult::Refused, DeliveryStage::Rcpt, {5, 1, 1}, 550);
const auto deferredRcpt = report(DeliveryResult::Deferred, DeliveryStage::Rcpt, {4, 2, 0}, 450);
const auto noHost = report(DeliveryResult::Refused, DeliveryStage::Lookup, {5, 1, 2});
const auto nullMx = report(DeliveryResult::Refused, DeliveryStage::Lookup, {5, 1, 10});
const auto noConnection = report(DeliveryResult::Deferred, DeliveryStage::Connect, {4, 4, 1});
const auto lost = report(DeliveryResult::Unknown, DeliveryStage::EndOfData, {4, 4, 2});
const auto notSmtp = report(DeliveryResult::Deferred, DeliveryStage::Greeting, {4, 5, 0});
const auto signIn = report(DeliveryResult::Deferred, DeliveryStage::Auth, {5, 7, 8}, 535);
const auto busyAtSignIn = report(DeliveryResult::Deferred, DeliveryStage::Auth, {4, 7, 0}, 421);
const auto notVerified = report(DeliveryResult::Deferred, DeliveryStage::StartTls, {4, 7, 5});
const auto lostInAuth = report(DeliveryResult::Deferred, DeliveryStage::Auth, {4, 4, 2});

} // namespace

void ResultsTest::sendExitCodes_data()
{
    QTest::addColumn<QList<smtp::RecipientReport>>("recipients");
    QTest::addColumn<int>("code");
    using Reports = QList<smtp::RecipientReport>;
    QTest::newRow("all accepted") << Reports{accepted, accepted} << 0;
    QTest::newRow("one refused") << Reports{accepted, refusedRcpt} << 69;
    QTest::newRow("one deferred") << Reports{deferredRcpt, accepted} << 75;
    QTest::newRow("refused outweighs deferred") << Reports{deferredRcpt, refusedRcpt} << 69;
    QTest::newRow("in any order") << Reports{refusedRcpt, deferredRcpt} << 69;
    QTest::newRow("unknown host") << Reports{noHost} << 68;
    QTest::newRow("null MX") << Reports{nullMx} << 68;
    QTest::newRow("unknown host, one accepted") << Reports{noHost, accepted} << 68;
    QTest::newRow("unknown host, one refused") << Reports{noHost, refusedRcpt} << 69;
    QTest::newRow("no connection") << Reports{noConnection} << 75;
    QTest::newRow("lost after the dot") << Reports{lost} << 75;
    QTest::newRow("not SMTP") << Reports{notSmtp} << 76;
    QTest::newRow("sign-in refused") << Reports{signIn, signIn} << 77;
    QTest::newRow("T81 421 to AUTH") << Reports{busyAtSignIn} << 75;
    QTest::newRow("lost in AUTH") << Reports{lostInAuth} << 75;
    QTest::newRow("not SMTP here, deferred there") << Reports{notSmtp, deferredRcpt} << 75;
}

void ResultsTest::sendExitCodes()
{
    QFETCH(QList<smtp::RecipientReport>, recipients);
    QFETCH(int, code);
    QCOMPARE(int(exitCodeFor(smtp::DeliveryReport{recipients})), code);
}

void ResultsTest::unverifiedServer_data()
{
    QTest::addColumn<SignIn>("signIn");
    QTest::addColumn<int>("code");
    QTest::newRow("mail alone waits for a certificate") << SignIn::None << 75;
    QTest::newRow("T75 a password was kept back") << SignIn::Wanted << 77;
}

void ResultsTest::unverifiedServer()
{
    QFETCH(SignIn, signIn);
    QFETCH(int, code);
    QCOMPARE(int(exitCodeFor(smtp::DeliveryReport{{notVerified}}, signIn)), code);
}

void ResultsTest::printableOctets_data()
{
    QTest::addColumn<QByteArray>("octets");
    QTest::addColumn<QByteArray>("shown");
    QTest::newRow("plain") << QByteArray("250 ok") << QByteArray("250 ok");
    QTest::newRow("escape") << QByteArray("\x1b[31m") << QByteArray("\\x1B[31m");
    QTest::newRow("line end") << QByteArray("a\r\nb") << QByteArray("a\\x0D\\x0Ab");
    QTest::newRow("UTF-8") << QByteArray("ü世") << QByteArray("ü世");
    QTest::newRow("not UTF-8") << QByteArray("\xfc") << QByteArray("\\xFC");
    QTest::newRow("C1 control in UTF-8") << QByteArray("\xc2\x9b"
                                                       "31m")
                                         << QByteArray("\\u009B31m");
    QTest::newRow("one octet that is no UTF-8")
        << QByteArray("\xc3\xbc \xfc") << QByteArray("\xc3\xbc \\xFC");
    QTest::newRow("T117 writing turned around") << QByteArray("\xe2\x80\xae"
                                                              "moc")
                                                << QByteArray("\\u202Emoc");
    QTest::newRow("T117 an isolate") << QByteArray("a\xe2\x81\xa6"
                                                   "b")
                                     << QByteArray("a\\u2066b");
    QTest::newRow("T117 a mark of direction") << QByteArray("\xe2\x80\x8f") << QByteArray("\\u200F");
    QTest::newRow("T117 a line separator") << QByteArray("a\xe2\x80\xa8"
                                                         "b")
                                           << QByteArray("a\\u2028b");
    QTest::newRow("T117 nothing to see") << QByteArray("a\xef\xbb\xbf"
                                                       "b")
                                         << QByteArray("a\\uFEFFb");
    QTest::newRow("T117 a tag character") << QByteArray("\xf3\xa0\x81\x81") << QByteArray("\\U000E0041");
    QTest::newRow("T117 an escape sequence")
        << QByteArray("\x1b]0;title\x07") << QByteArray("\\x1B]0;title\\x07");
    QTest::newRow("NUL") << QByteArray("a\0b", 3) << QByteArray("a\\x00b");
    QTest::newRow("DEL") << QByteArray("\x7f") << QByteArray("\\x7F");
}

void ResultsTest::printableOctets()
{
    QFETCH(QByteArray, octets);
    QFETCH(QByteArray, shown);
    QCOMPARE(printable(octets), shown);
}

/// The same value, and nothing that rules a terminal.
void ResultsTest::printableDocument()
{
    const QJsonObject object{{QStringLiteral("T117 subject"),
        QStringLiteral("\u202Emoc.elpmaxe \u009B31m \u2028 \U000E0041 ü 世 \\ \"")}};
    const QByteArray json = printableJson(QJsonDocument(object).toJson(QJsonDocument::Compact));
    QCOMPARE(QJsonDocument::fromJson(json).object(), object);
    const QByteArray shown = printable(json);
    QCOMPARE(shown, json);
    QVERIFY(json.contains("\\u202e") && json.contains("\\udb40\\udc41") && json.contains("\xc3\xbc"));
}

void ResultsTest::envelopeTravels()
{
    smtp::Envelope envelope;
    envelope.reversePath = {"alice", "example.org"};
    envelope.recipients = {{{"b\xc3\xbc", "example.org"}, {}, {}}, {{"\"a b\"", "[127.0.0.1]"}, {}, {}}};
    envelope.body = smtp::BodyType::EightBitMime;
    envelope.smtpUtf8 = true;
    QCOMPARE(envelopeFromJson(toJson(envelope)), envelope);
    envelope.reversePath = {};
    QCOMPARE(envelopeFromJson(toJson(envelope)), envelope);
    QVERIFY(envelopeFromJson({}).recipients.isEmpty());
}

void ResultsTest::errorTravels()
{
    const mail::Error error{mail::ErrorCode::NoSpace, QStringLiteral("/d"), QStringLiteral("full")};
    QCOMPARE(errorFromJson(toJson(error)), error);
    QVERIFY(errorFromJson({{QStringLiteral("error"), 99}}).code == mail::ErrorCode::InputOutput);
}

void ResultsTest::transcriptLines()
{
    smtp::TranscriptEntry entry;
    entry.at = 1500000;
    entry.speaker = smtp::Speaker::Server;
    entry.bytes = "220 \x1b[2J";
    QVERIFY(transcriptLine(entry, 1000000).endsWith("+0.500  S  220 \\x1B[2J"));
    QVERIFY(transcriptLine(toJson("s", entry, 1000000)).endsWith("+0.500  S  220 \\x1B[2J"));
    entry.speaker = smtp::Speaker::Client;
    entry.isData = true;
    entry.bytes = "Subject: x\r\n\xff";
    entry.dataSize = 100;
    const QByteArray lines = transcriptLine(entry, 0);
    QVERIFY(lines.contains("message, 100 octets"));
    QVERIFY(lines.contains("\n    Subject: x\n    \\xFF"));
    QVERIFY(lines.contains("(87 more octets)"));
    QCOMPARE(transcriptLine(toJson("s", entry, 0)), lines);
}

QTEST_APPLESS_MAIN(ResultsTest)
#include "tst_results.moc"
