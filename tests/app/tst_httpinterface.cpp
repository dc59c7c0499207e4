#include "app/http/httpinterface.h"
#include "tests/support/awaited.h"
#include "tests/support/httpclient.h"
#include "tests/support/runningmail.h"

#include <QBuffer>
#include <QImage>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QtTest>

using namespace glasspost;
using namespace glasspost::app;
using test::Answer;

namespace {

smtp::Envelope envelopeTo(const QByteArrayList &recipients)
{
    smtp::Envelope envelope;
    envelope.reversePath = {"sender", "client.example"};
    for (const QByteArray &one : recipients)
        envelope.recipients.append(smtp::EnvelopeRecipient{{one, "example.test"}, {}, {}});
    return envelope;
}

QJsonArray texts(const QStringList &values)
{
    return QJsonArray::fromStringList(values);
}

QByteArray picture()
{
    QImage image(400, 100, QImage::Format_RGB32);
    image.fill(Qt::red);
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return buffer.data();
}

/// Text, HTML that shows a picture in its place, and two files.
QByteArray richMessage()
{
    return "From: =?utf-8?Q?J=C3=BCrgen?= <juergen@client.example>\nTo: Bob <bob@example.test>, "
           "amy@example.test\n"
           "Cc: cy@example.test\nReply-To: desk@client.example\nSubject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\n"
           "Date: Mon, 23 Nov 2026 10:00:00 +0100\nMessage-ID: <rich@client.example>\nX-Tags: red, Blue "
           ",red,<b>\n"
           "List-Unsubscribe: <mailto:leave@client.example>, <https://client.example/leave>, <ftp://x>\n"
           "List-Unsubscribe-Post: List-Unsubscribe=One-Click\n"
           "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=m\n\n"
           "--m\nContent-Type: multipart/related; boundary=r\n\n"
           "--r\nContent-Type: multipart/alternative; boundary=a\n\n"
           "--a\nContent-Type: text/plain; charset=utf-8\n\nHello text\n"
           "--a\nContent-Type: text/html; charset=utf-8\n\n"
           "<p onclick=\"x()\">Hello <b>HTML</b> <img src=\"cid:pic@1\"><script>x()</script></p>\n--a--\n"
           "--r\nContent-Type: image/png\nContent-ID: <pic@1>\nContent-Disposition: inline; "
           "filename=\"p.png\"\n"
           "Content-Transfer-Encoding: base64\n\n"
        + picture().toBase64()
        + "\n--r--\n--m\nContent-Type: text/plain; name=\"a b.txt\"\n"
          "Content-Disposition: attachment; filename=\"a b.txt\"\n\nattached\n"
          "--m\nContent-Type: text/html\nContent-Disposition: attachment; filename=\"evil.html\"\n\n"
          "<script>alert(1)</script>\n--m--\n";
}

} // namespace

/// Mailpit's API over a mail system that runs, asked as its clients ask.
class HttpInterfaceTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void tellsHowItIs();
    void listsNewestFirst();
    void searches();
    void showsOne();
    void tagsAreSet();
    void tagsAreRenamedAndDeleted();
    void refusesTags_data();
    void refusesTags();
    void readingMarks();
    void partsAreSafe();
    void pagesAreSafe();
    void thumbnails();
    void deletes();
    void whatIsNotThere_data();
    void whatIsNotThere();
    void sendsIntoTheMailbox();
    void refusesToSend_data();
    void refusesToSend();
    void releasesIntoTheQueueHeld();
    void releasesWithSmtpUtf8();
    void releasesToThoseAlone();
    void refusesToRelease_data();
    void streamsWhatComes();
    void streamGoesOn();
    void webSocketsToo();
    void refusesWebSockets_data();
    void refusesWebSockets();
    void boundsItsStreams();
    void showsTheQueueAndSessions();
    void refusesToRelease();

private:
    Answer ask(const QByteArray &method, const QString &path, const QByteArray &body = {})
    {
        return m_client.ask(method, path, body);
    }
    Answer get(const QString &path) { return m_client.get(path); }
    QString keep(const QByteArray &message, const QByteArrayList &recipients = {"bob"});
    QJsonArray list()
    {
        return get(QStringLiteral("/api/v1/messages")).object()[QStringLiteral("messages")].toArray();
    }

    /// Asks for a WebSocket, with these fields besides.
    std::unique_ptr<QTcpSocket> upgrade(const QByteArray &path, const QByteArray &fields);
    std::unique_ptr<QTcpSocket> listenTo(const QByteArray &lastEventId);

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<mail::MailSystem> m_mail;
    std::unique_ptr<HttpInterface> m_http;
    test::HttpClient m_client;
};

void HttpInterfaceTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_mail = std::make_unique<mail::MailSystem>(m_folder->path());
    QVERIFY(test::start(*m_mail));
    m_http = std::make_unique<HttpInterface>(*m_mail, HttpSettings());
    const auto port = m_http->listen();
    QVERIFY(port);
    m_client.port = *port;
}

void HttpInterfaceTest::cleanup()
{
    m_http.reset();
    m_mail.reset();
    m_client.forgetConnections();
}

/// To the events, behind that one.
std::unique_ptr<QTcpSocket> HttpInterfaceTest::listenTo(const QByteArray &lastEventId)
{
    auto socket = std::make_unique<QTcpSocket>();
    socket->connectToHost(QHostAddress(QHostAddress::LocalHost), m_client.port);
    const QByteArray last = lastEventId.isEmpty() ? QByteArray() : "Last-Event-ID: " + lastEventId + "\r\n";
    socket->write("GET /glasspost/v1/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n"
        + last + "\r\n");
    return socket;
}

