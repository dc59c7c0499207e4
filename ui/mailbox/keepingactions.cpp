#include "ui/mailbox/keepingactions.h"

#include "ui/mailbox/folderactions.h"
#include "ui/mailbox/keepingdialog.h"
#include "ui/widgets/inlinebar.h"
#include "ui/words/errortext.h"

namespace glasspost::ui {

KeepingActions::KeepingActions(mail::Mailboxes &mailboxes, mail::CurrentSettings &settings,
    FolderActions &folders, InlineBar &bar, QWidget *window)
    : QObject(&folders), m_mailboxes(mailboxes), m_settings(settings), m_bar(bar), m_window(window)
{
    connect(&folders, &FolderActions::keepingRequested, this, &KeepingActions::ask);
    connect(&folders, &FolderActions::renamed, this,
        [this](const mail::FolderId &from, const mail::FolderId &to) {
            change([from, to](QList<mail::FolderKeeping> &all) {
                mail::moveKeeping(all, from.user, from.folder, to.folder);
            });
        });
}

void KeepingActions::ask(const mail::FolderId &folder)
{
    const mail::FolderKeeping now = mail::keepingOf(m_settings.value().folders, folder.user, folder.folder);
    auto *dialog = new KeepingDialog(m_mailboxes, now, m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog, now] {
        if (const mail::FolderKeeping keeping = dialog->keeping(); keeping != now)
            change([keeping](QList<mail::FolderKeeping> &all) { mail::setKeeping(all, keeping); });
    });
    dialog->open();
}

void KeepingActions::change(const mail::KeepingChange &change)
{
    m_settings.changeFolders(change).then(this, [this](const mail::Result<void> &saved) {
        if (!saved)
            m_bar.say(InlineBar::Kind::Error, errorText(saved.error()));
    });
}

} // namespace glasspost::ui
