// MessagePane: the message on paper, and as a file.
#include "ui/message/htmlpane.h"
#include "ui/message/messagepane.h"
#include "ui/message/partactions.h"
#include "ui/message/textview.h"

#include <QFileDialog>
#include <QStandardPaths>

namespace glasspost::ui {

/// The text where that is what one reads, or all there is; the HTML else.
Printing::Content MessagePane::printed()
{
    if (view() == View::Message || m_message.page.html.isEmpty())
        return printedText(m_message.text, m_text->font());
    turnTo(View::Html);
    return m_html->printed();
}

void MessagePane::print()
{
    m_printing->print(m_message, printed());
}

void MessagePane::savePdf()
{
    m_printing->savePdf(m_message, printed());
}

void MessagePane::saveSource()
{
    if (m_message.id.isNull())
        return;
    auto *dialog = new QFileDialog(
        this, tr("Save message"), QStandardPaths::writableLocation(QStandardPaths::DownloadLocation));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("eml"));
    dialog->selectFile(mail::safeFileName(
        (m_message.subject.isEmpty() ? tr("message") : m_message.subject) + QStringLiteral(".eml")));
    connect(dialog, &QFileDialog::fileSelected, this, [this, id = m_message.id](const QString &path) {
        m_mailboxes.saveSource(id, path).then(
            this, [this, path](const mail::Result<void> &result) { m_parts->tellSaved(result, path); });
    });
    dialog->open();
}

} // namespace glasspost::ui
