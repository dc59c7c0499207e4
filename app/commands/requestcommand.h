#pragma once

#include "app/commands/command.h"
#include "app/control/access.h"

#include <QJsonObject>

#include <functional>

namespace glasspost::app {

/// A command that asks the data folder one thing and prints the answer: search, show, transcript, queue
/// list and the like.
class RequestCommand : public RunningCommand
{
    Q_OBJECT
public:
    /// Prints the answer and says how to end.
    using Print = std::function<ExitCode(const QJsonObject &answer)>;

    RequestCommand(const QString &dataFolder, QJsonObject request, Print print, QObject *parent = nullptr);
    void start() override;

protected:
    /// Our own mail system, or null when a running instance answered.
    [[nodiscard]] Access &access() { return m_access; }
    virtual void take(const QJsonObject &answer);
    virtual void fail(const mail::Error &error);

private:
    Access m_access;
    QJsonObject m_request;
    Print m_print;
};

} // namespace glasspost::app
