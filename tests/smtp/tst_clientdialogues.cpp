// Plays each file of tests/dialogues/client against the real client session over a loopback socket: the file
// is the server's part and what the client must say. Once with whole lines, once octet by octet. The settings
// and assertions that this runner knows stand in tests/dialogues/client/README.md.

#include "smtp/client/clientsession.h"
#include "smtp/client/clientstates.h"
#include "tests/support/dialogue.h"
#include "tests/support/sourcetree.h"

#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>
#include <QTimer>

using namespace glasspost::smtp;
using namespace glasspost::test;

namespace {

enum class Chunking { Whole, ByteByByte };

class Transcript : public TranscriptSink
{
public:
    void opened(const SessionFacts &) override { }
    void recorded(const QByteArray &, TranscriptEntry entry) override { entries.append(entry); }
    void changed(const SessionFacts &) override { }
    void closed(const SessionFacts &facts) override { closedFacts = facts; }

    [[nodiscard]] QByteArray text() const
    {
        QByteArray lines;
        for (const TranscriptEntry &entry : entries) {
            const char *who = entry.speaker == Speaker::Client ? "C: "
                : entry.speaker == Speaker::Server             ? "S: "
                                                               : "-: ";
            lines += who + entry.bytes + '\n';
        }
        return lines;
    }

    QList<TranscriptEntry> entries;
    SessionFacts closedFacts;
};

/// The message of a dialogue, from memory.
class TextSource : public MessageSource
{
public:
    explicit TextSource(const Dialogue &dialogue)
        : m_octets(dialogue.settingBody("message").join("\n") + '\n'),
          m_size(dialogue.setting("size", "-1").toLongLong()),
          m_eightBit(dialogue.setting("eightbit") == "yes"),
          m_longLine(dialogue.setting("longline") == "yes"),
          m_fault(
              dialogue.setting("unconverted") == "now" ? ConversionFault::NotNow : ConversionFault::Forbidden)
    {
        if (m_size < 0)
            m_size = m_octets.size() + m_octets.count('\n');
        if (!dialogue.setting("sevenbit").isEmpty())
            m_sevenBit = std::make_shared<TextSource>(dialogue.setting("sevenbit"));
    }
    explicit TextSource(const QByteArray &line) : m_octets(line + '\n'), m_size(m_octets.size() + 1) { }

    [[nodiscard]] qint64 wireSize() const override { return m_size; }
    [[nodiscard]] bool hasEightBit() const override { return m_eightBit; }
    [[nodiscard]] bool hasLongLine() const override { return m_longLine; }
    bool rewind() override
    {
        m_place = 0;
        return true;
    }
    QByteArray read(qint64 maximum) override
    {
        const QByteArray part = m_octets.mid(m_place, maximum);
        m_place += part.size();
        return part;
    }
    [[nodiscard]] bool failed() const override { return false; }
    [[nodiscard]] MessageConverter toSevenBit() const override
    {
        return [sevenBit = m_sevenBit, fault = m_fault](const std::stop_token &) -> ConvertedMessage {
            if (!sevenBit)
                return tl::unexpected(fault);
            return std::make_shared<TextSource>(*sevenBit);
        };
    }

private:
    QByteArray m_octets;
    qint64 m_size = 0;
    bool m_eightBit = false;
    bool m_longLine = false;
    ConversionFault m_fault = ConversionFault::Forbidden;
    qsizetype m_place = 0;
    std::shared_ptr<TextSource> m_sevenBit;
};

/// The server's part of a dialogue. Anything that does not fit ends it with a complaint.
class ScriptedServer : public QObject
{
    Q_OBJECT
public:
    ScriptedServer(const Dialogue &dialogue, Chunking chunking)
        : m_chunking(chunking), m_restMatters(dialogue.setting("rest") != "any")
    {
        for (const DialogueStep &step : dialogue.steps) {
            if (step.kind != DialogueStep::Kind::Assertion)
                m_steps.append(step);
        }
        connect(&m_server, &QTcpServer::newConnection, this, &ScriptedServer::accept);
        m_server.listen(QHostAddress::LocalHost);
    }

    [[nodiscard]] quint16 port() const { return m_server.serverPort(); }
    [[nodiscard]] QByteArray complaint() const
    {
        if (m_complaint.isEmpty() && m_next < m_steps.size())
            return "the dialogue stopped before line " + QByteArray::number(m_steps.at(m_next).line) + ": "
                + m_steps.at(m_next).bytes + "; unread: " + m_input;
        if (m_complaint.isEmpty() && m_restMatters && !m_input.isEmpty())
            return "the client said more: " + m_input;
        return m_complaint;
    }
    void stopListening() { m_server.close(); }

private:
    void accept()
    {
        m_socket = m_server.nextPendingConnection();
        m_socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
        connect(m_socket, &QTcpSocket::readyRead, this, &ScriptedServer::advance);
        connect(m_socket, &QTcpSocket::disconnected, this, &ScriptedServer::gone);
        advance();
    }

