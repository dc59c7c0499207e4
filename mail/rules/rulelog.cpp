#include "mail/rules/rulelog.h"

#include "mail/base/dayfiles.h"
#include "mail/base/jsontext.h"
#include "mail/base/posix.h"
#include "mail/maildir/maildirname.h"

#include <QDateTime>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <chrono>
#include <fcntl.h>
#include <utility>

namespace glasspost::mail {

namespace {

constexpr auto writePause = std::chrono::milliseconds(250);
constexpr qint64 mostOctets = 256LL * 1024 * 1024; // of all days
constexpr qsizetype mostOfMessage = 1000;
constexpr qint64 microsecondsOfMillisecond = 1000;

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

Result<void> appendLines(const QString &folder, int keptDays, const QList<RuleLogLine> &lines)
{
    if (const int failed = makeFolders(AT_FDCWD, QFile::encodeName(folder)); failed != 0)
        return systemFailure(failed, folder);
    removeOldDays(folder, keptDays, mostOctets);
    QByteArray text;
    for (const RuleLogLine &line : lines)
        text += toJson(line) + '\n';
    QFile file(dayPath(folder, dayName(lines.constLast().at)));
    FileSystemCalls calls;
    const bool isWritten = file.open(QIODevice::Append) && file.write(text) == text.size() && file.flush()
        && calls.fdatasync(file.handle()) == 0;
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

/// Nothing is done with a message before it is here; the clock may have been set meanwhile.
QList<RuleLogLine> readOfMessage(const QString &folder, const QByteArray &unique)
{
    QList<RuleLogLine> lines;
    const QString first = dayName(momentOf(unique) / microsecondsOfMillisecond - millisecondsOfDay);
    for (const QString &day : listDays(folder)) {
        if (day < first)
            continue;
        forEachLine(dayPath(folder, day), [&](QByteArrayView text, qint64) {
            if (lines.size() >= mostOfMessage || !text.contains(unique))
                return;
            const auto line = ruleLogLine(text.toByteArray());
            if (line && (line->message == unique || line->copies.contains(unique)))
                lines.append(*line);
        });
    }
    return lines;
}

} // namespace

std::optional<RuleAction> actionOf(const RuleLogLine &line)
{
    for (const auto &one : actionWords) {
        if (line.action == QLatin1String(one.word)) {
            RuleAction action;
            action.kind = one.value;
            action.text = line.detail;
            action.words = QStringList{line.detail};
            return action;
        }
    }
    return std::nullopt;
}

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
    if (!line.copies.isEmpty()) {
        json.openArray("copies");
        for (const QByteArray &copy : line.copies)
            json.text({}, copy);
        json.closeArray();
    }
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
    for (const auto copy : object.value(QLatin1String("copies")).toArray())
        line.copies.append(copy.toString().toUtf8());
    line.subject = text("subject");
    line.sender = text("from");
    return line;
}

RuleLog::RuleLog(const QString &dataFolder, int keptDays)
    : m_folder(dataFolder + QStringLiteral("/rules")), m_keptDays(keptDays), m_due(this)
{
    m_due.setSingleShot(true);
    connect(&m_due, &QTimer::timeout, this, &RuleLog::write);
}

RuleLog::~RuleLog()
{
    if (!m_lines.isEmpty())
        m_worker.run([folder = m_folder, days = m_keptDays, lines = m_lines] {
            return appendLines(folder, days, lines);
        });
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
        .run([folder = m_folder, days = m_keptDays, lines = std::exchange(m_lines, {})] {
            return appendLines(folder, days, lines);
        })
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

Task<QList<RuleLogLine>> RuleLog::ofMessage(const QByteArray &unique)
{
    write();
    return m_worker.run([folder = m_folder, unique] { return readOfMessage(folder, unique); });
}

} // namespace glasspost::mail
