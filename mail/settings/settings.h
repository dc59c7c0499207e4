#pragma once

#include "mail/settings/capturerule.h"
#include "mail/settings/folderkeeping.h"
#include "smtp/client/clientsettings.h"
#include "smtp/server/serversettings.h"
#include "smtp/session/tlsmode.h"

#include <QByteArray>
#include <QHostAddress>
#include <QList>
#include <QString>
#include <QStringList>

#include <chrono>
#include <optional>

namespace glasspost::mail {

/// Who one writes as.
struct Identity
{
    QString name; ///< display name
    QString address; ///< addr-spec, "alice@example.org"
    QString user; ///< the local user whose Sent and Drafts it uses

    friend bool operator==(const Identity &, const Identity &) = default;
};

/// A local user: has a mailbox (RFC 5321's local-part, unique on this machine).
struct LocalUser
{
    QString name;
    QString fullName;

    friend bool operator==(const LocalUser &, const LocalUser &) = default;
};

/// A local name that is not a mailbox. Targets are local names or whole addresses.
struct Alias
{
    enum class Kind {
        Alias, ///< another name for its targets; RCPT answers 250
        List, ///< EXPN shows its members; the reverse-path of what it sends on is its owner
        Forward ///< RCPT answers 251 and the message goes on through the queue
    };
    QString name;
    Kind kind = Kind::Alias;
    QStringList targets;

    friend bool operator==(const Alias &, const Alias &) = default;
};

/// How mail for other domains leaves.
struct OutgoingRoute
{
    enum class Kind { Direct, Smarthost };
    Kind kind = Kind::Direct;
    smtp::ClientProtocol protocol = smtp::ClientProtocol::Smtp;
    QString host; ///< smarthost; a name, an address, or the path of a Unix socket ("/run/dovecot/lmtp")
    quint16 port = 25; ///< of the smarthost, or of every exchanger when Direct
    smtp::TlsMode tls = smtp::TlsMode::Opportunistic;
    bool verifyCertificate = false;
    QString authorityFile; ///< PEM; authorities beside the system's
    QString fingerprint; ///< SHA-256 of the one certificate to accept, in hexadecimal
    QString certificateFile,
        keyFile; ///< PEM; ours, for a server that asks for one; EXTERNAL signs in with it
    smtp::CapabilityFlags passedOver; ///< extensions that are not used though a server offers them
    QString user; ///< signs in when not empty; the password is asked or comes from the secret store
    QStringList mechanisms; ///< SASL; to sign in by these alone; empty: any
    smtp::ClearAuth authInClear = smtp::ClearAuth::Never; ///< a sign-in without TLS that was verified
    QHostAddress nameserver; ///< null: the system's
    quint16 nameserverPort = 53;
    QString trustAnchorFile; ///< for DNSSEC, in a zone file's form; empty: the root's, where it can be used
    smtp::TlsPolicyUse dane = smtp::TlsPolicyUse::On; ///< direct: TLSA records bind (RFC 7672)
    smtp::TlsPolicyUse mtaSts = smtp::TlsPolicyUse::On; ///< direct: MTA-STS policies bind (RFC 8461)
    quint16 mtaStsPort = 443; ///< where policies are fetched; another one is for tests
    bool allowPrivateAddresses = true; ///< deliver to exchangers at loopback and private addresses

    friend bool operator==(const OutgoingRoute &, const OutgoingRoute &) = default;
};

enum class RecipientPolicy {
    CatchAll, ///< every recipient is taken and the message kept, by the captureRule; nothing is passed on
    Mailboxes ///< known local names are taken, unknown ones 550, other domains only from loopback or who
              ///< signed in
};

/// Whose sign-in the listener takes.
enum class SignInPolicy {
    Automatic, ///< Anybody under CatchAll without a file of users, else FileOnly
    Anybody, ///< any name with any password, neither checked; CatchAll alone, since sign-in opens relaying
    FileOnly ///< the users of ListenerSettings::authFile
};

/// How paths ("MAIL FROM:<...>") are read.
enum class PathPolicy {
    Automatic, ///< Tolerant under CatchAll, Strict under Mailboxes
    Strict, ///< RFC 5321 4.1.2 to the letter
    Tolerant ///< what can be understood is taken, and marked at the message
};

struct ListenerBinding
{
    QHostAddress address = QHostAddress(QHostAddress::LocalHost);
    quint16 port = 2525;
    /// None: a client with its defaults refuses a self-signed certificate, and the mail with it.
    smtp::TlsMode tls = smtp::TlsMode::None;
    bool requireAuth = false;
    smtp::ClientCertificate clientCertificate = smtp::ClientCertificate::NotAsked;
    smtp::ProxyHeaders proxyHeaders = smtp::ProxyHeaders::None;
    QString captureMailbox
        = QStringLiteral("captured"); ///< CatchAll: the user whose Inbox takes what comes in here
    QString
        unixPath; ///< of a Unix socket, absolute, in place of address and port; its clients are on loopback
    int descriptor = -1; ///< of a socket that listens there already, for this run; -1: none

