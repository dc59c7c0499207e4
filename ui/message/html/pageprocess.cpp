#include "ui/message/html/pageprocess.h"

#include "mail/base/worker.h"

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

QString PageProcess::standardProgram(mail::HtmlEngine engine)
{
    const QString folder = QCoreApplication::applicationDirPath();
    const QLatin1String name(
        engine == mail::HtmlEngine::WebEngine ? "glasspost-page-webengine" : "glasspost-page");
    for (const char *place : {"/", "/../libexec/", "/../app/", "/../../app/"}) {
        const QString path = folder + QLatin1String(place) + name;
        if (QFileInfo::exists(path))
            return path;
    }
    return folder + u'/' + name;
}

bool PageProcess::isInstalled(mail::HtmlEngine engine)
{
    return QFileInfo::exists(standardProgram(engine));
}

PageProcess::PageProcess(QString program, QObject *parent)
    : QObject(parent), m_program(std::move(program)), m_limit(pageWait)
{
    m_clock.setSingleShot(true);
    m_rest.setSingleShot(true);
    m_rest.setInterval(longestRest);
    connect(&m_clock, &QTimer::timeout, this, [this] { fail(PageFailure::TookTooLong); });
    connect(&m_rest, &QTimer::timeout, this, &PageProcess::end);
}

PageProcess::~PageProcess()
{
    end();
}

void PageProcess::setProgram(const QString &program)
{
    if (program == m_program)
        return;
    giveUp();
    end();
    m_program = program;
}

void PageProcess::prepare()
{
    if (m_isBusy)
        return;
    m_rest.start();
    if (!m_process)
        start();
}

void PageProcess::layOut(const PageRequest &request)
{
    giveUp();
    m_isBusy = true;
    m_rest.stop();
    m_clock.start(m_limit);
    m_asked = framed(written(request));
    if (!m_process)
        start();
    if (m_process)
        m_process->write(m_asked);
}

/// A process that is at a page is of no use for the next one before it has finished: it is quicker to start
/// another.
void PageProcess::giveUp()
{
    ++m_number;
    m_clock.stop();
    m_asked.clear();
    if (std::exchange(m_isBusy, false))
        end();
}

void PageProcess::start()
{
    m_process = std::make_unique<PageProgram>();
    m_process->setProcessChannelMode(QProcess::SeparateChannels);
    m_process->setStandardErrorFile(QProcess::nullDevice());
    m_hasServed = false;
    m_received.clear();
    connect(m_process.get(), &QProcess::readyReadStandardOutput, this, &PageProcess::take);
    connect(m_process.get(), &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error != QProcess::FailedToStart)
            return;
        if (m_isBusy)
            fail(PageFailure::NotStarted);
        else
            end();
    });
    connect(m_process.get(), &QProcess::finished, this, &PageProcess::takeEnd);
    m_process->start(m_program, QStringList());
}

/// Nobody waits for the process to end; its object goes after it, or with the program.
void PageProcess::end()
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
void PageProcess::takeEnd(int status, QProcess::ExitStatus kind)
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

void PageProcess::take()
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

/// A large page takes its time to read.
void PageProcess::takeAnswer(const QByteArray &answer)
{
    m_clock.stop();
    m_asked.clear();
    m_isBusy = false;
    m_hasServed = true;
    m_rest.start();
    if (answer.isEmpty())
        return fail(PageFailure::TookTooMuch);
    mail::runInPool([answer] {
        std::optional<Page> page = readPage(answer);
        return page ? std::make_shared<const Page>(std::move(*page)) : std::shared_ptr<const Page>();
    }).andThen(this, [this, number = m_number](const std::shared_ptr<const Page> &page) {
        if (number != m_number)
            return;
        if (page)
            Q_EMIT laidOut(page);
        else
            fail(PageFailure::Stopped);
    });
}

void PageProcess::fail(PageFailure failure)
{
    giveUp();
    end();
    Q_EMIT failed(failure);
}

} // namespace glasspost::ui
