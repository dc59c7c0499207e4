#include "ui/message/deliveryreporter.h"

#include "mail/base/worker.h"
#include "mail/system/mailboxes.h"
#include "mail/system/sessions.h"
#include "ui/message/html/paperthread.h"
#include "ui/message/printing.h"
#include "ui/message/reportpage.h"
#include "ui/message/reportpaper.h"
#include "ui/widgets/backgroundwrite.h"
#include "ui/widgets/inlinebar.h"
#include "ui/words/errortext.h"

#include <QClipboard>
#include <QDesktopServices>
#include <QFileDialog>
#include <QGuiApplication>
#include <QStandardPaths>
#include <QUrl>

#include <memory>

namespace glasspost::ui {

namespace {

constexpr auto successStays = std::chrono::seconds(5);

} // namespace

DeliveryReporter::DeliveryReporter(const mail::EndServices &services, InlineBar &bar, DeliveryPane &pane)
    : QObject(&pane), m_services(services), m_bar(bar), m_pane(pane), m_printing(new Printing(bar, &pane))
{
    connect(&pane, &DeliveryPane::saveRequested, this, &DeliveryReporter::save);
    connect(&pane, &DeliveryPane::pdfRequested, this, &DeliveryReporter::savePdf);
    connect(&pane, &DeliveryPane::browserRequested, this, &DeliveryReporter::browse);
    connect(&pane, &DeliveryPane::copyRequested, this, &DeliveryReporter::copyCommand);
    pane.setCommands([this](RepeatWith program) { return repeatCommand(program, m_message.journeys); });
}

void DeliveryReporter::setRecord(const mail::DeliveredMessage &message, const QList<QByteArray> &sessionIds,
    const QList<mail::HeaderField> &header)
{
    m_message = message;
    m_sessionIds = sessionIds;
    m_header = header;
}

/// Once all transcripts that are kept were read, and made where nothing waits for it.
void DeliveryReporter::makePage(const ReportTerms &terms, const Use &use)
{
    struct Reading
    {
        QList<QByteArray> left;
        ReportContent content;
    };
    const auto reading = std::make_shared<Reading>(
        Reading{m_sessionIds, {m_message.journeys, {}, QDateTime::currentDateTime(), {}, {}}});
    if (terms.hasHeader)
        reading->content.header = m_header;
    const auto step = [this, reading]() -> mail::Task<bool> {
        if (reading->left.isEmpty())
            return mail::Result<bool>(false);
        const mail::Promise<bool> promise;
        m_services.sessions.transcript(reading->left.takeFirst())
            .then(this, [reading, promise](const mail::Result<mail::Transcript> &transcript) {
                if (transcript)
                    reading->content.transcripts.append(*transcript);
                promise.answer(true);
            });
        return promise.task();
    };
    mail::deliveryEnds(m_services, m_message, this)
        .andThen(this,
            [this, reading, step](const mail::DeliveryEnds &ends) {
                reading->content.ends = ends;
                reading->left = mail::withSessionsOf(ends, reading->left);
                return mail::repeat(this, step);
            })
        .andThen(this,
            [reading, addresses = terms.addresses] {
                return mail::runInPool(
                    [content = reading->content, addresses] { return reportPage(content, addresses); });
            })
        .then(this, [use](const mail::Result<QByteArray> &page) {
            if (page)
                use(*page);
        });
}

void DeliveryReporter::askForFile(const QString &ending, const std::function<void(const QString &path)> &use)
{
    auto *dialog = new QFileDialog(&m_pane, tr("Save the report of the delivery"),
        QStandardPaths::writableLocation(QStandardPaths::DownloadLocation));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(ending);
    dialog->selectFile(tr("delivery") + u'.' + ending);
    connect(dialog, &QFileDialog::fileSelected, this, use);
    dialog->open();
}

void DeliveryReporter::save(const ReportTerms &terms)
{
    askForFile(QStringLiteral("html"), [this, terms](const QString &path) {
        makePage(terms, [this, path](const QByteArray &page) {
            writeInBackground(path, page).then(this, [this, path](const mail::Result<void> &done) {
                if (done)
                    m_bar.say(InlineBar::Kind::Success, tr("Saved to %1.").arg(path), successStays);
                else
                    m_bar.say(InlineBar::Kind::Error, errorText(done.error()));
            });
        });
    });
}

void DeliveryReporter::savePdf(const ReportTerms &terms)
{
    askForFile(QStringLiteral("pdf"), [this, terms](const QString &path) {
        makePage(terms, [this, path](const QByteArray &page) {
            m_printing->writePdf(path, reportHead(page), [page](const std::shared_ptr<Sheets> &sheets) {
                return runOnPaper([page, sheets]() -> mail::Result<void> {
                    if (!paintReport(page, *sheets))
                        return tl::unexpected(sheets->error());
                    return {};
                });
            });
        });
    });
}

void DeliveryReporter::browse(const ReportTerms &terms)
{
    makePage(terms, [this](const QByteArray &page) {
        m_services.mailboxes.copyOctets(page, tr("delivery") + QStringLiteral(".html"))
            .then(this, [this](const mail::Result<QString> &path) {
                if (!path)
                    m_bar.say(InlineBar::Kind::Error, errorText(path.error()));
                else if (!QDesktopServices::openUrl(QUrl::fromLocalFile(*path)))
                    m_bar.say(InlineBar::Kind::Warning,
                        tr("No program is set up to open web pages. Save the report instead."));
            });
    });
}

void DeliveryReporter::copyCommand(RepeatWith program)
{
    const RepeatCommand command = repeatCommand(program, m_message.journeys);
    if (command.line.isEmpty()) {
        m_bar.say(InlineBar::Kind::Info, command.whyNot, successStays);
        return;
    }
    QGuiApplication::clipboard()->setText(command.line);
    m_bar.say(InlineBar::Kind::Success, tr("The command was copied."), successStays);
}

} // namespace glasspost::ui
