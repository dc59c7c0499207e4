#include "ui/transfers.h"

#include "ui/widgets/inlinebar.h"
#include "ui/words/errortext.h"
#include "ui/words/foldertext.h"

#include <QFileDialog>
#include <QLocale>

#include <algorithm>
#include <climits>

namespace glasspost::ui {

namespace {

using Direction = mail::Transfer::Direction;
using Format = mail::TransferFormat;

struct ExportKind
{
    QString filter;
    Format format;
    QString suffix;
};

QList<ExportKind> exportKinds()
{
    return {{Transfers::tr("One mbox file (*.mbox)"), Format::Mbox, QStringLiteral("mbox")},
        {Transfers::tr("A folder of .eml files (*)"), Format::Eml, {}},
        {Transfers::tr("A Maildir folder (*)"), Format::Maildir, {}}};
}

QString progressWords(const mail::Transfer &transfer, const mail::TransferCount &count)
{
    const QString folder = folderTitle(transfer.request().folder);
    return transfer.request().direction == Direction::Import
        ? Transfers::tr("Importing into %1: %Ln message(s) so far.", nullptr, count.messages).arg(folder)
        : Transfers::tr("Exporting %1: %Ln message(s) so far.", nullptr, count.messages).arg(folder);
}

QString endWords(const mail::Transfer::Request &request, const mail::TransferCount &count)
{
    const QString folder = folderTitle(request.folder);
    QString words;
    if (request.direction == Direction::Import)
        words = Transfers::tr("%Ln message(s) imported into %1.", nullptr, count.messages).arg(folder);
    else if (count.isCancelled)
        words = Transfers::tr("Export of %1 stopped.").arg(folder);
    else
        words = Transfers::tr("%Ln message(s) of %1 written to %2.", nullptr, count.messages)
                    .arg(folder, request.path);
    if (count.isCancelled && request.direction == Direction::Import)
        words += QLatin1Char(' ') + Transfers::tr("It was stopped; these messages are kept.");
    if (!count.leftOut.isEmpty())
        words += QLatin1Char(' ')
            + Transfers::tr("%Ln skipped, not a message: %1", nullptr, int(count.leftOut.size()))
                  .arg(count.leftOut.mid(0, 3).join(QStringLiteral(", ")));
    if (count.doubtful > 0)
        words += QLatin1Char(' ')
            + Transfers::tr(
                "In %Ln place(s) it was unclear where a message begins or ends.", nullptr, count.doubtful);
    return words;
}

} // namespace

Transfers::Transfers(mail::Mailboxes &mailboxes, InlineBar &bar, QWidget *window)
    : QObject(window), m_mailboxes(mailboxes), m_bar(bar), m_window(window)
{
    connect(&m_bar, &InlineBar::dismissed, this, [this] { m_endWords.clear(); });
    connect(&m_mailboxes, &mail::Mailboxes::changed, this, [this](const mail::StoreChange &change) {
        m_toBeIndexed = change.toBeIndexed;
        if (!m_endWords.isEmpty())
            sayEnd();
    });
}

bool Transfers::isFree()
{
    if (m_running)
        Q_EMIT happened(tr("Another import or export is still running"));
    return !m_running;
}

void Transfers::importFile(const mail::FolderId &into)
{
    if (!isFree())
        return;
    auto *dialog = new QFileDialog(m_window, tr("Import mail into %1").arg(folderTitle(into)));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({tr("Mail (*.mbox *.mbx *.eml)"), tr("Any file (*)")});
    connect(dialog, &QFileDialog::fileSelected, this, [this, into](const QString &path) {
        run({Direction::Import, path, Format::Detect, into});
    });
    dialog->open();
}

void Transfers::importFolder(const mail::FolderId &into)
{
    if (!isFree())
        return;
    auto *dialog = new QFileDialog(m_window, tr("Import a folder of mail into %1").arg(folderTitle(into)));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, this, [this, into](const QString &path) {
        run({Direction::Import, path, Format::Detect, into});
    });
    dialog->open();
}

void Transfers::exportFolder(const mail::FolderId &from)
{
    if (!isFree())
        return;
    const QList<ExportKind> kinds = exportKinds();
    QStringList filters;
    for (const ExportKind &kind : kinds)
        filters << kind.filter;
    auto *dialog = new QFileDialog(m_window, tr("Export %1").arg(folderTitle(from)));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters(filters);
    dialog->setDefaultSuffix(kinds.first().suffix);
    dialog->selectFile(folderTitle(from));
    connect(dialog, &QFileDialog::filterSelected, dialog, [dialog, kinds, filters](const QString &filter) {
        dialog->setDefaultSuffix(kinds.value(std::max(0, int(filters.indexOf(filter)))).suffix);
    });
    connect(
        dialog, &QFileDialog::fileSelected, this, [this, dialog, kinds, filters, from](const QString &path) {
            const int chosen = std::max(0, int(filters.indexOf(dialog->selectedNameFilter())));
            run({Direction::Export, path, kinds[chosen].format, from});
        });
    dialog->open();
}

void Transfers::run(const mail::Transfer::Request &request)
{
    if (!isFree())
        return;
    auto *transfer = new mail::Transfer(m_mailboxes, request, this);
    m_endWords.clear();
    m_running = transfer;
    connect(transfer, &mail::Transfer::progressed, this, &Transfers::showProgress);
    connect(transfer, &mail::Transfer::finished, this, &Transfers::tellEnd);
    m_bar.say(InlineBar::Kind::Info, progressWords(*transfer, {}));
    m_bar.setProgress(0);
    m_bar.addButton(tr("Stop"), [transfer = m_running] {
        if (transfer)
            transfer->cancel();
    });
    transfer->start();
}

void Transfers::showProgress(const mail::TransferCount &count)
{
    if (!m_running)
        return;
    m_bar.setWords(progressWords(*m_running, count));
    m_bar.setProgress(count.permille);
}

void Transfers::tellEnd(const mail::Result<mail::TransferCount> &result)
{
    mail::Transfer *transfer = std::exchange(m_running, nullptr);
    const mail::Transfer::Request request = transfer->request();
    const int carried = transfer->count().messages;
    transfer->deleteLater();
    if (!result) {
        const bool imports = request.direction == Direction::Import;
        QString words
            = (imports ? tr("Not imported. %1") : tr("Not exported. %1")).arg(errorText(result.error()));
        if (imports && carried > 0)
            words += QLatin1Char(' ') + tr("%Ln message(s) imported before that are kept.", nullptr, carried);
        m_bar.say(InlineBar::Kind::Error, words);
        return;
    }
    const QString words = endWords(request, *result);
    const bool isClean = result->leftOut.isEmpty() && result->doubtful == 0 && !result->isCancelled;
    m_bar.say(isClean ? InlineBar::Kind::Success : InlineBar::Kind::Warning, words);
    m_endWords = words;
    sayEnd();
    Q_EMIT happened(words);
}

/// An import is durable before its messages show up in lists and searches: says how many are still to come.
void Transfers::sayEnd()
{
    if (m_toBeIndexed == 0)
        m_bar.setWords(m_endWords);
    else
        m_bar.setWords(m_endWords + u' '
            + tr("%Ln of them are still being indexed and will appear in lists and searches.", nullptr,
                int(std::min<qint64>(m_toBeIndexed, INT_MAX))));
}

} // namespace glasspost::ui
