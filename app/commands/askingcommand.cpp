#include "app/commands/askingcommand.h"

#include "app/console/output.h"

namespace glasspost::app {

AskingCommand::AskingCommand(const QString &dataFolder, QJsonObject request, Print print, QObject *parent)
    : RunningCommand(parent), m_access(dataFolder), m_request(std::move(request)), m_print(std::move(print))
{
    connect(&m_access, &Access::answered, this, [this](const QJsonObject &answer) { take(answer); });
    connect(&m_access, &Access::failed, this, [this](const mail::Error &error) { fail(error); });
}

void AskingCommand::start()
{
    m_access.ask(m_request);
}

void AskingCommand::take(const QJsonObject &answer)
{
    Q_EMIT finished(m_print(answer));
}

void AskingCommand::fail(const mail::Error &error)
{
    Q_EMIT finished(complain(error));
}

} // namespace glasspost::app