std::unique_ptr<QTcpSocket> HttpInterfaceTest::upgrade(const QByteArray &path, const QByteArray &fields)
{
    auto socket = std::make_unique<QTcpSocket>();
    socket->connectToHost(QHostAddress(QHostAddress::LocalHost), m_client.port);
    socket->write("GET " + path
        + " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" + fields + "\r\n");
    return socket;
}

/// Into the captured mailbox; its name there.
QString HttpInterfaceTest::keep(const QByteArray &message, const QByteArrayList &recipients)
{
    const auto id = test::awaited(
        m_mail->mailboxes().capture({QStringLiteral("captured"), {}}, envelopeTo(recipients), message));
    return id ? CapturedMail::nameOf(*id) : QString();
}

void HttpInterfaceTest::tellsHowItIs()
{
    keep("Subject: one\n\ntext\n");
    QCOMPARE(get(QStringLiteral("/livez")).status, 200);
    QCOMPARE(get(QStringLiteral("/readyz")).status, 200);
    const QJsonObject info = get(QStringLiteral("/api/v1/info")).object();
    QCOMPARE(info[QStringLiteral("Messages")].toInt(), 1);
    QCOMPARE(info[QStringLiteral("Unread")].toInt(), 1);
    QCOMPARE(info[QStringLiteral("Database")].toString(), m_folder->path());
    QVERIFY(info[QStringLiteral("RuntimeStats")][QStringLiteral("Memory")].toInteger() > 1000000);
    QVERIFY(get(QStringLiteral("/api/v1/webui"))
                .object()[QStringLiteral("MessageRelay")][QStringLiteral("Enabled")]
                .toBool());
    const Answer metrics = get(QStringLiteral("/metrics"));
    QVERIFY2(metrics.body.contains("# TYPE mailpit_messages gauge\nmailpit_messages 1\n"), metrics.body);
    QVERIFY(metrics.contentType.startsWith("text/plain; version=0.0.4"));
}

void HttpInterfaceTest::listsNewestFirst()
{
    for (int i = 0; i < 5; ++i)
        keep("Subject: number " + QByteArray::number(i) + "\n\ntext of it\n");
    const QJsonObject all = get(QStringLiteral("/api/v1/messages")).object();
    QCOMPARE(all[QStringLiteral("total")].toInt(), 5);
    QCOMPARE(all[QStringLiteral("unread")].toInt(), 5);
    QCOMPARE(all[QStringLiteral("messages_count")].toInt(), 5);
    QCOMPARE(all[QStringLiteral("messages_unread")].toInt(), 5);
    QCOMPARE(all[QStringLiteral("messages")].toArray().size(), 5);
    const QJsonObject page = get(QStringLiteral("/api/v1/messages?start=1&limit=2")).object();
    QCOMPARE(page[QStringLiteral("start")].toInt(), 1);
    QCOMPARE(page[QStringLiteral("count")].toInt(), 2);
    const QJsonArray messages = page[QStringLiteral("messages")].toArray();
    QCOMPARE(messages.first()[QStringLiteral("Subject")].toString(), QStringLiteral("number 3"));
    QCOMPARE(messages.last()[QStringLiteral("Subject")].toString(), QStringLiteral("number 2"));
    QCOMPARE(messages.last()[QStringLiteral("Snippet")].toString(), QStringLiteral("text of it"));
    QCOMPARE(messages.last()[QStringLiteral("Read")].toBool(true), false);
}

void HttpInterfaceTest::searches()
{
    keep("From: amy@one.example\nSubject: apples\n\ntext\n");
    keep("From: bob@two.example\nSubject: pears\n\napples too\n");
    const auto found = [this](const char *query) {
        const QJsonObject answer
            = get(QStringLiteral("/api/v1/search?query=") + QString::fromLatin1(query)).object();
        return answer[QStringLiteral("messages_count")].toInt();
    };
    QCOMPARE(found("apples"), 2);
    QCOMPARE(found("subject:apples"), 1);
    QCOMPARE(found("from:two.example"), 1);
    QCOMPARE(found("apples+-subject%3Aapples"), 1);
    QCOMPARE(found("%22apples+too%22"), 1);
    QCOMPARE(found("plums"), 0);
    QCOMPARE(found("appl+!subject%3Aapples"), 1);
    QCOMPARE(found("addressed%3Aamy"), 1);
    QCOMPARE(found("is%3Aunread+-is%3Atagged"), 2);
    QCOMPARE(found("before%3A2001%2F01%2F01"), 0);
    for (const char *query : {"/api/v1/search?query=reply-to:x", "/api/v1/message/latest?query=has:inline"})
        QCOMPARE(get(QString::fromLatin1(query)).status, 400);
    QCOMPARE(ask("DELETE", QStringLiteral("/api/v1/search?query=after:soon")).status, 400);
    QCOMPARE(get(QStringLiteral("/api/v1/search?query=+")).status, 400);
    QCOMPARE(get(QStringLiteral("/api/v1/message/latest?query=subject:apples"))
                 .object()[QStringLiteral("Subject")]
                 .toString(),
        QStringLiteral("apples"));
}

