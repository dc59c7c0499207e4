#include "app/console/terminationsignal.h"

#include <QSocketNotifier>

#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace glasspost::app {

namespace {

constexpr int obeyed[] = {SIGTERM, SIGINT, SIGHUP};

// A signal handler reaches nothing but globals.
int pipeEnds[2] = {-1, -1};

void setHandlers(void (*handler)(int), int flags)
{
    struct sigaction action = {};
    action.sa_handler = handler;
    action.sa_flags = flags;
    for (const int signal : obeyed)
        ::sigaction(signal, &action, nullptr);
}

void handle(int)
{
    const char octet = 1;
    [[maybe_unused]] const auto written = ::write(pipeEnds[1], &octet, 1);
}

} // namespace

TerminationSignal::TerminationSignal(QObject *parent) : QObject(parent)
{
    if (::pipe2(pipeEnds, O_CLOEXEC | O_NONBLOCK) != 0)
        return; // the signals then end the process; the journal keeps what was promised
    auto *notifier = new QSocketNotifier(pipeEnds[0], QSocketNotifier::Read, this);
    connect(notifier, &QSocketNotifier::activated, this, [this, notifier] {
        notifier->setEnabled(false);
        setHandlers(SIG_DFL, 0);
        Q_EMIT terminated();
    });
    setHandlers(handle, SA_RESTART);
}

TerminationSignal::~TerminationSignal()
{
    setHandlers(SIG_DFL, 0);
    for (int &end : pipeEnds) {
        if (end >= 0)
            ::close(end);
        end = -1;
    }
}

} // namespace glasspost::app
