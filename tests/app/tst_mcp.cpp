#include "app/mcp/mcpserver.h"
#include "app/mcp/mcptools.h"

#include <QJsonDocument>
#include <QtTest>

using namespace glasspost;
using namespace glasspost::app;

namespace {

QByteArray callOf(int id, const char *method, const QByteArray &params = "{}")
{
    return R"({"jsonrpc":"2.0","id":)" + QByteArray::number(id) + R"(,"method":")" + method + R"(","params":)"
        + params + "}";
}

} // namespace

/// The Model Context Protocol over a data folder that a test plays.
class McpTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void agreesOnAProtocol_data();
    void agreesOnAProtocol();
    void answersByTheRules_data();
    void answersByTheRules();
    void notificationsAreNotAnswered_data();
    void notificationsAreNotAnswered();
    void everyToolHasASchema();
    void noToolLetsAnythingLeave();
    void asksTheDataFolder_data();
    void asksTheDataFolder();
    void argumentsAreChecked_data();
    void argumentsAreChecked();
    void failuresAreTold();
    void leavesTheHtmlOut_data();
    void leavesTheHtmlOut();
    void answersInOrder();

private:
    QJsonObject said(const QByteArray &line);

    std::unique_ptr<McpServer> m_server;
    QList<QJsonObject> m_asked;
    QList<mail::Promise<QJsonObject>> m_answers; ///< of what was asked
    QList<QJsonObject> m_said;
};

void McpTest::init()
{
    m_asked.clear();
    m_answers.clear();
    m_said.clear();
    m_server = std::make_unique<McpServer>([this](const QJsonObject &request) {
        m_asked.append(request);
        m_answers.append(mail::Promise<QJsonObject>());
        return m_answers.last().task();
    });
    connect(m_server.get(), &McpServer::said, this,
        [this](const QJsonObject &message) { m_said.append(message); });
}

QJsonObject McpTest::said(const QByteArray &line)
{
    const qsizetype before = m_said.size();
    m_server->take(line);
    return m_said.value(before);
}

void McpTest::agreesOnAProtocol_data()
{
    QTest::addColumn<QString>("wanted");
    QTest::addColumn<QString>("agreed");
    for (const char *known : {"2025-06-18", "2025-03-26", "2024-11-05"})
        QTest::newRow(known) << QString::fromLatin1(known) << QString::fromLatin1(known);
    QTest::newRow("newer") << QStringLiteral("2099-01-01") << QStringLiteral("2025-06-18");
    QTest::newRow("none") << QString() << QStringLiteral("2025-06-18");
}

void McpTest::agreesOnAProtocol()
{
    QFETCH(QString, wanted);
    QFETCH(QString, agreed);
    const QJsonObject answer
        = said(callOf(1, "initialize", R"({"protocolVersion":")" + wanted.toUtf8() + "\"}"));
    const QJsonObject result = answer[QStringLiteral("result")].toObject();
    QCOMPARE(result[QStringLiteral("protocolVersion")].toString(), agreed);
    QCOMPARE(
        result[QStringLiteral("serverInfo")][QStringLiteral("name")].toString(), QStringLiteral("glasspost"));
    QVERIFY(result[QStringLiteral("capabilities")][QStringLiteral("tools")].isObject());
}

void McpTest::answersByTheRules_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QJsonValue>("id");
    QTest::addColumn<int>("code");
    const auto row = [](const char *name, const QByteArray &line, const QJsonValue &id, int code) {
        QTest::newRow(name) << line << id << code;
    };
    row("ping", callOf(7, "ping"), 7, 0);
    row("an id of text", R"({"jsonrpc":"2.0","id":"a","method":"ping"})", QStringLiteral("a"), 0);
    row("unknown method", callOf(7, "resources/list"), 7, -32601);
    row("unknown tool", callOf(7, "tools/call", R"({"name":"release"})"), 7, -32602);
    row("no JSON", "{", QJsonValue::Null, -32700);
    row("no request", R"({"jsonrpc":"2.0","id":7})", 7, -32600);
    row("another version", R"({"jsonrpc":"1.0","id":7,"method":"ping"})", 7, -32600);
    row("an id of null", R"({"jsonrpc":"2.0","id":null,"method":"ping"})", QJsonValue::Null, -32600);
    row("parameters in a row", R"({"jsonrpc":"2.0","id":7,"method":"ping","params":[]})", 7, -32600);
    row("a batch", "[" + callOf(7, "ping") + "]", QJsonValue::Null, -32600);
}

