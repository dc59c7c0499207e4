#pragma once

#include "mail/mailsystem.h"
#include "ui/mailbox/messagelistmodel.h"
#include "ui/mailbox/place.h"

#include <QTimer>
#include <QVariantMap>
#include <QWidget>

class QSplitter;
class QStackedWidget;
class QToolButton;
class QLabel;

namespace glasspost::ui {

class EmptyState;
class InlineBar;
class ListenerHint;
class MessageList;
class MessagePane;

/// The page of one folder or search: the list, the message, and what is done to messages, with undo. Folds to
/// one of list and message when it is narrow.
class MessagesPage : public QWidget
{
    Q_OBJECT
public:
    MessagesPage(mail::MailSystem &system, QWidget *parent = nullptr);

    void showFolder(const mail::FolderId &folder);
    void search(const QString &text); ///< empty: back to the folder
    void storeChanged(const mail::StoreChange &change);
    void setQueueEntries(const QHash<QByteArray, mail::QueueEntry> &entries);
    void setListener(const mail::ListenerState &listener);

    [[nodiscard]] QList<mail::MessageId> selection() const;
    [[nodiscard]] const mail::FolderId &folder() const { return m_folder; } ///< shown, or left for a search
    [[nodiscard]] const mail::MessageView &message() const;
    [[nodiscard]] MessageList *list() const { return m_list; }
    [[nodiscard]] MessagePane *pane() const { return m_pane; }
    [[nodiscard]] InlineBar *bar() const { return m_bar; }

    /// What the actions do to the selection. Each says so in the bar with Undo.
    void moveTo(const QString &folder);
    void removeSelected(); ///< to Trash; in Trash, for good
    void setSeen(bool seen);
    void toggleFlag();
    void undo();
    [[nodiscard]] bool canUndo() const { return !m_undo.ids.isEmpty(); }

    /// How it is divided and sorted, to be remembered, and back.
    [[nodiscard]] QVariantMap arrangement() const;
    void arrange(const QVariantMap &arrangement);

Q_SIGNALS:
    void selectionChanged();
    void messageShown(const glasspost::mail::MessageView &message);
    void openAsked(const glasspost::mail::MessageId &id); ///< Enter or double click
    void menuAsked(const QPoint &globalPosition);
    void testMessageAsked();
    void sessionAsked(const QByteArray &sessionId);
    void composeAsked(const QUrl &mailto);
    void undoChanged();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    struct Undo
    {
        QList<mail::MessageId> ids; ///< where they are now
        QString folder; ///< where they were
    };

    void build();
    void connectAll();
    void showMessage(const mail::MessageId &id);
    void noteSeen();
    void tellLoaded(int total);
    [[nodiscard]] QString inboxWords() const;
    void tellMoved(const QString &toFolder, const QString &fromFolder,
        const mail::Result<QList<mail::MessageId>> &moved);
    void fold();
    void showSide(QWidget *side);

    mail::MailSystem &m_system;
    mail::FolderId m_folder;
    mail::ListenerState m_listener;
    Undo m_undo;
    QTimer m_seenTimer;
    bool m_stacked = false;

    MessageListModel *m_model;
    MessageList *m_list;
    MessagePane *m_pane;
    InlineBar *m_bar;
    QStackedWidget *m_listOrEmpty;
    EmptyState *m_empty;
    ListenerHint *m_hint;
    QLabel *m_title;
    QToolButton *m_back;
    QSplitter *m_splitter;
    QWidget *m_listSide;
    QWidget *m_paneSide;
};

} // namespace glasspost::ui
