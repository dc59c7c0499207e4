#include "mail/rules/programrun.h"

#include <QProcess>
#include <QTimer>

#include <csignal>
#include <memory>
#include <unistd.h>

namespace glasspost::mail {

namespace {

constexpr qsizetype mostOutput = 2000; // octets of it in the log

/// One program while it runs.
struct Run
{
    Promise<ProgramEnd> end;
    QByteArray output;
    bool isTimedOut = false;
    MessageOctets message; ///< its file is there for as long
};

QProcessEnvironment environmentWith(const QByteArray &id)
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const char *secret :
        {"GLASSPOST_HTTP_TOKEN", "GLASSPOST_WEBHOOK_SECRET", "GLASSPOST_PASSWORD", "GLASSPOST_TOKEN"})
        environment.remove(QLatin1String(secret));
    environment.insert(QStringLiteral("GLASSPOST_ID"), QString::fromUtf8(id));
    return environment;
}

/// It may write without end; it is read all the same, so that it never waits for us.
void takeOutput(QProcess &process, Run &run)
{
    const QByteArray more = process.readAll();
    run.output += more.left(mostOutput - run.output.size());
}

/// With whatever it has started: a shell that is killed leaves the command for which it waits.
void killGroup(QProcess &process)
{
    if (const qint64 id = process.processId(); id > 0)
        ::kill(pid_t(-id), SIGKILL);
    process.kill(); // which may not have come to have its group yet
}

ProgramEnd endOf(const QProcess &process, const Run &run)
{
    ProgramEnd end;
    if (run.isTimedOut)
        end.text = QStringLiteral("it took too long and was ended");
    else if (process.error() == QProcess::FailedToStart || process.exitStatus() == QProcess::CrashExit)
        end.text = process.errorString();
    else if (process.exitCode() != 0)
        end.text = QStringLiteral("exit code %1").arg(process.exitCode());
    end.hasFailed = !end.text.isEmpty();
    const QString said = QString::fromUtf8(run.output).trimmed();
    if (end.hasFailed && !said.isEmpty())
        end.text += u'\n';
    end.text += said;
    return end;
}

} // namespace

ProgramRuns::ProgramRuns(ProgramLimits limits, QObject *parent) : QObject(parent), m_limits(limits) { }

ProgramRuns::~ProgramRuns()
{
    for (QProcess *process : findChildren<QProcess *>()) {
        process->disconnect();
        killGroup(*process);
    }
}

Task<ProgramEnd> ProgramRuns::run(
    const QStringList &command, const QByteArray &id, const MessageOctets &message)
{
    auto *process = new QProcess(this);
    const auto run = std::make_shared<Run>();
    run->message = message;
    process->setProcessEnvironment(environmentWith(id));
    process->setProgram(command.value(0));
    process->setArguments(command.mid(1));
    process->setProcessChannelMode(QProcess::MergedChannels);
    process->setChildProcessModifier([] { ::setpgid(0, 0); });
    auto *timer = new QTimer(process);
    timer->setSingleShot(true);
    connect(timer, &QTimer::timeout, process, [process, run] {
        run->isTimedOut = true;
        killGroup(*process);
    });
    const auto end = [this, process, run] {
        takeOutput(*process, *run);
        process->deleteLater();
        --m_running;
        run->end.answer(endOf(*process, *run));
    };
    connect(process, &QProcess::readyRead, process, [process, run] { takeOutput(*process, *run); });
    connect(process, &QProcess::finished, this, end);
    connect(process, &QProcess::errorOccurred, this, [end](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart) // finished() never comes
            end();
    });
    ++m_running;
    timer->start(m_limits.time);
    start(*process, message);
    return run->end.task();
}

void ProgramRuns::start(QProcess &process, const MessageOctets &message)
{
    if (message.isSpooled())
        process.setStandardInputFile(message.file()->path());
    process.start();
    if (message.isSpooled() || process.state() == QProcess::NotRunning)
        return;
    process.write(message.inMemory());
    process.closeWriteChannel();
}

} // namespace glasspost::mail
