#pragma once

#include "mail/transfer/transfer.h"

#include <QObject>
#include <QPointer>

class QWidget;

namespace glasspost::ui {

class InlineBar;

/// Import and export from the window: asks for the file, shows the progress in a bar with a way to stop it,
/// and what came of it. One at a time. GUI thread.
class Transfers : public QObject
{
    Q_OBJECT
public:
    /// mailboxes and bar outlive this; bar is used by nothing else. window: parent of the dialogs.
    Transfers(mail::Mailboxes &mailboxes, InlineBar &bar, QWidget *window);

    void importFile(const mail::FolderId &into); ///< mbox or .eml
    void importFolder(const mail::FolderId &into); ///< of .eml files, or a Maildir
    void exportFolder(const mail::FolderId &from);
    /// What those do once a path is chosen.
    void run(const mail::Transfer::Request &request);
    [[nodiscard]] bool isRunning() const { return m_running; }

Q_SIGNALS:
    void happened(const QString &event); ///< for the status bar

private:
    [[nodiscard]] bool isFree();
    void showProgress(const mail::TransferCount &count);
    void tellEnd(const mail::Result<mail::TransferCount> &result);
    void sayEnd();

    mail::Mailboxes &m_mailboxes;
    InlineBar &m_bar;
    QWidget *m_window;
    QPointer<mail::Transfer> m_running;
    QString m_endWords; ///< of the last one, while the bar says them
    qint64 m_toBeIndexed = 0; ///< messages that no list shows yet
};

} // namespace glasspost::ui
