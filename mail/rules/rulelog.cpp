#include "mail/rules/rulelog.h"

#include "mail/base/dayfiles.h"
#include "mail/base/jsontext.h"
#include "mail/base/posix.h"

#include <QDateTime>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

#include <chrono>
#include <fcntl.h>
#include <utility>

namespace glasspost::mail {

namespace {

constexpr auto writePause = std::chrono::milliseconds(250);
constexpr int keptDays = 30;
constexpr qint64 mostOctets = 64LL * 1024 * 1024; // of all days

using Do = RuleAction::Kind;

template <typename Value> struct LogWord
{
    Value value;
    const char *word;
};

constexpr LogWord<Do> actionWords[] = {{Do::Keep, "keep"}, {Do::File, "file"}, {Do::Forward, "forward"},
    {Do::Release, "release"}, {Do::Discard, "discard"}, {Do::AddFlags, "add-flags"},
    {Do::SetFlags, "set-flags"}, {Do::RemoveFlags, "remove-flags"}, {Do::Program, "program"},
    {Do::Notify, "notify"}, {Do::Stop, "stop"}};
constexpr LogWord<RuleProblem> problemWords[] = {{RuleProblem::None, ""},
    {RuleProblem::NotKnown, "not-known"}, {RuleProblem::NoSuchFolder, "no-such-folder"},
    {RuleProblem::Loop, "loop"}, {RuleProblem::TooManyHops, "too-many-hops"},
    {RuleProblem::TooManyForwards, "too-many-forwards"}, {RuleProblem::Failed, "failed"}};

template <typename Value, size_t size> const char *wordFor(const LogWord<Value> (&words)[size], Value value)
{
    for (const LogWord<Value> &one : words) {
        if (one.value == value)
            return one.word;
    }
    return "";
}

RuleProblem problemOf(const QString &word)
{
    for (const auto &one : problemWords) {
        if (word == QLatin1String(one.word))
            return one.value;
    }
    return RuleProblem::Failed; // a later version's
}

Result<void> appendLines(const QString &folder, const QList<RuleLogLine> &lines)
{
    if (const int failed = makeFolders(AT_FDCWD, QFile::encodeName(folder)); failed != 0)
        return systemFailure(failed, folder);
    removeOldDays(folder, keptDays, mostOctets);
    QByteArray text;
    for (const RuleLogLine &line : lines)
        text += toJson(line) + '\n';
    QFile file(dayPath(folder, dayName(lines.constLast().at)));
    const bool isWritten = file.open(QIODevice::Append) && file.write(text) == text.size() && file.flush();
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    if (isWritten)
        return {};
    return tl::unexpected(Error{ErrorCode::InputOutput, file.fileName(), file.errorString()});
}

QList<RuleLogLine> readNewest(const QString &folder, int count)
{
    QList<RuleLogLine> lines;
    const QStringList days = listDays(folder);
    for (auto day = days.crbegin(); day != days.crend() && lines.size() < count; ++day) {
        const auto octets = readFileAt(AT_FDCWD, QFile::encodeName(dayPath(folder, *day)));
        if (!octets)
            continue;
        const QList<QByteArray> all = octets->split('\n');
        for (auto one = all.crbegin(); one != all.crend() && lines.size() < count; ++one) {
            if (const auto line = ruleLogLine(*one))
                lines.append(*line);
        }
    }
    return lines;
}

} // namespace

QByteArray wordOf(RuleProblem problem)
{
    return wordFor(problemWords, problem);
}

RuleLogLine lineOf(const RuleDeed &deed)
{
    RuleLogLine line;
    line.at = QDateTime::currentMSecsSinceEpoch();
    line.rule = deed.rule;
    line.problem = deed.problem;
    if (deed.action) {
        line.action = QLatin1String(wordFor(actionWords, deed.action->kind));
        line.detail = deed.action->words.isEmpty() ? deed.action->text : deed.action->words.join(u' ');
    }
    return line;
}

QByteArray toJson(const RuleLogLine &line)
{
    JsonText json;
    const auto text = [&json](QByteArrayView key, const QString &value) {
        if (!value.isEmpty())
            json.text(key, value.toUtf8());
    };
    json.openObject();
    json.number("at", line.at);
    json.text("occasion", line.occasion == RuleLogLine::Occasion::Arrival ? "arrival" : "by-hand");
    text("rule", line.rule);
    text("action", line.action);
    text("detail", line.detail);
    text("problem", QString::fromLatin1(wordOf(line.problem)));
    text("output", line.output);
    text("mailbox", line.mailbox);
    text("message", QString::fromUtf8(line.message));
    text("subject", line.subject);
    text("from", line.sender);
    json.closeObject();
    return json.toOctets();
}

std::optional<RuleLogLine> ruleLogLine(const QByteArray &json)
{
    const QJsonDocument document = QJsonDocument::fromJson(json);
    if (!document.isObject())
        return std::nullopt;
    const QJsonObject object = document.object();
    const auto text = [&object](const char *key) { return object.value(QLatin1String(key)).toString(); };
    RuleLogLine line;
    line.at = object.value(QLatin1String("at")).toInteger();
    line.occasion
        = text("occasion") == u"arrival" ? RuleLogLine::Occasion::Arrival : RuleLogLine::Occasion::ByHand;
    line.rule = text("rule");
    line.action = text("action");
    line.detail = text("detail");
    line.problem = problemOf(text("problem"));
    line.output = text("output");
    line.mailbox = text("mailbox");
    line.message = text("message").toUtf8();
    line.subject = text("subject");
    line.sender = text("from");
    return line;
}

RuleLog::RuleLog(const QString &dataFolder) : m_folder(dataFolder + QStringLiteral("/rules")), m_due(this)
{
    m_due.setSingleShot(true);
    connect(&m_due, &QTimer::timeout, this, &RuleLog::write);
}

RuleLog::~RuleLog()
{
    if (!m_lines.isEmpty())
        m_worker.run([folder = m_folder, lines = m_lines] { return appendLines(folder, lines); });
}

void RuleLog::note(const QList<RuleLogLine> &lines)
{
    m_lines += lines;
    if (!m_lines.isEmpty() && !m_due.isActive())
        m_due.start(writePause);
}

void RuleLog::write()
{
    m_due.stop();
    if (m_lines.isEmpty())
        return;
    m_worker
        .run([folder = m_folder, lines = std::exchange(m_lines, {})] { return appendLines(folder, lines); })
        .then(this, [this](const Result<void> &written) {
            if (!written && !m_isTroubled)
                Q_EMIT troubled(written.error());
            m_isTroubled = !written;
        });
}

Task<QList<RuleLogLine>> RuleLog::newest(int count)
{
    write();
    return m_worker.run([folder = m_folder, count] { return readNewest(folder, count); });
}

} // namespace glasspost::mail
