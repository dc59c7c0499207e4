#pragma once

#include "app/commandline/invocation.h"
#include "app/control/controlserver.h"
#include "mail/system/mailsystem.h"

#include <QJsonObject>

namespace glasspost::app {

/// {"folders": [{"mailbox", "folder", "number", "age", "size", "color"}]}: what is set for the mailbox,
/// afterwards where something is to be changed, or for every one that has something.
QJsonObject keepRequest(const KeepInvocation &keep);

void answerKeep(mail::MailSystem &mail, const QJsonObject &asked, QObject *context, ControlServer::Done done);

} // namespace glasspost::app
