#include "ui/message/html/confinedprocess.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QtEndian>

#include <csignal>
#include <utility>

namespace glasspost::ui {

namespace {

constexpr std::chrono::minutes longestRest(5);
constexpr qsizetype lengthSize = sizeof(quint32);

QByteArray framed(const QByteArray &octets)
{
    const quint32 length = qToBigEndian(quint32(octets.size()));
    return QByteArray(reinterpret_cast<const char *>(&length), lengthSize) + octets;
}

/// May be destroyed while it runs: it is killed then, and nobody waits for its end.
class PageProgram : public QProcess
{
public:
    ~PageProgram() override
    {
        kill();
        setProcessState(NotRunning);
    }
};

} // namespace

QString ConfinedProcess::pathOf(const QString &name)
{
    const QString folder = QCoreApplication::applicationDirPath();
    for (const char *place : {"/", "/../libexec/", "/../app/", "/../../app/"}) {
        const QString path = folder + QLatin1String(place) + name;
        if (QFileInfo::exists(path))
            return path;
    }
    return folder + u'/' + name;
}

ConfinedProcess::ConfinedProcess(QString program, QObject *parent)
    : QObject(parent), m_program(std::move(program)), m_limit(pageWait)
{
    m_clock.setSingleShot(true);
    m_rest.setSingleShot(true);
    m_rest.setInterval(longestRest);
    connect(&m_clock, &QTimer::timeout, this, [this] { fail(PageFailure::TookTooLong); });
    connect(&m_rest, &QTimer::timeout, this, &ConfinedProcess::end);
}

ConfinedProcess::~ConfinedProcess()
{
    end();
}

void ConfinedProcess::setProgram(const QString &program)
{
    if (program == m_program)
        return;
    giveUp();
    end();
    m_program = program;
}

void ConfinedProcess::prepare()
{
    if (m_isBusy)
        return;
    m_rest.start();
    if (!m_process)
        start();
}

void ConfinedProcess::ask(const QByteArray &request)
{
    giveUp();
    m_isBusy = true;
    m_rest.stop();
    m_clock.start(m_limit);
    m_asked = framed(request);
    if (!m_process)
        start();
    if (m_process)
        m_process->write(m_asked);
}

/// A process that is at work is of no use for the next request before it has finished: it is quicker to start
/// another.
void ConfinedProcess::giveUp()
{
    m_clock.stop();
    m_asked.clear();
    if (std::exchange(m_isBusy, false))
        end();
}

void ConfinedProcess::start()
{
    m_process = std::make_unique<PageProgram>();
    m_process->setProcessChannelMode(QProcess::SeparateChannels);
    m_process->setStandardErrorFile(QProcess::nullDevice());
    m_hasServed = false;
    m_received.clear();
    connect(m_process.get(), &QProcess::readyReadStandardOutput, this, &ConfinedProcess::take);
    connect(m_process.get(), &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error != QProcess::FailedToStart)
            return;
        if (m_isBusy)
            fail(PageFailure::NotStarted);
        else
            end();
    });
    connect(m_process.get(), &QProcess::finished, this, &ConfinedProcess::takeEnd);
    m_process->start(m_program, QStringList());
}

/// Nobody waits for the process to end; its object goes after it, or with the program.
void ConfinedProcess::end()
{
    if (!m_process)
        return;
    QProcess *process = m_process.release();
    process->disconnect(this);
    if (process->state() == QProcess::NotRunning) {
        process->deleteLater();
        return;
    }
    process->setParent(QCoreApplication::instance());
    connect(process, &QProcess::finished, process, &QObject::deleteLater);
    process->kill();
}

/// status: the signal that ended it, when it did not end by itself.
void ConfinedProcess::takeEnd(int status, QProcess::ExitStatus kind)
{
    if (!m_isBusy)
        return end();
    if (kind == QProcess::CrashExit && status == SIGXCPU)
        return fail(PageFailure::TookTooLong);
    if (!m_hasServed)
        return fail(kind == QProcess::NormalExit && status == outOfMemoryStatus ? PageFailure::TookTooMuch
                                                                                : PageFailure::Stopped);
    end();
    start();
    if (m_process)
        m_process->write(m_asked);
}

void ConfinedProcess::take()
{
    m_received += m_process->readAllStandardOutput();
    if (m_received.size() < lengthSize)
        return;
    const qint64 length = qFromBigEndian<quint32>(m_received.constData());
    if (!m_isBusy || length > pageOctets || m_received.size() > lengthSize + length)
        return fail(PageFailure::Stopped);
    if (m_received.size() == lengthSize + length)
        takeAnswer(std::exchange(m_received, QByteArray()).sliced(lengthSize));
}

void ConfinedProcess::takeAnswer(const QByteArray &answer)
{
    m_clock.stop();
    m_asked.clear();
    m_isBusy = false;
    m_hasServed = true;
    m_rest.start();
    if (answer.isEmpty())
        fail(PageFailure::TookTooMuch);
    else
        Q_EMIT answered(answer);
}

void ConfinedProcess::distrust()
{
    fail(PageFailure::Stopped);
}

void ConfinedProcess::fail(PageFailure failure)
{
    giveUp();
    end();
    Q_EMIT failed(failure);
}

} // namespace glasspost::ui