void McpTest::answersByTheRules()
{
    QFETCH(QByteArray, line);
    QFETCH(QJsonValue, id);
    QFETCH(int, code);
    const QJsonObject answer = said(line);
    QCOMPARE(answer[QStringLiteral("jsonrpc")].toString(), QStringLiteral("2.0"));
    QCOMPARE(answer[QStringLiteral("id")], id);
    QCOMPARE(answer[QStringLiteral("error")][QStringLiteral("code")].toInt(), code);
    QCOMPARE(answer.contains(QStringLiteral("result")), code == 0);
    QVERIFY(m_asked.isEmpty());
}

void McpTest::notificationsAreNotAnswered_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::newRow("initialized") << QByteArray(R"({"jsonrpc":"2.0","method":"notifications/initialized"})");
    QTest::newRow("unknown") << QByteArray(R"({"jsonrpc":"2.0","method":"x"})");
    QTest::newRow("a tool's call") << QByteArray(
        R"({"jsonrpc":"2.0","method":"tools/call","params":{"name":"list_queue"}})");
    QTest::newRow("a response") << QByteArray(R"({"jsonrpc":"2.0","id":1,"result":{}})");
    QTest::newRow("a blank line") << QByteArray(" \r");
}

void McpTest::notificationsAreNotAnswered()
{
    QFETCH(QByteArray, line);
    m_server->take(line);
    QVERIFY(m_said.isEmpty());
    QVERIFY(m_asked.isEmpty());
    QVERIFY(m_server->isIdle());
}

void McpTest::everyToolHasASchema()
{
    const QJsonArray list
        = said(callOf(1, "tools/list"))[QStringLiteral("result")][QStringLiteral("tools")].toArray();
    QCOMPARE(list.size(), 8);
    for (const auto tool : list) {
        const QJsonObject schema = tool[QStringLiteral("inputSchema")].toObject();
        QCOMPARE(schema[QStringLiteral("type")].toString(), QStringLiteral("object"));
        QVERIFY(!tool[QStringLiteral("description")].toString().isEmpty());
        const QJsonObject properties = schema[QStringLiteral("properties")].toObject();
        for (const auto name : schema[QStringLiteral("required")].toArray())
            QVERIFY(properties.contains(name.toString()));
        const bool writes = tool[QStringLiteral("name")] == QStringLiteral("queue_draft");
        QCOMPARE(properties.isEmpty(), tool[QStringLiteral("name")] == QStringLiteral("list_queue"));
        QCOMPARE(tool[QStringLiteral("annotations")][QStringLiteral("readOnlyHint")].toBool(), !writes);
    }
}

void McpTest::noToolLetsAnythingLeave()
{
    const QStringList harmless = {QStringLiteral("search"), QStringLiteral("show"),
        QStringLiteral("sessions"), QStringLiteral("transcript"), QStringLiteral("journeys"),
        QStringLiteral("journey"), QStringLiteral("queue-list"), QStringLiteral("held-draft")};
    for (const auto tool : toolList()) {
        QJsonObject arguments;
        for (const auto name : tool[QStringLiteral("inputSchema")][QStringLiteral("required")].toArray())
            arguments[name.toString()] = QStringLiteral("x");
        if (tool[QStringLiteral("name")] == QStringLiteral("queue_draft"))
            arguments[QStringLiteral("to")] = QJsonArray{QStringLiteral("a@far.example")};
        const auto request = toolRequest(tool[QStringLiteral("name")].toString(), arguments);
        QVERIFY2(request, qPrintable(request ? QString() : request.error()));
        QVERIFY(harmless.contains((*request)[QStringLiteral("request")].toString()));
    }
}

