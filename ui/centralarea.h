#pragma once

#include "mail/system/mailsystem.h"
#include "ui/mailbox/place.h"

#include <QVariantMap>
#include <QWidget>

class QSplitter;
class QStackedWidget;

namespace glasspost::ui {

class FolderActions;
class InlineBar;
class MessagesPage;
class PlacesModel;
class PlacesTree;
class QueueView;
class QueueWatch;
class SessionComparer;
class SessionsView;
class TranscriptPane;

/// The centre of the main window: the tree of places, the page of the place that is chosen, the transcript
/// below. Folds by its width and remembers its arrangement. Hands each page the services that it needs. The
/// system outlives it. GUI thread.
class CentralArea : public QWidget
{
    Q_OBJECT
public:
    explicit CentralArea(mail::MailSystem &system, QWidget *parent = nullptr);

    [[nodiscard]] PlacesModel &places() const { return *m_places; }
    [[nodiscard]] MessagesPage &messages() const { return *m_messages; }
    [[nodiscard]] QueueView &queue() const { return *m_queue; }
    [[nodiscard]] TranscriptPane &transcript() const { return *m_transcript; }
    /// Above everything, of an import or export.
    [[nodiscard]] InlineBar &transferBar() const { return *m_transferBar; }
    /// What floats over a page is put over this.
    [[nodiscard]] QWidget *pages() const;
    [[nodiscard]] bool showsMessages() const;

    void go(const Place &place);
    [[nodiscard]] std::optional<Place> current() const;
    /// It has another name, or finds other messages.
    void showPlaceAgain();
    /// No words: back to the place where one was before.
    void search(const QString &words);
    void loadFolders();
    /// What is done to folders: by the menu of the tree, which then shows it. Lives as long as this.
    void attend(FolderActions &folders);
    void takeStore(const mail::StoreChange &change);
    void takeQueue(const QueueWatch &watch);
    /// In the transcript, at the line of that time (microseconds since the Unix epoch; 0: from the start).
    void showSession(const QByteArray &sessionId, qint64 at);
    void showTranscript(bool shown);
    /// Found by its Message-ID; one without is selected in its folder.
    void showMessage(const mail::MessageId &id, const QByteArray &messageId);

    [[nodiscard]] QVariantMap arrangement() const;
    void arrange(const QVariantMap &remembered);

Q_SIGNALS:
    void placeEntered(); ///< by a choice in the tree; a search is over
    void pageChanged();
    void transcriptShown(bool shown);
    void searchMenuRequested(const QString &search, const QPoint &globalPosition);
    void failed(const glasspost::mail::Error &error);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void build();
    void connectPages();
    void enter(const Place &place);
    void leaveSearch();
    void follow(const mail::FolderId &from, const mail::FolderId &to);
    void showFolders(const QList<mail::FolderInfo> &folders);
    void goToInitialPlace();
    bool isForWantOfMail();

    mail::Mailboxes &m_mailboxes;
    mail::CurrentSettings &m_settings;
    PlacesModel *m_places;
    PlacesTree *m_tree;
    MessagesPage *m_messages;
    QueueView *m_queue;
    SessionsView *m_sessions;
    SessionComparer *m_comparer;
    TranscriptPane *m_transcript;
    InlineBar *m_transferBar;
    QStackedWidget *m_pages;
    QSplitter *m_columns;
    QSplitter *m_rows;
    bool m_wentToInitialPlace = false; ///< to the place where one starts
    bool m_hasMailboxes = false;
};

} // namespace glasspost::ui