void HttpInterfaceTest::showsOne()
{
    const QString name = keep(richMessage(), {"bob", "amy", "hidden"});
    const QJsonObject listed = list().first().toObject();
    const Answer answer = get(QStringLiteral("/api/v1/message/") + name);
    QCOMPARE(answer.status, 200);
    const QJsonObject one = answer.object();
    for (const QJsonObject &each : {listed, one}) {
        QCOMPARE(each[QStringLiteral("ID")].toString(), name);
        QCOMPARE(each[QStringLiteral("MessageID")].toString(), QStringLiteral("rich@client.example"));
        QCOMPARE(each[QStringLiteral("Subject")].toString(), QStringLiteral("Grüße"));
        QCOMPARE(each[QStringLiteral("From")][QStringLiteral("Name")].toString(), QStringLiteral("Jürgen"));
        QCOMPARE(each[QStringLiteral("To")].toArray().size(), 2);
        QCOMPARE(each[QStringLiteral("Cc")][0][QStringLiteral("Address")].toString(),
            QStringLiteral("cy@example.test"));
        QCOMPARE(each[QStringLiteral("Bcc")].toArray().size(), 1);
        QCOMPARE(each[QStringLiteral("Bcc")][0][QStringLiteral("Address")].toString(),
            QStringLiteral("hidden@example.test"));
        QCOMPARE(each[QStringLiteral("ReplyTo")][0][QStringLiteral("Address")].toString(),
            QStringLiteral("desk@client.example"));
        QCOMPARE(each[QStringLiteral("Tags")].toArray(),
            texts({QStringLiteral("b"), QStringLiteral("Blue"), QStringLiteral("red")}));
        QVERIFY(each[QStringLiteral("Size")].toInt() > 500);
    }
    QCOMPARE(listed[QStringLiteral("Attachments")].toInt(), 2);
    QCOMPARE(one[QStringLiteral("Date")].toString(), QStringLiteral("2026-11-23T09:00:00Z"));
    QCOMPARE(one[QStringLiteral("ReturnPath")].toString(), QStringLiteral("sender@client.example"));
    QVERIFY(one[QStringLiteral("Text")].toString().startsWith(u"Hello text"));
    QVERIFY(one[QStringLiteral("HTML")].toString().contains(u"<script>x()</script>"));
    const QJsonObject unsubscribe = one[QStringLiteral("ListUnsubscribe")].toObject();
    QCOMPARE(unsubscribe[QStringLiteral("Links")].toArray(),
        texts(
            {QStringLiteral("mailto:leave@client.example"), QStringLiteral("https://client.example/leave")}));
    QVERIFY(unsubscribe[QStringLiteral("Errors")].toString().contains(u"ftp://x"));
    QCOMPARE(
        unsubscribe[QStringLiteral("HeaderPost")].toString(), QStringLiteral("List-Unsubscribe=One-Click"));
    QCOMPARE(one[QStringLiteral("Inline")].toArray().size(), 1);
    QCOMPARE(
        one[QStringLiteral("Inline")][0][QStringLiteral("ContentID")].toString(), QStringLiteral("pic@1"));
    const QJsonObject file = one[QStringLiteral("Attachments")][0].toObject();
    QCOMPARE(file[QStringLiteral("FileName")].toString(), QStringLiteral("a b.txt"));
    const Answer part = get(
        QStringLiteral("/api/v1/message/%1/part/%2").arg(name, file[QStringLiteral("PartID")].toString()));
    QCOMPARE(part.body.trimmed(), QByteArray("attached"));
    QCOMPARE(QCryptographicHash::hash(part.body, QCryptographicHash::Sha256).toHex(),
        file[QStringLiteral("Checksums")][QStringLiteral("SHA256")].toString().toLatin1());
    const QJsonObject headers = get(QStringLiteral("/api/v1/message/latest/headers")).object();
    QCOMPARE(
        headers[QStringLiteral("Message-Id")].toArray(), texts({QStringLiteral("<rich@client.example>")}));
    QCOMPARE(headers[QStringLiteral("Delivered-To")].toArray().size(), 3);
    QVERIFY(get(QStringLiteral("/api/v1/message/latest/raw")).body.endsWith(richMessage()));
}

/// Mailpit's form: {"Tags": [...], "IDs": [...]}, in the place of what they had.
void HttpInterfaceTest::tagsAreSet()
{
    const QString one = keep("Subject: one\nX-Tags: red, Blue\n\nx\n"), two = keep("Subject: two\n\nx\n");
    const auto tags
        = [this](const QString &path, const QString &member) { return get(path).object()[member].toArray(); };
    const QString latest = QStringLiteral("/api/v1/message/"), all = QStringLiteral("/api/v1/messages");
    QCOMPARE(get(QStringLiteral("/api/v1/tags")).body, QByteArray("[\"Blue\",\"red\"]\n"));
    QCOMPARE(tags(all, QStringLiteral("tags")), texts({QStringLiteral("Blue"), QStringLiteral("red")}));
    const auto set = [this](const QStringList &names, const QByteArray &wanted) {
        const QByteArray body = R"({"Tags":)" + wanted + R"(,"IDs":[")"
            + names.join(QStringLiteral("\",\"")).toUtf8() + R"("]})";
        return ask("PUT", QStringLiteral("/api/v1/tags"), body).body;
    };
    QCOMPARE(set({one, two, QStringLiteral("gone")}, R"(["RED","to do"])"), QByteArray("ok"));
    QCOMPARE(
        tags(latest + one, QStringLiteral("Tags")), texts({QStringLiteral("red"), QStringLiteral("to do")}));
    QCOMPARE(
        tags(latest + two, QStringLiteral("Tags")), texts({QStringLiteral("RED"), QStringLiteral("to do")}));
    QCOMPARE(list().first()[QStringLiteral("Tags")].toArray(),
        texts({QStringLiteral("RED"), QStringLiteral("to do")}));
    const QJsonObject counts
        = get(QStringLiteral("/api/v1/info")).object()[QStringLiteral("Tags")].toObject();
    QCOMPARE(counts.size(), 2);
    QCOMPARE(counts[QStringLiteral("to do")].toInt(), 2);
    QCOMPARE(
        tags(QStringLiteral("/api/v1/search?query=tag:%22to+do%22"), QStringLiteral("messages")).size(), 2);
    QCOMPARE(set({one}, "[]"), QByteArray("ok"));
    QCOMPARE(tags(latest + one, QStringLiteral("Tags")), QJsonArray());
    QCOMPARE(ask("PUT", QStringLiteral("/api/v1/tags"), "{}").body, QByteArray("ok"));
    QCOMPARE(tags(latest + two, QStringLiteral("Tags")).size(), 2);
}