void McpTest::asksTheDataFolder_data()
{
    QTest::addColumn<QByteArray>("params");
    QTest::addColumn<QByteArray>("request");
    const auto row = [](const char *name, const char *params, const char *request) {
        QTest::newRow(name) << QByteArray(params) << QByteArray(request);
    };
    row("search", R"({"name":"search_messages","arguments":{"query":"is:unread"}})",
        R"({"request":"search","query":"is:unread","limit":20})");
    row("search for many", R"({"name":"search_messages","arguments":{"query":"","limit":5000}})",
        R"({"request":"search","query":"is:read OR is:unread","limit":100})");
    row("read", R"({"name":"read_message","arguments":{"id":"latest","mailbox":"captured"}})",
        R"({"request":"show","id":"latest","mailbox":"captured"})");
    row("sessions", R"({"name":"list_sessions"})", R"({"request":"sessions","limit":20})");
    row("transcript", R"({"name":"read_transcript","arguments":{"session":"1J1B9"}})",
        R"({"request":"transcript","name":"1J1B9"})");
    row("journeys", R"({"name":"list_journeys"})",
        R"({"request":"journeys","state":"","since":0,"olderThan":"","limit":20})");
    row("journeys that failed",
        R"({"name":"list_journeys","arguments":{"state":"failed","since":"2026-11-25T08:00:00Z",
            "older_than":"1J1B9","limit":5000}})",
        R"({"request":"journeys","state":"failed","since":1795593600000,"olderThan":"1J1B9","limit":100})");
    row("journey", R"({"name":"read_journey","arguments":{"id":"latest"}})",
        R"({"request":"journey","name":"latest"})");
    row("queue", R"({"name":"list_queue","arguments":{}})", R"({"request":"queue-list"})");
    row("draft",
        R"({"name":"queue_draft","arguments":{"to":["a@b.test","C <c@d.test>"],"bcc":["e@f.test"],
            "subject":"Hello","text":"Text"}})",
        R"({"request":"held-draft","from":"","to":"a@b.test, C <c@d.test>","cc":"","bcc":"e@f.test",
            "subject":"Hello","text":"Text"})");
}

void McpTest::asksTheDataFolder()
{
    QFETCH(QByteArray, params);
    QFETCH(QByteArray, request);
    m_server->take(callOf(3, "tools/call", params));
    QCOMPARE(m_asked.size(), 1);
    QCOMPARE(m_asked.first(), QJsonDocument::fromJson(request).object());
    const QJsonObject given{{QStringLiteral("entries"), QJsonArray{1, 2}}};
    m_answers.first().answer(given);
    QTRY_COMPARE(m_said.size(), 1);
    const QJsonObject result = m_said.first()[QStringLiteral("result")].toObject();
    QCOMPARE(m_said.first()[QStringLiteral("id")].toInt(), 3);
    QCOMPARE(result[QStringLiteral("isError")], QJsonValue(false));
    const QJsonObject content = result[QStringLiteral("content")][0].toObject();
    QCOMPARE(content[QStringLiteral("type")].toString(), QStringLiteral("text"));
    QCOMPARE(QJsonDocument::fromJson(content[QStringLiteral("text")].toString().toUtf8()).object(),
        result[QStringLiteral("structuredContent")].toObject());
}

void McpTest::argumentsAreChecked_data()
{
    QTest::addColumn<QByteArray>("params");
    QTest::addColumn<QString>("words");
    const auto row = [](const char *name, const char *params, const char *words) {
        QTest::newRow(name) << QByteArray(params) << QString::fromLatin1(words);
    };
    row("missing", R"({"name":"read_message","arguments":{}})", "needs the argument id");
    row("no arguments at all", R"({"name":"read_transcript"})", "needs the argument session");
    row("unknown", R"({"name":"list_queue","arguments":{"release":true}})", "has no argument release");
    row("held cannot be set",
        R"({"name":"queue_draft","arguments":{"to":["a@b.c"],"subject":"","text":"","held":false}})",
        "has no argument held");
    row("not text", R"({"name":"read_message","arguments":{"id":7}})", "is not of type string");
    row("not a number", R"({"name":"list_sessions","arguments":{"limit":"7"}})", "is not of type integer");
    row("half a number", R"({"name":"list_sessions","arguments":{"limit":1.5}})", "is not of type integer");
    row("no state", R"({"name":"list_journeys","arguments":{"state":"lost"}})",
        "is one of waiting, delivering, delivered, deferred, failed, expired, held");
    row("no time", R"({"name":"list_journeys","arguments":{"since":"lately"}})", "since takes now, all");
    row("not a list", R"({"name":"queue_draft","arguments":{"to":"a@b.c","subject":"","text":""}})",
        "is not of type array");
    row("a list of numbers", R"({"name":"queue_draft","arguments":{"to":[1],"subject":"","text":""}})",
        "is not of type array");
    row("nobody", R"({"name":"queue_draft","arguments":{"to":[],"subject":"","text":""}})", "no recipient");
}

