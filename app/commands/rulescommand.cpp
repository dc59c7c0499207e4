#include "app/commands/rulescommand.h"

#include "app/commands/requestcommand.h"
#include "app/console/output.h"
#include "app/control/rulesrequests.h"
#include "mail/rules/sieve.h"
#include "mail/rules/sievesyntax.h"

#include <QFile>
#include <QJsonArray>

#include <cstdio>
#include <optional>

namespace glasspost::app {

namespace {

/// Ends at once: what was to be read cannot be.
class FailedCommand : public RunningCommand
{
public:
    explicit FailedCommand(ExitCode code) : m_code(code) { }
    void start() override { Q_EMIT finished(m_code); }

private:
    ExitCode m_code;
};

QByteArray word(const QJsonObject &object, const char *key)
{
    return printable(object.value(QLatin1String(key)).toString().toUtf8());
}

/// "Lists: file Lists/qt", with what is in its way.
QByteArray deedLine(const QJsonObject &deed)
{
    QByteArray line = word(deed, "rule") + ':';
    for (const char *key : {"action", "detail"}) {
        if (const QByteArray text = word(deed, key); !text.isEmpty())
            line += ' ' + text;
    }
    if (const QByteArray problem = word(deed, "problem"); !problem.isEmpty())
        line += " (" + problem + ')';
    return line;
}

ExitCode printRules(const QJsonObject &answer, OutputFormat format)
{
    for (const auto value : answer[QStringLiteral("rules")].toArray()) {
        const QJsonObject rule = value.toObject();
        if (format == OutputFormat::Json) {
            printObject(rule);
            continue;
        }
        QByteArrayList actions;
        for (const auto action : rule[QStringLiteral("actions")].toArray())
            actions
                += (word(action.toObject(), "action") + ' ' + word(action.toObject(), "detail")).trimmed();
        printLine((rule[QStringLiteral("enabled")].toBool() ? QByteArray() : QByteArray("(off) "))
            + word(rule, "name") + ": " + actions.join("; "));
    }
    const QString fault = answer[QStringLiteral("fault")].toString();
    if (fault.isEmpty())
        return ExitCode::Ok;
    complain(QStringLiteral("no rule is in force: %1").arg(fault));
    return ExitCode::Settings;
}

ExitCode printScript(const QJsonObject &answer)
{
    const QByteArray script = answer[QStringLiteral("script")].toString().toUtf8();
    const bool isWritten
        = std::fwrite(script.constData(), 1, size_t(script.size()), stdout) == size_t(script.size())
        && std::fflush(stdout) == 0;
    const QString fault = answer[QStringLiteral("fault")].toString();
    if (!fault.isEmpty())
        complain(QStringLiteral("no rule is in force: %1").arg(fault));
    if (!isWritten)
        return ExitCode::CannotCreate;
    return fault.isEmpty() ? ExitCode::Ok : ExitCode::Settings;
}

ExitCode printResults(const QJsonObject &answer, OutputFormat format)
{
    const QJsonArray results = answer[QStringLiteral("results")].toArray();
    for (const auto value : results) {
        const QJsonObject result = value.toObject();
        if (format == OutputFormat::Json) {
            printObject(result);
            continue;
        }
        printLine(word(result, "mailbox") + '/' + word(result, "folder") + "  " + word(result, "from") + "  "
            + word(result, "subject") + "  " + word(result, "id"));
        for (const auto deed : result[QStringLiteral("deeds")].toArray())
            printLine("    " + deedLine(deed.toObject()));
    }
    if (format == OutputFormat::Text)
        printLine(QByteArray::number(results.size()) + " of "
            + QByteArray::number(answer[QStringLiteral("looked")].toInt()) + " messages");
    return ExitCode::Ok;
}

ExitCode printLog(const QJsonObject &answer, OutputFormat format)
{
    for (const auto value : answer[QStringLiteral("lines")].toArray()) {
        const QJsonObject line = value.toObject();
        if (format == OutputFormat::Json) {
            printObject(line);
            continue;
        }
        printLine(word(line, "at") + "  " + word(line, "mailbox") + "  " + deedLine(line) + "  "
            + word(line, "from") + "  " + word(line, "subject") + "  " + word(line, "message"));
        if (const QByteArray output = word(line, "output"); !output.isEmpty())
            printLine("    " + output);
    }
    return ExitCode::Ok;
}

ExitCode printSet(const QJsonObject &answer, OutputFormat format)
{
    const int count = answer[QStringLiteral("count")].toInt();
    if (format == OutputFormat::Json)
        printObject(answer);
    else
        printLine(QByteArray::number(count) + (count == 1 ? " rule" : " rules"));
    return ExitCode::Ok;
}

/// A script that can be read, or the code to end with.
tl::expected<QByteArray, ExitCode> readScript(const QString &path)
{
    QFile file(path);
    const bool isOpen = path == u"-" ? file.open(stdin, QIODevice::ReadOnly) : file.open(QIODevice::ReadOnly);
    if (!isOpen) {
        complain(QStringLiteral("%1 cannot be read: %2").arg(path, file.errorString()));
        return tl::unexpected(ExitCode::CannotCreate);
    }
    const QByteArray script = file.read(mail::longestSieve + 1);
    if (const auto rules = mail::readSieve(script); !rules) {
        complain(QStringLiteral("%1, %2: %3").arg(path, rules.error().subject, rules.error().systemText));
        return tl::unexpected(ExitCode::Settings);
    }
    return script;
}

} // namespace

std::unique_ptr<RunningCommand> makeRules(const RulesInvocation &invocation, const QString &dataFolder)
{
    using Action = RulesInvocation::Action;
    std::optional<QByteArray> script;
    if (!invocation.file.isEmpty()) {
        const auto read = readScript(invocation.file);
        if (!read)
            return std::make_unique<FailedCommand>(read.error());
        script = *read;
    }
    const auto asking = [&](const QJsonObject &request, auto print) -> std::unique_ptr<RunningCommand> {
        return std::make_unique<RequestCommand>(dataFolder, request,
            [print, format = invocation.format](const QJsonObject &answer) { return print(answer, format); });
    };
    switch (invocation.action) {
    case Action::List:
        return asking(rulesRequest(), printRules);
    case Action::Import:
        return asking(setRulesRequest(script.value_or(QByteArray())), printSet);
    case Action::DryRun:
        return asking(runRulesRequest(invocation.query, mail::RuleRunMode::DryRun, script), printResults);
    case Action::Apply:
        return asking(runRulesRequest(invocation.query, mail::RuleRunMode::Apply, script), printResults);
    case Action::Log:
        return asking(ruleLogRequest(invocation.limit), printLog);
    case Action::Export:
        break;
    }
    return std::make_unique<RequestCommand>(dataFolder, rulesRequest(), printScript);
}

} // namespace glasspost::app
