#pragma once

#include "mail/system/mailsystem.h"
#include "ui/settings/preferences.h"

#include <QMainWindow>
#include <QVariantMap>

class QUrl;

namespace glasspost::ui {

class Actions;
class CentralArea;
class Composers;
class FolderActions;
class InlineBar;
class ListenerControl;
class MailNews;
class MainMenus;
class MainStatus;
class MainToolBar;
class MessageActions;
class MessagePane;
class QueueWatch;
class SavedSearches;
class SearchActions;
class ShortcutSheet;
class TagActions;
class Transfers;
class WindowMemory;

/// The main window: the central area between tool bar and status bar. Pages own their content; this class
/// only joins them to the mail system and to the actions. The owner of the system starts it, before or after
/// the window is made; the window starts the listener when the settings say so. The system outlives the
/// window. GUI thread.
class MainWindow : public QMainWindow
{
    Q_OBJECT
public:
    explicit MainWindow(mail::MailSystem &system, QWidget *parent = nullptr);
    ~MainWindow() override;

    void compose(const QUrl &mailto); ///< a composer, filled from a mailto: URL (may be empty)
    void openPreferences(Preferences::Page page);
    /// Where the HTTP interface listens, or why it does not.
    void showHttp(const mail::ListenerState &state);

Q_SIGNALS:
    /// Typed for the smarthost: in use already, to be kept in the secret store by the application.
    void passwordGiven(const QString &host, const QString &user, const QByteArray &password);
    void httpStartRequested(); ///< once more after it failed

protected:
    void closeEvent(QCloseEvent *event) override;

private:
    void build();
    void connectActions();
    void connectArea();
    void connectMessages();
    void connectSearches();
    void fillFolderMenu();
    void connectBars();
    void connectSystem();
    void takeStarted();
    void showEntry(const QByteArray &queueId);
    void connectDelivery(MessagePane *pane);
    void openQueued(const mail::QueueEntry &entry);
    void tell(const mail::Error &error);
    [[nodiscard]] InlineBar *latestUndo() const;
    void undo();
    void updateActions();
    void remember();
    void arrange(const QVariantMap &remembered);

    mail::MailSystem &m_system;
    Actions *m_actions;
    CentralArea *m_area;
    InlineBar *m_bar;
    MainStatus *m_status;
    MainToolBar *m_toolBar;
    ShortcutSheet *m_sheet;
    Composers *m_composers;
    QueueWatch *m_queue;
    MailNews *m_news;
    ListenerControl *m_listener;
    Transfers *m_transfers;
    MessageActions *m_messageActions;
    FolderActions *m_folders;
    MainMenus *m_menus;
    TagActions *m_tags;
    WindowMemory *m_memory;
    SavedSearches *m_saved;
    SearchActions *m_searches;
    QString m_httpFailure; ///< what was said of it; empty while all is well
};

} // namespace glasspost::ui
