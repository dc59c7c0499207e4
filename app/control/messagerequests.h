#pragma once

#include "app/commandline/invocation.h"
#include "app/control/controlserver.h"
#include "app/messages/messagewaits.h"
#include "mail/system/mailsystem.h"

#include <QJsonObject>

#include <optional>

namespace glasspost::app {

/// Requests about messages that are here, and who answers them. A message is named by its id or as "latest";
/// mailbox is as on the command line, empty for any.
QJsonObject showRequest(const QByteArray &id, const QString &mailbox); ///< {"message": {...}}
/// {"checks": {...}}; spamd may be empty for that of the settings.
QJsonObject checkRequest(const QByteArray &id, const QString &mailbox, const QString &spamd = {});
/// Writes the message, or a part of it decoded, into a new file: {}
QJsonObject saveRequest(
    const QByteArray &id, const QString &mailbox, std::optional<int> part, const QString &path);
QJsonObject changeRequest(const ChangeInvocation &change); ///< {"count": N, "missing": [ids]}
/// {"message": {...}} or {"row": {...}} for each that came, {"caughtUp": true} when what had come before was
/// looked through. Ends with the count, or with the connection.
QJsonObject waitRequest(const WaitInvocation &wait);

void answerShow(mail::MailSystem &mail, const QJsonObject &asked, QObject *context, ControlServer::Done done);
void answerCheck(
    mail::MailSystem &mail, const QJsonObject &asked, QObject *context, ControlServer::Done done);
void answerSave(mail::MailSystem &mail, const QJsonObject &asked, QObject *context, ControlServer::Done done);
void answerDelete(
    mail::MailSystem &mail, const QJsonObject &asked, QObject *context, ControlServer::Done done);
void answerMark(mail::MailSystem &mail, const QJsonObject &asked, QObject *context, ControlServer::Done done);
void answerTag(mail::MailSystem &mail, const QJsonObject &asked, QObject *context, ControlServer::Done done);
void answerWait(MessageWaits &waits, mail::MailSystem &mail, const QJsonObject &asked, QObject *context,
    const ControlServer::Done &done);

} // namespace glasspost::app
