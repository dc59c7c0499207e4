// A trace as JSON says of each stage whether its time was spent waiting, and only where that is known. What a
// message's way has of the listener's end.
#include "app/messages/messageway.h"
#include "app/messages/tracejson.h"
#include "mail/journey/arrivaltrace.h"
#include "tests/support/arrivals.h"

#include <QJsonArray>
#include <QTest>

using namespace glasspost;

class TestTraceJson : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void saysWhetherItWaited_data();
    void saysWhetherItWaited();
    void saysItOfTheListener_data();
    void saysItOfTheListener();
    void wayHasBothEnds();
};

void TestTraceJson::saysWhetherItWaited_data()
{
    QTest::addColumn<smtp::TraceStage>("stage");
    QTest::addColumn<QJsonValue>("waits");
    using Stage = smtp::TraceStage;
    QTest::newRow("greeting") << Stage::Greeting << QJsonValue(true);
    QTest::newRow("end of data") << Stage::EndOfData << QJsonValue(true);
    QTest::newRow("conversion to 7 bits") << Stage::Convert << QJsonValue(false);
    // The network and the server's window have a part in it, and a chunk's reply.
    QTest::newRow("body") << Stage::Body << QJsonValue(QJsonValue::Undefined);
    QTest::newRow("between messages") << Stage::Between << QJsonValue(QJsonValue::Undefined);
}

void TestTraceJson::saysWhetherItWaited()
{
    QFETCH(smtp::TraceStage, stage);
    QFETCH(QJsonValue, waits);
    smtp::SessionTrace trace = test::traceOf("1J1B9AUMIJ5GHHBMQ");
    trace.stages[0].stage = stage;
    const QJsonArray stages = app::toJson(trace)[QStringLiteral("stages")].toArray();
    QCOMPARE(stages[0].toObject().value(QStringLiteral("waits")), waits);
}

void TestTraceJson::saysItOfTheListener_data()
{
    QTest::addColumn<int>("stage");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QJsonValue>("waits");
    QTest::newRow("connect") << 0 << QStringLiteral("connect") << QJsonValue(QJsonValue::Undefined);
    QTest::newRow("greeting") << 1 << QStringLiteral("greeting") << QJsonValue(false);
    QTest::newRow("client's turn") << 2 << QStringLiteral("client-turn") << QJsonValue(true);
    QTest::newRow("hello") << 3 << QStringLiteral("hello") << QJsonValue(false);
    QTest::newRow("body") << 10 << QStringLiteral("body") << QJsonValue(QJsonValue::Undefined);
    QTest::newRow("end of data") << 11 << QStringLiteral("end-of-data") << QJsonValue(false);
}

void TestTraceJson::saysItOfTheListener()
{
    QFETCH(int, stage);
    QFETCH(QString, name);
    QFETCH(QJsonValue, waits);
    const smtp::SessionTrace trace
        = mail::arrivalTrace(test::sessionWith({"bob"}), {test::arrivalSession, {}, 0});
    const QJsonObject one = app::toJson(trace)[QStringLiteral("stages")].toArray().at(stage).toObject();
    QCOMPARE(one[QStringLiteral("stage")].toString(), name);
    QCOMPARE(one[QStringLiteral("waits")], waits);
}

/// The client's end stands with the listener's where the reply that took the message over is the same.
void TestTraceJson::wayHasBothEnds()
{
    mail::Journey sender;
    sender.entry = test::entryTo("1J1B9AUMIJ5AAAAAA", {"bob"});
    sender.traces = {test::traceOf("1J1B9AUMIJ5GHHBMQ")};
    app::MessageWay way;
    way.ends = {{mail::arrivalTrace(test::sessionWith({"bob"}), {test::arrivalSession, {}, 0})}, {sender}};
    const auto received
        = [&way] { return app::wayJson(way)[QStringLiteral("received")].toArray().at(0).toObject(); };
    QCOMPARE(received()[QStringLiteral("session")].toString(), QString::fromLatin1(test::arrivalSession));
    QCOMPARE(received().value(QStringLiteral("otherEnd")), QJsonValue(QJsonObject()));
    way.ends.senders[0].traces[0].stages.last().reply
        = {250, {2, 0, 0}, {"Ok: kept as " + test::keptName("bob")}};
    const QJsonObject other = received()[QStringLiteral("otherEnd")].toObject();
    QCOMPARE(other[QStringLiteral("entry")].toString(), QString::fromLatin1(sender.entry.id));
    QCOMPARE(other[QStringLiteral("trace")].toObject()[QStringLiteral("session")].toString(),
        QStringLiteral("1J1B9AUMIJ5GHHBMQ"));
    way.journeys = way.ends.senders; // asked for by the copy in Sent
    way.ends.senders.clear();
    QCOMPARE(received()[QStringLiteral("otherEnd")].toObject(), other);
}

QTEST_GUILESS_MAIN(TestTraceJson)
#include "tst_tracejson.moc"
