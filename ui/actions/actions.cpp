#include "ui/actions/actions.h"

#include "ui/widgets/plaintext.h"

#include <QAction>
#include <QActionGroup>
#include <QWidget>

namespace glasspost::ui {

namespace {

using Id = ActionId;
using Menu = ActionMenu;
using Key = QKeySequence;

Key keys(const char *text)
{
    return QKeySequence(QLatin1String(text));
}

QList<ActionSpec> fileAndEdit()
{
    const auto tr = [](const char *text) { return Actions::tr(text); };
    return {
        {Id::NewMessage, Menu::File, IconName::NewMessage, tr("&New message"), tr("New message"),
            tr("Write a new message"), {keys("N"), Key(Key::New)}},
        {Id::EditDraft, Menu::File, IconName::Edit, tr("&Edit draft"), tr("Edit"),
            tr("Continue writing this draft"), {}},
        {Id::SaveSource, Menu::File, IconName::Save, tr("&Save message as …"), tr("Save"),
            tr("Save the message as stored on disk"), {Key(Key::Save)}, true},
        {Id::Print, Menu::File, IconName::Print, tr("P&rint …"), tr("Print"), tr("Print the message"),
            {Key(Key::Print)}},
        {Id::SavePdf, Menu::File, IconName::File, tr("Save as P&DF …"), tr("PDF"),
            tr("Save the message as a PDF file"), {keys("Ctrl+Shift+P")}},
        {Id::ImportFile, Menu::File, IconName::Incoming, tr("&Import from a file …"), tr("Import"),
            tr("Import messages from an mbox or .eml file into this folder"), {}, true},
        {Id::ImportFolder, Menu::File, IconName::Folder, tr("Import from a f&older …"), tr("Import folder"),
            tr("Import a Maildir or a folder of .eml files into this folder"), {}},
        {Id::Export, Menu::File, IconName::Outgoing, tr("E&xport this folder …"), tr("Export"),
            tr("Export every message in this folder as an mbox, .eml files or a Maildir"), {}},
        {Id::Preferences, Menu::File, IconName::Settings, tr("&Preferences …"), tr("Preferences"),
            tr("Identity, route, listener, mailboxes"), {keys("Ctrl+,")}, true},
        {Id::Quit, Menu::File, IconName::Close, tr("&Quit"), tr("Quit"),
            tr("Close the window and stop the listener"), {Key(Key::Quit), keys("Ctrl+Q")}, true},
        {Id::Undo, Menu::Edit, IconName::Undo, tr("&Undo"), tr("Undo"), tr("Undo the last change"),
            {Key(Key::Undo)}},
        {Id::SelectAll, Menu::Edit, IconName::Check, tr("Select &all"), tr("Select all"),
            tr("Select every message in the list"), {Key(Key::SelectAll)}, true},
        {Id::Find, Menu::Edit, IconName::Search, tr("&Search"), tr("Search"), tr("Search all mail"),
            {keys("/"), keys("Ctrl+K")}, true},
        {Id::SaveSearch, Menu::Edit, IconName::Save, tr("Sav&e search …"), tr("Save search"),
            tr("Keep this search in the list of mailboxes"), {keys("Ctrl+Shift+D")}},
        {Id::FindInMessage, Menu::Edit, IconName::Search, tr("&Find in message"), tr("Find"),
            tr("Find words in the message that is open"), {Key(Key::Find)}},
        {Id::NextHit, Menu::Edit, IconName::ChevronDown, tr("Next &hit"), tr("Next hit"),
            tr("Go to the next place in the message that the search found"), {Key(Key::FindNext)}},
        {Id::PreviousHit, Menu::Edit, IconName::ChevronUp, tr("Pre&vious hit"), tr("Previous hit"),
            tr("Go to the previous place in the message that the search found"), {Key(Key::FindPrevious)}},
    };
}

QList<ActionSpec> viewTable()
{
    const auto tr = [](const char *text) { return Actions::tr(text); };
    return {
        {Id::Next, Menu::View, IconName::ChevronDown, tr("&Next message"), tr("Next"),
            tr("Go to the next message"), {keys("J")}},
        {Id::Previous, Menu::View, IconName::ChevronUp, tr("&Previous message"), tr("Previous"),
            tr("Go to the previous message"), {keys("K")}},
        {Id::ShowFilters, Menu::View, IconName::Filter, tr("Filter &bar"), tr("Filters"),
            tr("Show or hide the quick filters above the list"), {keys("Ctrl+Shift+K")}},
        {Id::GroupByConversation, Menu::View, IconName::Mail, tr("Gro&up by conversation"),
            tr("Conversations"),
            tr("Show one row for each conversation; the right and left arrow keys expand and collapse it"),
            {keys("G")}},
        {Id::ShowMessage, Menu::View, IconName::MailOpen, tr("&Message"), tr("Message"),
            tr("Show the message's text"), {keys("Alt+1")}, true},
        {Id::ShowHtml, Menu::View, IconName::Image, tr("&HTML"), tr("HTML"), tr("Show the message as HTML"),
            {keys("Alt+2")}},
        {Id::ShowSource, Menu::View, IconName::Code, tr("&Source"), tr("Source"),
            tr("Show the message as stored on disk"), {keys("Alt+3"), keys("Ctrl+U")}},
        {Id::ShowHeaders, Menu::View, IconName::Filter, tr("H&eaders and parts"), tr("Headers"),
            tr("Show every header field and MIME part"), {keys("Alt+4")}},
        {Id::ShowDelivery, Menu::View, IconName::Sent, tr("&Delivery"), tr("Delivery"),
            tr("Show how the message arrived and where it went"), {keys("Alt+5")}},
        {Id::ShowChecks, Menu::View, IconName::Check, tr("&Checks"), tr("Checks"),
            tr("Show what is wrong with a captured message"), {keys("Alt+6")}},
        {Id::FoldQuotes, Menu::View, IconName::ChevronRight, tr("&Fold quotes"), tr("Fold"),
            tr("Fold quoted text to its first lines, or unfold it"), {keys("Q")}, true},
        {Id::FixedFont, Menu::View, IconName::Code, tr("Fi&xed-width text"), tr("Fixed width"),
            tr("Show the message's text in a fixed-width font"), {keys("Ctrl+Alt+F")}},
        {Id::ShowTranscript, Menu::View, IconName::Transcript, tr("&Transcript"), tr("Transcript"),
            tr("Show or hide what both sides say on the wire"), {keys("Ctrl+T")}, true},
    };
}

QList<ActionSpec> pageTable()
{
    const auto tr = [](const char *text) { return Actions::tr(text); };
    return {
        {Id::ZoomIn, Menu::Page, IconName::ZoomIn, tr("Zoom &in"), tr("Zoom in"),
            tr("Show the message larger"), {Key(Key::ZoomIn), keys("Ctrl+=")}},
        {Id::ZoomOut, Menu::Page, IconName::ZoomOut, tr("Zoom &out"), tr("Zoom out"),
            tr("Show the message smaller"), {Key(Key::ZoomOut)}},
        {Id::ActualSize, Menu::Page, IconName::Search, tr("&Actual size"), tr("Actual size"),
            tr("Show the message at its actual size"), {keys("Ctrl+0")}},
        {Id::FitWidth, Menu::Page, IconName::Fit, tr("&Fit the window"), tr("Fit"),
            tr("Lay the HTML out as wide as the window"), {keys("Ctrl+Alt+0")}, true},
        {Id::PhoneWidth, Menu::Page, IconName::Phone, tr("As on a &phone"), tr("Phone"),
            tr("Lay the HTML out 375 pixels wide"), {keys("Ctrl+Alt+1")}},
        {Id::TabletWidth, Menu::Page, IconName::Tablet, tr("As on a &tablet"), tr("Tablet"),
            tr("Lay the HTML out 768 pixels wide"), {keys("Ctrl+Alt+2")}},
        {Id::DesktopWidth, Menu::Page, IconName::Desktop, tr("As on a &desktop"), tr("Desktop"),
            tr("Lay the HTML out 1280 pixels wide"), {keys("Ctrl+Alt+3")}},
        {Id::DarkPage, Menu::Page, IconName::Dark, tr("Da&rk"), tr("Dark"),
            tr("Show the HTML in dark colors; pictures stay as they are"), {keys("Ctrl+Alt+D")}, true},
        {Id::OpenInBrowser, Menu::Page, IconName::Open, tr("Open in the &browser"), tr("Browser"),
            tr("Open the message's HTML in the browser, without scripts and remote content"), {keys("B")},
            true},
        {Id::LoadPictures, Menu::Page, IconName::Image, tr("&Load remote pictures"), tr("Load pictures"),
            tr("Load the pictures from their servers, which tells them that the message was opened"),
            {keys("I")}, true},
        {Id::LoadSenderPictures, Menu::Page, IconName::User, tr("Always load from this &sender"),
            tr("Always from this sender"), tr("Load the pictures of this sender's messages from now on"),
            {keys("Ctrl+Shift+I")}},
        {Id::LoadAllPictures, Menu::Page, IconName::Users, tr("Always load from &everyone"), tr("Always"),
            tr("Load the pictures of every message from now on"), {keys("Ctrl+Alt+I")}},
        {Id::NextPage, Menu::Page, IconName::ChevronDown, tr("&Next page"), tr("Next page"),
            tr("Go to the next page of a long message"), {keys("Ctrl+PgDown")}, true},
        {Id::PreviousPage, Menu::Page, IconName::ChevronUp, tr("Pre&vious page"), tr("Previous page"),
            tr("Go to the previous page of a long message"), {keys("Ctrl+PgUp")}},
    };
}

QList<ActionSpec> attachmentTable()
{
    const auto tr = [](const char *text) { return Actions::tr(text); };
    return {
        {Id::GoToAttachments, Menu::Attachments, IconName::Attachment, tr("&Go to the attachments"),
            tr("Attachments"), tr("Move the focus to the attachments"), {keys("A")}},
        {Id::OpenAttachment, Menu::Attachments, IconName::Open, tr("&Open attachment"), tr("Open"),
            tr("Open the attachment last focused, or the first; one that can run code is saved instead"),
            {keys("O")}, true},
        {Id::InspectAttachment, Menu::Attachments, IconName::Search, tr("&Look inside"), tr("Look inside"),
            tr("Show the attachment's content, header and checksum"), {keys("Shift+O")}},
        {Id::SaveAttachment, Menu::Attachments, IconName::Save, tr("&Save attachment as …"), tr("Save"),
            tr("Save the attachment last focused, or the first"), {keys("Ctrl+Alt+S")}},
        {Id::SaveAllAttachments, Menu::Attachments, IconName::Save, tr("Save &all attachments …"),
            tr("Save all"), tr("Save every attachment in a folder"),
            {Key(Key::SaveAs), keys("Ctrl+Shift+S")}},
    };
}

QList<ActionSpec> senderTable()
{
    const auto tr = [](const char *text) { return Actions::tr(text); };
    return {
        {Id::WriteToSender, Menu::Sender, IconName::NewMessage, tr("&Write to the sender"), tr("Write"),
            tr("Write a new message to the sender"), {keys("W")}},
        {Id::CopySender, Menu::Sender, IconName::Copy, tr("&Copy the sender's address"), tr("Copy address"),
            tr("Copy the sender's address"), {keys("Shift+C")}},
        {Id::FindFromSender, Menu::Sender, IconName::Search, tr("Find mail &from the sender"),
            tr("Find from"), tr("Search all mail from the sender"), {keys("Shift+F")}},
        {Id::FindToSender, Menu::Sender, IconName::Search, tr("Find mail &to the sender"), tr("Find to"),
            tr("Search all mail to the sender"), {keys("Shift+T")}},
        {Id::Unsubscribe, Menu::Sender, IconName::Remove, tr("&Unsubscribe from this list …"),
            tr("Unsubscribe"), tr("Show how to leave this mailing list"), {keys("Shift+U")}, true},
    };
}

QList<ActionSpec> deliveryTable()
{
    const auto tr = [](const char *text) { return Actions::tr(text); };
    return {
        {Id::SaveDeliveryReport, Menu::Delivery, IconName::Save, tr("&Save report …"), tr("Save report"),
            tr("Save this delivery as a single web page"), {keys("Ctrl+Alt+E")}},
        {Id::SaveDeliveryPdf, Menu::Delivery, IconName::File, tr("Report as &PDF …"), tr("PDF report"),
            tr("Save the report as a PDF file"), {keys("Ctrl+Alt+P")}},
        {Id::OpenDeliveryReport, Menu::Delivery, IconName::Open, tr("Report in &browser"), tr("Report"),
            tr("Open the report in a web browser, to print it"), {keys("Ctrl+Alt+B")}},
        {Id::CopySwaksCommand, Menu::Delivery, IconName::Copy, tr("&Copy as swaks command"),
            tr("Copy command"), tr("Copy a swaks command that repeats this delivery, with a test body"),
            {keys("Ctrl+Alt+K")}},
        {Id::CopyCurlCommand, Menu::Delivery, IconName::Copy, tr("Copy as c&url command"), tr("Copy command"),
            tr("Copy a command that says the same with curl"), {}},
        {Id::CopyOpensslCommand, Menu::Delivery, IconName::Copy, tr("Copy as &openssl command"),
            tr("Copy command"), tr("Copy a command that opens the same connection, to type in"), {}},
        {Id::CompareDelivery, Menu::Delivery, IconName::Compare, tr("Co&mpare with …"), tr("Compare"),
            tr("Compare this delivery with another one, side by side"), {keys("Ctrl+Alt+C")}},
        {Id::DeleteDeliveryRecord, Menu::Delivery, IconName::Trash, tr("&Delete record …"),
            tr("Delete record"), tr("Delete what is kept of this delivery; the message stays"), {}, true},
    };
}

QList<ActionSpec> messageTable()
{
    const auto tr = [](const char *text) { return Actions::tr(text); };
    return {
        {Id::Reply, Menu::Message, IconName::Reply, tr("&Reply"), tr("Reply"), tr("Reply to the sender"),
            {keys("R"), keys("Ctrl+R")}},
        {Id::ReplyAll, Menu::Message, IconName::ReplyAll, tr("Reply &all"), tr("Reply all"),
            tr("Reply to everyone"), {keys("Shift+R"), keys("Ctrl+Shift+R")}},
        {Id::ReplyList, Menu::Message, IconName::Users, tr("Reply to l&ist"), tr("Reply to list"),
            tr("Reply to the mailing list"), {keys("L"), keys("Ctrl+Shift+L")}},
        {Id::Forward, Menu::Message, IconName::Forward, tr("&Forward"), tr("Forward"),
            tr("Forward the message to someone else"), {keys("F"), keys("Ctrl+L")}},
        {Id::Delete, Menu::Message, IconName::Trash, tr("&Delete"), tr("Delete"),
            tr("Move to Trash; in Trash, delete permanently"), {Key(Key::Delete)}, true},
        {Id::Junk, Menu::Message, IconName::Junk, tr("&Junk"), tr("Junk"), tr("Move to Junk"),
            {keys("Shift+J")}},
        {Id::Archive, Menu::Message, IconName::Archive, tr("Ar&chive"), tr("Archive"), tr("Move to Archive"),
            {keys("E")}},
        {Id::MarkRead, Menu::Message, IconName::MailOpen, tr("Mar&k as read"), tr("Read"), tr("Mark as read"),
            {keys("Shift+I")}, true},
        {Id::MarkUnread, Menu::Message, IconName::Mail, tr("Mark as &unread"), tr("Unread"),
            tr("Mark as unread"), {keys("U")}},
        {Id::Flag, Menu::Message, IconName::Flag, tr("F&lag"), tr("Flag"), tr("Flag or unflag the message"),
            {keys("S")}},
        {Id::RunRules, Menu::Message, IconName::Filter, tr("A&pply rules …"), tr("Rules"),
            tr("Show what the rules would do with the messages, and apply them"), {keys("Ctrl+Alt+R")}},
        {Id::Release, Menu::Message, IconName::Outgoing, tr("Release t&o …"), tr("Release"),
            tr("Send captured messages on to their own or to other recipients"), {keys("Ctrl+Alt+L")}},
        {Id::NewTag, Menu::Tag, IconName::Tag, tr("&New tag …"), tr("New tag"),
            tr("Add a new tag to the messages; the keys 1 to 9 toggle the first tags in the menu"),
            {keys("T")}},
    };
}

QList<ActionSpec> toolsAndHelp()
{
    const auto tr = [](const char *text) { return Actions::tr(text); };
    return {
        {Id::TryQueue, Menu::Tools, IconName::Retry, tr("&Try the queue now"), tr("Try now"),
            tr("Try to deliver everything in the outgoing queue"), {keys("F5")}},
        {Id::StartListener, Menu::Tools, IconName::Start, tr("&Start the listener"), tr("Start"),
            tr("Accept mail from programs and servers"), {}, true},
        {Id::StopListener, Menu::Tools, IconName::Stop, tr("St&op the listener"), tr("Stop"),
            tr("Stop accepting mail"), {}},
        {Id::TestMessage, Menu::Tools, IconName::Sent, tr("Send yourself a test &message"), tr("Test"),
            tr("Send a test message to your own address"), {}, true},
        {Id::Shortcuts, Menu::Help, IconName::Help, tr("&Keyboard shortcuts"), tr("Shortcuts"),
            tr("Show all keyboard shortcuts"), {keys("?"), Key(Key::HelpContents)}},
        {Id::About, Menu::Help, IconName::Info, tr("&About Glasspost"), tr("About"),
            tr("Version and where your mail is stored"), {}, true},
    };
}

} // namespace

QList<ActionSpec> actionTable()
{
    return fileAndEdit() + viewTable() + pageTable() + messageTable() + attachmentTable() + senderTable()
        + deliveryTable() + toolsAndHelp();
}

QString toolTipWithKeys(const QString &text, const QList<QKeySequence> &sequences)
{
    if (sequences.isEmpty() || sequences.first().isEmpty())
        return text;
    return Actions::tr("%1 (%2)", "action and its shortcut")
        .arg(text, sequences.first().toString(QKeySequence::NativeText));
}

Actions::Actions(QWidget *window) : QObject(window)
{
    for (const ActionSpec &spec : actionTable()) {
        auto *action = new QAction(icon(spec.icon), spec.text, window);
        QList<QKeySequence> unique;
        for (const QKeySequence &key : spec.keys) {
            if (!key.isEmpty() && !unique.contains(key))
                unique.append(key);
        }
        action->setShortcuts(unique);
        action->setIconText(spec.iconText);
        action->setToolTip(plainToolTip(toolTipWithKeys(spec.toolTip, unique)));
        window->addAction(action);
        m_actions.emplace(spec.id, action);
    }
    m_actions.at(ActionId::ShowFilters)->setCheckable(true);
    m_actions.at(ActionId::GroupByConversation)->setCheckable(true);
    m_actions.at(ActionId::ShowTranscript)->setCheckable(true);
    m_actions.at(ActionId::DarkPage)->setCheckable(true);
    m_actions.at(ActionId::FixedFont)->setCheckable(true);
    auto *widths = new QActionGroup(this);
    for (const ActionId id :
        {ActionId::FitWidth, ActionId::PhoneWidth, ActionId::TabletWidth, ActionId::DesktopWidth}) {
        m_actions.at(id)->setCheckable(true);
        widths->addAction(m_actions.at(id));
    }
    m_actions.at(ActionId::Quit)->setMenuRole(QAction::QuitRole);
    m_actions.at(ActionId::Preferences)->setMenuRole(QAction::PreferencesRole);
    m_actions.at(ActionId::About)->setMenuRole(QAction::AboutRole);
}

QList<QAction *> Actions::of(ActionMenu menu) const
{
    QList<QAction *> found;
    for (const ActionSpec &spec : actionTable()) {
        if (spec.menu != menu)
            continue;
        if (spec.separatorBefore) {
            auto *separator = new QAction(parent());
            separator->setSeparator(true);
            found.append(separator);
        }
        found.append(m_actions.at(spec.id));
    }
    return found;
}

} // namespace glasspost::ui
