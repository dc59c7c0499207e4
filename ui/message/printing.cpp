#include "ui/message/printing.h"

#include "mail/base/worker.h"
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
        return mail::runLongWork([text, letters, sheets]() -> mail::Result<void> {
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
        [this, printer, head = sheetHead(message), content = std::move(content)] {
            const std::stop_source stop;
            run(std::make_shared<Sheets>(printer, head, stop.get_token()), content, stop, tr("Printed."));
        });
    dialog->open();
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
    const std::stop_source stop;
    run(std::make_shared<Sheets>(path, sheetHead(message), stop.get_token()), content, stop,
        tr("Saved as %1.").arg(QDir::toNativeSeparators(path)));
}

/// The end of this object stops it too.
void Printing::run(const std::shared_ptr<Sheets> &sheets, const Content &content, std::stop_source stop,
    const QString &success)
{
    connect(this, &QObject::destroyed, [stop]() mutable { stop.request_stop(); });
    m_bar.say(InlineBar::Kind::Info, tr("Laying out the message for paper …"));
    m_bar.addButton(tr("Cancel"), [stop]() mutable { stop.request_stop(); });
    content(sheets).then(this, [this, sheets, success](const mail::Result<void> &painted) {
        if (!painted && !sheets->isFull()) {
            tell(painted, *sheets, success);
            return;
        }
        mail::runLongWork([sheets] {
            return sheets->finish();
        }).then(this, [this, sheets, success](const mail::Result<void> &finished) {
            tell(finished, *sheets, success);
        });
    });
}

void Printing::tell(const mail::Result<void> &result, const Sheets &sheets, const QString &success)
{
    if (sheets.isGivenUp())
        m_bar.dismiss();
    else if (!result)
        m_bar.say(InlineBar::Kind::Error,
            result.error().subject.isEmpty() ? tr("The printer did not accept this message.")
                                             : errorText(result.error()));
    else if (sheets.isFull())
        m_bar.say(InlineBar::Kind::Warning,
            success + u' ' + tr("The message is longer than the first %Ln sheet(s).", nullptr, Sheets::most));
    else
        m_bar.say(InlineBar::Kind::Success, success, successStays);
}

} // namespace glasspost::ui
