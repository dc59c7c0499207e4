#include "app/http/handlers.h"
#include "app/http/httpinterface.h"
#include "tests/support/awaited.h"
#include "tests/support/httpclient.h"
#include "tests/support/runningmail.h"
#include "tests/support/scriptedspamd.h"
#include "tests/support/sourcetree.h"

#include <QDateTime>
#include <QFile>
#include <QJsonArray>
#include <QRegularExpression>
#include <QSet>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>

using namespace glasspost;
using namespace glasspost::app;
using test::Answer;

namespace {

/// One question, and the status that it is answered with. In path, MESSAGE, PLAIN (one without HTML), ENTRY
/// and SESSION stand for ids of what is there.
struct Question
{
    const char *method, *described, *path;
    int status;
    const char *body = "";
    bool showsToken = true; ///< else it goes to a server without one
};

constexpr Question questions[] = {{"GET", "/livez", "/livez", 200}, {"GET", "/readyz", "/readyz", 200},
    {"GET", "/metrics", "/metrics", 200}, {"GET", "/api/v1/info", "/api/v1/info", 200},
    {"GET", "/api/v1/webui", "/api/v1/webui", 200}, {"GET", "/api/v1/messages", "/api/v1/messages", 200},
    {"PUT", "/api/v1/messages", "/api/v1/messages", 200, R"({"IDs":["MESSAGE"],"Read":true})"},
    {"PUT", "/api/v1/messages", "/api/v1/messages", 400, "[]"},
    {"DELETE", "/api/v1/messages", "/api/v1/messages", 200, R"({"IDs":["MESSAGE"]})"},
    {"DELETE", "/api/v1/messages", "/api/v1/messages", 400, "["},
    {"GET", "/api/v1/search", "/api/v1/search?query=Hello", 200},
    {"GET", "/api/v1/search", "/api/v1/search", 400},
    {"DELETE", "/api/v1/search", "/api/v1/search?query=Hello", 200},
    {"DELETE", "/api/v1/search", "/api/v1/search?query=to:", 400},
    {"GET", "/api/v1/message/{ID}", "/api/v1/message/MESSAGE", 200},
    {"GET", "/api/v1/message/{ID}", "/api/v1/message/none", 404},
    {"GET", "/api/v1/message/{ID}/headers", "/api/v1/message/MESSAGE/headers", 200},
    {"GET", "/api/v1/message/{ID}/headers", "/api/v1/message/none/headers", 404},
    {"GET", "/api/v1/message/{ID}/raw", "/api/v1/message/MESSAGE/raw", 200},
    {"GET", "/api/v1/message/{ID}/raw", "/api/v1/message/none/raw", 404},
    {"GET", "/api/v1/message/{ID}/part/{PartID}", "/api/v1/message/MESSAGE/part/1", 200},
    {"GET", "/api/v1/message/{ID}/part/{PartID}", "/api/v1/message/MESSAGE/part/99", 404},
    {"GET", "/api/v1/message/{ID}/part/{PartID}/thumb", "/api/v1/message/MESSAGE/part/1/thumb", 200},
    {"GET", "/api/v1/message/{ID}/part/{PartID}/thumb", "/api/v1/message/none/part/1/thumb", 404},
    {"POST", "/api/v1/message/{ID}/release", "/api/v1/message/MESSAGE/release", 200,
        R"({"To":["a@far.invalid"]})"},
    {"POST", "/api/v1/message/{ID}/release", "/api/v1/message/MESSAGE/release", 400, R"({"To":[]})"},
    {"POST", "/api/v1/message/{ID}/release", "/api/v1/message/none/release", 404,
        R"({"To":["a@far.invalid"]})"},
    {"POST", "/api/v1/send", "/api/v1/send", 200,
        R"({"From":{"Email":"a@client.example"},"To":[{"Email":"b@example.test"}],"Subject":"x"})"},
    {"POST", "/api/v1/send", "/api/v1/send", 400, "{}"},
    {"GET", "/api/v1/message/{ID}/html-check", "/api/v1/message/MESSAGE/html-check", 200},
    {"GET", "/api/v1/message/{ID}/html-check", "/api/v1/message/PLAIN/html-check", 400},
    {"GET", "/api/v1/message/{ID}/html-check", "/api/v1/message/none/html-check", 404},
    {"GET", "/api/v1/message/{ID}/link-check", "/api/v1/message/PLAIN/link-check", 200},
    {"GET", "/api/v1/message/{ID}/link-check", "/api/v1/message/none/link-check", 404},
    {"GET", "/api/v1/message/{ID}/sa-check", "/api/v1/message/MESSAGE/sa-check", 200},
    {"GET", "/api/v1/message/{ID}/sa-check", "/api/v1/message/none/sa-check", 404},
    {"GET", "/api/v1/message/{ID}/sa-check", "/api/v1/message/MESSAGE/sa-check", 501},
    {"GET", "/api/v1/tags", "/api/v1/tags", 200},
    {"PUT", "/api/v1/tags", "/api/v1/tags", 200, R"({"Tags":["blue"],"IDs":["MESSAGE"]})"},
    {"PUT", "/api/v1/tags", "/api/v1/tags", 400, R"({"Tags":"blue"})"},
    {"PUT", "/api/v1/tags/{Tag}", "/api/v1/tags/red", 200, R"({"Name":"blue"})"},
    {"PUT", "/api/v1/tags/{Tag}", "/api/v1/tags/none", 400, R"({"Name":"blue"})"},
    {"DELETE", "/api/v1/tags/{Tag}", "/api/v1/tags/red", 200},
    {"DELETE", "/api/v1/tags/{Tag}", "/api/v1/tags/none", 400},
    {"GET", "/api/v1/chaos", "/api/v1/chaos", 400}, {"PUT", "/api/v1/chaos", "/api/v1/chaos", 400},
    {"GET", "/view/{ID}.html", "/view/latest.html", 200}, {"GET", "/view/{ID}.html", "/view/none.html", 404},
    {"GET", "/view/{ID}.txt", "/view/MESSAGE.txt", 200}, {"GET", "/view/{ID}.txt", "/view/none.txt", 404},
    {"GET", "/view/{ID}", "/view/latest", 302}, {"GET", "/view/{ID}", "/view/none", 404},
    {"GET", "/glasspost/v1/wait", "/glasspost/v1/wait?since=all&subject=Hello", 200},
    {"GET", "/glasspost/v1/wait", "/glasspost/v1/wait?subject=(", 400},
    {"GET", "/glasspost/v1/wait", "/glasspost/v1/wait?timeout=0", 404},
    {"GET", "/glasspost/v1/messages/{ID}", "/glasspost/v1/messages/MESSAGE", 200},
    {"GET", "/glasspost/v1/messages/{ID}", "/glasspost/v1/messages/latest?mailbox=others", 400},
    {"GET", "/glasspost/v1/messages/{ID}", "/glasspost/v1/messages/none", 404},
    {"GET", "/api/events", "/inbox/others/api/events", 400},
    {"GET", "/glasspost/v1/events", "/inbox/others/glasspost/v1/events", 400},
    {"GET", "/glasspost/v1/inboxes", "/glasspost/v1/inboxes", 200},
    {"GET", "/glasspost/v1/sessions", "/glasspost/v1/sessions", 200},
    {"GET", "/glasspost/v1/sessions/{ID}", "/glasspost/v1/sessions/SESSION", 200},
    {"GET", "/glasspost/v1/sessions/{ID}", "/glasspost/v1/sessions/none", 404},
    {"GET", "/glasspost/v1/queue", "/glasspost/v1/queue", 200},
    {"GET", "/glasspost/v1/queue/{ID}", "/glasspost/v1/queue/ENTRY", 200},
    {"GET", "/glasspost/v1/queue/{ID}", "/glasspost/v1/queue/none", 404},
    {"GET", "/glasspost/v1/journeys/{ID}", "/glasspost/v1/journeys/ENTRY", 200},
    {"GET", "/glasspost/v1/journeys/{ID}", "/glasspost/v1/journeys/latest", 200},
    {"GET", "/glasspost/v1/journeys/{ID}", "/glasspost/v1/journeys/none", 404},
    {"POST", "/glasspost/v1/queue/{ID}/hold", "/glasspost/v1/queue/ENTRY/hold", 200},
    {"POST", "/glasspost/v1/queue/{ID}/hold", "/glasspost/v1/queue/none/hold", 404},
    {"POST", "/glasspost/v1/queue/{ID}/release", "/glasspost/v1/queue/ENTRY/release", 200},
    {"POST", "/glasspost/v1/queue/{ID}/release", "/glasspost/v1/queue/ENTRY/release", 403, "", false},
    {"POST", "/glasspost/v1/queue/{ID}/release", "/glasspost/v1/queue/none/release", 404}};

QByteArray messageOctets()
{
    return "From: Ann <ann@client.example>\nTo: bob@example.test\nSubject: Hello\nX-Tags: red\nMIME-Version: "
           "1.0\n"
           "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n"
           "<p>Your code is 482913, <a href=\"https://client.example/\">or look</a></p>\n"
           "--b\nContent-Type: application/pdf\nContent-Disposition: attachment; "
           "filename=a.pdf\n\nx\n--b--\n";
}

smtp::Envelope envelopeTo(const QByteArray &domain)
{
    smtp::Envelope envelope;
    envelope.reversePath = {"sender", "client.example"};
    envelope.recipients = {smtp::EnvelopeRecipient{{"bob", domain}, {}, {}}};
    return envelope;
}

QString keyOf(const QString &method, const QString &path, const QString &status)
{
    return method.toUpper() + QLatin1Char(' ') + path + QLatin1Char(' ') + status;
}

} // namespace

