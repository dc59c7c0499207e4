#pragma once

#include "mail/settings/settings.h"
#include "mail/system/mailboxes.h"

#include <QDialog>
#include <QTimer>

class QComboBox;
class QLabel;
class QSpinBox;

namespace glasspost::ui {

/// How much of its mail a folder keeps, and its color. Counts what would be removed before a person agrees.
class KeepingDialog : public QDialog
{
    Q_OBJECT
public:
    /// Opens with what is set now. The mailboxes outlive it.
    KeepingDialog(mail::Mailboxes &mailboxes, const mail::FolderKeeping &now, QWidget *parent);

    /// As edited.
    [[nodiscard]] mail::FolderKeeping keeping() const;
    /// What comes of it: "3 messages will be deleted permanently now."
    [[nodiscard]] QString words() const;

private:
    void fillColors();
    void build();
    void count();
    void tell(const mail::Result<QList<mail::MessageId>> &surplus);

    mail::Mailboxes &m_mailboxes;
    const mail::FolderKeeping m_before;
    QSpinBox *m_messages;
    QSpinBox *m_days;
    QSpinBox *m_size;
    QComboBox *m_color;
    QLabel *m_words;
    QTimer m_soon; ///< counts once the typing pauses
    int m_asked = 0; ///< how often; only the last answer is shown
};

} // namespace glasspost::ui
