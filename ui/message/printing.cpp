#include "ui/message/printing.h"

#include "ui/message/html/paperthread.h"
#include "ui/message/textprint.h"
#include "ui/widgets/inlinebar.h"
#include "ui/widgets/plaintext.h"
#include "ui/words/addresstext.h"
#include "ui/words/errortext.h"
#include "ui/words/format.h"

#include <QDir>
#include <QFileDialog>
#include <QGuiApplication>
#include <QPrintDialog>
#include <QPrinter>
#include <QPushButton>
#include <QStandardPaths>

#include <utility>

namespace glasspost::ui {

namespace {

constexpr qsizetype longestValue = 600;
constexpr qsizetype mostNamed = 20; // addresses of a field
constexpr std::chrono::seconds successStays(6);

QString onOneLine(const QString &text)
{
    return shortened(safeLine(text), longestValue);
}

} // namespace

SheetHead sheetHead(const mail::MessageView &message)
{
    SheetHead head;
    head.direction = QGuiApplication::layoutDirection();
    head.subject = message.subject.isEmpty() ? Printing::tr("(no subject)") : onOneLine(message.subject);
    const auto named = [](const QList<mail::AddressView> &addresses) {
        const QString all = addressListText(addresses.first(qMin(addresses.size(), mostNamed)));
        return addresses.size() > mostNamed ? all + QStringLiteral(", …") : all;
    };
    const QString from = named(message.from), date = message.date == 0 ? QString() : exactTime(message.date);
    for (const auto &[name, value] :
        {std::pair(Printing::tr("From"), from), std::pair(Printing::tr("To"), named(message.to)),
            std::pair(Printing::tr("Cc"), named(message.cc)), std::pair(Printing::tr("Date"), date)}) {
        if (!value.isEmpty())
            head.fields.append({name, onOneLine(value)});
    }
    QStringList parts = {head.subject, from, date};
    parts.removeAll(QString());
    head.line = onOneLine(parts.join(QStringLiteral(" · ")));
    return head;
}

Printing::Content printedText(const QString &text, const QFont &letters)
{
    return [text, letters](const std::shared_ptr<Sheets> &sheets) {
        return runOnPaper([text, letters, sheets]() -> mail::Result<void> {
            if (!print(text, letters, *sheets))
                return tl::unexpected(sheets->error());
            return {};
        });
    };
}

Printing::Printing(InlineBar &bar, QWidget *widget) : QObject(widget), m_bar(bar), m_widget(widget) { }

Printing::~Printing() = default;

void Printing::print(const mail::MessageView &message, Content content)
{
    const auto printer = std::make_shared<QPrinter>(QPrinter::HighResolution);
    printer->setDocName(message.subject);
    auto *dialog = new QPrintDialog(printer.get(), m_widget);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, qOverload<QPrinter *>(&QPrintDialog::accepted), this,
        [this, printer, message, content = std::move(content)] { printOn(printer, message, content); });
    dialog->open();
}

void Printing::printOn(const std::shared_ptr<QPagedPaintDevice> &printer, const mail::MessageView &message,
    const Content &content)
{
    const std::stop_source stop;
    run(std::make_unique<Sheets>(printer, sheetHead(message), stop.get_token()), content, stop,
        tr("Printed."));
}

void Printing::savePdf(const mail::MessageView &message, Content content)
{
    auto *dialog = new QFileDialog(
        m_widget, tr("Save as PDF"), QStandardPaths::writableLocation(QStandardPaths::DownloadLocation));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("pdf"));
    dialog->selectFile(mail::safeFileName(
        (message.subject.isEmpty() ? tr("message") : message.subject) + QStringLiteral(".pdf")));
    connect(dialog, &QFileDialog::fileSelected, this,
        [this, message, content = std::move(content)](
            const QString &path) { writePdf(path, message, content); });
    dialog->open();
}

void Printing::writePdf(const QString &path, const mail::MessageView &message, const Content &content)
{
    writePdf(path, sheetHead(message), content);
}

void Printing::writePdf(const QString &path, const SheetHead &head, const Content &content)
{
    const std::stop_source stop;
    run(std::make_unique<Sheets>(path, head, stop.get_token()), content, stop,
        tr("Saved as %1.").arg(QDir::toNativeSeparators(path)));
}

/// The end of this object stops it too, and ends the sheets while there still is a thread for them.
void Printing::run(std::unique_ptr<Sheets> begun, const Content &content, const std::stop_source &stop,
    const QString &success)
{
    const std::shared_ptr<Sheets> sheets = sharedOnPaper(std::move(begun));
    connect(this, &QObject::destroyed, [stop, left = std::weak_ptr(sheets)]() mutable {
        stop.request_stop();
        if (const std::shared_ptr<Sheets> ended = left.lock())
            runOnPaper([ended] { ended->end(); });
    });
    m_bar.say(InlineBar::Kind::Info, tr("Preparing the pages…"));
    m_bar.addButton(tr("Cancel"), [stop]() mutable { stop.request_stop(); })
        ->setToolTip(tr("Stop preparing the pages"));
    content(sheets).then(this, [this, sheets, success](const mail::Result<void> &painted) {
        if (!painted && !sheets->isFull()) {
            tell(painted, *sheets, success);
            return;
        }
        runOnPaper([sheets] {
            return sheets->finish();
        }).then(this, [this, sheets, success](const mail::Result<void> &finished) {
            tell(finished, *sheets, success);
        });
    });
}

void Printing::tell(const mail::Result<void> &result, const Sheets &sheets, const QString &success)
{
    if (!result && sheets.isGivenUp() && sheets.arePrinted())
        m_bar.say(InlineBar::Kind::Info, tr("Cancelled. The sheets prepared so far may still be printed."));
    else if (!result && sheets.isGivenUp())
        m_bar.dismiss();
    else if (!result)
        m_bar.say(InlineBar::Kind::Error,
            result.error().subject.isEmpty() ? tr("The printer did not accept this message.")
                                             : errorText(result.error()));
    else if (sheets.isFull())
        m_bar.say(InlineBar::Kind::Warning,
            success + u' ' + tr("Only the first %Ln sheet(s) are included.", nullptr, Sheets::most));
    else
        m_bar.say(InlineBar::Kind::Success, success, successStays);
}

} // namespace glasspost::ui
