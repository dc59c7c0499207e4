// The process that lays pages out with Qt WebEngine: requests on standard input, pages on standard output, as
// glasspost-page has them (ui/message/html/layout/main.cpp). It is a browser with everything off: no script
// of a message runs, nothing is loaded, nothing is written, and neither the network nor files are in reach.
#include "ui/message/html/layout/confinement.h"
#include "ui/message/html/pagelimits.h"
#include "ui/message/html/webengine/weblayout.h"

#include <QApplication>
#include <QQuickWindow>
#include <QSocketNotifier>
#include <QtEndian>

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
/// Chromium has a delete that is not of its new's size; it is no business of ours.
extern "C" const char *__asan_default_options()
{
    return "new_delete_type_mismatch=0:detect_leaks=0";
}
#endif

using namespace glasspost::ui;

namespace {

constexpr qsizetype lengthSize = sizeof(quint32);

/// The pipe to who asks. The processes of the engine do not get it.
class Pipe : public QObject
{
public:
    Pipe()
        : m_input(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)),
          m_output(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3))
    {
        const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
        for (const int standard : {STDIN_FILENO, STDOUT_FILENO})
            ::dup2(nothing, standard);
    }

    /// Calls take for each request, from the event loop, until the input ends, and the process with it.
    void listen(const std::function<void(const PageRequest &)> &take)
    {
        auto *notifier = new QSocketNotifier(m_input, QSocketNotifier::Read, this);
        connect(notifier, &QSocketNotifier::activated, this, [this, take] { read(take); });
    }

    void answer(const QByteArray &octets) const
    {
        const quint32 length = qToBigEndian(quint32(octets.size()));
        write(QByteArray(reinterpret_cast<const char *>(&length), lengthSize) + octets);
    }

private:
    void read(const std::function<void(const PageRequest &)> &take)
    {
        QByteArray octets(1024 * 1024, Qt::Uninitialized);
        const ssize_t count = ::read(m_input, octets.data(), size_t(octets.size()));
        if (count < 0 && errno == EINTR)
            return;
        if (count <= 0)
            ::_exit(EXIT_SUCCESS);
        m_received.append(octets.constData(), count);
        if (m_received.size() < lengthSize)
            return;
        const qint64 length = qFromBigEndian<quint32>(m_received.constData());
        if (length > pageOctets)
            ::_exit(EXIT_FAILURE);
        if (m_received.size() < lengthSize + length)
            return;
        const auto request = readPageRequest(std::exchange(m_received, QByteArray()).mid(lengthSize));
        if (!request)
            ::_exit(EXIT_FAILURE);
        take(*request);
    }

    void write(const QByteArray &octets) const
    {
        for (qsizetype done = 0; done < octets.size();) {
            const ssize_t count = ::write(m_output, octets.constData() + done, size_t(octets.size() - done));
            if (count < 0 && errno == EINTR)
                continue;
            if (count <= 0)
                ::_exit(EXIT_FAILURE);
            done += count;
        }
    }

    const int m_input, m_output;
    QByteArray m_received;
};

/// Painted by the processor, into no window, a pixel for a pixel, and none of what a browser does by itself.
void setEnvironment()
{
    for (const char *name : {"QT_SCALE_FACTOR", "QT_SCREEN_SCALE_FACTORS", "QT_FONT_DPI",
             "QTWEBENGINE_REMOTE_DEBUGGING", "DBUS_SESSION_BUS_ADDRESS"})
        qunsetenv(name);
    qputenv("QT_QPA_PLATFORM", "offscreen");
    qputenv("QT_ENABLE_HIGHDPI_SCALING", "0");
    // Pictures are decoded before a frame is shown, not after it; letters are gray, since they may be made
    // larger or dark.
    qputenv("QTWEBENGINE_CHROMIUM_FLAGS",
        "--disable-gpu --disable-checker-imaging --disable-lcd-text --force-color-profile=srgb "
        "--disable-background-networking --no-pings");
    QQuickWindow::setGraphicsApi(QSGRendererInterface::Software);
}

} // namespace

int main(int argc, char *argv[])
{
    Pipe pipe;
    // The engine's processes share memory there, and name the users of their sandbox.
    const PageReach reach = confineProcess({QStringLiteral("/dev/shm"), QStringLiteral("/proc")});
    limitData(engineMemory);
    setEnvironment();
    Gate::registerScheme();
    const QApplication application(argc, argv);
    WebLayout layout;
    // The first page waits until the engine has started: one that nobody asked for comes before.
    bool isWarm = false;
    QObject::connect(&layout, &WebLayout::laidOut, &pipe, [&](Page page) {
        page.reach = reach;
        if (std::exchange(isWarm, true))
            pipe.answer(written(page));
        else
            pipe.listen([&layout](const PageRequest &request) { layout.layOut(request); });
    });
    PageRequest first;
    first.html = "a";
    first.width = 100;
    layout.layOut(first);
    return QApplication::exec();
}
