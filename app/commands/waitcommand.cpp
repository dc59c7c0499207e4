#include "app/commands/waitcommand.h"

#include "app/console/jsonvalues.h"
#include "app/console/output.h"
#include "app/console/textlines.h"
#include "app/control/controlpath.h"
#include "app/control/messagerequests.h"

#include <QFileInfo>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace glasspost::app {

WaitCommand::WaitCommand(WaitInvocation invocation, QString dataFolder, QObject *parent)
    : RunningCommand(parent), m_invocation(std::move(invocation)), m_dataFolder(std::move(dataFolder))
{
    connect(&m_stream, &ControlStream::received, this, &WaitCommand::take);
    connect(&m_stream, &ControlStream::closed, this, &WaitCommand::lose);
    connect(&m_runtimeFolder, &QFileSystemWatcher::directoryChanged, this, &WaitCommand::connectTo);
    m_timeout.setSingleShot(true);
    connect(&m_timeout, &QTimer::timeout, this, &WaitCommand::endTimedOut);
}

void WaitCommand::start()
{
    const QString path = controlPath(m_dataFolder);
    // Watched before it is looked into, so that no instance comes in between.
    if (path.isEmpty() || !m_runtimeFolder.addPath(QFileInfo(path).path())) {
        complain(QStringLiteral("the folder for sockets cannot be used: set XDG_RUNTIME_DIR"));
        return end(ExitCode::CannotCreate);
    }
    if (m_invocation.prints == WaitInvocation::Prints::Rows) {
        m_signal = std::make_unique<TerminationSignal>();
        connect(m_signal.get(), &TerminationSignal::terminated, this, [this] { end(ExitCode::Ok); });
    }
    if (m_invocation.timeout && m_invocation.timeout->count() > 0)
        m_timeout.start(*m_invocation.timeout);
    connectTo();
}

void WaitCommand::connectTo()
{
    m_hasNews = m_isConnected;
    if (m_isConnected || m_hasEnded)
        return;
    m_isConnected = true;
    m_stream.open(controlPath(m_dataFolder), waitRequest(m_invocation));
}

void WaitCommand::lose()
{
    m_isConnected = false;
    if (m_hasEnded)
        return;
    if (m_hasNews)
        return connectTo();
    if (!std::exchange(m_isAlone, true))
        complain(QStringLiteral("no Glasspost runs on %1; waiting for one to start").arg(m_dataFolder));
    if (m_invocation.timeout && m_invocation.timeout->count() == 0)
        endTimedOut();
}

void WaitCommand::take(const QJsonObject &answer)
{
    m_isAlone = false;
    if (m_hasEnded)
        return;
    if (answer.contains(QStringLiteral("error")))
        return end(complain(errorFromJson(answer)));
    if (!answer.contains(QStringLiteral("caughtUp")))
        return print(answer);
    if (m_invocation.timeout && m_invocation.timeout->count() == 0)
        endTimedOut();
}

void WaitCommand::print(const QJsonObject &answer)
{
    const bool isRow = answer.contains(QStringLiteral("row"));
    const QJsonObject object = answer[isRow ? QStringLiteral("row") : QStringLiteral("message")].toObject();
    if (m_invocation.format == OutputFormat::Json)
        printObject(object);
    else
        printLine(isRow ? rowLine(object) : messageLines(object));
    if (std::ferror(stdout) != 0)
        return end(ExitCode::CannotCreate); // nobody reads on
    // Another instance is asked for what came after it.
    if (const auto moment = mail::arrivalMoment(object[QStringLiteral("id")].toString().toUtf8()))
        m_invocation.since = std::max(m_invocation.since, *moment);
    ++m_found;
    if (m_invocation.count > 0 && --m_invocation.count == 0)
        end(ExitCode::Ok);
}

void WaitCommand::endTimedOut()
{
    complain(
        QStringLiteral("%1 of %2 messages arrived in time").arg(m_found).arg(m_found + m_invocation.count));
    end(ExitCode::TimedOut);
}

void WaitCommand::end(ExitCode code)
{
    if (!std::exchange(m_hasEnded, true))
        Q_EMIT finished(code);
}

} // namespace glasspost::app
