// Plays every file of tests/dialogues/server against a real listener over loopback, once with what the client
// says at a stretch in one segment, once octet by octet.
#include "smtp/server/listener.h"
#include "smtp/server/selfsigned.h"
#include "tests/support/dialogue.h"
#include "tests/support/sourcetree.h"
#include "tests/support/stubmail.h"

#include <QSignalSpy>
#include <QSslSocket>
#include <QTest>

#include <optional>

using namespace glasspost;
using namespace glasspost::test;

Q_DECLARE_METATYPE(glasspost::test::Dialogue)

namespace {

enum class Segments { Joined, SingleOctets };

smtp::ServerSettings settingsOf(const Dialogue &dialogue)
{
    smtp::ServerSettings settings;
    settings.hostName = dialogue.setting("hostname", "mail.example.test");
    const auto number = [&](const char *key, int otherwise) {
        return dialogue.setting(key, QByteArray::number(otherwise)).toInt();
    };
    settings.limits.recipients = number("recipients", settings.limits.recipients);
    settings.limits.errors = number("errors", settings.limits.errors);
    settings.limits.junkCommands = number("junk", settings.limits.junkCommands);
    settings.limits.messageSize = number("size", 10240);
    settings.limits.textLine = number("textline", settings.limits.textLine);
    settings.limits.headerSize = number("header", settings.limits.headerSize);
    settings.limits.hops = number("hops", settings.limits.hops);
    settings.limits.authFailures = number("authfailures", settings.limits.authFailures);
    settings.clearAuth = dialogue.setting("clearauth", "loopback") == "never" ? smtp::ClearAuth::Never
                                                                              : smtp::ClearAuth::Loopback;
    const QByteArray trusted = dialogue.setting("trusted");
    if (!trusted.isEmpty())
        settings.trustedPeers = {{QHostAddress(QString::fromLatin1(trusted)), 32}};
    const QByteArray allowed = dialogue.setting("allowed");
    if (!allowed.isEmpty())
        settings.allowedClients = {{QHostAddress(QString::fromLatin1(allowed)), 32}};
    settings.limits.errorDelay = std::chrono::milliseconds(number("delay", 1));
    settings.limits.slowAfterErrors = number("slowerrors", settings.limits.slowAfterErrors);
    settings.limits.slowAfterJunk = number("slowjunk", settings.limits.slowAfterJunk);
    settings.limits.mailsPerSession = number("mailmax", 0);
    settings.limits.leastDeliverBy = std::chrono::seconds(number("leastby", 0));
    settings.limits.longestHold = std::chrono::seconds(number("longesthold", 3600));
    settings.paths
        = dialogue.setting("strict", "on") == "on" ? smtp::PathStyle::Strict : smtp::PathStyle::Tolerant;
    settings.verifyAllowed = dialogue.setting("vrfy", "on") == "on";
    settings.expandAllowed = dialogue.setting("expn", "on") == "on";
    settings.offerSmtpUtf8 = dialogue.setting("smtputf8", "on") == "on";
    settings.offerChunking = dialogue.setting("chunking", "on") == "on";
    settings.offerBinaryMime = dialogue.setting("binarymime", "off") == "on";
    const auto isOn = [&](const char *key) { return dialogue.setting(key, "off") == "on"; };
    settings.offerDsn = isOn("dsn");
    settings.offerRequireTls = isOn("requiretls");
    settings.offerDeliverBy = isOn("deliverby");
    settings.offerXclient = isOn("xclient");
    settings.offerFutureRelease = isOn("futurerelease");
    settings.offerMtPriority = isOn("mtpriority");
    settings.priorityProfile = dialogue.setting("profile");
    settings.announceLimits = dialogue.setting("limits", "on") == "on";
    if (!dialogue.setting("tls").isEmpty()) {
        static const smtp::SelfSigned made = smtp::makeSelfSigned("mail.example.test").value();
        settings.identity = {{made.certificate}, made.key};
    }
    settings.offerAuth = !dialogue.settingsOf("password").isEmpty();
    return settings;
}

smtp::TlsMode tlsModeOf(const Dialogue &dialogue)
{
    const QByteArray word = dialogue.setting("tls");
    if (word == "required")
        return smtp::TlsMode::Required;
    return word == "implicit" ? smtp::TlsMode::Implicit : smtp::TlsMode::Opportunistic;
}

/// "@ unknown bill@foo.com", "@ answer rcpt bill@foo.com 450 4.2.1 Later", "@ password bob secret".
void configure(StubMail &mail, const Dialogue &dialogue)
{
    using Question = StubMail::Question;
    static const QHash<QByteArray, Question> questions{{"connect", Question::Connect},
        {"mail", Question::Mail}, {"rcpt", Question::Rcpt}, {"data", Question::Data}, {"end", Question::End},
        {"verify", Question::Verify}, {"expand", Question::Expand}};
    for (const QByteArray &who : dialogue.settingsOf("unknown"))
        mail.answers[Question::Rcpt].insert(who, replyFrom("550 5.1.1 No such user here"));
    for (const QByteArray &value : dialogue.settingsOf("answer")) {
        const qsizetype first = value.indexOf(' ');
        const qsizetype second = value.indexOf(' ', first + 1);
        const QByteArray what = value.mid(first + 1, second - first - 1);
        mail.answers[questions.value(value.first(first))].insert(what, replyFrom(value.mid(second + 1)));
    }
    for (const QByteArray &value : dialogue.settingsOf("password")) {
        const qsizetype blank = value.indexOf(' ');
        mail.passwords.insert(value.first(blank), value.mid(blank + 1));
    }
    for (const QByteArray &value : dialogue.settingsOf("token")) {
        const qsizetype blank = value.indexOf(' ');
        mail.tokens.insert(value.first(blank), value.mid(blank + 1));
    }
    mail.furtherMechanisms = dialogue.settingsOf("mechanism");
}

QByteArray bracketed(const smtp::Mailbox &mailbox)
{
    return '<' + mailbox.toBytes() + '>';
}

QByteArray describe(const StubMessage &message)
{
    QByteArray text = "from=" + bracketed(message.envelope.reversePath);
    for (const smtp::EnvelopeRecipient &recipient : message.envelope.recipients)
        text += " to=" + bracketed(recipient.forwardPath);
    return text + " size=" + QByteArray::number(message.body.size());
}

class Player
{
public:
    Player(const Dialogue &dialogue, Segments segments) : m_dialogue(dialogue), m_segments(segments) { }

