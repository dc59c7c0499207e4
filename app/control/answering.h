#pragma once

#include "app/console/jsonvalues.h"
#include "app/control/controlserver.h"
#include "mail/system/mailsystem.h"

#include <QJsonObject>
#include <QString>

#include <utility>

namespace glasspost::app {

/// The member of a request that names it.
inline const QString requestKey = QStringLiteral("request");

/// Answers one kind of request.
using Answer = void (*)(mail::MailSystem &, const QJsonObject &, QObject *context, ControlServer::Done);

struct RequestSpec
{
    const char *name;
    Answer answer;
};

/// A handler that replies with the error, or with what make() makes of the value.
template <typename T, typename Make> auto answering(ControlServer::Done done, Make make)
{
    return [done = std::move(done), make = std::move(make)](
               const mail::Result<T> &result) { done(result ? make(*result) : toJson(result.error())); };
}

} // namespace glasspost::app
