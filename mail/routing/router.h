#pragma once

#include "mail/maildir/messageid.h"
#include "mail/settings/settings.h"
#include "smtp/syntax/mailbox.h"

#include <QByteArray>
#include <QList>
#include <QString>

namespace glasspost::mail {

/// Where mail for one forward-path goes. More than one place when it names a list.
struct Destination
{
    enum class Kind {
        Local, ///< mailboxes here (and remote targets of an alias or list)
        Forwarded, ///< a local name that lives elsewhere: 251
        Remote, ///< another domain's
        NoSuchUser, ///< our domain, nobody of that name: 550 5.1.1
        Loop ///< aliases that lead back to themselves: 550 5.4.6
    };
    Kind kind = Kind::NoSuchUser;
    QList<FolderId> folders; ///< Inboxes here, each once
    QList<smtp::Mailbox> remote; ///< forward-paths for the queue, each once
    QByteArray owner; ///< a list's reverse-path for what goes on; empty when the sender's stays

    friend bool operator==(const Destination &, const Destination &) = default;
};

/// What a VRFY string names (RFC 5321 3.5).
struct Verification
{
    enum class Kind {
        Found, ///< mailbox says who
        Ambiguous, ///< more than one full name is like that
        Unknown, ///< nobody here
        Elsewhere ///< another domain's, which cannot be verified
    };
    Kind kind = Kind::Unknown;
    smtp::Mailbox mailbox;

    friend bool operator==(const Verification &, const Verification &) = default;
};

/// The decision local or remote, from the settings alone: a value, no disk, no network.
/// Domains compare without case, local names too (RFC 5321 2.4 leaves it to us). "postmaster" is always
/// deliverable, with or without domain: to the user or alias of that name, else to the first user.
/// "user+detail" goes to user.
class Router
{
public:
    explicit Router(Settings settings);

    [[nodiscard]] bool isLocalDomain(const QByteArray &domain) const;
    [[nodiscard]] Destination destination(const smtp::Mailbox &forwardPath) const;
    /// The first user's Inbox: where mail goes that must not be lost; "postmaster"'s when there is no user.
    [[nodiscard]] QList<FolderId> firstInbox() const;
    /// Where what is for one of our own identities is read, though mail for its domain leaves; of the bare
    /// "postmaster" always an Inbox here. Nothing for anybody else.
    [[nodiscard]] QList<FolderId> ownInboxes(const smtp::Mailbox &address) const;
    /// EXPN: the members of a list, as written in the settings; nothing when there is no such list.
    [[nodiscard]] QStringList members(const QString &list) const;
    [[nodiscard]] Verification verify(const QByteArray &text) const;

private:
    Settings m_settings;
};

} // namespace glasspost::mail
