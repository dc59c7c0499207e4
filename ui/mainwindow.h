#pragma once

#include "mail/system/mailsystem.h"
#include "ui/mailbox/place.h"
#include "ui/settings/preferences.h"

#include <QMainWindow>
#include <QVariantMap>

class QSplitter;
class QStackedWidget;
class QUrl;

namespace glasspost::ui {

class Actions;
class Composers;
class FolderActions;
class InlineBar;
class ListenerControl;
class MailNews;
class MainMenus;
class MainStatus;
class MainToolBar;
class MessageActions;
class MessagesPage;
class PlacesModel;
class PlacesTree;
class QueueView;
class QueueWatch;
class SessionsView;
class ShortcutSheet;
class TranscriptPane;
class Transfers;
class WindowMemory;

/// The main window: the tree of places, the page of the place that is chosen, the transcript below, tool bar
/// and status bar. Pages own their content; this class only joins them to the mail system and to the actions.
/// The owner of the system starts it, before or after the window is made; the window starts the listener when
/// the settings say so. The system outlives the window. GUI thread.
class MainWindow : public QMainWindow
{
    Q_OBJECT
public:
    explicit MainWindow(mail::MailSystem &system, QWidget *parent = nullptr);
    ~MainWindow() override;

    void compose(const QUrl &mailto); ///< a composer, filled from a mailto: URL (may be empty)
    void go(const Place &place);
    /// In the transcript pane, at the line of that time (microseconds since the Unix epoch; 0: from the
    /// start).
    void showSession(const QByteArray &sessionId, qint64 at);
    void showTranscript(bool shown);
    void openPreferences(Preferences::Page page);

    [[nodiscard]] const Actions &actions() const { return *m_actions; }
    [[nodiscard]] MessagesPage &messages() const { return *m_messages; }
    [[nodiscard]] TranscriptPane &transcript() const { return *m_transcript; }
    [[nodiscard]] MainStatus &status() const { return *m_status; }
    [[nodiscard]] MainToolBar &toolBar() const { return *m_toolBar; }
    [[nodiscard]] InlineBar &bar() const { return *m_bar; }
    [[nodiscard]] FolderActions &folders() const { return *m_folders; }
    [[nodiscard]] Transfers &transfers() const { return *m_transfers; }
    [[nodiscard]] InlineBar &transferBar() const { return *m_transferBar; }

Q_SIGNALS:
    /// Typed for the smarthost: in use already, to be kept in the secret store by the application.
    void passwordGiven(const QString &host, const QString &user, const QByteArray &password);

protected:
    void closeEvent(QCloseEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void build();
    void connectActions();
    void connectPlaces();
    void connectMessages();
    void connectBars();
    void connectSystem();
    void takeStarted();
    void takeStore(const mail::StoreChange &change);
    void takeQueue();
    void enter(const Place &place);
    void openQueued(const mail::QueueEntry &entry);
    void leaveSearch();
    void loadFolders();
    void goFirst();
    void tell(const mail::Error &error);
    void undo();
    void updateActions();
    void remember();
    void arrange(const QVariantMap &remembered);

    mail::MailSystem &m_system;
    Actions *m_actions;
    PlacesModel *m_places;
    PlacesTree *m_tree;
    MessagesPage *m_messages;
    QueueView *m_queueView;
    SessionsView *m_sessions;
    TranscriptPane *m_transcript;
    QStackedWidget *m_pages;
    QSplitter *m_columns;
    QSplitter *m_rows;
    InlineBar *m_bar;
    MainStatus *m_status;
    MainToolBar *m_toolBar;
    ShortcutSheet *m_sheet;
    Composers *m_composers;
    QueueWatch *m_queue;
    MailNews *m_news;
    ListenerControl *m_listener;
    InlineBar *m_transferBar;
    Transfers *m_transfers;
    MessageActions *m_messageActions;
    FolderActions *m_folders;
    MainMenus *m_menus;
    WindowMemory *m_memory;
    bool m_wentFirst = false; ///< to the place where one starts
};

} // namespace glasspost::ui
