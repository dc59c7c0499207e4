// Any order of commands, against a model of it: F8 (state resets are where mature servers break). Orders are
// random, pipelined, and cut anywhere; the first digits of the replies and the messages kept must be the
// model's. Ten thousand orders with a fixed seed and as many with a new one, which is printed.
//
//     smtp_servermodel --orders 1000000 --seed 7      so many orders, all of this seed
#include "tests/support/memoryserver.h"

#include <QRandomGenerator>
#include <QTest>

#include <algorithm>
#include <array>

using namespace glasspost;
using namespace glasspost::test;

namespace {

enum class Step {
    Ehlo,
    Helo,
    BadEhlo,
    Mail,
    BadMail,
    Rcpt,
    UnknownRcpt,
    Data,
    Chunk,
    Last,
    BadChunk,
    BadLast,
    Rset,
    Noop,
    Vrfy,
    CancelledAuth,
    StartTls,
    Unknown
};
constexpr int stepCount = static_cast<int>(Step::Unknown) + 1;

/// The whole model: what a server must remember, and the class of its reply.
struct Model
{
    bool named = false, mail = false, secured = false;
    int recipients = 0, kept = 0;
    enum { NoChunks, Open, Failed } chunks = NoChunks;

    QByteArray drop(const char *digits)
    {
        mail = false;
        recipients = 0;
        chunks = NoChunks;
        return digits;
    }
    QByteArray keep(const char *digits)
    {
        ++kept;
        return drop(digits);
    }
    QByteArray chunk(bool isLast, bool isGood)
    {
        if (recipients == 0) // outside a transaction, or behind a chunk that failed: eaten
            return isLast && chunks == Failed ? drop("5") : "5";
        if (isGood && isLast)
            return keep("2");
        if (isLast)
            return drop("5");
        if (!isGood)
            drop("5");
        chunks = isGood ? Open : Failed;
        return isGood ? "2" : "5";
    }
    QByteArray reply(Step step)
    {
        const bool idle = named && !mail && chunks == NoChunks;
        switch (step) {
        case Step::Ehlo:
        case Step::Helo:
            named = true;
            return drop("2");
        case Step::Rset:
            return drop("2");
        case Step::Noop:
        case Step::Vrfy:
            return "2";
        case Step::Mail:
            mail |= idle;
            return idle ? "2" : "5";
        case Step::Rcpt:
            recipients += mail && chunks == NoChunks ? 1 : 0;
            return mail && chunks == NoChunks ? "2" : "5";
        case Step::Data:
            return mail && recipients > 0 && chunks == NoChunks ? keep("32") : "5";
        case Step::Chunk:
            return chunk(false, true);
        case Step::Last:
            return chunk(true, true);
        case Step::BadChunk:
            return chunk(false, false);
        case Step::BadLast:
            return chunk(true, false);
        case Step::CancelledAuth:
            return idle ? "35" : "55"; // "*" is then a command that nobody knows
        case Step::StartTls:
            if (secured || mail || chunks != NoChunks)
                return "5";
            named = false;
            secured = true;
            return "2";
        case Step::BadEhlo:
        case Step::BadMail:
        case Step::UnknownRcpt:
        case Step::Unknown:
            break;
        }
        return "5";
    }
};

/// What a client says for a step; the message only where the model says that DATA was accepted.
QByteArray octetsOf(Step step, bool isAccepted)
{
    switch (step) {
    case Step::Ehlo:
        return "EHLO a.example\r\n";
    case Step::Helo:
        return "HELO a.example\r\n";
    case Step::BadEhlo:
        return "EHLO\r\n";
    case Step::Mail:
        return "MAIL FROM:<a@example.org>\r\n";
    case Step::BadMail:
        return "MAIL FROM:a\r\n";
    case Step::Rcpt:
        return "RCPT TO:<b@example.test>\r\n";
    case Step::UnknownRcpt:
        return "RCPT TO:<nobody@example.test>\r\n";
    case Step::Data:
        return isAccepted ? "DATA\r\nx: y\r\n..\r\n.\r\n" : "DATA\r\n";
    case Step::Chunk:
        return "BDAT 6\r\nRSET\r\n";
    case Step::Last:
        return "BDAT 6 LAST\r\nQUIT\r\n";
    case Step::BadChunk:
        return "BDAT 2\r\n\n\n";
    case Step::BadLast:
        return "BDAT 3 LAST\r\na\nb";
    case Step::Rset:
        return "RSET\r\n";
    case Step::Noop:
        return "NOOP\r\n";
    case Step::Vrfy:
        return "VRFY a\r\n";
    case Step::CancelledAuth:
        return "AUTH PLAIN\r\n*\r\n";
    case Step::StartTls:
        return "STARTTLS\r\n";
    case Step::Unknown:
        break;
    }
    return "XYZZY\r\n";
}

/// First digits of the replies' last lines.
QByteArray digitsOf(const QByteArray &said)
{
    QByteArray digits;
    for (qsizetype start = 0; start < said.size(); start = said.indexOf('\n', start) + 1) {
        if (said.at(start + 3) == ' ')
            digits += said.at(start);
    }
    return digits;
}

void prepare(MemoryServer &server)
{
    offerTls(server);
    offerAuth(server);
    server.mail.keepBodies = false;
    server.mail.answers[StubMail::Question::Rcpt]["nobody@example.test"]
        = replyFrom("550 5.1.1 No such user");
    server.settings.limits.errors = 1'000'000;
    server.settings.limits.junkCommands = 1'000'000;
    server.settings.limits.errorDelay = std::chrono::milliseconds(0);
}

/// What one order of commands came to: nothing when the engine did as the model, else both.
QByteArray playOrder(QRandomGenerator &random)
{
    MemoryServer server(prepare);
    Model model;
    QByteArray pending, expected, said, orders;
    const auto flush = [&] {
        for (qsizetype at = 0; at < pending.size();) {
            const qsizetype size = std::min<qsizetype>(
                1 + random.bounded(random.bounded(2) != 0 ? 8 : 200), pending.size() - at);
            said += server.say(pending.mid(at, size));
            at += size;
        }
        pending.clear();
    };
    for (int left = 1 + random.bounded(16); left > 0; --left) {
        const auto step = static_cast<Step>(random.bounded(stepCount));
        const QByteArray digits = model.reply(step);
        const QByteArray octets = octetsOf(step, digits.startsWith('3'));
        pending += octets;
        orders += octets;
        expected += digits;
        if (step == Step::StartTls && digits == "2") {
            flush();
            server.conversation.tlsEstablished({"TLSv1.3 TLS_AES_256_GCM_SHA384"});
        } else if (random.bounded(4) == 0) {
            flush();
        }
    }
    flush();
    if (digitsOf(said) == expected && server.mail.messages.size() == model.kept)
        return {};
    return "expected " + expected + " and " + QByteArray::number(model.kept) + " kept, got " + digitsOf(said)
        + " and " + QByteArray::number(server.mail.messages.size()) + " for\n" + orders;
}

struct Wish
{
    int orders = 10'000;
    quint32 seed = 0; ///< 0: a fixed one and then a new one
};
Wish wish;

/// "--orders N" and "--seed N" are ours; the rest is Qt Test's.
QList<char *> takeOwnArguments(int argc, char **argv)
{
    QList<char *> rest;
    for (int i = 0; i < argc; ++i) {
        const QByteArray word(argv[i]);
        if (word == "--orders" && i + 1 < argc)
            wish.orders = QByteArray(argv[++i]).toInt();
        else if (word == "--seed" && i + 1 < argc)
            wish.seed = QByteArray(argv[++i]).toUInt();
        else
            rest.append(argv[i]);
    }
    return rest;
}

} // namespace

class TestServerModel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void anyOrder_data()
    {
        QTest::addColumn<quint32>("seed");
        if (wish.seed != 0) {
            QTest::newRow("F8 the seed that was asked for") << wish.seed;
            return;
        }
        QTest::newRow("F8 a fixed seed") << quint32(20261124);
        QTest::newRow("F8 a new seed") << QRandomGenerator::system()->generate();
    }

    void anyOrder()
    {
        QFETCH(quint32, seed);
        qInfo("%d orders, --seed %u", wish.orders, seed);
        QRandomGenerator random(seed);
        for (int i = 0; i < wish.orders; ++i) {
            const QByteArray fault = playOrder(random);
            QVERIFY2(fault.isEmpty(), fault.constData());
        }
    }
};

int main(int argc, char **argv)
{
    QList<char *> arguments = takeOwnArguments(argc, argv);
    int count = static_cast<int>(arguments.size());
    QCoreApplication application(count, arguments.data());
    TestServerModel test;
    return QTest::qExec(&test, count, arguments.data());
}
#include "tst_servermodel.moc"
