// The process that lays pages out: requests on standard input, pages on standard output. One after another
// until the input ends.
#include "ui/message/html/layout/confinement.h"
#include "ui/message/html/layout/frames.h"
#include "ui/message/html/layout/pagelayout.h"
#include "ui/message/html/pagelimits.h"

#include <QGuiApplication>

#include <exception>
#include <unistd.h>

namespace {

/// False at the end of the input.
bool answerOne(const glasspost::ui::PageReach &reach)
{
    const std::optional<QByteArray> octets = glasspost::ui::readFrame();
    if (!octets)
        return false;
    const std::optional<glasspost::ui::PageRequest> request = glasspost::ui::readPageRequest(*octets);
    glasspost::ui::limitTime();
    std::optional<glasspost::ui::Page> page = request ? glasspost::ui::layOut(*request) : std::nullopt;
    if (page)
        page->reach = reach;
    return glasspost::ui::writeFrame(page ? glasspost::ui::written(*page) : QByteArray());
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