/// docs/openapi.json against what is answered: the paths, the statuses, the types and members of the answers.
class OpenApiTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void describesEveryPath();
    void everyStatusIsTried();
    void answersAreAsDescribed_data();
    void answersAreAsDescribed();
    void noticesWrongAnswers();

private:
    [[nodiscard]] QJsonObject resolved(const QJsonObject &maybeReference) const;
    [[nodiscard]] QString mismatch(
        const QJsonValue &value, const QJsonObject &schema, const QString &place) const;
    [[nodiscard]] QString mismatchOfMembers(
        const QJsonObject &object, const QJsonObject &schema, const QString &place) const;
    QByteArray makeSession();
    QByteArray filledIn(const char *text) const;

    QJsonObject m_file;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<mail::MailSystem> m_mail;
    std::unique_ptr<HttpInterface> m_http, m_withoutToken;
    QByteArray m_plain, m_message, m_entry, m_session;
};

void OpenApiTest::initTestCase()
{
    QFile file(test::inSourceTree(QStringLiteral("docs/openapi.json")));
    QVERIFY(file.open(QIODevice::ReadOnly));
    m_file = QJsonDocument::fromJson(file.readAll()).object();
    QVERIFY(!m_file.isEmpty());
}

void OpenApiTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_mail = std::make_unique<mail::MailSystem>(m_folder->path());
    mail::StartOptions options;
    options.adjust = [](mail::Settings settings) {
        settings.listener.bindings.first().port = 0;
        return settings;
    };
    QVERIFY(test::start(*m_mail, options));
    HttpSettings settings;
    m_withoutToken = std::make_unique<HttpInterface>(*m_mail, settings);
    settings.token = "s3cret";
    m_http = std::make_unique<HttpInterface>(*m_mail, settings);
    QVERIFY(m_http->listen() && m_withoutToken->listen());
    const mail::FolderId inbox{QStringLiteral("captured"), {}};
    const auto plain = test::awaited(
        m_mail->mailboxes().capture(inbox, envelopeTo("example.test"), "Subject: Plain\n\nNo HTML\n"));
    const auto id
        = test::awaited(m_mail->mailboxes().capture(inbox, envelopeTo("example.test"), messageOctets()));
    QVERIFY(plain && id);
    m_plain = plain->unique;
    m_message = id->unique;
    const mail::SubmitTerms terms{QDateTime::currentMSecsSinceEpoch() + 3'600'000, {}, true};
    const auto receipt = test::awaited(m_mail->outbox().submitMessage(
        envelopeTo("far.invalid"), mail::MessageOctets(messageOctets()), terms));
    QVERIFY(receipt);
    m_entry = receipt->queueId;
    m_session = makeSession();
    QVERIFY(!m_session.isEmpty());
}