void HttpInterfaceTest::tagsAreRenamedAndDeleted()
{
    const QString one = keep("X-Tags: red, to do\n\nx\n"), two = keep("X-Tags: red\n\nx\n");
    const auto rename = [this](const char *path, const char *name) {
        return ask("PUT", QStringLiteral("/api/v1/tags/") + QLatin1String(path),
            QByteArray(R"({"Name":")") + name + R"("})")
            .body;
    };
    const auto all = [this] { return get(QStringLiteral("/api/v1/tags")).body; };
    QCOMPARE(rename("to%20do", " a/b "), QByteArray("ok"));
    QCOMPARE(all(), QByteArray("[\"a/b\",\"red\"]\n"));
    QCOMPARE(rename("RED", "a/b"), QByteArray("tag already exists: a/b"));
    QCOMPARE(rename("red", "Red"), QByteArray("ok"));
    QCOMPARE(all(), QByteArray("[\"a/b\",\"Red\"]\n"));
    QCOMPARE(ask("DELETE", QStringLiteral("/api/v1/tags/a%2Fb")).body, QByteArray("ok"));
    QCOMPARE(ask("DELETE", QStringLiteral("/api/v1/tags/red")).body, QByteArray("ok"));
    QCOMPARE(all(), QByteArray("[]\n"));
    QCOMPARE(list().size(), 2);
}

void HttpInterfaceTest::refusesTags_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QString>("path");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("words");
    const auto row = [](const char *method, const char *path, const char *body, const char *words) {
        QTest::addRow("%s %s %s", method, path, body)
            << QByteArray(method) << QString::fromLatin1(path) << QByteArray(body) << QByteArray(words);
    };
    const char *expected = "An object with the arrays Tags and IDs is expected";
    for (const char *body : {"", "[", "[]", R"({"Tags":"x","IDs":[]})", R"({"Tags":[1]})", R"({"IDs":{}})"})
        row("PUT", "/api/v1/tags", body, expected);
    row("PUT", "/api/v1/tags/red", R"({"Name":" "})", "invalid tag name:  ");
    row("PUT", "/api/v1/tags/red", "", "invalid tag name: ");
    row("PUT", "/api/v1/tags/none", R"({"Name":"x"})", "tag not found: none");
    row("DELETE", "/api/v1/tags/none", "", "tag not found: none");
}

void HttpInterfaceTest::refusesTags()
{
    QFETCH(QByteArray, method);
    QFETCH(QString, path);
    QFETCH(QByteArray, body);
    keep("X-Tags: red\n\nx\n");
    const Answer answer = ask(method, path, body);
    QCOMPARE(answer.status, 400);
    QTEST(answer.body, "words");
    QCOMPARE(get(QStringLiteral("/api/v1/tags")).body, QByteArray("[\"red\"]\n"));
}

void HttpInterfaceTest::readingMarks()
{
    const QString first = keep("Subject: a\n\nx\n"), second = keep("Subject: b\n\nx\n");
    const auto unread
        = [this] { return get(QStringLiteral("/api/v1/info")).object()[QStringLiteral("Unread")].toInt(); };
    get(QStringLiteral("/api/v1/message/%1/raw").arg(first));
    QCOMPARE(unread(), 2);
    get(QStringLiteral("/api/v1/message/") + first);
    QCOMPARE(unread(), 1);
    QCOMPARE(ask("PUT", QStringLiteral("/api/v1/messages"), R"({"Read":true})").body, QByteArray("ok"));
    QCOMPARE(unread(), 0);
    const QByteArray ids = R"({"IDs":[")" + second.toUtf8() + R"(","gone"]})";
    QCOMPARE(ask("PUT", QStringLiteral("/api/v1/messages"), ids).status, 200);
    QCOMPARE(unread(), 1);
    QCOMPARE(
        ask("PUT", QStringLiteral("/api/v1/messages"), R"({"Read":true,"Search":"subject:b"})").status, 200);
    QCOMPARE(unread(), 0);
    QCOMPARE(ask("PUT", QStringLiteral("/api/v1/messages"), R"({"IDs":["x"],"Search":"b"})").status, 400);
    QCOMPARE(ask("PUT", QStringLiteral("/api/v1/messages"), "{").status, 400);
}

void HttpInterfaceTest::partsAreSafe()
{
    const QString name = keep(richMessage());
    const QJsonArray files
        = get(QStringLiteral("/api/v1/message/latest")).object()[QStringLiteral("Attachments")].toArray();
    const Answer evil = get(QStringLiteral("/api/v1/message/%1/part/%2")
                                .arg(name, files.last()[QStringLiteral("PartID")].toString()));
    QCOMPARE(evil.status, 200);
    QCOMPARE(evil.contentType, QByteArray("application/octet-stream"));
    QCOMPARE(evil.fields.value("content-disposition"), QByteArray("attachment; filename=\"evil.html\""));
    QVERIFY(evil.fields.value("content-security-policy").contains("sandbox"));
    QCOMPARE(evil.fields.value("x-content-type-options"), QByteArray("nosniff"));
    const Answer text = get(QStringLiteral("/api/v1/message/%1/part/%2")
                                .arg(name, files.first()[QStringLiteral("PartID")].toString()));
    QCOMPARE(text.fields.value("content-disposition"), QByteArray("inline; filename=\"a%20b.txt\""));
}

