#pragma once

#include "app/commandline/exitcodes.h"

#include <QObject>

namespace glasspost::app {

/// A headless command at work: begins when the event loop runs, says finished() once.
class RunningCommand : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;
    virtual void start() = 0;

Q_SIGNALS:
    void finished(glasspost::app::ExitCode code);
};

} // namespace glasspost::app
