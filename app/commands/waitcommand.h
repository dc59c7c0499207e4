#pragma once

#include "app/commandline/invocation.h"
#include "app/commands/command.h"
#include "app/console/terminationsignal.h"
#include "app/control/controlstream.h"

#include <QFileSystemWatcher>
#include <QTimer>

#include <memory>

namespace glasspost::app {

/// glasspost wait and glasspost watch: asks the instance that runs on the data folder, and where there is
/// none, or it ends meanwhile, the next one as soon as it runs. Nothing is asked in intervals: the instance
/// reports what arrives, and the system when a socket comes into the runtime folder.
class WaitCommand : public RunningCommand
{
    Q_OBJECT
public:
    WaitCommand(WaitInvocation invocation, QString dataFolder, QObject *parent = nullptr);
    void start() override;

private:
    void connectTo();
    void lose();
    void take(const QJsonObject &answer);
    void print(const QJsonObject &answer);
    void end(ExitCode code);
    void endTimedOut();

    WaitInvocation m_invocation;
    QString m_dataFolder;
    ControlStream m_stream;
    QFileSystemWatcher m_runtimeFolder;
    QTimer m_timeout;
    std::unique_ptr<TerminationSignal> m_signal; ///< of watch, which ends by one
    bool m_isConnected = false;
    bool m_hasNews = false; ///< of the runtime folder, since this connection was tried
    bool m_isAlone = false; ///< nobody was there when it was tried last
    bool m_hasEnded = false;
    int m_found = 0;
};

} // namespace glasspost::app
