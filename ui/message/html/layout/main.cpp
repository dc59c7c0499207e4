// The process that lays pages out: requests on standard input, pages on standard output, each behind its
// length in four octets, the highest first. One after another until the input ends.
#include "ui/message/html/layout/confinement.h"
#include "ui/message/html/layout/pagelayout.h"
#include "ui/message/html/pagelimits.h"

#include <QGuiApplication>
#include <QtEndian>

#include <cerrno>
#include <exception>
#include <unistd.h>

namespace {

bool readAll(char *data, qsizetype size)
{
    while (size > 0) {
        const ssize_t count = ::read(STDIN_FILENO, data, size_t(size));
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return false;
        data += count;
        size -= count;
    }
    return true;
}

bool writeAll(const QByteArray &octets)
{
    for (qsizetype done = 0; done < octets.size();) {
        const ssize_t count = ::write(STDOUT_FILENO, octets.constData() + done, size_t(octets.size() - done));
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return false;
        done += count;
    }
    return true;
}

/// False at the end of the input.
bool answerOne(const glasspost::ui::PageReach &reach)
{
    quint32 size = 0;
    if (!readAll(reinterpret_cast<char *>(&size), sizeof size))
        return false;
    size = qFromBigEndian(size);
    if (size > glasspost::ui::pageOctets)
        return false;
    QByteArray octets(size, Qt::Uninitialized);
    if (!readAll(octets.data(), octets.size()))
        return false;
    const std::optional<glasspost::ui::PageRequest> request = glasspost::ui::readPageRequest(octets);
    glasspost::ui::limitTime();
    std::optional<glasspost::ui::Page> page = request ? glasspost::ui::layOut(*request) : std::nullopt;
    if (page)
        page->reach = reach;
    const QByteArray answer = page ? glasspost::ui::written(*page) : QByteArray();
    quint32 length = qToBigEndian(quint32(answer.size()));
    return writeAll(QByteArray(reinterpret_cast<const char *>(&length), sizeof length)) && writeAll(answer);
}

/// The first page with a font waits for the system to find it: a page that nobody asked for names the usual
/// ones before.
void prepareFonts()
{
    glasspost::ui::PageRequest usual;
    usual.html = "<p style='font-family:Arial,Helvetica,sans-serif'>a <b>b</b>"
                 "<p style='font-family:Georgia,serif'>a";
    usual.width = 100;
    static_cast<void>(glasspost::ui::layOut(usual));
}

} // namespace

int main(int argc, char *argv[])
{
    const glasspost::ui::PageReach reach = glasspost::ui::confineProcess();
    // Nothing here throws but an allocation that fails.
    std::set_terminate([] { ::_exit(glasspost::ui::outOfMemoryStatus); });
    qputenv("QT_QPA_PLATFORM", "offscreen"); // fonts, and no window
    const QGuiApplication application(argc, argv);
    glasspost::ui::limitMemory();
    prepareFonts();
    while (answerOne(reach)) { }
    // Nothing is left to be written, and what litehtml holds goes with the process.
    ::_exit(0);
}