void HttpInterfaceTest::pagesAreSafe()
{
    const QString name = keep(richMessage());
    const Answer page = get(QStringLiteral("/view/latest.html"));
    QCOMPARE(page.status, 200);
    QCOMPARE(page.contentType, QByteArray("text/html; charset=utf-8"));
    QVERIFY(page.fields.value("content-security-policy").startsWith("default-src 'none';"));
    const qsizetype at = page.body.indexOf("src=\"/api/v1/message/" + name.toUtf8() + "/part/");
    QVERIFY2(at > 0, page.body);
    const QByteArray path = page.body.mid(at + 5).left(page.body.mid(at + 5).indexOf('"'));
    QCOMPARE(get(QString::fromLatin1(path)).body, picture());
    QVERIFY(get(QStringLiteral("/view/%1.txt").arg(name)).body.startsWith("Hello text"));
    QCOMPARE(
        get(QStringLiteral("/view/latest")).fields.value("location"), "/view/" + name.toUtf8() + ".html");
    keep("Subject: plain\n\ntext\n");
    QCOMPARE(get(QStringLiteral("/view/latest.html")).status, 404);
}

void HttpInterfaceTest::thumbnails()
{
    const QString name = keep(richMessage());
    const QJsonObject one = get(QStringLiteral("/api/v1/message/latest")).object();
    const auto thumbnail = [&](const QJsonValue &file) {
        const Answer answer = get(QStringLiteral("/api/v1/message/%1/part/%2/thumb")
                                      .arg(name, file[QStringLiteral("PartID")].toString()));
        return answer.contentType == "image/jpeg" ? QImage::fromData(answer.body, "JPEG") : QImage();
    };
    const QImage drawn = thumbnail(one[QStringLiteral("Inline")][0]);
    QCOMPARE(drawn.size(), QSize(180, 120));
    QVERIFY(drawn.pixelColor(90, 60).red() > 200 && drawn.pixelColor(90, 60).green() < 60);
    QVERIFY(drawn.pixelColor(90, 5).green() > 200); // lower than a thumbnail: white above
    const QImage blank = thumbnail(one[QStringLiteral("Attachments")][0]);
    QCOMPARE(blank.size(), QSize(180, 120));
    QVERIFY(blank.pixelColor(90, 60).green() > 200);
}

void HttpInterfaceTest::deletes()
{
    QStringList names;
    for (const char *subject : {"a", "b", "c", "d"})
        names += keep(QByteArray("Subject: ") + subject + "\n\nx\n");
    const QByteArray ids = R"({"IDs":[")" + names.at(1).toUtf8() + R"(","gone"]})";
    QCOMPARE(ask("DELETE", QStringLiteral("/api/v1/messages"), ids).body, QByteArray("ok"));
    QCOMPARE(list().size(), 3);
    QCOMPARE(ask("DELETE", QStringLiteral("/api/v1/messages"), R"({"IDs":["gone"]})").status, 200);
    QCOMPARE(ask("DELETE", QStringLiteral("/api/v1/messages"), "{garbage").status, 400);
    QCOMPARE(list().size(), 3);
    QCOMPARE(ask("DELETE", QStringLiteral("/api/v1/search?query=subject:c")).body, QByteArray("ok"));
    QCOMPARE(list().size(), 2);
    QCOMPARE(ask("DELETE", QStringLiteral("/api/v1/messages")).body, QByteArray("ok"));
    QCOMPARE(list().size(), 0);
    QCOMPARE(ask("DELETE", QStringLiteral("/api/v1/messages")).status, 200);
    QVERIFY(get(QStringLiteral("/metrics")).body.contains("\nmailpit_messages_deleted_total 5\n"));
}

void HttpInterfaceTest::whatIsNotThere_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<int>("status");
    for (const char *path : {"/api/v1/message/latest", "/api/v1/message/gone", "/api/v1/message/gone/raw",
             "/api/v1/message/gone/headers", "/api/v1/message/gone/part/1", "/view/gone.html",
             "/view/latest.txt", "/api/v1/message/..%2F..%2Fsettings.ini/raw", "/api/v1/message/%2e%2e/raw",
             "/api/v2/info", "/"})
        QTest::newRow(path) << QString::fromLatin1(path) << 404;
    for (const char *path : {"/api/v1/message/latest/html-check", "/api/v1/message/latest/link-check"})
        QTest::newRow(path) << QString::fromLatin1(path) << 404;
    QTest::newRow("sa-check") << QStringLiteral("/api/v1/message/latest/sa-check") << 501;
    QTest::newRow("chaos") << QStringLiteral("/api/v1/chaos") << 400;
}

void HttpInterfaceTest::whatIsNotThere()
{
    QFETCH(QString, path);
    QFETCH(int, status);
    QCOMPARE(get(path).status, status);
}

