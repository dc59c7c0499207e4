#pragma once

#include <QObject>

namespace glasspost::app {

/// SIGTERM, SIGINT and SIGHUP as a Qt signal: the handler writes an octet into a pipe that the event loop
/// reads. A second signal while the first is being obeyed ends the process at once. One a process. Main
/// thread.
class TerminationSignal : public QObject
{
    Q_OBJECT
public:
    explicit TerminationSignal(QObject *parent = nullptr);
    ~TerminationSignal() override;

Q_SIGNALS:
    void terminated();
};

} // namespace glasspost::app
