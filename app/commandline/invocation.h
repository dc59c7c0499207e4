#pragma once

#include "mail/queue/queuevalues.h"
#include "mail/settings/settings.h"
#include "mail/system/arrivalmoment.h"

#include <QHostAddress>
#include <QString>
#include <QStringList>
#include <QUrl>

#include <optional>
#include <utility>
#include <variant>

namespace glasspost::app {

enum class OutputFormat { Text, Json };
enum class TranscriptFormat { Text, Json, None };

/// glasspost [mailto:URL]
struct WindowInvocation
{
    QString mailto; ///< empty: the window alone

    friend bool operator==(const WindowInvocation &, const WindowInvocation &) = default;
};

/// Where a server for programs listens.
struct AddressBinding
{
    QHostAddress address;
    quint16 port = 0; ///< 0: a free one

    friend bool operator==(const AddressBinding &, const AddressBinding &) = default;
};

/// glasspost listen; what is not given comes from the data folder's settings.
struct ListenInvocation
{
    QList<mail::ListenerBinding> bindings; ///< address and port alone are set
    std::optional<mail::RecipientPolicy> policy;
    QString mailbox; ///< the catch-all's; empty: not given
    std::optional<mail::CaptureRule> fileBy;
    std::optional<int> keepMessages;
    std::optional<std::chrono::seconds> keepAge;
    std::optional<qint64> keepSize; ///< octets
    QStringList rejected, discarded; ///< patterns of recipients, beside those of the settings
    QStringList allowedClients; ///< addresses and ranges, beside those of the settings
    QStringList domains;
    QStringList users;
    QString certificateFile, keyFile, authFile;
    std::optional<smtp::TlsMode> tls; ///< of every binding
    std::optional<mail::SignInPolicy> signIn;
    std::optional<smtp::ClearAuth> clearSignIn;
    std::optional<mail::PathPolicy> paths;
    std::optional<smtp::BareLineFeeds> bareLineFeeds;
    std::optional<qint64> maxSize; ///< octets
    std::optional<int> maxRecipients; ///< a message
    std::optional<int> maxConnections;
    std::optional<std::chrono::seconds> idle;
    std::optional<AddressBinding> http;
    std::optional<AddressBinding> pop3; ///< on loopback
    QString spamd; ///< empty: that of the settings
    QUrl webhook; ///< empty: none
    QStringList runForEach; ///< a program and its arguments; empty: none
    OutputFormat format = OutputFormat::Text;

    friend bool operator==(const ListenInvocation &, const ListenInvocation &) = default;
};

enum class Handover {
    Now, ///< to the server, while the command runs
    Queue ///< to the data folder's queue
};

/// What send's options say of the connection beside --via; what is not given is the route's.
struct RouteOverrides
{
    std::optional<smtp::TlsMode> tls;
    bool verify = false;
    QString authorityFile, fingerprint, certificateFile, keyFile;
    std::optional<smtp::CapabilityFlags> passedOver;
    QStringList mechanisms;
    smtp::ClearAuth authInClear = smtp::ClearAuth::Never;
    smtp::ProxyAnnouncement proxy;
    QList<QByteArray> xclient;

    friend bool operator==(const RouteOverrides &, const RouteOverrides &) = default;
};

/// glasspost send
struct SendInvocation
{
    QString from; ///< as typed; "<>" or empty for the null reverse-path (with a message file)
    QStringList to, cc, bcc;
    QString subject;
    QString textFile; ///< "-": standard input; empty: none
    QString htmlFile;
    QStringList attachments;
    QString messageFile; ///< "-": standard input; empty: the message is built from the options above
    std::optional<mail::OutgoingRoute> route; ///< --via or --direct; nothing: the settings' one
    QHostAddress nameserver; ///< null: the settings' or the system's
    quint16 nameserverPort = 53;
    QString trustAnchorFile; ///< empty: the settings' one
    std::optional<quint16> mtaStsPort;
    std::optional<quint16> port;
    RouteOverrides overrides;
    smtp::Envelope
        envelope; ///< extensions asked for alone: REQUIRETLS, BY, HOLDUNTIL, MT-PRIORITY, RET, ENVID
    smtp::NotifyFlags notify; ///< NOTIFY for every recipient
    Handover handover = Handover::Now;
    TranscriptFormat transcript = TranscriptFormat::Text;

    friend bool operator==(const SendInvocation &, const SendInvocation &) = default;
};

/// glasspost sendmail, or the program called as sendmail; -bp and -q are queue's.
struct SendmailInvocation
{
    enum class Mode {
        Message, ///< one on standard input
        Dialogue, ///< -bs: SMTP on standard input and output
        Aliases ///< -bi: newaliases, which has nothing to do
    };
    Mode mode = Mode::Message;
    QStringList recipients; ///< as given, each may be a list
    bool readsRecipients = false; ///< -t: those of the message too
    bool dotEnds = true; ///< without -i: a line with a dot alone ends the message
    std::optional<QString> sender; ///< -f; empty: the null reverse-path
    QString fullName; ///< -F, for a From field that is missing
    smtp::Envelope envelope; ///< RET and ENVID alone
    smtp::NotifyFlags notify;
    std::optional<mail::OutgoingRoute> via; ///< at once to this server, in place of the queue

    friend bool operator==(const SendmailInvocation &, const SendmailInvocation &) = default;
};

/// glasspost queue; no request is "list".
struct QueueInvocation
{
    std::optional<mail::QueueRequest> request;
    QList<QByteArray> ids; ///< empty: every entry
    OutputFormat format = OutputFormat::Text;