void McpTest::argumentsAreChecked()
{
    QFETCH(QByteArray, params);
    QFETCH(QString, words);
    const QJsonObject result = said(callOf(1, "tools/call", params))[QStringLiteral("result")].toObject();
    QCOMPARE(result[QStringLiteral("isError")], QJsonValue(true));
    const QString text = result[QStringLiteral("content")][0][QStringLiteral("text")].toString();
    QVERIFY2(text.contains(words), qPrintable(text));
    QVERIFY(m_asked.isEmpty());
}

void McpTest::failuresAreTold()
{
    m_server->take(callOf(1, "tools/call", R"({"name":"read_message","arguments":{"id":"none"}})"));
    QCOMPARE(m_answers.size(), 1);
    m_answers.first().answer(
        tl::unexpected(mail::Error{mail::ErrorCode::NotFound, QStringLiteral("none"), {}}));
    QTRY_COMPARE(m_said.size(), 1);
    const QJsonObject result = m_said.first()[QStringLiteral("result")].toObject();
    QCOMPARE(result[QStringLiteral("isError")], QJsonValue(true));
    QVERIFY(!result[QStringLiteral("content")][0][QStringLiteral("text")].toString().isEmpty());
    QVERIFY(m_server->isIdle());
}

void McpTest::leavesTheHtmlOut_data()
{
    QTest::addColumn<QByteArray>("html");
    QTest::addColumn<bool>("isThere");
    QTest::newRow("not asked for") << QByteArray() << false;
    QTest::newRow("refused") << QByteArray(R"(,"html":false)") << false;
    QTest::newRow("asked for") << QByteArray(R"(,"html":true)") << true;
}

void McpTest::leavesTheHtmlOut()
{
    QFETCH(QByteArray, html);
    QFETCH(bool, isThere);
    m_server->take(callOf(1, "tools/call", R"({"name":"read_message","arguments":{"id":"a")" + html + "}}"));
    QCOMPARE(m_answers.size(), 1);
    const QJsonObject message{{QStringLiteral("subject"), QStringLiteral("Hello")},
        {QStringLiteral("html"), QStringLiteral("<p>")}};
    m_answers.first().answer(QJsonObject{{QStringLiteral("message"), message}});
    QTRY_COMPARE(m_said.size(), 1);
    const QJsonObject told
        = m_said.first()[QStringLiteral("result")][QStringLiteral("structuredContent")].toObject();
    QCOMPARE(told[QStringLiteral("subject")].toString(), QStringLiteral("Hello"));
    QCOMPARE(told.contains(QStringLiteral("html")), isThere);
}

void McpTest::answersInOrder()
{
    const QSignalSpy rested(m_server.get(), &McpServer::rested);
    m_server->take(callOf(1, "tools/call", R"({"name":"list_queue"})"));
    m_server->take(callOf(2, "ping"));
    m_server->take(callOf(3, "tools/call", R"({"name":"list_sessions"})"));
    QVERIFY(m_said.isEmpty() && !m_server->isIdle());
    QCOMPARE(m_asked.size(), 1);
    m_answers.first().answer(QJsonObject());
    QTRY_COMPARE(m_asked.size(), 2);
    m_answers.last().answer(QJsonObject());
    QTRY_COMPARE(m_said.size(), 3);
    for (int i = 0; i < 3; ++i)
        QCOMPARE(m_said.at(i)[QStringLiteral("id")].toInt(), i + 1);
    QVERIFY(m_server->isIdle());
    QCOMPARE(rested.count(), 1);
}

QTEST_GUILESS_MAIN(McpTest)
#include "tst_mcp.moc"
