#include "ui/message/pdfreading.h"

#include "mail/base/worker.h"
#include "ui/message/html/confinedprocess.h"

#include <QFileInfo>

namespace glasspost::ui {

namespace {

QString pdfProgram()
{
    return ConfinedProcess::pathOf(QStringLiteral("glasspost-page-pdf"));
}

} // namespace

bool canDrawPdf()
{
    static const bool isInstalled = QFileInfo::exists(pdfProgram());
    return isInstalled;
}

mail::Task<QImage> drawPdf(QObject *context, const PdfRequest &request)
{
    const mail::Promise<QImage> promise;
    auto *process = new ConfinedProcess(pdfProgram(), context);
    QObject::connect(
        process, &ConfinedProcess::answered, process, [process, promise](const QByteArray &answer) {
            process->deleteLater();
            promise.answerWith(
                [answer] { return mail::runInPool([answer] { return readPdfPicture(answer); }); });
        });
    QObject::connect(process, &ConfinedProcess::failed, process, [process, promise] {
        process->deleteLater();
        promise.answer(QImage());
    });
    process->ask(written(request));
    return promise.task();
}

} // namespace glasspost::ui
