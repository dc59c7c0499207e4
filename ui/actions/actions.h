#pragma once

#include "ui/theme/icons.h"

#include <QKeySequence>
#include <QList>
#include <QObject>
#include <QString>

#include <map>

class QAction;
class QWidget;

namespace glasspost::ui {

/// Everything a person can do from the main window. The table in actions.cpp says how each looks and which
/// keys it has; the main window says what it does.
enum class ActionId {
    NewMessage,
    Reply,
    ReplyAll,
    ReplyList,
    Forward,
    EditDraft,
    SaveSource,
    Print,
    SavePdf,
    ImportFile,
    ImportFolder,
    Export,
    Preferences,
    Quit,
    Undo,
    Delete,
    Junk,
    Archive,
    MarkUnread,
    MarkRead,
    Flag,
    NewTag,
    RunRules,
    Release,
    SelectAll,
    Next,
    Previous,
    Find,
    SaveSearch,
    ShowFilters,
    GroupByConversation,
    ShowTranscript,
    ShowMessage,
    ShowHtml,
    ShowSource,
    ShowHeaders,
    ShowDelivery,
    ShowChecks,
    FoldQuotes,
    FixedFont,
    FindInMessage,
    NextHit,
    PreviousHit,
    ZoomIn,
    ZoomOut,
    ActualSize,
    FitWidth,
    PhoneWidth,
    TabletWidth,
    DesktopWidth,
    DarkPage,
    OpenInBrowser,
    LoadPictures,
    LoadSenderPictures,
    LoadAllPictures,
    NextPage,
    PreviousPage,
    GoToAttachments,
    OpenAttachment,
    InspectAttachment,
    SaveAttachment,
    SaveAllAttachments,
    WriteToSender,
    CopySender,
    FindFromSender,
    FindToSender,
    Unsubscribe,
    SaveDeliveryReport,
    SaveDeliveryPdf,
    OpenDeliveryReport,
    CopySwaksCommand,
    CopyCurlCommand,
    CopyOpensslCommand,
    CompareDelivery,
    DeleteDeliveryRecord,
    TryQueue,
    StartListener,
    StopListener,
    TestMessage,
    Shortcuts,
    About
};

enum class ActionMenu {
    File,
    Edit,
    View,
    Message,
    Tools,
    Help,
    Page, ///< within View: how a message's HTML is shown
    Tag, ///< within Message, beside the tags that there are
    Attachments, ///< within Message, beside each attachment
    Sender, ///< within Message: the sender, and the list that the message came by
    Delivery ///< within Message: what is made of the record of its delivery
};

struct ActionSpec
{
    ActionId id;
    ActionMenu menu;
    IconName icon;
    QString text; ///< with its mnemonic
    QString iconText; ///< on the tool bar
    QString toolTip;
    QList<QKeySequence> keys; ///< the first is shown
    bool separatorBefore = false;
};

/// The one table of actions, translated.
[[nodiscard]] QList<ActionSpec> actionTable();

/// The actions made from the table, owned by the window they are added to.
class Actions : public QObject
{
    Q_OBJECT
public:
    explicit Actions(QWidget *window);

    [[nodiscard]] QAction *operator[](ActionId id) const { return m_actions.at(id); }
    [[nodiscard]] QList<QAction *> of(ActionMenu menu) const;

private:
    std::map<ActionId, QAction *> m_actions;
};

/// "Reply (R)": what a tool bar button's tool tip says.
[[nodiscard]] QString toolTipWithKeys(const QString &text, const QList<QKeySequence> &keys);

} // namespace glasspost::ui