    /// What went wrong, in one line; nothing when all was as written.
    std::optional<QString> play()
    {
        configure(m_mail, m_dialogue);
        smtp::Listener listener(settingsOf(m_dialogue), m_mail, m_transcripts, &m_mail);
        smtp::Binding binding;
        binding.port = 0;
        binding.tls = tlsModeOf(m_dialogue);
        if (m_dialogue.setting("proxy", "off") == "on")
            binding.proxyHeaders = smtp::ProxyHeaders::Expected;
        binding.requireAuth = m_dialogue.setting("requireauth", "off") == "on";
        const auto bound = listener.listen(binding);
        if (!bound)
            return QStringLiteral("no port: ") + bound.error().systemText;
        m_socket.connectToHost(bound->address, bound->port);
        m_socket.setPeerVerifyMode(QSslSocket::VerifyNone);
        m_socket.setSocketOption(QAbstractSocket::LowDelayOption, 1);
        for (const DialogueStep &step : m_dialogue.steps) {
            if (const auto fault = take(step))
                return QStringLiteral("line %1: ").arg(step.line) + *fault;
        }
        return flush();
    }

private:
    std::optional<QString> take(const DialogueStep &step)
    {
        using Kind = DialogueStep::Kind;
        if (step.kind == Kind::ClientLine || step.kind == Kind::ClientRaw) {
            m_pending += step.bytes + (step.kind == Kind::ClientLine ? "\r\n" : "");
            return {};
        }
        if (const auto fault = flush())
            return fault;
        switch (step.kind) {
        case Kind::ServerLine:
            return expectLine(step.bytes);
        case Kind::ServerRaw:
            return expectOctets(step.bytes);
        case Kind::ServerClose:
            return expectClose();
        case Kind::ClientClose:
            m_socket.disconnectFromHost();
            return waitFor([this] { return m_transcripts.open == 0; })
                ? std::optional<QString>()
                : QStringLiteral("the session goes on");
        case Kind::ClientTls:
            return startTls();
        case Kind::Assertion:
            return check(step);
        case Kind::ClientLine:
        case Kind::ClientRaw:
            break;
        }
        return {};
    }