void HttpInterfaceTest::sendsIntoTheMailbox()
{
    const QByteArray png = picture();
    const QByteArray body = R"({"From":{"Email":"john@example.com","Name":"John \"Ü\" Doe"},
        "To":[{"Email":"jane@example.com","Name":"Jane Doe"}],"Cc":[{"Email":"m1@example.com"}],
        "Bcc":["jack@example.com"],"ReplyTo":[{"Email":"desk@example.com","Name":"Desk"}],
        "Headers":{"X-IP":"1.2.3.4","X-Evil":"a\r\nBcc: x@y.z"},"Subject":"Über\nHTTP","Text":"This is the text body",
        "HTML":"<p>It is <b>äwesome</b>!</p>","Tags":["Tag 2","Tag 1"],
        "Attachments":[{"Content":"VGhpcyBpcw==","Filename":"Attached File.txt"},
        {"Content":"data:image/png;base64,)"
        + png.toBase64() + R"(","Filename":"p.png","ContentID":"logo"}]})";
    const Answer sent = ask("POST", QStringLiteral("/api/v1/send"), body);
    QVERIFY2(sent.status == 200, sent.body);
    const QString name = sent.object()[QStringLiteral("ID")].toString();
    const QJsonObject one = get(QStringLiteral("/api/v1/message/") + name).object();
    QCOMPARE(one[QStringLiteral("Subject")].toString(), QStringLiteral("Über HTTP"));
    QCOMPARE(one[QStringLiteral("Text")].toString().trimmed(), QStringLiteral("This is the text body"));
    QCOMPARE(one[QStringLiteral("HTML")].toString(), QStringLiteral("<p>It is <b>äwesome</b>!</p>"));
    QCOMPARE(
        one[QStringLiteral("From")][QStringLiteral("Name")].toString(), QStringLiteral("John \"Ü\" Doe"));
    QCOMPARE(one[QStringLiteral("ReturnPath")].toString(), QStringLiteral("john@example.com"));
    QCOMPARE(one[QStringLiteral("To")][0][QStringLiteral("Address")].toString(),
        QStringLiteral("jane@example.com"));
    QCOMPARE(one[QStringLiteral("Bcc")].toArray().size(), 1);
    QCOMPARE(one[QStringLiteral("ReplyTo")][0][QStringLiteral("Name")].toString(), QStringLiteral("Desk"));
    QCOMPARE(
        one[QStringLiteral("Tags")].toArray(), texts({QStringLiteral("Tag 1"), QStringLiteral("Tag 2")}));
    QCOMPARE(one[QStringLiteral("Attachments")].toArray().size(), 1);
    QCOMPARE(one[QStringLiteral("Attachments")][0][QStringLiteral("FileName")].toString(),
        QStringLiteral("Attached File.txt"));
    QCOMPARE(
        one[QStringLiteral("Inline")][0][QStringLiteral("ContentID")].toString(), QStringLiteral("logo"));
    QCOMPARE(get(QStringLiteral("/api/v1/message/%1/part/%2")
                     .arg(name, one[QStringLiteral("Inline")][0][QStringLiteral("PartID")].toString()))
                 .body,
        png);
    const QJsonObject headers = get(QStringLiteral("/api/v1/message/%1/headers").arg(name)).object();
    QCOMPARE(headers[QStringLiteral("X-Ip")].toArray(), texts({QStringLiteral("1.2.3.4")}));
    QCOMPARE(headers[QStringLiteral("Bcc")].toArray().size(), 1); // none came in by X-Evil
    QCOMPARE(headers[QStringLiteral("Delivered-To")].toArray().size(), 3);
}

void HttpInterfaceTest::refusesToSend_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("error");
    const QByteArray from = R"({"From":{"Email":"a@b.example"},)";
    QTest::newRow("no JSON") << QByteArray("{") << QString();
    QTest::newRow("no sender") << QByteArray(R"({"To":[{"Email":"c@d.example"}]})")
                               << QStringLiteral("invalid From address: ");
    QTest::newRow("no recipient") << QByteArray(from + R"("Subject":"x"})")
                                  << QStringLiteral("no recipients");
    QTest::newRow("bad recipient") << QByteArray(from + R"("To":[{"Email":"c d"}]})")
                                   << QStringLiteral("invalid To address: c d");
    QTest::newRow("bad Bcc") << QByteArray(from + R"("Bcc":["x"]})")
                             << QStringLiteral("invalid Bcc address: x");
    QTest::newRow("field of its own") << QByteArray(from + R"("Bcc":["x@y.z"],"Headers":{"SUBJECT":"x"}})")
                                      << QStringLiteral("cannot overwrite header: \"SUBJECT\"");
    QTest::newRow("no field") << QByteArray(from + R"("Bcc":["x@y.z"],"Headers":{"X\nBcc":"x"}})")
                              << QStringLiteral("cannot overwrite header: \"X\nBcc\"");
    QTest::newRow("no base64") << QByteArray(
        from + R"("Bcc":["x@y.z"],"Attachments":[{"Content":"*","Filename":"f"}]})")
                               << QStringLiteral("error decoding base64 attachment \"f\"");
}

void HttpInterfaceTest::refusesToSend()
{
    QFETCH(QByteArray, body);
    QFETCH(QString, error);
    const Answer answer = ask("POST", QStringLiteral("/api/v1/send"), body);
    QCOMPARE(answer.status, 400);
    const QString said = answer.object()[QStringLiteral("Error")].toString();
    QVERIFY(!said.isEmpty());
    if (!error.isEmpty())
        QCOMPARE(said, error);
    QCOMPARE(list().size(), 0);
}

