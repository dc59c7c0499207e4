#include "ui/message/deliveryreporter.h"

#include "mail/base/worker.h"
#include "mail/system/mailboxes.h"
#include "mail/system/sessions.h"
#include "ui/message/deliverypane.h"
#include "ui/message/reportpage.h"
#include "ui/message/swakscommand.h"
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
    : QObject(&pane), m_services(services), m_bar(bar), m_pane(pane)
{
    connect(&pane, &DeliveryPane::saveRequested, this, &DeliveryReporter::save);
    connect(&pane, &DeliveryPane::browserRequested, this, &DeliveryReporter::browse);
    connect(&pane, &DeliveryPane::swaksRequested, this, &DeliveryReporter::copySwaks);
}

void DeliveryReporter::setRecord(const mail::DeliveredMessage &message, const QList<QByteArray> &sessionIds)
{
    m_message = message;
    m_sessionIds = sessionIds;
}

/// Once all transcripts that are kept were read, and made where nothing waits for it.
void DeliveryReporter::makePage(Addresses addresses, const Use &use)
{
    struct Reading
    {
        QList<QByteArray> left;
        ReportContent content;
    };
    const auto reading = std::make_shared<Reading>(
        Reading{m_sessionIds, {m_message.journeys, {}, QDateTime::currentDateTime(), {}}});
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
            [reading, addresses] {
                return mail::runInPool(
                    [content = reading->content, addresses] { return reportPage(content, addresses); });
            })
        .then(this, [use](const mail::Result<QByteArray> &page) {
            if (page)
                use(*page);
        });
}

void DeliveryReporter::save(Addresses addresses)
{
    auto *dialog = new QFileDialog(&m_pane, tr("Save the report of the delivery"),
        QStandardPaths::writableLocation(QStandardPaths::DownloadLocation));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("html"));
    dialog->selectFile(tr("delivery") + QStringLiteral(".html"));
    connect(dialog, &QFileDialog::fileSelected, this, [this, addresses](const QString &path) {
        makePage(addresses, [this, path](const QByteArray &page) {
            writeInBackground(path, page).then(this, [this, path](const mail::Result<void> &done) {
                if (done)
                    m_bar.say(InlineBar::Kind::Success, tr("Saved to %1.").arg(path), successStays);
                else
                    m_bar.say(InlineBar::Kind::Error, errorText(done.error()));
            });
        });
    });
    dialog->open();
}

void DeliveryReporter::browse(Addresses addresses)
{
    makePage(addresses, [this](const QByteArray &page) {
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

/// Of the newest delivery that has one.
void DeliveryReporter::copySwaks()
{
    for (const mail::Journey &journey : std::as_const(m_message.journeys)) {
        const QString command = swaksCommand(journey);
        if (command.isEmpty())
            continue;
        QGuiApplication::clipboard()->setText(command);
        m_bar.say(InlineBar::Kind::Success, tr("The swaks command was copied."), successStays);
        return;
    }
    m_bar.say(
        InlineBar::Kind::Info, tr("The record has no session in which a sender was named."), successStays);
}

} // namespace glasspost::ui
