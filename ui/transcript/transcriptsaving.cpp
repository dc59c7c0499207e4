#include "ui/transcript/transcriptsaving.h"

#include "mail/base/worker.h"
#include "ui/widgets/backgroundwrite.h"
#include "ui/widgets/inlinebar.h"
#include "ui/words/errortext.h"

#include <QClipboard>
#include <QCoreApplication>
#include <QFileDialog>
#include <QGuiApplication>

namespace glasspost::ui {

namespace {

constexpr qsizetype copiedAtOnce = 1000; // lines

struct SavingWords
{
    Q_DECLARE_TR_FUNCTIONS(glasspost::ui::TranscriptSaving)
};

void save(InlineBar *bar, const SavedTranscript &transcript, const QString &path)
{
    const auto said = [bar, path](const mail::Result<void> &done) {
        if (done)
            bar->say(
                InlineBar::Kind::Success, SavingWords::tr("Saved to %1.").arg(path), std::chrono::seconds(5));
        else
            bar->say(InlineBar::Kind::Error, errorText(done.error()));
    };
    const QDateTime now = QDateTime::currentDateTime();
    mail::runInPool([transcript, path, now] {
        return written(transcript, formatOf(path), now);
    }).then(bar, [bar, path, said](const mail::Result<QByteArray> &bytes) {
        if (bytes)
            writeInBackground(path, *bytes).then(bar, said);
    });
}

} // namespace

void askSaveTranscript(QWidget *parent, InlineBar *bar, const std::function<SavedTranscript()> &content)
{
    auto *dialog = new QFileDialog(parent, SavingWords::tr("Save the transcript"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    const QString text = SavingWords::tr("Text (*.txt)"), json = SavingWords::tr("JSON lines (*.jsonl)"),
                  page = SavingWords::tr("Web page (*.html)");
    dialog->setNameFilters({text, json, page});
    dialog->setDefaultSuffix(QStringLiteral("txt"));
    dialog->selectFile(SavingWords::tr("transcript.txt"));
    QObject::connect(
        dialog, &QFileDialog::filterSelected, dialog, [dialog, json, page](const QString &filter) {
            const QString suffix = filter == page ? QStringLiteral("html")
                : filter == json                  ? QStringLiteral("jsonl")
                                                  : QStringLiteral("txt");
            dialog->setDefaultSuffix(suffix);
            dialog->selectFile(QStringLiteral("transcript.") + suffix);
        });
    QObject::connect(dialog, &QFileDialog::fileSelected, bar,
        [bar, content](const QString &path) { save(bar, content(), path); });
    dialog->open();
}

void copyTranscript(const SavedTranscript &transcript, QObject *context)
{
    const QDateTime now = QDateTime::currentDateTime();
    if (transcript.lines.size() <= copiedAtOnce) {
        QGuiApplication::clipboard()->setText(plainText(transcript, now));
        return;
    }
    mail::runInPool([transcript, now] {
        return plainText(transcript, now);
    }).then(context, [](const mail::Result<QString> &text) {
        if (text)
            QGuiApplication::clipboard()->setText(*text);
    });
}

} // namespace glasspost::ui
