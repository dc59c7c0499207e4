#pragma once

#include "app/control/controlserver.h"
#include "mail/system/mailsystem.h"

#include <QJsonObject>

#include <optional>

namespace glasspost::app {

/// {"rules": [{"name", "enabled", "actions": [...]}], "script": Sieve, "fault": what is wrong with the file}
QJsonObject rulesRequest();
QJsonObject setRulesRequest(const QByteArray &script); ///< in their place: {"count": N}
/// Over what the search finds: {"results": [{"id", "mailbox", "folder", "subject", "from", "deeds": [{"rule",
/// "action", "detail", "problem"}]}], "looked": N}. Without a script those in force.
QJsonObject runRulesRequest(
    const QString &query, mail::RuleRunMode mode, const std::optional<QByteArray> &script);
QJsonObject ruleLogRequest(int limit); ///< {"lines": [...]}, the oldest first

void answerRules(
    mail::MailSystem &mail, const QJsonObject &asked, QObject *context, ControlServer::Done done);
void answerSetRules(
    mail::MailSystem &mail, const QJsonObject &asked, QObject *context, ControlServer::Done done);
void answerRunRules(
    mail::MailSystem &mail, const QJsonObject &asked, QObject *context, ControlServer::Done done);
void answerRuleLog(
    mail::MailSystem &mail, const QJsonObject &asked, QObject *context, ControlServer::Done done);

} // namespace glasspost::app