void OpenApiTest::cleanup()
{
    m_http.reset();
    m_withoutToken.reset();
    m_mail.reset();
}

/// Its id, once it is recorded.
QByteArray OpenApiTest::makeSession()
{
    mail::ListenerState state;
    connect(&m_mail->listener(), &mail::ListenerSwitch::changed, this,
        [&state](const mail::ListenerState &now) { state = now; });
    m_mail->listener().start(m_mail->settings().value().listener);
    if (!QTest::qWaitFor([&state] { return !state.bindings.isEmpty(); }, 20000))
        return {};
    QTcpSocket socket;
    socket.connectToHost(QHostAddress(QHostAddress::LocalHost), state.bindings.first().port);
    socket.write("QUIT\r\n");
    QByteArray id;
    const auto isRecorded = [this, &id] {
        const auto list = test::awaited(m_mail->sessions().list(0, 1));
        const bool hasEnded = list && !list->isEmpty() && list->first().endedAt > 0;
        id = hasEnded ? list->first().id : QByteArray();
        return !id.isEmpty();
    };
    const bool isThere = QTest::qWaitFor(isRecorded, 20000);
    m_mail->listener().disconnect(this);
    return isThere ? id : QByteArray();
}

QByteArray OpenApiTest::filledIn(const char *text) const
{
    return QByteArray(text)
        .replace("MESSAGE", m_message)
        .replace("PLAIN", m_plain)
        .replace("ENTRY", m_entry)
        .replace("SESSION", m_session);
}

