#pragma once

#include "mail/mailsystem.h"
#include "ui/compose/composewindow.h"

#include <QObject>

class QUrl;

namespace glasspost::ui {

class InlineBar;

/// Opens composers for the main window (new, replies, drafts, mailto, those a crash left behind) and tells
/// what became of what they sent, with Undo for as long as it waits.
class Composers : public QObject
{
    Q_OBJECT
public:
    /// bar: where is told what happened; outlives this.
    Composers(mail::MailSystem &system, InlineBar &bar, QObject *parent = nullptr);

    void write(const QUrl &mailto); ///< may be empty
    void write(const mail::Draft &draft);
    void answer(ReplyKind kind, const mail::MessageView &message);
    void editDraft(const mail::MessageId &id);
    /// Those that were open when the program ended, once after the start.
    void reopen();
    /// Sends a message from the first identity to itself.
    void sendTestMessage();

Q_SIGNALS:
    void told(const QString &event); ///< for the status bar

private:
    void watch(ComposeWindow *window);
    void tellSent(const mail::SubmitReceipt &receipt, const mail::Draft &draft);
    void undoSend(const QByteArray &queueId, const mail::Draft &draft);
    void writeAgain(mail::Draft draft);
    void tell(const mail::Error &error);

    mail::MailSystem &m_system;
    InlineBar &m_bar;
};

} // namespace glasspost::ui
