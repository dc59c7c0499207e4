#pragma once

#include "mail/system/currentsettings.h"
#include "mail/system/mailboxes.h"

#include <QObject>

class QWidget;

namespace glasspost::ui {

class FolderActions;
class InlineBar;

/// What a person sets for a folder: how much of its mail it keeps, and its color. That follows the folder to
/// another name; the mail system forgets it with the folder.
class KeepingActions : public QObject
{
    Q_OBJECT
public:
    /// All outlive this, which is the folders' child; window: the parent of dialogs.
    KeepingActions(mail::Mailboxes &mailboxes, mail::CurrentSettings &settings, FolderActions &folders,
        InlineBar &bar, QWidget *window);

    void ask(const mail::FolderId &folder);

private:
    void change(const mail::KeepingChange &change);

    mail::Mailboxes &m_mailboxes;
    mail::CurrentSettings &m_settings;
    InlineBar &m_bar;
    QWidget *m_window;
};

} // namespace glasspost::ui