    void gone()
    {
        m_gone = true;
        advance();
    }

    void complain(const QByteArray &text)
    {
        if (m_complaint.isEmpty())
            m_complaint = text;
        m_next = m_steps.size();
        if (m_socket)
            m_socket->abort();
    }

    void advance()
    {
        if (m_socket)
            m_input += m_socket->readAll();
        while (m_next < m_steps.size() && m_output.isEmpty() && play(m_steps.at(m_next)))
            ++m_next;
        trickle();
    }

    bool play(const DialogueStep &step)
    {
        switch (step.kind) {
        case DialogueStep::Kind::ServerLine:
            return say(step.bytes + "\r\n");
        case DialogueStep::Kind::ServerRaw:
            return say(step.bytes);
        case DialogueStep::Kind::ClientLine:
            return expectLine(step);
        case DialogueStep::Kind::ClientRaw:
            return expectOctets(step);
        case DialogueStep::Kind::ServerClose:
            m_socket->disconnectFromHost();
            return true;
        case DialogueStep::Kind::ClientTls:
        case DialogueStep::Kind::ClientClose:
            return m_gone;
        case DialogueStep::Kind::Assertion:
            return true;
        }
        return true;
    }

    bool say(const QByteArray &octets)
    {
        if (m_gone)
            return true;
        if (m_chunking == Chunking::ByteByByte) {
            m_output = octets;
            return true;
        }
        m_socket->write(octets);
        return true;
    }

    /// One octet for each turn of the event loop, so that the client sees them apart.
    void trickle()
    {
        if (m_output.isEmpty() || m_trickling)
            return;
        m_trickling = true;
        m_socket->write(m_output.left(1));
        m_socket->flush();
        m_output.remove(0, 1);
        QTimer::singleShot(0, this, [this] {
            m_trickling = false;
            advance();
        });
    }

    bool expectLine(const DialogueStep &step)
    {
        const qsizetype end = m_input.indexOf("\r\n");
        if (end < 0) {
            if (m_gone)
                complain("line " + QByteArray::number(step.line) + ": the client closed in place of "
                    + step.bytes);
            return false;
        }
        const QByteArray line = m_input.left(end);
        m_input.remove(0, end + 2);
        if (matchesPattern(step.bytes, line))
            return true;
        complain("line " + QByteArray::number(step.line) + ": expected " + step.bytes + ", got " + line);
        return false;
    }

    bool expectOctets(const DialogueStep &step)
    {
        if (m_input.size() < step.bytes.size() && step.bytes.startsWith(m_input) && !m_gone)
            return false;
        if (!m_input.startsWith(step.bytes)) {
            complain(
                "line " + QByteArray::number(step.line) + ": expected " + step.bytes + ", got " + m_input);
            return false;
        }
        m_input.remove(0, step.bytes.size());
        return true;
    }