void OpenApiTest::describesEveryPath()
{
    CapturedMail captured(*m_mail);
    EventFeed events(captured);
    MessageWaits waits(m_mail->mailboxes(), m_mail->lookups());
    QSet<QString> answered, described;
    for (const HttpRoute &route : interfaceRoutes(captured, events, waits, QueueRelease::ByToken))
        answered.insert(QString::fromLatin1(route.method + ' ' + route.pattern));
    const QJsonObject paths = m_file[QStringLiteral("paths")].toObject();
    static const QRegularExpression name(QStringLiteral("\\{[^}]*\\}"));
    for (auto path = paths.begin(); path != paths.end(); ++path) {
        for (const QString &method : path->toObject().keys())
            described.insert(
                method.toUpper() + u' ' + QString(path.key()).replace(name, QStringLiteral("{}")));
    }
    QCOMPARE(QStringList((answered - described).values()), QStringList());
    QCOMPARE(QStringList((described - answered).values()), QStringList());
}

void OpenApiTest::everyStatusIsTried()
{
    QSet<QString> tried;
    for (const Question &one : questions)
        tried.insert(
            keyOf(QLatin1String(one.method), QLatin1String(one.described), QString::number(one.status)));
    const QJsonObject paths = m_file[QStringLiteral("paths")].toObject();
    for (auto path = paths.begin(); path != paths.end(); ++path) {
        const QJsonObject operations = path->toObject();
        for (auto operation = operations.begin(); operation != operations.end(); ++operation) {
            const QJsonObject responses = (*operation)[QStringLiteral("responses")].toObject();
            for (auto response = responses.begin(); response != responses.end(); ++response) {
                // Streams, WebSockets, and what an index that is being made says, have tests of their own.
                const bool isStream = response->toObject()[QStringLiteral("content")].toObject().contains(
                    QStringLiteral("text/event-stream"));
                const QString key = keyOf(operation.key(), path.key(), response.key());
                static const QStringList elsewhere{
                    QStringLiteral("101"), QStringLiteral("426"), QStringLiteral("503")};
                if (!isStream && !elsewhere.contains(response.key()))
                    QVERIFY2(tried.contains(key), qPrintable(key));
            }
        }
    }
}

void OpenApiTest::answersAreAsDescribed_data()
{
    QTest::addColumn<int>("index");
    for (int i = 0; i < int(std::size(questions)); ++i) {
        const Question &one = questions[i];
        QTest::newRow(qPrintable(
            QStringLiteral("%1 %2 %3")
                .arg(QLatin1String(one.method), QLatin1String(one.path), QString::number(one.status))))
            << i;
    }
}

void OpenApiTest::answersAreAsDescribed()
{
    QFETCH(int, index);
    const Question &asked = questions[index];
    test::HttpClient client;
    client.port = (asked.showsToken ? m_http : m_withoutToken)->port();
    client.token = asked.showsToken ? "s3cret" : "";
    test::ScriptedSpamd spamd(test::spamdAnswer("True ; 6.1 / 5.0", " 6.1 BAYES_99 Words\r\n"));
    mail::Settings settings = m_mail->settings().value();
    settings.spamd = asked.status == 501 ? QString() : spamd.address();
    QVERIFY(test::awaited(m_mail->settings().set(settings)));
    const Answer answer
        = client.ask(asked.method, QString::fromLatin1(filledIn(asked.path)), filledIn(asked.body));
    QVERIFY2(answer.status == asked.status, QByteArray::number(answer.status) + ' ' + answer.body);

    const QJsonObject operation = m_file[QStringLiteral("paths")][QLatin1String(asked.described)]
                                        [QString::fromLatin1(asked.method).toLower()]
                                            .toObject();
    const QJsonObject responses = operation[QStringLiteral("responses")].toObject();
    QVERIFY(responses.contains(QString::number(asked.status)));
    const QJsonObject response = resolved(responses[QString::number(asked.status)].toObject());
    const QJsonObject content = response[QStringLiteral("content")].toObject();
    const QString type = QString::fromLatin1(answer.contentType);
    if (!content.isEmpty())
        QVERIFY2(content.contains(type) || content.contains(QStringLiteral("*/*")), answer.contentType);
    const QJsonObject fields = response[QStringLiteral("headers")].toObject();
    for (const QString &field : fields.keys())
        QVERIFY2(answer.fields.contains(field.toLatin1().toLower()), qPrintable(field));
    if (type != QStringLiteral("application/json"))
        return;
    const QJsonDocument given = QJsonDocument::fromJson(answer.body);
    const QJsonValue value = given.isArray() ? QJsonValue(given.array()) : QJsonValue(given.object());
    const QString wrong
        = mismatch(value, content[type][QStringLiteral("schema")].toObject(), QStringLiteral("it"));
    QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
}

