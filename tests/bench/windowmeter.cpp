// The whole program, with a meter on its GUI thread: a beat every few milliseconds, and the longest time
// between two of them, less the time in which the thread waited for a processor, says how long the event loop
// stood still. Writes "STALL gross net" in milliseconds to standard error at the end, and begins anew with
// SIGUSR1, upon which it writes that, too. Started as glasspost is.

#include "app/run.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QTimer>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>

namespace {

constexpr int Beat = 5; // milliseconds
constexpr int Settled = 3000; // milliseconds after which the start is over

/// Nanoseconds that this thread was ready to run and had no processor. The file stays open: the meter shall
/// take little of what it measures.
qint64 waitedForProcessor()
{
    static const int file = ::open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
    std::array<char, 128> text{};
    const ssize_t size = ::pread(file, text.data(), text.size(), 0);
    return size <= 0 ? 0 : QByteArray::fromRawData(text.data(), size).split(' ').value(1).toLongLong();
}

volatile std::sig_atomic_t isAsked = 0;

void ask(int /*signal*/)
{
    isAsked = 1;
}

class Meter : public QTimer
{
public:
    Meter()
    {
        setTimerType(Qt::PreciseTimer);
        connect(this, &QTimer::timeout, this, &Meter::beat);
        m_sinceStart.start();
        start(Beat);
    }
    ~Meter() override { tell(); }

private:
    void tell()
    {
        std::fprintf(stderr, "STALL %.1f %.1f\n", double(m_gross) / 1e6, double(m_net) / 1e6);
        m_gross = m_net = 0;
    }
    void beat()
    {
        const qint64 waited = waitedForProcessor();
        if (m_last.isValid() && m_sinceStart.elapsed() > Settled) {
            const qint64 gap = m_last.nsecsElapsed() - qint64(Beat) * 1'000'000;
            m_gross = std::max(m_gross, gap);
            m_net = std::max(m_net, gap - (waited - m_waited));
        }
        if (isAsked != 0) {
            isAsked = 0;
            tell();
        }
        m_waited = waited;
        m_last.start();
    }

    QElapsedTimer m_sinceStart;
    QElapsedTimer m_last;
    qint64 m_waited = 0;
    qint64 m_gross = 0;
    qint64 m_net = 0;
};

void startMeter()
{
    auto *meter = new Meter;
    std::signal(SIGUSR1, ask);
    QObject::connect(
        QCoreApplication::instance(), &QCoreApplication::aboutToQuit, meter, [meter] { delete meter; });
}

} // namespace

Q_COREAPP_STARTUP_FUNCTION(startMeter)

int main(int argc, char *argv[])
{
    return glasspost::app::run(argc, argv);
}
