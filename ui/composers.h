#pragma once

#include "mail/system/mailsystem.h"
#include "ui/compose/composewindow.h"

#include <QObject>
#include <QPointer>
#include <QSet>

class QUrl;

namespace glasspost::ui {

class InlineBar;

/// The words that spelling was taught lie in the data folder.
[[nodiscard]] ComposeServices composeServicesOf(const mail::MailSystem &system);

/// Opens composers for the main window (new, replies, drafts, mailto, those a crash left behind) and says
/// what became of what they sent, with Undo for as long as it waits. A draft is open in one composer at most.
class Composers : public QObject
{
    Q_OBJECT
public:
    /// bar: says what happened. All of them outlive this.
    Composers(const ComposeServices &services, const mail::ListenerSwitch &listener, InlineBar &bar,
        QObject *parent = nullptr);

    void write(const QUrl &mailto); ///< may be empty
    void write(const mail::Draft &draft);
    void answer(ReplyKind kind, const mail::MessageView &message);
    /// Raises the composer that has it open already.
    void editDraft(const mail::MessageId &id);
    /// Each saves what it has and closes; one that cannot save stays and says why.
    void closeAll();
    /// Those that were open when the program ended, once after the start.
    void reopen();
    /// Sends a message from the first identity to itself: by SMTP through the listener where that listens, so
    /// that it comes by a session as any other.
    void sendTestMessage();

Q_SIGNALS:
    void happened(const QString &event); ///< for the status bar
    void testMessageSent(const glasspost::mail::FolderId &folder); ///< where it arrives

private:
    void watch(ComposeWindow *window);
    void tellSent(const mail::SubmitReceipt &receipt, const mail::Draft &draft);
    void tellDiscarded(const mail::KeptComposer &composer);
    void undoSend(const QByteArray &queueId, const mail::Draft &draft);
    void undoDiscard(const mail::KeptComposer &composer);
    void writeAgain(const mail::KeptComposer &composer);
    void dropLater(const QByteArray &draftId, std::chrono::milliseconds undo);
    [[nodiscard]] ComposeWindow *windowOf(const mail::MessageId &savedAs) const;
    void sendThroughListener(const mail::Draft &draft, const mail::ListenerBinding &binding);
    void tell(const mail::Error &error);

    ComposeServices m_services;
    InlineBar &m_bar;
    mail::ListenerState m_listener;
    QList<QPointer<ComposeWindow>> m_windows;
    QList<mail::MessageId> m_loading; ///< drafts on their way into a composer
    QSet<QByteArray> m_undoable; ///< drafts sent or discarded, whose files an undo may need
};

} // namespace glasspost::ui