void HttpInterfaceTest::releasesIntoTheQueueHeld()
{
    const QByteArray message = "From: a@client.example\nTo: bob@example.test\nBcc: secret@example.test\n"
                               "Date: Mon, 23 Nov 2026 10:00:00 +0100\nMessage-ID: <1@client.example>\n"
                               "Subject: goes out\n\ntext\n";
    const QString name = keep(message, {"bob", "secret"});
    const Answer answer = ask("POST", QStringLiteral("/api/v1/message/%1/release").arg(name),
        R"({"To":["Zoe <zoe@far.example>","amy@far.example"]})");
    QVERIFY2(answer.status == 200 && answer.body == "ok", answer.body);
    const auto entries = test::awaited(m_mail->outbox().entries());
    QVERIFY(entries);
    QCOMPARE(entries->size(), 1);
    const mail::QueueEntry &entry = entries->first();
    QVERIFY(entry.held && entry.isUntouched());
    QCOMPARE(entry.envelope.reversePath.toBytes(), QByteArray("sender@client.example"));
    QCOMPARE(entry.recipients.size(), 2);
    QCOMPARE(entry.recipients.first().recipient.forwardPath.toBytes(), QByteArray("zoe@far.example"));
    QVERIFY(entry.madeFrom && entry.madeFrom->how == mail::MadeFrom::How::Released);
    QCOMPARE(entry.madeFrom->messageId, QByteArray("1@client.example"));
    const QString way = QStringLiteral("/glasspost/v1/journeys/");
    const QJsonArray atOriginal
        = get(way + QStringLiteral("latest")).object()[QStringLiteral("links")].toArray();
    const QJsonArray atMade
        = get(way + QString::fromLatin1(entry.id)).object()[QStringLiteral("links")].toArray();
    QCOMPARE(atOriginal.size(), 1);
    QCOMPARE(atMade.size(), 1);
    const QJsonObject made = atOriginal.first().toObject();
    QCOMPARE(made[QStringLiteral("to")].toString(), QStringLiteral("made"));
    QCOMPARE(made[QStringLiteral("how")].toString(), QStringLiteral("released"));
    QCOMPARE(made[QStringLiteral("entry")].toString(), QString::fromLatin1(entry.id));
    QCOMPARE(made[QStringLiteral("recipients")].toArray().size(), 2);
    const QJsonObject original = atMade.first().toObject();
    QCOMPARE(original[QStringLiteral("to")].toString(), QStringLiteral("original"));
    QCOMPARE(original[QStringLiteral("message")].toObject()[QStringLiteral("id")].toString(),
        QString::fromUtf8(entry.madeFrom->message.unique));
    const auto queued = test::awaited(m_mail->outbox().message(entry.id));
    QVERIFY(queued);
    QVERIFY2(
        queued->source.startsWith("From: a@client.example\nTo: bob@example.test\nDate: "), queued->source);
    QVERIFY2(queued->source.endsWith("\nSubject: goes out\n\ntext\n"), queued->source);
    for (const char *field : {"Bcc", "Delivered-To", "Return-Path"})
        QVERIFY2(!queued->source.contains(field), queued->source);
}

/// Whom the allow list names.
void HttpInterfaceTest::releasesToThoseAlone()
{
    mail::Settings settings = m_mail->settings().value();
    settings.listener.releaseAllowed = {QStringLiteral("*@staff.example")};
    QVERIFY(test::awaited(m_mail->settings().set(settings)));
    const QString path = QStringLiteral("/api/v1/message/%1/release").arg(keep("Subject: x\n\ntext\n"));
    const Answer refused = ask("POST", path, R"({"To":["amy@staff.example","zoe@far.example"]})");
    QCOMPARE(refused.status, 400);
    QVERIFY2(refused.body.contains("zoe@far.example"), refused.body);
    QCOMPARE(test::awaited(m_mail->outbox().entries())->size(), 0);
    const Answer taken = ask("POST", path, R"({"To":["amy@staff.example"]})");
    QVERIFY2(taken.status == 200, taken.body);
}

/// As an address in To needs it (RFC 6531), and not otherwise.
void HttpInterfaceTest::releasesWithSmtpUtf8()
{
    const QString path = QStringLiteral("/api/v1/message/%1/release").arg(keep("Subject: x\n\ntext\n"));
    for (const char *body : {R"({"To":["zoe@far.example"]})", "{\"To\":[\"zo\xC3\xAB@far.example\"]}"}) {
        const Answer answer = ask("POST", path, body);
        QVERIFY2(answer.status == 200, answer.body);
    }
    const auto entries = test::awaited(m_mail->outbox().entries());
    QVERIFY(entries);
    QCOMPARE(entries->size(), 2);
    for (const mail::QueueEntry &entry : *entries) {
        const smtp::Mailbox &to = entry.recipients.first().recipient.forwardPath;
        QCOMPARE(entry.envelope.smtpUtf8, to.needsSmtpUtf8());
    }
    QVERIFY(entries->first().envelope.smtpUtf8 != entries->last().envelope.smtpUtf8);
}

void HttpInterfaceTest::refusesToRelease_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("error");
    QTest::newRow("nobody") << QByteArray(R"({"To":[]})") << QByteArray("No valid addresses found");
    QTest::newRow("malformed") << QByteArray(R"({"To":["a b"]})") << QByteArray("Invalid email address: a b");
    QTest::newRow("no domain") << QByteArray(R"({"To":["captured"]})")
                               << QByteArray("Invalid email address: captured");
    QTest::newRow("two in one") << QByteArray(R"({"To":["a@b.c, d@e.f"]})")
                                << QByteArray("Invalid email address: a@b.c, d@e.f");
}

void HttpInterfaceTest::refusesToRelease()
{
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, error);
    const QString name = keep("Subject: x\n\ntext\n");
    const Answer answer = ask("POST", QStringLiteral("/api/v1/message/%1/release").arg(name), body);
    QCOMPARE(answer.status, 400);
    QCOMPARE(answer.body, error);
    QVERIFY(test::awaited(m_mail->outbox().entries())->isEmpty());
}

void HttpInterfaceTest::streamsWhatComes()
{
    keep("Subject: before\n\nx\n");
    const auto stream = listenTo({});
    QByteArray all;
    QTRY_VERIFY((all += stream->readAll()).contains(": \n\n"));
    for (const char *subject : {"first", "second", "third"})
        keep(QByteArray("Subject: ") + subject + "\n\nx\n");
    QTRY_VERIFY((all += stream->readAll()).contains("third"));
    QVERIFY2(!all.contains("before"), all);
    const qsizetype first = all.indexOf("\"Subject\":\"first\""), second = all.indexOf("\"second\""),
                    third = all.indexOf("\"third\"");
    QVERIFY2(0 < first && first < second && second < third, all);
    QVERIFY2(all.contains("\"Type\":\"new\"") && all.contains("\"Type\":\"stats\""), all);
    QCOMPARE(all.count("\"Type\":\"new\""), 3);
}

