// A trace as JSON says of each stage whether its time was spent waiting, and only where that is known.
#include "app/messages/tracejson.h"
#include "tests/support/journeys.h"

#include <QJsonArray>
#include <QTest>

using namespace glasspost;

class TestTraceJson : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void saysWhetherItWaited_data();
    void saysWhetherItWaited();
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
    QCOMPARE(stages[0].toObject()[QStringLiteral("waits")], waits);
}

QTEST_GUILESS_MAIN(TestTraceJson)
#include "tst_tracejson.moc"
