#include "app/control/rulesrequests.h"

#include "app/control/answering.h"
#include "mail/rules/sieve.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <memory>

namespace glasspost::app {

namespace {

constexpr qsizetype messagesAtOnce = 200;

const QString scriptKey = QStringLiteral("script");

/// As the log has it, with the time as --json has it.
QJsonObject toJsonObject(const mail::RuleLogLine &line)
{
    QJsonObject object = QJsonDocument::fromJson(mail::toJson(line)).object();
    object[QStringLiteral("at")] = isoTime(line.at * 1000);
    return object;
}

QJsonArray deedsJson(const QList<mail::RuleDeed> &deeds)
{
    QJsonArray array;
    for (const mail::RuleDeed &deed : deeds) {
        const mail::RuleLogLine line = mail::lineOf(deed);
        array.append(QJsonObject{{QStringLiteral("rule"), line.rule}, {QStringLiteral("action"), line.action},
            {QStringLiteral("detail"), line.detail},
            {QStringLiteral("problem"), QString::fromLatin1(mail::wordOf(line.problem))}});
    }
    return array;
}

QJsonObject resultJson(const mail::RuleRunResult &result)
{
    const QString folder = result.id.folder.folder;
    return {{QStringLiteral("id"), QString::fromUtf8(result.id.unique)},
        {QStringLiteral("mailbox"), result.id.folder.user},
        {QStringLiteral("folder"), folder.isEmpty() ? QStringLiteral("Inbox") : folder},
        {QStringLiteral("subject"), result.subject}, {QStringLiteral("from"), result.sender},
        {QStringLiteral("deeds"), deedsJson(result.deeds)}};
}

QJsonObject rulesJson(const mail::RuleSet &set)
{
    QJsonArray rules;
    for (const mail::Rule &rule : set.rules) {
        QList<mail::RuleDeed> deeds;
        for (const mail::RuleAction &action : rule.actions)
            deeds.append({rule.name, action, mail::RuleProblem::None});
        rules.append(QJsonObject{{QStringLiteral("name"), rule.name},
            {QStringLiteral("enabled"), rule.isEnabled}, {QStringLiteral("actions"), deedsJson(deeds)}});
    }
    QJsonObject object{
        {QStringLiteral("rules"), rules}, {scriptKey, QString::fromUtf8(mail::writeSieve(set.rules))}};
    if (set.fault)
        object[QStringLiteral("fault")] = set.fault->subject + QStringLiteral(": ") + set.fault->systemText;
    return object;
}

/// Some at a time, so that a large mailbox takes little memory and others are served between.
struct Running
{
    QList<mail::MessageId> ids;
    mail::RuleRunMode mode;
    std::optional<QList<mail::Rule>> rules;
    QJsonArray results;
    qsizetype looked = 0;
};

mail::Task<bool> runSome(mail::MailSystem &mail, const std::shared_ptr<Running> &running, QObject *context)
{
    const QList<mail::MessageId> some = running->ids.mid(running->looked, messagesAtOnce);
    if (some.isEmpty())
        return mail::Result<bool>(false);
    running->looked += some.size();
    return mail.rules()
        .run(some, running->mode, running->rules)
        .andThen(context, [running](const QList<mail::RuleRunResult> &results) {
            for (const mail::RuleRunResult &result : results)
                running->results.append(resultJson(result));
            return true;
        });
}

} // namespace

QJsonObject rulesRequest()
{
    return {{requestKey, QStringLiteral("rules")}};
}

QJsonObject setRulesRequest(const QByteArray &script)
{
    return {{requestKey, QStringLiteral("set-rules")}, {scriptKey, QString::fromUtf8(script)}};
}

QJsonObject runRulesRequest(
    const QString &query, mail::RuleRunMode mode, const std::optional<QByteArray> &script)
{
    QJsonObject request{{requestKey, QStringLiteral("run-rules")}, {QStringLiteral("query"), query},
        {QStringLiteral("apply"), mode == mail::RuleRunMode::Apply}};
    if (script)
        request[scriptKey] = QString::fromUtf8(*script);
    return request;
}

QJsonObject ruleLogRequest(int limit)
{
    return {{requestKey, QStringLiteral("rule-log")}, {QStringLiteral("limit"), limit}};
}

void answerRules(mail::MailSystem &mail, const QJsonObject &, QObject *context, ControlServer::Done done)
{
    mail.rules().rules().then(context, answering<mail::RuleSet>(std::move(done), rulesJson));
}

void answerSetRules(
    mail::MailSystem &mail, const QJsonObject &asked, QObject *context, ControlServer::Done done)
{
    const auto rules = mail::readSieve(asked[scriptKey].toString().toUtf8());
    if (!rules)
        return done(toJson(rules.error()));
    mail.rules().set(*rules).then(
        context, [done = std::move(done), count = int(rules->size())](const mail::Result<void> &set) {
            done(set ? QJsonObject{{QStringLiteral("count"), count}} : toJson(set.error()));
        });
}

void answerRunRules(
    mail::MailSystem &mail, const QJsonObject &asked, QObject *context, ControlServer::Done done)
{
    const auto running = std::make_shared<Running>();
    running->mode
        = asked[QStringLiteral("apply")].toBool() ? mail::RuleRunMode::Apply : mail::RuleRunMode::DryRun;
    if (asked.contains(scriptKey)) {
        const auto rules = mail::readSieve(asked[scriptKey].toString().toUtf8());
        if (!rules)
            return done(toJson(rules.error()));
        running->rules = *rules;
    }
    mail::RowQuery query;
    query.searchText = asked[QStringLiteral("query")].toString();
    mail.mailboxes()
        .settle()
        .andThen(context, [&mail, query](quint64) { return mail.mailboxes().rowOrder(query); })
        .andThen(context, [&mail](const mail::RowOrder &rows) { return mail.mailboxes().identify(rows); })
        .andThen(context,
            [&mail, running, context](const QList<mail::MessageId> &ids) {
                running->ids = ids;
                return mail::repeat(
                    context, [&mail, running, context] { return runSome(mail, running, context); });
            })
        .then(context, [running, done = std::move(done)](const mail::Result<void> &ended) {
            done(ended ? QJsonObject{{QStringLiteral("results"), running->results},
                     {QStringLiteral("looked"), running->looked}}
                       : toJson(ended.error()));
        });
}

void answerRuleLog(
    mail::MailSystem &mail, const QJsonObject &asked, QObject *context, ControlServer::Done done)
{
    mail.rules()
        .log(asked[QStringLiteral("limit")].toInt())
        .then(
            context, answering<QList<mail::RuleLogLine>>(std::move(done), [](QList<mail::RuleLogLine> lines) {
                std::reverse(lines.begin(), lines.end());
                QJsonArray array;
                for (const mail::RuleLogLine &line : std::as_const(lines))
                    array.append(toJsonObject(line));
                return QJsonObject{{QStringLiteral("lines"), array}};
            }));
}

} // namespace glasspost::app