    QTcpServer m_server;
    QTcpSocket *m_socket = nullptr;
    QList<DialogueStep> m_steps;
    Chunking m_chunking;
    bool m_restMatters;
    qsizetype m_next = 0;
    QByteArray m_input;
    QByteArray m_output;
    QByteArray m_complaint;
    bool m_gone = false;
    bool m_trickling = false;
};

QByteArray resultName(DeliveryResult result)
{
    switch (result) {
    case DeliveryResult::Delivered:
        return "delivered";
    case DeliveryResult::Deferred:
        return "deferred";
    case DeliveryResult::Refused:
        return "refused";
    case DeliveryResult::Unknown:
        return "unknown";
    }
    return {};
}

QByteArray stageName(DeliveryStage stage)
{
    static const QList<QByteArray> names{"Local", "Lookup", "Connect", "Greeting", "Hello", "StartTls",
        "Auth", "Mail", "Rcpt", "Data", "Body", "EndOfData"};
    return names.at(int(stage));
}

QByteArray outcomeName(SessionOutcome outcome)
{
    static const QList<QByteArray> names{"open", "completed", "refused", "broken"};
    return names.at(int(outcome));
}

/// "bob@example.org refused stage=Rcpt status=5.1.1 code=550 reason=no such user", each word in its place.
QByteArray describe(const RecipientReport &report)
{
    return report.recipient.toBytes() + ' ' + resultName(report.result) + " stage=" + stageName(report.stage)
        + " status=" + report.status.toBytes() + " code=" + QByteArray::number(report.reply.code)
        + " command=" + report.command.left(4) + " reason=" + report.reason;
}

Mailbox mailboxOf(const QByteArray &text)
{
    const qsizetype at = text.lastIndexOf('@');
    return at < 0 ? Mailbox{text, {}} : Mailbox{text.left(at), text.mid(at + 1)};
}

Envelope envelopeOf(const Dialogue &dialogue)
{
    Envelope envelope;
    const QByteArray sender = dialogue.setting("sender", "alice@example.net");
    envelope.reversePath = sender == "<>" ? Mailbox{} : mailboxOf(unescape(sender).value());
    envelope.smtpUtf8 = dialogue.setting("smtputf8") == "yes";
    envelope.envelopeId = unescape(dialogue.setting("envid")).value();
    envelope.body = dialogue.setting("body") == "binary" ? BodyType::BinaryMime : BodyType::SevenBit;
    envelope.requireTls = dialogue.setting("requiretls") == "yes";
    if (const QList<QByteArray> by = dialogue.setting("by").split(';'); by.size() == 2) {
        const auto mode = by.at(1).startsWith('R') ? DeliverBy::Mode::Return : DeliverBy::Mode::Notify;
        envelope.deliverBy = DeliverBy{by.at(0).toLongLong(), mode, by.at(1).endsWith('T')};
    }
    if (const QByteArray hold = dialogue.setting("hold"); !hold.isEmpty())
        envelope.holdUntil = QDateTime::currentSecsSinceEpoch() + hold.toLongLong();
    if (const QByteArray priority = dialogue.setting("priority"); !priority.isEmpty())
        envelope.priority = priority.toInt();
    if (!dialogue.setting("ret").isEmpty())
        envelope.dsnReturn = dialogue.setting("ret") == "full" ? DsnReturn::Full : DsnReturn::Headers;
    for (const QByteArray &word : dialogue.setting("recipients", "bob@example.org").split(' ')) {
        EnvelopeRecipient recipient;
        recipient.forwardPath = mailboxOf(unescape(word).value());
        if (dialogue.setting("notify") == "never")
            recipient.notify = Notify::Never;
        else if (dialogue.setting("notify") == "all")
            recipient.notify = NotifyFlags(Notify::Success | Notify::Failure | Notify::Delay);
        recipient.originalRecipient = dialogue.setting("orcpt");
        envelope.recipients.append(recipient);
    }
    return envelope;
}

void shorten(ClientTimeouts &timeouts, const QByteArray &setting)
{
    const QList<QByteArray> words = setting.split(' ');
    const std::chrono::milliseconds time(words.value(1).toInt());
    const QList<std::pair<QByteArray, std::chrono::milliseconds ClientTimeouts::*>> names{
        {"connect", &ClientTimeouts::connect}, {"greeting", &ClientTimeouts::greeting},
        {"hello", &ClientTimeouts::hello}, {"auth", &ClientTimeouts::auth}, {"mail", &ClientTimeouts::mail},
        {"rcpt", &ClientTimeouts::rcpt}, {"data", &ClientTimeouts::dataInitiation},
        {"block", &ClientTimeouts::dataBlock}, {"dot", &ClientTimeouts::dataTermination},
        {"quit", &ClientTimeouts::quit}, {"handshake", &ClientTimeouts::handshake}};
    for (const auto &[name, member] : names) {
        if (words.value(0) == name)
            timeouts.*member = time;
    }
}

TlsMode tlsOf(const QByteArray &word)
{
    if (word == "required")
        return TlsMode::Required;
    if (word == "implicit")
        return TlsMode::Implicit;
    return word == "opportunistic" ? TlsMode::Opportunistic : TlsMode::None;
}

ClientSettings settingsOf(const Dialogue &dialogue)
{
    ClientSettings settings;
    settings.heloName = unescape(dialogue.setting("helo", "client.example.net")).value();
    settings.tls = tlsOf(dialogue.setting("tls", "none"));
    settings.passedOver = Capabilities::flagsOf(dialogue.setting("without")).value();
    if (dialogue.setting("protocol") == "lmtp")
        settings.protocol = ClientProtocol::Lmtp;
    settings.chunkSize = dialogue.setting("chunk", "1000").toLongLong();
    settings.submitter = dialogue.setting("submitter");
    if (!dialogue.setting("xclient").isEmpty())
        settings.xclient = dialogue.setting("xclient").split(' ');
    if (const QList<QByteArray> proxy = dialogue.setting("proxy").split(' '); proxy.size() == 3) {
        using Version = ProxyAnnouncement::Version;
        settings.proxy = {proxy.at(0) == "v2" ? Version::V2 : Version::V1,
            QHostAddress(QString::fromLatin1(proxy.at(1))), proxy.at(2).toUShort()};
    }
    settings.refuseOwnName = dialogue.setting("ownname") == "refuse";
    settings.replyLimit = dialogue.setting("replylimit", "65536").toLongLong();
    const QList<QByteArray> auth = dialogue.setting("auth").split(' ');
    settings.credentials.user = auth.value(0);
    settings.credentials.password = auth.value(1) == "-" ? QByteArray() : auth.value(1);
    settings.credentials.inClear = auth.value(2) == "clear" ? ClearAuth::Loopback : ClearAuth::Never;
    settings.credentials.token = dialogue.setting("token");
    if (!dialogue.setting("mechanisms").isEmpty())
        settings.credentials.mechanisms = dialogue.setting("mechanisms").split(' ');
    for (const QByteArray &timeout : dialogue.settingsOf("timeout"))
        shorten(settings.timeouts, timeout);
    return settings;
}

} // namespace

class ClientDialoguesTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void play_data()
    {
        QTest::addColumn<Dialogue>("dialogue");
        QTest::addColumn<Chunking>("chunking");
        const auto all = readDialogues(inSourceTree(QStringLiteral("tests/dialogues/client")));
        if (!all)
            QFAIL(qPrintable(all.error()));
        QVERIFY(all->size() >= 60);
        for (const Dialogue &dialogue : *all) {
            const QByteArray name = dialogue.name.toUtf8();
            QTest::newRow(name.constData()) << dialogue << Chunking::Whole;
            if (dialogue.setting("chunks") != "whole")
                QTest::newRow((name + " byte by byte").constData()) << dialogue << Chunking::ByteByByte;
        }
    }

    void play()
    {
        QFETCH(Dialogue, dialogue);
        QFETCH(Chunking, chunking);
        ScriptedServer server(dialogue, chunking);
        const quint16 port = server.port();
        if (dialogue.setting("server") == "absent")
            server.stopListening();
        Transcript transcript;
        ClientSession session(settingsOf(dialogue), transcript);
        QSignalSpy finished(&session, &ClientSession::sessionFinished);
        QList<DeliveryReport> reports;
        int messages = dialogue.setting("messages", "1").toInt();
        connect(&session, &ClientSession::transactionFinished, &session, [&](const DeliveryReport &report) {
            reports.append(report);
            if (--messages > 0 && session.isReusable())
                session.send(envelopeOf(dialogue), std::make_shared<TextSource>(dialogue));
            else
                session.quit();
        });
        session.connectToServer({dialogue.setting("host", "127.0.0.1"),
            dialogue.setting("host").isEmpty() ? QHostAddress(QHostAddress::LocalHost) : QHostAddress(),
            port});
        session.send(envelopeOf(dialogue), std::make_shared<TextSource>(dialogue));
        const bool ended = finished.count() > 0 || finished.wait(10000);
        if (!ended || !server.complaint().isEmpty())
            qInfo().noquote() << "\n" + transcript.text();
        QVERIFY2(ended, server.complaint().constData());
        QTRY_COMPARE_WITH_TIMEOUT(server.complaint(), QByteArray(), 2000);
        for (const DialogueStep &step : std::as_const(dialogue.steps)) {
            if (step.kind == DialogueStep::Kind::Assertion)
                check(step, reports, transcript);
        }
        QCOMPARE(transcript.closedFacts.outcome == SessionOutcome::Open, false);
        QCOMPARE(session.state(), ClientState::Closed);
    }

private:
    void check(const DialogueStep &step, const QList<DeliveryReport> &reports, const Transcript &transcript)
    {
        const qsizetype space = step.bytes.indexOf(' ');
        const QByteArray what = step.bytes.left(space);
        const QByteArray pattern = step.bytes.mid(space + 1);
        QList<QByteArray> found;
        if (what == "report") {
            for (const DeliveryReport &report : reports) {
                for (const RecipientReport &recipient : report.recipients)
                    found.append(describe(recipient));
            }
        } else if (what == "outcome") {
            found.append(outcomeName(transcript.closedFacts.outcome) + ' ' + transcript.closedFacts.ending);
        } else if (what == "transcript" || what == "never") {
            found = transcript.text().split('\n');
        } else if (what == "reports") {
            found.append(QByteArray::number(reports.size()));
        }
        const bool hit = std::any_of(found.cbegin(), found.cend(),
            [&](const QByteArray &line) { return matchesPattern(pattern, line); });
        const QByteArray text
            = "line " + QByteArray::number(step.line) + ": " + step.bytes + "\nfound: " + found.join('\n');
        QVERIFY2(hit == (what != "never"), text.constData());
    }
};

QTEST_GUILESS_MAIN(ClientDialoguesTest)
#include "tst_clientdialogues.moc"
