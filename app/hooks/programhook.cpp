#include "app/hooks/programhook.h"

#include <QProcess>
#include <QTimer>

namespace glasspost::app {

namespace {

/// Why it is as if it had not run; empty when all is well.
QString troubleOf(const QProcess &process, bool isTimedOut)
{
    if (isTimedOut)
        return QStringLiteral("it took too long");
    if (process.error() == QProcess::FailedToStart || process.exitStatus() == QProcess::CrashExit)
        return process.errorString();
    return process.exitCode() == 0 ? QString() : QStringLiteral("exit code %1").arg(process.exitCode());
}

/// Ours, without what lets into Glasspost and the servers it signs in at.
QProcessEnvironment environmentFor(const QByteArray &id)
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const char *secret :
        {"GLASSPOST_HTTP_TOKEN", "GLASSPOST_WEBHOOK_SECRET", "GLASSPOST_PASSWORD", "GLASSPOST_TOKEN"})
        environment.remove(QLatin1String(secret));
    environment.insert(QStringLiteral("GLASSPOST_ID"), QString::fromUtf8(id));
    return environment;
}

} // namespace

ProgramHook::ProgramHook(ProgramHookSettings settings, QObject *parent)
    : QObject(parent), m_settings(std::move(settings))
{ }

ProgramHook::~ProgramHook()
{
    for (QProcess *process : findChildren<QProcess *>()) {
        process->disconnect(this);
        process->kill();
    }
}

void ProgramHook::run(const QByteArray &id, const mail::MessageOctets &message)
{
    auto *process = new QProcess(this);
    process->setProcessEnvironment(environmentFor(id));
    process->setProgram(m_settings.command.value(0));
    process->setArguments(m_settings.command.mid(1));
    process->setStandardOutputFile(QProcess::nullDevice());
    process->setProcessChannelMode(QProcess::ForwardedErrorChannel);
    auto *timer = new QTimer(process);
    timer->setSingleShot(true);
    connect(timer, &QTimer::timeout, process, &QProcess::kill);
    connect(process, &QProcess::finished, this,
        [this, process, timer, message] { end(process, troubleOf(*process, !timer->isActive())); });
    connect(process, &QProcess::errorOccurred, this, [this, process](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart) // finished() never comes
            end(process, troubleOf(*process, false));
    });
    ++m_running;
    timer->start(m_settings.timeout);
    if (message.isSpooled())
        process->setStandardInputFile(message.file()->path());
    process->start();
    if (message.isSpooled() || process->state() == QProcess::NotRunning)
        return;
    process->write(message.inMemory());
    process->closeWriteChannel();
}

void ProgramHook::end(QProcess *process, const QString &trouble)
{
    process->deleteLater();
    --m_running;
    if (!trouble.isEmpty())
        Q_EMIT failed(
            QStringLiteral("%1 failed for a message: %2").arg(m_settings.command.value(0), trouble));
    Q_EMIT rested();
}

} // namespace glasspost::app
