#pragma once

#include "mail/mailsystem.h"
#include "ui/compose/replies.h"

#include <QTimer>
#include <QWidget>

#include <functional>

class QLabel;
class QPushButton;
class QToolButton;

namespace glasspost::ui {

class ComposeForm;
class InlineBar;

/// A window in which one message is written. Keeps what is typed every few seconds, so that a crash loses
/// nothing; closes once the mail system has answered that the message is durable. Deletes itself when closed.
/// GUI thread.
class ComposeWindow : public QWidget
{
    Q_OBJECT
public:
    /// savedAs: the message in Drafts that the draft was read from; it goes when the message is sent.
    explicit ComposeWindow(mail::MailSystem &system, const mail::Draft &draft,
        const mail::MessageId &savedAs = {}, QWidget *parent = nullptr);

    void send();
    void saveDraft();
    void discard();
    [[nodiscard]] mail::Draft draft() const;
    [[nodiscard]] ComposeForm *form() const { return m_form; }
    [[nodiscard]] InlineBar *bar() const { return m_bar; }
    [[nodiscard]] QPushButton *sendButton() const { return m_send; }
    [[nodiscard]] QToolButton *receiptButton() const { return m_receipt; }
    [[nodiscard]] QString routeText() const;

Q_SIGNALS:
    /// The message is durable; with the draft, so that an undo can open it again.
    void submitted(const glasspost::mail::SubmitReceipt &receipt, const glasspost::mail::Draft &draft);
    void savedAsDraft(const glasspost::mail::MessageId &id);
    /// Thrown away: so that an undo can open it again.
    void discarded(const glasspost::mail::Draft &draft);

protected:
    void closeEvent(QCloseEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    enum class After { Stay, Close };
    enum class Busy { No, Sending, Saving };
    void makeBar();
    void makeShortcuts();
    void setBusy(Busy busy);
    void submit(const mail::Draft &draft);
    void store(After after);
    void attach();
    void changed();
    void showRoute();
    void showTitle();
    [[nodiscard]] bool isEmpty() const;
    void end();

    mail::MailSystem &m_system;
    ComposeForm *m_form;
    InlineBar *m_bar;
    QPushButton *m_send = nullptr;
    QToolButton *m_receipt = nullptr;
    QLabel *m_route = nullptr;
    QList<QToolButton *> m_tools;
    QTimer m_autosave;
    QTimer m_routeDelay;
    mail::Draft m_saved; ///< as it was opened or last saved: what differs is unsaved
    mail::MessageId m_savedAs;
    Busy m_busy = Busy::No;
    bool m_ended = false; ///< sent, saved or thrown away: it may close
};

using ComposeOpened = std::function<void(ComposeWindow *)>;

/// Composers that were open when the program last ended, opened again; opened is called for each.
void reopenKept(mail::MailSystem &system, QObject *context, const ComposeOpened &opened);
/// A message from Drafts, to go on with; failed gets the words when it cannot be read.
void openDraft(mail::MailSystem &system, const mail::MessageId &id, QObject *context,
    const ComposeOpened &opened, const std::function<void(const mail::Error &)> &failed);
/// An answer; a forwarded message's attachments are saved for it first.
void openReply(mail::MailSystem &system, const mail::MessageView &message, ReplyKind kind, QObject *context,
    const ComposeOpened &opened);

} // namespace glasspost::ui
