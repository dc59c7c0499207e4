#pragma once

#include "mail/system/currentsettings.h"
#include "mail/system/listenerstate.h"
#include "mail/system/mailboxes.h"
#include "mail/system/outbox.h"
#include "mail/system/sessions.h"
#include "ui/mailbox/messagelistmodel.h"
#include "ui/mailbox/place.h"

#include <QTimer>
#include <QVariantMap>
#include <QWidget>

#include <stop_token>

class QSplitter;
class QStackedWidget;
class QToolButton;

namespace glasspost::ui {

class ElidedLabel;
class EmptyState;
class InlineBar;
class ListenerHint;
class MessageChanges;
class MessageList;
class MessagePane;
class PastDeliveries;
class QuickFilters;
struct ChosenMessages;

/// The page of one folder or search: the list, the message, and what is done to messages. Folds to
/// one of list and message when it is narrow.
class MessagesPage : public QWidget
{
    Q_OBJECT
public:
    /// All of them outlive it; outbox and sessions are for a message's journey.
    MessagesPage(mail::Mailboxes &mailboxes, mail::Outbox &outbox, mail::Sessions &sessions,
        mail::CurrentSettings &settings, QWidget *parent = nullptr);
    ~MessagesPage() override;

    void showFolder(const mail::FolderId &folder);
    /// Under that name if it has one; without any text back to the folder.
    void search(const QString &text, const QString &name = {});
    [[nodiscard]] bool isSearching() const { return !m_model->query().searchText.isEmpty(); }
    /// The bar of quick filters above the list; once it is hidden the list shows all again.
    void showFilters(bool shown);
    /// A row for each conversation of the list.
    void groupByConversation(bool grouped);
    void storeChanged(const mail::StoreChange &change);
    void setQueueEntries(const QHash<QByteArray, mail::QueueEntry> &entries);
    void setListener(const mail::ListenerState &listener);

    [[nodiscard]] int selectedCount() const;
    [[nodiscard]] const mail::FolderId &folder() const { return m_folder; } ///< shown, or left for a search
    [[nodiscard]] const mail::MessageView &message() const;
    [[nodiscard]] MessageList *list() const { return m_list; }
    [[nodiscard]] MessagePane *pane() const { return m_pane; }
    [[nodiscard]] InlineBar *bar() const { return m_bar; }
    [[nodiscard]] QuickFilters *filters() const { return m_filters; }

    /// What the actions do to the selection, all of it. Each says so in the bar with Undo.
    void moveTo(const QString &folder);
    void moveInto(const mail::FolderId &folder); ///< those of its user
    /// Calls with the names of all that are selected, loaded or not: now or later.
    void withNames(const std::function<void(const QList<mail::MessageId> &ids)> &then);
    void removeSelected(); ///< to Trash; in Trash, permanently
    void setSeen(bool seen);
    void toggleFlag();
    void setTag(const QString &tag, bool on);
    [[nodiscard]] MessageChanges &changes() const { return *m_changes; }

    /// How it is divided and sorted, to be remembered, and back.
    [[nodiscard]] QVariantMap arrangement() const;
    void arrange(const QVariantMap &arrangement);

Q_SIGNALS:
    void selectionChanged();
    void messageShown(const glasspost::mail::MessageView &message);
    void openRequested(const glasspost::mail::MessageId &id); ///< Enter or double click
    void menuRequested(const QPoint &globalPosition);
    void testMessageRequested();
    void sessionRequested(const QByteArray &sessionId, qint64 at);
    void composeRequested(const QUrl &mailto);
    void leaveRequested(); ///< Escape in the list, while no filter is on
    void filtersShown(bool shown);
    void groupedByConversation(bool grouped);

protected:
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void build();
    void connectAll();
    void showMessage(const mail::MessageId &id);
    void openCurrent();
    void noteSeen();
    void tellLoaded(int total);
    void showColumns();
    void showTitle();
    [[nodiscard]] QString countText() const;
    void showEmptyState();
    void applyFilters();
    void leave();
    void countUnfiltered();
    void endCounting();
    void markSeen(const mail::MessageId &id);
    void markLeftSeen();
    /// Calls with the selected messages: now, or when the list knows their numbers.
    void withSelection(const std::function<void(const ChosenMessages &messages)> &then);
    void askToRemove(const ChosenMessages &messages);
    void fold();
    void showSide(QWidget *side);

    mail::Mailboxes &m_mailboxes;
    const mail::CurrentSettings &m_settings;
    mail::FolderId m_folder;
    QString m_searchName; ///< of a search that was saved
    mail::ListenerState m_listener;
    QTimer m_seenTimer;
    QTimer m_opening; ///< for the message at which leafing through the list ends
    QTimer m_preparing; ///< for the first message to be opened, once the list is at rest
    qint64 m_toBeIndexed = 0; ///< messages that the rows do not have yet
    bool m_stacked = false;
    mail::MessageId m_seenWhenLeft; ///< was read, and would leave a list of unread messages at once
    int m_unfiltered = 0; ///< messages that were there without the filters, when they were counted last
    bool m_isCounting = false;
    std::stop_source m_otherPlace; ///< ends the count of one that is left
    bool m_countsAgain = false; ///< something changed while they were counted

    MessageListModel *m_model;
    PastDeliveries *m_past;
    MessageList *m_list;
    MessagePane *m_pane;
    InlineBar *m_bar;
    MessageChanges *m_changes;
    QStackedWidget *m_listOrEmpty;
    EmptyState *m_empty;
    ListenerHint *m_hint;
    ElidedLabel *m_title;
    ElidedLabel *m_facts; ///< beside it
    QuickFilters *m_filters;
    QToolButton *m_back;
    QSplitter *m_splitter;
    QWidget *m_listSide;
    QWidget *m_paneSide;
};

} // namespace glasspost::ui
