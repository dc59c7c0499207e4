#pragma once

#include "ui/compose/composeservices.h"
#include "ui/compose/replies.h"

#include <QTimer>
#include <QWidget>

#include <functional>
#include <optional>

class QPushButton;
class QToolButton;

namespace glasspost::ui {

class ComposeForm;
class ElidedLabel;
class InlineBar;

/// What a composer begins with, which decides whether closing it untouched may drop it.
enum class ComposeStart {
    Fresh, ///< nothing of the person's yet: a new message, an answer
    FromDrafts, ///< kept in Drafts as it is
    Recovered ///< after a crash or an undo: kept nowhere else
};

/// A window in which one message is written. Keeps what is typed every few seconds, so that a crash loses
/// nothing; closes once the mail system has answered that the message is durable. What a person wrote and is
/// kept nowhere else goes to Drafts when the window is closed. Deletes itself when closed. GUI thread.
class ComposeWindow : public QWidget
{
    Q_OBJECT
public:
    /// savedAs: the draft's version in Drafts, null when it has none.
    explicit ComposeWindow(const ComposeServices &services, const mail::Draft &draft,
        ComposeStart start = ComposeStart::Fresh, const mail::MessageId &savedAs = {},
        QWidget *parent = nullptr);

    void send();
    void saveDraft();
    void discard();
    [[nodiscard]] mail::Draft draft() const;
    [[nodiscard]] const mail::MessageId &savedAs() const { return m_savedAs; }
    [[nodiscard]] ComposeForm *form() const { return m_form; }
    [[nodiscard]] InlineBar *bar() const { return m_bar; }
    [[nodiscard]] QPushButton *sendButton() const { return m_send; }
    [[nodiscard]] QToolButton *receiptButton() const { return m_receipt; }
    [[nodiscard]] QString routeText() const;
    [[nodiscard]] ElidedLabel *routeLabel() const { return m_route; }

Q_SIGNALS:
    /// The message is durable; with the draft, so that an undo can open it again: its files stay until
    /// Drafts::dropComposer().
    void submitted(const glasspost::mail::SubmitReceipt &receipt, const glasspost::mail::Draft &draft);
    void savedAsDraft(const glasspost::mail::MessageId &id);
    /// With what an undo needs to open it again: its files stay until Drafts::dropComposer().
    void discarded(const glasspost::mail::KeptComposer &composer);

protected:
    void closeEvent(QCloseEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    enum class After { Stay, Close };
    enum class Files { Drop, Stay };
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
    [[nodiscard]] bool isUnsaved() const;
    void keep();
    void takeSaved(const mail::Draft &draft, const mail::SavedDraft &saved);
    void finish(Files files);
    void end(Files files); ///< finishes and closes

    ComposeServices m_services;
    ComposeForm *m_form;
    InlineBar *m_bar;
    QPushButton *m_send = nullptr;
    QToolButton *m_receipt = nullptr;
    ElidedLabel *m_route = nullptr;
    QList<QToolButton *> m_tools;
    QTimer m_autosave;
    QTimer m_routeDelay;
    std::optional<mail::Draft> m_saved; ///< what needs no saving: as it was opened or last saved
    mail::MessageId m_savedAs;
    Busy m_busy = Busy::No;
    bool m_ended = false; ///< sent, saved or discarded: it may close
};

using ComposeOpened = std::function<void(ComposeWindow *)>;

/// Composers that were open when the program last ended, opened again; opened is called for each.
void reopenKept(const ComposeServices &services, QObject *context, const ComposeOpened &opened);
using ComposeFailed = std::function<void(const mail::Error &)>;
/// A message from Drafts, to go on with; failed gets the words when it cannot be read.
void openDraft(const ComposeServices &services, const mail::MessageId &id, QObject *context,
    const ComposeOpened &opened, const ComposeFailed &failed);
/// An answer; a forwarded message's attachments are unpacked for it first.
void openReply(const ComposeServices &services, const mail::MessageView &message, ReplyKind kind,
    QObject *context, const ComposeOpened &opened, const ComposeFailed &failed);

} // namespace glasspost::ui