    friend bool operator==(const QueueInvocation &, const QueueInvocation &) = default;
};

/// glasspost search
struct SearchInvocation
{
    QString query;
    int limit = 50;
    OutputFormat format = OutputFormat::Text;

    friend bool operator==(const SearchInvocation &, const SearchInvocation &) = default;
};

/// glasspost show
struct ShowInvocation
{
    enum class Form { Text, Json, Raw, Part };
    QByteArray id; ///< a message's unique name, or "latest"
    QString mailbox; ///< "user" or "user/folder"; empty: any
    Form form = Form::Text;
    int part = 0; ///< Part: its number

    friend bool operator==(const ShowInvocation &, const ShowInvocation &) = default;
};

/// glasspost check
struct CheckInvocation
{
    QByteArray id; ///< as ShowInvocation's, and mailbox
    QString mailbox;
    QString spamd; ///< empty: that of the settings
    OutputFormat format = OutputFormat::Text;

    friend bool operator==(const CheckInvocation &, const CheckInvocation &) = default;
};

/// glasspost wait, and glasspost watch, which waits for every message and prints its row. What is empty does
/// not count.
struct WaitInvocation
{
    enum class Prints { Messages, Rows };
    Prints prints = Prints::Messages;
    QString to, from; ///< addresses
    QString subject, body; ///< regular expressions
    QList<std::pair<QString, QString>> headers; ///< a field's name, and what it must match
    QString mailbox;
    int count = 1; ///< 0: until it is ended
    mail::ArrivalMoment since; ///< only what came after that
    std::optional<std::chrono::seconds> timeout; ///< none: until it is ended; 0: what there is now
    OutputFormat format = OutputFormat::Text;

    friend bool operator==(const WaitInvocation &, const WaitInvocation &) = default;
};

/// glasspost delete; glasspost mark, which sets and clears flags instead; glasspost tag, which does so with
/// tags.
struct ChangeInvocation
{
    enum class Change { Delete, Mark, Tag };
    Change change = Change::Delete;
    mail::MessageFlags set, clear;
    QStringList addedTags, removedTags;
    QList<QByteArray> ids; ///< empty: every message of the mailbox
    QString mailbox;
    OutputFormat format = OutputFormat::Text;

    friend bool operator==(const ChangeInvocation &, const ChangeInvocation &) = default;
};

/// glasspost rules
struct RulesInvocation
{
    enum class Action { List, Import, Export, DryRun, Apply, Log };
    Action action = Action::List;
    QString file; ///< Sieve: Import ("-": standard input); DryRun and Apply: in the place of those in force
    QString query; ///< DryRun, Apply: over what a search finds
    int limit = 100; ///< Log
    OutputFormat format = OutputFormat::Text;

    friend bool operator==(const RulesInvocation &, const RulesInvocation &) = default;
};

/// glasspost keep
struct KeepInvocation
{
    QString mailbox; ///< "user" or "user/folder"; empty: every one for which something is set
    std::optional<int> number; ///< of messages; 0 here and below: no limit
    std::optional<std::chrono::seconds> age;
    std::optional<qint64> size; ///< octets
    std::optional<QString> color; ///< as mail::folderColorFrom() has it
    OutputFormat format = OutputFormat::Text;

    [[nodiscard]] bool changes() const { return number || age || size || color; }
    friend bool operator==(const KeepInvocation &, const KeepInvocation &) = default;
};

/// glasspost import, glasspost export
struct TransferInvocation
{
    enum class Direction { Import, Export };
    enum class Format { Detect, Eml, Mbox, Maildir };
    Direction direction = Direction::Import;
    QString path;
    Format format = Format::Detect;
    QString mailbox; ///< "user" or "user/folder"; empty: not given

    friend bool operator==(const TransferInvocation &, const TransferInvocation &) = default;
};

/// glasspost journey
struct JourneyInvocation
{
    enum class Form { Told, Page, Paper, Swaks, Curl, Openssl, Compared, Deleted };
    QByteArray name; ///< of a message, a queue entry or a session
    QByteArray other; ///< Compared: with which, likewise
    OutputFormat format = OutputFormat::Text;
    Form form = Form::Told;
    QString file; ///< Page, Paper: where it goes
    bool showsAddresses = false; ///< likewise
    bool showsHeader = false; ///< likewise

    friend bool operator==(const JourneyInvocation &, const JourneyInvocation &) = default;
};

/// glasspost transcript; without a name: the list of sessions.
struct TranscriptInvocation
{
    QByteArray session; ///< or a message, or a queue entry: its sessions
    OutputFormat format = OutputFormat::Text;

    friend bool operator==(const TranscriptInvocation &, const TranscriptInvocation &) = default;
};

/// glasspost mcp
struct McpInvocation
{
    friend bool operator==(const McpInvocation &, const McpInvocation &) = default;
};

/// --help, anywhere
struct HelpInvocation
{
    QString command; ///< empty: of the whole program

    friend bool operator==(const HelpInvocation &, const HelpInvocation &) = default;
};

/// --version
struct VersionInvocation
{
    friend bool operator==(const VersionInvocation &, const VersionInvocation &) = default;
};

/// A whole command line, understood.
struct Invocation
{
    QString dataFolder; ///< empty: the platform's application data folder
    std::variant<WindowInvocation, ListenInvocation, SendInvocation, SendmailInvocation, QueueInvocation,
        SearchInvocation, ShowInvocation, CheckInvocation, WaitInvocation, ChangeInvocation,
        TransferInvocation, TranscriptInvocation, JourneyInvocation, RulesInvocation, KeepInvocation,
        McpInvocation, HelpInvocation, VersionInvocation>
        command;

    friend bool operator==(const Invocation &, const Invocation &) = default;
};

} // namespace glasspost::app
