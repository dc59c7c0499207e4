// The process that draws PDF files: a request on standard input, a picture on standard output. One after
// another until the input ends.
#include "ui/message/html/layout/confinement.h"
#include "ui/message/html/layout/frames.h"
#include "ui/message/html/pagelimits.h"
#include "ui/message/pdf/pdfpages.h"

#include <QGuiApplication>

#include <exception>
#include <unistd.h>

namespace {

using namespace glasspost::ui;

/// False at the end of the input.
bool answerOne()
{
    const std::optional<QByteArray> octets = readFrame();
    if (!octets)
        return false;
    limitTime();
    const std::optional<PdfRequest> request = readPdfRequest(*octets);
    return writeFrame(request ? written(drawn(*request)) : QByteArray());
}

} // namespace

int main(int argc, char *argv[])
{
    // It opens nothing and reaches nothing from limitFiles() on, whatever the system left to it.
    static_cast<void>(confineProcess());
    std::set_terminate([] { ::_exit(outOfMemoryStatus); });
    qputenv("QT_QPA_PLATFORM", "offscreen");
    const QGuiApplication application(argc, argv);
    limitMemory();
    limitFiles();
    while (answerOne()) { }
    ::_exit(0);
}
