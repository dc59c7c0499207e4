#pragma once

#include "app/commandline/invocation.h"
#include "app/commands/command.h"
#include "app/mcp/mcpserver.h"

#include <QSocketNotifier>

namespace glasspost::app {

/// glasspost mcp: the Model Context Protocol on standard input and output, until its input ends.
class McpCommand : public RunningCommand
{
    Q_OBJECT
public:
    explicit McpCommand(QString dataFolder, QObject *parent = nullptr);
    void start() override;

private:
    void read();
    void say(const QJsonObject &message);
    mail::Task<QJsonObject> ask(const QJsonObject &request);
    void endOnceIdle();
    void end(ExitCode code);

    QString m_dataFolder;
    McpServer m_server;
    QSocketNotifier m_input;
    QByteArray m_received;
    bool m_isInputOver = false;
    bool m_hasEnded = false;
};

} // namespace glasspost::app