void HttpInterfaceTest::streamGoesOn()
{
    const auto one = listenTo({});
    QTRY_VERIFY(one->bytesAvailable() > 0);
    QByteArray all;
    keep("Subject: first\n\nx\n");
    QTRY_VERIFY((all += one->readAll()).contains("\"first\""));
    static const QRegularExpression id(QStringLiteral("id: (\\d+-\\d+)\n"));
    const QByteArray last = id.match(QString::fromUtf8(all)).captured(1).toLatin1();
    QVERIFY(!last.isEmpty());
    keep("Subject: second\n\nx\n");
    QTRY_VERIFY((all += one->readAll()).contains("\"second\""));
    const auto again = listenTo(last);
    QByteArray rest;
    QTRY_VERIFY((rest += again->readAll()).contains("\"second\""));
    QVERIFY2(!rest.contains("\"first\""), rest);
    all = one->readAll();
    QVERIFY2(!all.contains("\"second\""), all); // told once
}

/// Mailpit's own: what the frames are is tested in tst_websocket.
void HttpInterfaceTest::webSocketsToo()
{
    const QByteArray good = "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    const auto socket = upgrade("/api/events", good + "Origin: http://localhost\r\n");
    QByteArray all;
    const QByteArray ping("\x89\x00", 2), head = "\r\n\r\n";
    QTRY_VERIFY((all += socket->readAll()).endsWith(head + ping));
    QVERIFY2(all.startsWith("HTTP/1.1 101 "), all);
    for (const char *field : {"\r\nUpgrade: websocket\r\n", "\r\nConnection: Upgrade\r\n",
             "\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"})
        QVERIFY2(all.contains(field), all);
    all.clear();
    keep("Subject: first\n\nx\n");
    QTRY_VERIFY((all += socket->readAll()).contains("\"Subject\":\"first\""));
    QVERIFY2(all.startsWith("\x81") && all.contains("\"Type\":\"new\"") && !all.contains("data: "), all);
    QTRY_VERIFY((all += socket->readAll()).contains("\"Type\":\"stats\""));
    socket->write(QByteArray("\x88\x80mask", 6));
    QTRY_COMPARE(socket->state(), QAbstractSocket::UnconnectedState);
    QVERIFY((all += socket->readAll()).endsWith(QByteArray("\x88\x00", 2)));

    // One that is there when the server ends.
    const auto last = upgrade("/inbox/captured/api/events", good);
    QTRY_VERIFY(last->peek(12).endsWith("101"));
    m_http.reset();
    QTRY_COMPARE(last->state(), QAbstractSocket::UnconnectedState);
}

void HttpInterfaceTest::refusesWebSockets_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<QByteArray>("status");
    const QByteArray version = "Sec-WebSocket-Version: 13\r\n",
                     key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    const auto row = [](const char *name, const QByteArray &path, const QByteArray &fields,
                         const QByteArray &status) { QTest::newRow(name) << path << fields << status; };
    row("another version", "/api/events", "Sec-WebSocket-Version: 8\r\n" + key, "426");
    row("no key", "/api/events", version, "400");
    row("a key that is none", "/api/events", version + "Sec-WebSocket-Key: x\r\n", "400");
    row("another site", "/api/events", version + key + "Origin: http://other.example\r\n", "403");
    row("no inbox", "/inbox/none/api/events", version + key, "400");
    row("no events", "/livez", version + key, "200"); // as without
}

void HttpInterfaceTest::refusesWebSockets()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, fields);
    QFETCH(QByteArray, status);
    const auto socket = upgrade(path, fields);
    QByteArray answer;
    QTRY_VERIFY((answer += socket->readAll()).contains("\r\n\r\n"));
    QVERIFY2(answer.startsWith("HTTP/1.1 " + status), answer);
    QCOMPARE(answer.contains("\r\nSec-WebSocket-Version: 13\r\n"), status == "426");
}

void HttpInterfaceTest::boundsItsStreams()
{
    std::vector<std::unique_ptr<QTcpSocket>> streams;
    for (int i = 0; i < 64; ++i) {
        streams.push_back(listenTo({}));
        QTRY_VERIFY(streams.back()->peek(12).endsWith("200"));
    }
    const auto late = listenTo({});
    QTRY_VERIFY(late->peek(12).endsWith("503"));
    streams.clear();
    const auto free = [this] {
        const auto stream = listenTo({});
        return QTest::qWaitFor([&stream] { return stream->bytesAvailable() > 12; })
            && stream->peek(12).endsWith("200");
    };
    QTRY_VERIFY(free()); // those that went away are noticed
}

void HttpInterfaceTest::showsTheQueueAndSessions()
{
    const QString name = keep("Subject: x\n\ntext\n");
    const Answer released = ask(
        "POST", QStringLiteral("/api/v1/message/%1/release").arg(name), R"({"To":["zoe@far.example"]})");
    QVERIFY2(released.status == 200, released.body);
    const QJsonArray entries
        = get(QStringLiteral("/glasspost/v1/queue")).object()[QStringLiteral("entries")].toArray();
    QCOMPARE(entries.size(), 1);
    QCOMPARE(entries.first()[QStringLiteral("recipients")][0][QStringLiteral("state")].toString(),
        QStringLiteral("held"));
    QCOMPARE(
        get(QStringLiteral("/glasspost/v1/sessions")).object()[QStringLiteral("sessions")], QJsonArray());
    QCOMPARE(get(QStringLiteral("/glasspost/v1/sessions/none")).status, 404);
}

QTEST_GUILESS_MAIN(HttpInterfaceTest)
#include "tst_httpinterface.moc"