    std::optional<QString> startTls()
    {
        if (!waitFor([this] { return m_socket.state() == QAbstractSocket::ConnectedState; }))
            return QStringLiteral("not connected");
        m_socket.startClientEncryption();
        return waitFor([this] { return m_socket.isEncrypted(); })
            ? std::optional<QString>()
            : QStringLiteral("no TLS: ") + m_socket.errorString();
    }

    std::optional<QString> flush()
    {
        if (!m_pending.isEmpty()
            && !waitFor([this] { return m_socket.state() == QAbstractSocket::ConnectedState; }))
            return QStringLiteral("not connected");
        if (m_segments == Segments::Joined) {
            m_socket.write(m_pending);
        } else {
            for (const char octet : std::as_const(m_pending)) {
                m_socket.write(&octet, 1);
                m_socket.flush();
                QCoreApplication::processEvents();
            }
        }
        m_pending.clear();
        return {};
    }

    template <typename Predicate> bool waitFor(Predicate predicate)
    {
        QDeadlineTimer deadline(10000);
        while (!predicate() && !deadline.hasExpired())
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 20);
        return predicate();
    }

    bool haveOctets(const std::function<bool()> &enough)
    {
        return waitFor([&] {
            m_received += m_socket.readAll();
            return enough() || m_socket.state() == QAbstractSocket::UnconnectedState;
        }) && enough();
    }

    std::optional<QString> expectLine(const QByteArray &pattern)
    {
        if (!haveOctets([this] { return m_received.contains("\r\n"); }))
            return QStringLiteral("expected \"%1\", got nothing").arg(QString::fromUtf8(pattern));
        const qsizetype end = m_received.indexOf("\r\n");
        const QByteArray line = m_received.first(end);
        m_received.remove(0, end + 2);
        if (matchesPattern(pattern, line))
            return {};
        return QStringLiteral("expected \"%1\", got \"%2\"")
            .arg(QString::fromUtf8(pattern), QString::fromUtf8(line));
    }

    std::optional<QString> expectOctets(const QByteArray &octets)
    {
        if (!haveOctets([&] { return m_received.size() >= octets.size(); }) || !m_received.startsWith(octets))
            return QStringLiteral("other octets: ") + QString::fromLatin1(m_received.toPercentEncoding(" "));
        m_received.remove(0, octets.size());
        return {};
    }

    std::optional<QString> expectClose()
    {
        const bool closed = waitFor([this] {
            m_received += m_socket.readAll();
            return m_socket.state() == QAbstractSocket::UnconnectedState;
        });
        if (!closed)
            return QStringLiteral("the server did not close");
        if (!m_received.isEmpty())
            return QStringLiteral("left over: ") + QString::fromUtf8(m_received);
        return waitFor([this] { return m_transcripts.open == 0; }) ? std::optional<QString>()
                                                                   : QStringLiteral("the session goes on");
    }

