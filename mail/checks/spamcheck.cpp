#include "mail/checks/spamcheck.h"

#include "mail/base/octetsreader.h"
#include "mail/base/worker.h"
#include "mail/checks/findings.h"
#include "smtp/syntax/hostport.h"

#include <QLocalSocket>
#include <QNetworkProxy>
#include <QRegularExpression>
#include <QTcpSocket>

#include <utility>

namespace glasspost::mail {

namespace {

constexpr std::chrono::seconds longestReport(60); // its own checks may ask servers of block lists
constexpr qsizetype largestAnswer = 256 * 1024; // octets
constexpr qint64 largestGiven = 2 * 1024 * 1024; // octets
constexpr qsizetype mostRules = 1000;
constexpr qsizetype narrowestIndent = 6; // before words that go on; scores stand further left

SpamReport failed(const QString &why)
{
    SpamReport report;
    report.failure = why;
    return report;
}

/// Of the octet behind the empty line; -1 where that has not come yet.
qsizetype bodyBegin(const QByteArray &answer)
{
    const qsizetype end = answer.indexOf("\r\n\r\n");
    return end < 0 ? -1 : end + 4;
}

/// -1 where the daemon does not say it.
qint64 bodySize(const QByteArray &head)
{
    static const QRegularExpression form(QStringLiteral("\r\nContent-length:[ \t]*(\\d{1,9})[ \t]*\r\n"),
        QRegularExpression::CaseInsensitiveOption);
    const QRegularExpressionMatch match = form.match(QString::fromLatin1(head));
    return match.hasMatch() ? match.captured(1).toLongLong() : -1;
}

bool isWhole(const QByteArray &answer)
{
    const qsizetype begin = bodyBegin(answer);
    const qint64 size = begin < 0 ? -1 : bodySize(answer.first(begin));
    return size >= 0 && answer.size() - begin >= size;
}

/// " 1.2 RULE_NAME              Words that may go on in the", and they do in lines further right.
QList<SpamRule> rulesOfTable(const QStringList &lines)
{
    static const QRegularExpression form(
        QStringLiteral("^\\s*(-?\\d+(?:\\.\\d+)?)\\s+([A-Za-z0-9_]+)(?:\\s+(\\S.*))?$"));
    QList<SpamRule> rules;
    for (const QString &line : lines) {
        const QString words = line.trimmed();
        if (words.isEmpty() || rules.size() >= mostRules)
            break;
        const bool goesOn = line.startsWith(QString(narrowestIndent, u' ')) && !rules.isEmpty();
        const QRegularExpressionMatch match = form.match(line);
        if (goesOn)
            rules.last().words += u' ' + words;
        else if (match.hasMatch())
            rules.append({match.captured(2), match.captured(1).toDouble(), match.captured(3).trimmed()});
    }
    return rules;
}

/// Those of SpamAssassin's report, or rspamd's "ONE,OTHER".
QList<SpamRule> rulesOf(const QString &body)
{
    static const QRegularExpression ruler(QStringLiteral("-{3,} -{3,}[- ]*"));
    const QStringList lines = QString(body).remove(u'\r').split(u'\n');
    const qsizetype table = lines.indexOf(ruler);
    if (table >= 0)
        return rulesOfTable(lines.mid(table + 1));
    static const QRegularExpression names(QStringLiteral("^[A-Z][A-Z0-9_]*(?:,[A-Z][A-Z0-9_]*)*$"));
    QList<SpamRule> rules;
    if (const QString list = body.trimmed(); names.match(list).hasMatch())
        for (const QString &name : list.split(u',').mid(0, mostRules))
            rules.append({name, std::nullopt, {}});
    return rules;
}

} // namespace

std::optional<SpamdAddress> spamdAddress(const QString &text)
{
    if (text.startsWith(u'/'))
        return SpamdAddress{{}, 0, text};
    const auto split = smtp::splitHostPort(text);
    bool isNumber = false;
    const ushort port = split && split->port ? split->port->toUShort(&isNumber) : ushort(0);
    if (!isNumber || port == 0 || split->host.isEmpty() || split->host.contains(u' '))
        return {};
    return SpamdAddress{split->host, port, {}};
}

SpamReport readSpamdAnswer(const QByteArray &answer)
{
    static const QRegularExpression status(QStringLiteral("^R?SPAMD/\\d+\\.\\d+ (\\d+) ([^\r\n]*)\r\n"));
    static const QRegularExpression verdict(
        QStringLiteral("\r\nSpam:\\s*(True|Yes|False|No)\\s*;\\s*(-?[\\d.]+)\\s*/\\s*(-?[\\d.]+)\\s*\r\n"),
        QRegularExpression::CaseInsensitiveOption);
    const qsizetype begin = bodyBegin(answer);
    const QByteArray head = begin < 0 ? answer : answer.first(begin);
    const QString text = QString::fromLatin1(head);
    const QRegularExpressionMatch first = status.match(text);
    if (!first.hasMatch())
        return failed(QStringLiteral("not an answer of spamd: %1").arg(quoted(text)));
    if (first.captured(1).toInt() != 0)
        return failed(quoted(first.captured(1) + u' ' + first.captured(2)));
    if (begin < 0 || answer.size() - begin < bodySize(head))
        return failed(QStringLiteral("the answer is cut off"));
    const QRegularExpressionMatch said = verdict.match(text);
    if (!said.hasMatch())
        return failed(QStringLiteral("no verdict in the answer: %1").arg(quoted(text)));
    const QString word = said.captured(1).toLower();
    return {{}, word == u"true" || word == u"yes", said.captured(2).toDouble(), said.captured(3).toDouble(),
        rulesOf(QString::fromUtf8(answer.mid(begin)))};
}

SpamdClient::SpamdClient(const SpamdAddress &address, QObject *parent)
    : QObject(parent), m_address(address), m_limit(longestReport)
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, [this] { end(failed(QStringLiteral("time-out"))); });
}