void OpenApiTest::noticesWrongAnswers()
{
    const QJsonObject address{{QStringLiteral("$ref"), QStringLiteral("#/components/schemas/Address")}};
    QJsonObject given{
        {QStringLiteral("Name"), QStringLiteral("x")}, {QStringLiteral("Address"), QStringLiteral("y")}};
    QVERIFY(mismatch(given, address, {}).isEmpty());
    given[QStringLiteral("More")] = 1;
    QVERIFY(!mismatch(given, address, {}).isEmpty());
    QVERIFY(!mismatch(QJsonObject{{QStringLiteral("Name"), QStringLiteral("x")}}, address, {}).isEmpty());
    QVERIFY(
        !mismatch(QJsonObject{{QStringLiteral("Name"), 1}, {QStringLiteral("Address"), QStringLiteral("y")}},
            address, {})
             .isEmpty());
}

QJsonObject OpenApiTest::resolved(const QJsonObject &maybeReference) const
{
    const QString reference = maybeReference[QStringLiteral("$ref")].toString();
    if (reference.isEmpty())
        return maybeReference;
    QJsonValue value = m_file;
    for (const QString &step : reference.mid(2).split(u'/'))
        value = value[step];
    return value.toObject();
}

/// Why the value is not as the schema says; empty when it is.
QString OpenApiTest::mismatch(
    const QJsonValue &value, const QJsonObject &maybeReference, const QString &place) const
{
    const QJsonObject schema = resolved(maybeReference);
    const QString type = schema[QStringLiteral("type")].toString();
    const bool isWhole = value.isDouble() && value.toDouble() == double(value.toInteger());
    const bool isRight = type == u"string" ? value.isString()
        : type == u"boolean"               ? value.isBool()
        : type == u"number"                ? value.isDouble()
        : type == u"integer"               ? isWhole
        : type == u"array"                 ? value.isArray()
                                           : type == u"object" && value.isObject();
    if (!isRight)
        return QStringLiteral("%1 is no %2").arg(place, type);
    if (schema.contains(QStringLiteral("enum")) && !schema[QStringLiteral("enum")].toArray().contains(value))
        return QStringLiteral("%1 is none of those it may be").arg(place);
    if (value.isObject())
        return mismatchOfMembers(value.toObject(), schema, place);
    for (const auto item : value.toArray()) {
        const QString wrong
            = mismatch(item, schema[QStringLiteral("items")].toObject(), place + QStringLiteral("[]"));
        if (!wrong.isEmpty())
            return wrong;
    }
    return {};
}

QString OpenApiTest::mismatchOfMembers(
    const QJsonObject &object, const QJsonObject &schema, const QString &place) const
{
    for (const auto name : schema[QStringLiteral("required")].toArray()) {
        if (!object.contains(name.toString()))
            return QStringLiteral("%1 lacks %2").arg(place, name.toString());
    }
    const QJsonObject properties = schema[QStringLiteral("properties")].toObject();
    const QJsonObject others = schema[QStringLiteral("additionalProperties")].toObject();
    for (auto member = object.begin(); member != object.end(); ++member) {
        const bool isKnown = properties.contains(member.key());
        if (!isKnown && others.isEmpty()) {
            if (!properties.isEmpty())
                return QStringLiteral("%1 has %2, which is not described").arg(place, member.key());
            continue;
        }
        const QString wrong = mismatch(member.value(), isKnown ? properties[member.key()].toObject() : others,
            place + u'.' + member.key());
        if (!wrong.isEmpty())
            return wrong;
    }
    return {};
}

QTEST_GUILESS_MAIN(OpenApiTest)
#include "tst_openapi.moc"
