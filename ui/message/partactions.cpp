#include "ui/message/partactions.h"

#include "mail/base/worker.h"
#include "mail/message/charsets.h"
#include "ui/message/partmenu.h"
#include "ui/message/partwindow.h"
#include "ui/message/pdfreading.h"
#include "ui/message/picturereading.h"
#include "ui/widgets/inlinebar.h"
#include "ui/words/errortext.h"

#include <QDesktopServices>
#include <QDir>
#include <QFileDialog>
#include <QImage>
#include <QStandardPaths>
#include <QUrl>

namespace glasspost::ui {

namespace {

constexpr QSize previewSize(256, 256); // pixels, for a card of high density too
constexpr QSize windowPicture(2000, 2000);
constexpr QSize windowPdf(1000, 1400); // of a page
constexpr int windowPdfPages = 5;
constexpr qint64 previewedText = 2000; // octets

QString downloads()
{
    return QStandardPaths::writableLocation(QStandardPaths::DownloadLocation);
}

bool isPicture(const mail::PartView &part)
{
    return part.contentType.startsWith(QLatin1String("image/")) && part.size <= mostPictureOctets;
}

bool isPdf(const mail::PartView &part)
{
    return part.contentType == QLatin1String("application/pdf") && part.size <= mostPdfOctets && canDrawPdf();
}

/// What of a part can be seen: of a PDF so many pages, each at most that large.
struct Glimpse
{
    QSize most;
    QSize pdfPage;
    int pdfPages = 1;
};

mail::Task<QImage> pictureOf(mail::Mailboxes &mailboxes, QObject *context, const mail::MessageId &id,
    const mail::PartView &part, const Glimpse &glimpse)
{
    if (isPdf(part))
        return mailboxes.part(id, part.index, mostPdfOctets)
            .andThen(context, [context, glimpse](const QByteArray &octets) {
                return drawPdf(context, {octets, glimpse.pdfPage, glimpse.pdfPages});
            });
    return mailboxes.part(id, part.index, mostPictureOctets)
        .andThen(context, [most = glimpse.most](const QByteArray &octets) {
            return mail::runInPool([octets, most] { return readPicture(octets, most); });
        });
}

} // namespace

PartActions::PartActions(mail::Mailboxes &mailboxes, InlineBar &bar, QWidget *widget)
    : QObject(widget), m_mailboxes(mailboxes), m_bar(bar), m_widget(widget)
{ }

void PartActions::setMessage(const mail::MessageView &message, const QList<mail::PartView> &previewed)
{
    ++m_shown;
    m_message = message.id;
    m_parts = message.parts;
    m_toPreview = previewed;
    preview();
}

/// One after the other, so that one picture is decoded at a time.
void PartActions::preview()
{
    while (!m_toPreview.isEmpty()) {
        const mail::PartView part = m_toPreview.takeFirst();
        const auto goOn = [this, shown = m_shown](auto tell) {
            if (shown != m_shown)
                return;
            tell();
            preview();
        };
        if (isPicture(part) || isPdf(part)) {
            pictureOf(m_mailboxes, this, m_message, part, {previewSize, previewSize})
                .then(this, [this, goOn, part](const mail::Result<QImage> &picture) {
                    goOn([&] { Q_EMIT pictureRead(part.index, picture.value_or(QImage())); });
                });
            return;
        }
        if (part.contentType == QLatin1String("text/plain")) {
            m_mailboxes.part(m_message, part.index, previewedText)
                .then(this, [this, goOn, part](const mail::Result<QByteArray> &octets) {
                    goOn([&] {
                        Q_EMIT textRead(part.index,
                            mail::decodedCharset(
                                octets.value_or(QByteArray()), part.charset.toLatin1(), mail::Extent::Cut));
                    });
                });
            return;
        }
    }
}

void PartActions::tell(const mail::Error &error)
{
    m_bar.say(InlineBar::Kind::Error, errorText(error));
}

void PartActions::tellSaved(const mail::Result<void> &result, const QString &path)
{
    if (result)
        m_bar.say(InlineBar::Kind::Success, tr("Saved as %1").arg(QDir::toNativeSeparators(path)),
            std::chrono::seconds(6));
    else
        tell(result.error());
}

void PartActions::tellAllSaved(const mail::Result<QStringList> &paths, const QString &folder)
{
    if (paths)
        m_bar.say(InlineBar::Kind::Success,
            tr("%Ln attachment(s) saved in %1", nullptr, int(paths->size()))
                .arg(QDir::toNativeSeparators(folder)),
            std::chrono::seconds(6));
    else
        tell(paths.error());
}

void PartActions::save(const mail::PartView &part)
{
    auto *dialog = new QFileDialog(m_widget, tr("Save attachment"), downloads());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->selectFile(partTitle(part));
    connect(dialog, &QFileDialog::fileSelected, this,
        [this, id = m_message, index = part.index](const QString &path) {
            m_mailboxes.savePart(id, index, path).then(this, [this, path](const mail::Result<void> &result) {
                tellSaved(result, path);
            });
        });
    dialog->open();
}

void PartActions::saveAll()
{
    QList<mail::NamedPart> named;
    for (const mail::PartView &part : m_parts) {
        if (part.isAttachment)
            named.append({part.index, partTitle(part)});
    }
    auto *dialog = new QFileDialog(m_widget, tr("Save all attachments in"), downloads());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    connect(dialog, &QFileDialog::fileSelected, this, [this, id = m_message, named](const QString &folder) {
        m_mailboxes.saveParts(id, named, folder)
            .then(this,
                [this, folder](const mail::Result<QStringList> &paths) { tellAllSaved(paths, folder); });
    });
    dialog->open();
}

void PartActions::open(const mail::PartView &part)
{
    if (!isMessage(part)) {
        if (!mayRun(part))
            openCopy(part);
        return;
    }
    m_mailboxes.attachedMessage(m_message, part.index)
        .then(this, [this](const mail::Result<mail::MessageView> &message) {
            if (message)
                Q_EMIT messageOpened(*message);
            else
                tell(message.error());
        });
}

void PartActions::openCopy(const mail::PartView &part)
{
    // A copy that the program clears away; the mailbox's file is never handed out.
    m_mailboxes.copyPart(m_message, {part.index, partTitle(part)})
        .then(this, [this](const mail::Result<QString> &path) {
            if (!path)
                tell(path.error());
            else if (!QDesktopServices::openUrl(QUrl::fromLocalFile(*path)))
                m_bar.say(InlineBar::Kind::Warning,
                    tr("No program is set up to open %1. Save it instead.").arg(QFileInfo(*path).fileName()));
        });
}

void PartActions::copyForDrag(const mail::PartView &part)
{
    m_mailboxes.copyPart(m_message, {part.index, partTitle(part)})
        .then(this, [this, index = part.index](const mail::Result<QString> &path) {
            if (path)
                Q_EMIT copied(index, *path);
            else
                tell(path.error());
        });
}

void PartActions::inspect(const mail::PartView &part)
{
    auto *window = new PartWindow(part, m_widget);
    connect(window, &PartWindow::saveRequested, this, &PartActions::save);
    window->show();
    m_mailboxes.partDetails(m_message, part.index)
        .then(window, [window](const mail::Result<mail::PartDetails> &details) {
            if (details)
                window->showDetails(*details);
            else
                window->showFailure(details.error());
        });
    if (isPicture(part) || isPdf(part))
        pictureOf(m_mailboxes, window, m_message, part, {windowPicture, windowPdf, windowPdfPages})
            .andThen(window,
                [window, pages = isPdf(part) ? std::optional(windowPdfPages) : std::nullopt](
                    const QImage &picture) { window->showPicture(picture, pages); });
}

} // namespace glasspost::ui