    [[nodiscard]] QString place() const; ///< "127.0.0.1:2525", "unix:/run/user/1000/glasspost"
    friend bool operator==(const ListenerBinding &, const ListenerBinding &) = default;
};

/// Which extensions the listener offers. BINARYMIME is not among them: a Maildir has LF line ends and could
/// not give every octet back.
struct ListenerExtensions
{
    bool chunking = true; ///< RFC 3030
    bool smtpUtf8 = true; ///< RFC 6531
    bool limits = true; ///< RFC 9422
    bool verify = true; ///< VRFY
    bool expand = true; ///< EXPN
    bool xclient = false; ///< from trusted peers
    bool dsn = true; ///< RFC 3461; CatchAll shows what was asked for, and acts on nothing
    // What the outgoing queue keeps; offered under the policy Mailboxes alone:
    bool requireTls = true; ///< RFC 8689
    bool deliverBy = true; ///< RFC 2852
    bool futureRelease = true; ///< RFC 4865
    bool priority = true; ///< RFC 6710

    friend bool operator==(const ListenerExtensions &, const ListenerExtensions &) = default;
};

struct ListenerSettings
{
    bool enabled = true;
    QList<ListenerBinding> bindings = {ListenerBinding()};
    RecipientPolicy policy = RecipientPolicy::CatchAll;
    CaptureRule captureRule; ///< CatchAll: which inbox takes a message
    int mostInboxes = 100; ///< that the rule makes; what would need one more goes to the binding's mailbox
    CaptureRetention retention; ///< of each inbox of captured mail
    QStringList rejectedRecipients; ///< CatchAll: patterns ("*@bounce.test") of addresses that get 550
    QStringList
        discardedRecipients; ///< CatchAll: patterns of those that get 250, and nothing is kept for them
    QStringList releaseAllowed; ///< patterns of whom a person may release captured mail to; empty: everybody
    QStringList allowedClients; ///< "192.0.2.0/24": who may connect, others get 554; empty: everybody
    QString certificateFile; ///< PEM; empty: the self-made one in tls/
    QString keyFile;
    QString authFile; ///< users who may sign in: "name:password" or "name:{SCRAM-SHA-256}..." a line
    SignInPolicy signIn = SignInPolicy::Automatic;
    smtp::ClearAuth clearSignIn = smtp::ClearAuth::Loopback;
    PathPolicy paths = PathPolicy::Automatic;
    smtp::BareLineFeeds bareLineFeeds = smtp::BareLineFeeds::Refused; ///< Marked counts under CatchAll alone
    QStringList
        mechanisms; ///< SASL; empty: all that the file of users can decide. ANONYMOUS is never among those
    smtp::TlsPolicy::Version tlsMinimum = smtp::TlsPolicy::Version::Tls12;
    QString tlsCiphers; ///< OpenSSL's names with ":" between; empty: Qt's choice
    QString clientAuthorityFile; ///< PEM: who may have signed a client's certificate; empty: anybody
    QStringList trustedPeers; ///< "192.0.2.0/24": whose PROXY header and XCLIENT are believed
    smtp::ServerLimits limits; ///< hops apart: those are Settings::hopLimit
    ListenerExtensions extensions;
    /// Mailboxes policy: what is for mailboxes here goes on to that server, by SMTP or LMTP, through the
    /// queue and as durably; none: it is kept here.
    std::optional<OutgoingRoute> handOn;

    /// Automatic resolved.
    [[nodiscard]] bool takesAnySignIn() const;
    [[nodiscard]] bool canSignIn() const { return takesAnySignIn() || !authFile.isEmpty(); }
    [[nodiscard]] smtp::PathStyle pathStyle() const;

