#include "app/commands/requestcommand.h"

#include "app/console/output.h"

namespace glasspost::app {

RequestCommand::RequestCommand(const QString &dataFolder, QJsonObject request, Print print, QObject *parent)
    : RunningCommand(parent), m_access(dataFolder), m_request(std::move(request)), m_print(std::move(print))
{
    connect(&m_access, &Access::answered, this, [this](const QJsonObject &answer) { take(answer); });
    connect(&m_access, &Access::failed, this, [this](const mail::Error &error) { fail(error); });
}

void RequestCommand::start()
{
    m_access.ask(m_request);
}

void RequestCommand::take(const QJsonObject &answer)
{
    Q_EMIT finished(m_print(answer));
}

void RequestCommand::fail(const mail::Error &error)
{
    Q_EMIT finished(complain(error));
}

} // namespace glasspost::app