template <typename Socket> void SpamdClient::connectSignals(Socket *socket)
{
    m_socket = socket;
    connect(socket, &Socket::connected, this, [this] { m_socket->write(m_request); });
    connect(socket, &Socket::readyRead, this, &SpamdClient::take);
    // Later: a Unix socket fails while it is told to connect. The end of the answer is an error too.
    const auto closed = [this, socket] {
        take();
        if (m_answer.isEmpty())
            end(failed(socket->errorString()));
        else
            finish();
    };
    connect(socket, &Socket::errorOccurred, this, closed, Qt::QueuedConnection);
}

Task<SpamReport> SpamdClient::report(const QByteArray &message)
{
    m_request
        = "REPORT SPAMC/1.5\r\nContent-length: " + QByteArray::number(message.size()) + "\r\n\r\n" + message;
    m_timer.start(m_limit);
    if (m_address.path.isEmpty()) {
        auto *socket = new QTcpSocket(this);
        socket->setProxy(QNetworkProxy::NoProxy);
        connectSignals(socket);
        socket->connectToHost(m_address.host, m_address.port);
    } else {
        auto *socket = new QLocalSocket(this);
        connectSignals(socket);
        socket->connectToServer(m_address.path);
    }
    return m_promise.task();
}

void SpamdClient::take()
{
    if (m_hasEnded)
        return;
    m_answer += m_socket->read(largestAnswer + 1 - m_answer.size());
    if (m_answer.size() > largestAnswer)
        end(failed(QStringLiteral("the answer is too large")));
    else if (isWhole(m_answer))
        finish();
}

void SpamdClient::finish()
{
    end(readSpamdAnswer(m_answer));
}

void SpamdClient::end(const SpamReport &report)
{
    if (std::exchange(m_hasEnded, true))
        return;
    m_timer.stop();
    m_socket->disconnect(this);
    m_socket->close();
    m_promise.answer(report);
}

Task<SpamReport> askSpamd(const QString &spamd, const MessageOctets &octets, QObject *context)
{
    const std::optional<SpamdAddress> address = spamdAddress(spamd);
    if (!address)
        return Result<SpamReport>(failed(QStringLiteral("not an address of a spamd: %1").arg(quoted(spamd))));
    const auto read = [octets] {
        return OctetsReader::open(octets).and_then(
            [](const OctetsReader &message) { return message.read(0, largestGiven + 1); });
    };
    return runLongWork(read).andThen(
        context, [address, context](const QByteArray &message) -> Task<SpamReport> {
            if (message.size() > largestGiven)
                return Result<SpamReport>(failed(QStringLiteral("the message is larger than 2 MiB")));
            auto *client = new SpamdClient(*address, context);
            return client->report(message).andThen(context, [client](const SpamReport &report) {
                client->deleteLater();
                return report;
            });
        });
}

QList<Finding> spamFindings(const SpamReport &report)
{
    if (!report.failure.isEmpty())
        return {{FindingKind::SpamNotAsked, {report.failure}, -1, 0, 0}};
    QList<Finding> findings = {{report.isSpam ? FindingKind::SpamFound : FindingKind::SpamScored,
        {QString::number(report.score), QString::number(report.threshold)}, -1, 0, 0}};
    for (const SpamRule &rule : report.rules)
        findings.append({FindingKind::SpamRuleMet,
            {rule.name, rule.score ? QString::number(*rule.score) : QString(), quoted(rule.words)}, -1, 0,
            0});
    return findings;
}

} // namespace glasspost::mail