    friend bool operator==(const ListenerSettings &, const ListenerSettings &) = default;
};

/// Captured mail over HTTP, for programs on this machine.
struct HttpInterfaceSettings
{
    bool enabled = false;
    QHostAddress address = QHostAddress(QHostAddress::LocalHost);
    quint16 port = 8025; ///< 0: a free one

    friend bool operator==(const HttpInterfaceSettings &, const HttpInterfaceSettings &) = default;
};

/// RFC 5321 4.5.4.1.
struct RetrySchedule
{
    QList<std::chrono::seconds> waits; ///< after the first, second ... failed attempt; the last one repeats
    std::chrono::seconds giveUpAfter = std::chrono::hours(5 * 24);
    std::chrono::seconds delayAfter
        = std::chrono::hours(4); ///< from then on the sender is told once that it takes longer; 0: never

    static RetrySchedule standard(); ///< 5, 10, 20, 30 min, 1 h, 2 h, then 3 h, up to five days
    friend bool operator==(const RetrySchedule &, const RetrySchedule &) = default;
};

/// How many connections and messages the queue may send at once.
struct SendingLimits
{
    int connections = 100; ///< at once, in all
    int connectionsPerDestination = 20;
    int messagesPerConnection = 100;
    int messagesPerMinute = 0; ///< to one destination; 0 for as many as there are

    friend bool operator==(const SendingLimits &, const SendingLimits &) = default;
};

/// A certificate that a person accepted for a server permanently, though verifying it failed.
struct AcceptedCertificate
{
    QString server; ///< the name that certificates are checked against
    QString fingerprint; ///< SHA-256, in hexadecimal

    friend bool operator==(const AcceptedCertificate &, const AcceptedCertificate &) = default;
};

inline size_t qHash(const AcceptedCertificate &one, size_t seed = 0)
{
    return qHashMulti(seed, one.server, one.fingerprint);
}

/// The colors of the windows.
enum class Appearance { System, Light, Dark };

/// When pictures that a message only refers to are loaded from their servers.
enum class PictureLoading {
    Ask, ///< once the person says so, for each message or for its sender
    Always
};

/// What lays the HTML of messages out.
enum class HtmlEngine {
    Litehtml,
    WebEngine ///< where it is installed
};

/// Everything a person can set, as one value; kept in settings.ini in the data folder (readable by hand).
struct Settings
{
    QString hostName; ///< our name in greetings, EHLO, Received, Message-ID
    QStringList localDomains; ///< domains whose mail stays here; hostName and "localhost" always are
    QList<LocalUser> users;
    QList<Alias> aliases;
    QList<Identity> identities;
    QList<FolderKeeping> folders; ///< those for which something is set
    OutgoingRoute route;
    QList<AcceptedCertificate> acceptedCertificates; ///< of servers that mail goes to
    ListenerSettings listener;
    HttpInterfaceSettings http;
    RetrySchedule retry = RetrySchedule::standard();
    SendingLimits limits;
    smtp::ClientTimeouts timeouts;
    int undoSeconds = 5; ///< how long a sent message waits for Undo; 0 for none
    Appearance appearance = Appearance::System;
    HtmlEngine htmlEngine = HtmlEngine::Litehtml;
    PictureLoading remotePictures = PictureLoading::Ask;
    QStringList picturesFrom; ///< senders' addresses whose remote pictures are loaded without asking
    QString spamd; ///< asked about captured mail: "127.0.0.1:783" or a Unix socket's path; empty: none is
    int hopLimit = 100;
    QString messageIdDomain; ///< right of the "@" in Message-ID; empty: that of the sender's address
    int sessionsKeptDays = 30; ///< transcripts older than that are dropped at start
    int journeysKeptDays = 0; ///< the same for the record of each message's delivery; 0: while there is room

    /// First start: this host, one mailbox for the signed-in user, one identity, the listener on
    /// 127.0.0.1:2525.
    static Settings forFirstStart();
    friend bool operator==(const Settings &, const Settings &) = default;
};

/// The same with a certificate that a person accepted for good.
[[nodiscard]] Settings withAccepted(Settings settings, const AcceptedCertificate &which);
/// Whether a listener that was started with the ones has to be started again for the others.
[[nodiscard]] bool areListenersDifferent(const Settings &before, const Settings &after);

} // namespace glasspost::mail