    std::optional<QString> check(const DialogueStep &step)
    {
        const QByteArray &words = step.bytes;
        if (words == "nothing stored")
            return m_mail.messages.isEmpty() ? std::optional<QString>()
                                             : QStringLiteral("something was stored");
        if (words.startsWith("stored count "))
            return compare(words.mid(13), QByteArray::number(m_mail.messages.size()));
        if (words == "stored body")
            return checkBody(step.body);
        if (words.startsWith("stored ")) {
            if (++m_current >= m_mail.messages.size())
                return QStringLiteral("no further message was stored");
            return compare(words.mid(7), describe(m_mail.messages.at(m_current)));
        }
        if (words.startsWith("outcome "))
            return checkOutcome(words.mid(8));
        if (words.startsWith("transcript has "))
            return hasLine(words.mid(15)) ? std::optional<QString>()
                                          : QStringLiteral("not in the transcript");
        if (words.startsWith("transcript lacks "))
            return hasLine(words.mid(17)) ? QStringLiteral("in the transcript") : std::optional<QString>();
        return QStringLiteral("an assertion nobody knows");
    }

    std::optional<QString> checkBody(const QList<QByteArray> &lines)
    {
        const qsizetype current = std::max<qsizetype>(m_current, 0);
        if (current >= m_mail.messages.size())
            return QStringLiteral("nothing was stored");
        const QByteArray expected = lines.isEmpty() ? QByteArray() : lines.join("\r\n") + "\r\n";
        return compare(expected, m_mail.messages.at(current).body);
    }

    std::optional<QString> checkOutcome(const QByteArray &word)
    {
        static const QHash<QByteArray, smtp::SessionOutcome> outcomes{
            {"completed", smtp::SessionOutcome::Completed}, {"refused", smtp::SessionOutcome::Refused},
            {"broken", smtp::SessionOutcome::Broken}};
        if (m_transcripts.sessions.isEmpty())
            return QStringLiteral("the session is still open");
        const bool same = outcomes.value(word) == m_transcripts.sessions.last().outcome;
        return same
            ? std::optional<QString>()
            : QStringLiteral("ended otherwise: ") + QString::fromUtf8(m_transcripts.sessions.last().ending);
    }

    [[nodiscard]] bool hasLine(const QByteArray &pattern) const
    {
        const QList<QByteArray> lines = m_transcripts.lines();
        return std::any_of(lines.cbegin(), lines.cend(),
            [&](const QByteArray &line) { return matchesPattern(pattern, line); });
    }

    static std::optional<QString> compare(const QByteArray &pattern, const QByteArray &actual)
    {
        if (matchesPattern(pattern, actual))
            return {};
        return QStringLiteral("expected \"%1\", got \"%2\"")
            .arg(QString::fromUtf8(pattern), QString::fromUtf8(actual));
    }

    Dialogue m_dialogue;
    Segments m_segments;
    StubMail m_mail;
    StubTranscripts m_transcripts;
    QSslSocket m_socket;
    QByteArray m_pending;
    QByteArray m_received;
    qsizetype m_current = -1;
};

} // namespace

class TestServerDialogues : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void files_data()
    {
        QTest::addColumn<Dialogue>("dialogue");
        QTest::addColumn<bool>("singleOctets");
        const auto dialogues = readDialogues(inSourceTree(QStringLiteral("tests/dialogues/server")));
        QVERIFY2(dialogues, dialogues ? "" : qPrintable(dialogues.error()));
        for (const Dialogue &dialogue : *dialogues) {
            QTest::newRow(qPrintable(dialogue.name)) << dialogue << false;
            if (dialogue.setting("segments") != "joined")
                QTest::newRow(qPrintable(dialogue.name + QStringLiteral(" octet by octet")))
                    << dialogue << true;
        }
    }

    void files()
    {
        QFETCH(Dialogue, dialogue);
        QFETCH(bool, singleOctets);
        Player player(dialogue, singleOctets ? Segments::SingleOctets : Segments::Joined);
        const auto fault = player.play();
        QVERIFY2(!fault, fault ? qPrintable(*fault) : "");
    }

    void thereAreEnough()
    {
        const auto dialogues = readDialogues(inSourceTree(QStringLiteral("tests/dialogues/server")));
        QVERIFY(dialogues);
        QVERIFY2(dialogues->size() >= 60, "a folder that is not found, or emptied, plays nothing");
    }
};

QTEST_GUILESS_MAIN(TestServerDialogues)
#include "tst_server.moc"
