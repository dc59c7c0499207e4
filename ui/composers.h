#pragma once

#include "mail/mailsystem.h"

#include <QObject>

class QUrl;

namespace glasspost::ui {

class InlineBar;

/// Opens composers for the main window (new, replies, forwards, drafts, mailto, those a crash left behind)
/// and tells what became of what they sent, with Undo for as long as it waits.
class Composers : public QObject
{
    Q_OBJECT
public:
    /// bar: where is told what happened; outlives this.
    Composers(mail::MailSystem &system, InlineBar &bar, QObject *parent = nullptr);

    enum class Answer { Reply, ReplyAll, Forward };

    void write(const QUrl &mailto);
    void write(const mail::Draft &draft);
    void answer(Answer how, const mail::MessageView &message);
    void editDraft(const mail::MessageId &id);
    /// Those that were open when the program ended, once after the start.
    void reopenKept();
    /// Sends a message from the first identity to itself.
    void sendTestMessage();

Q_SIGNALS:
    void told(const QString &event); ///< for the status bar

private:
    [[nodiscard]] mail::Draft newDraft() const;
    void tellSent(const mail::Draft &draft, const mail::SubmitReceipt &receipt);
    void undoSend(const mail::Draft &draft, const QByteArray &queueId);
    void tell(const mail::Error &error);

    mail::MailSystem &m_system;
    InlineBar &m_bar;
};

/// The draft that a mailto: URL asks for (RFC 6068); fields other than to, cc, bcc, subject, body and
/// in-reply-to are left out, so that a link can attach nothing.
[[nodiscard]] mail::Draft draftFromMailto(const QUrl &url);

} // namespace glasspost::ui
