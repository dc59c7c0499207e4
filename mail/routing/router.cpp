#include "mail/routing/router.h"

#include "mail/message/addresslist.h"
#include "smtp/syntax/addressliteral.h"
#include "smtp/syntax/domain.h"

#include <QHostAddress>
#include <QSet>

namespace glasspost::mail {

namespace {

/// A name for comparing: no case, composed, a quoted local-part without its quotes.
QString folded(const QString &name)
{
    return name.normalized(QString::NormalizationForm_C).toCaseFolded();
}

QString unquoted(const QByteArray &localPart)
{
    const QString text = QString::fromUtf8(localPart);
    if (text.size() < 2 || !text.startsWith(u'"') || !text.endsWith(u'"'))
        return text;
    QString result;
    for (qsizetype i = 1; i < text.size() - 1; ++i) {
        if (text.at(i) == u'\\' && i + 1 < text.size() - 1)
            ++i;
        result += text.at(i);
    }
    return result;
}

bool isLoopbackLiteral(const QByteArray &domain)
{
    return domain.startsWith('[') && smtp::writtenAddress(domain).isLoopback();
}

/// A target as the settings have it: "name" or "name@domain".
smtp::Mailbox targetMailbox(const QString &target)
{
    const QByteArray octets = target.trimmed().toUtf8();
    const qsizetype at = octets.lastIndexOf('@');
    if (at < 0)
        return {octets, {}};
    return {octets.left(at), octets.mid(at + 1)};
}

const Alias *findAlias(const Settings &settings, const QString &name)
{
    const auto found = std::find_if(settings.aliases.cbegin(), settings.aliases.cend(),
        [&name](const Alias &alias) { return folded(alias.name) == name; });
    return found == settings.aliases.cend() ? nullptr : &*found;
}

const LocalUser *findUser(const Settings &settings, const QString &name)
{
    const auto found = std::find_if(settings.users.cbegin(), settings.users.cend(),
        [&name](const LocalUser &user) { return folded(user.name) == name; });
    return found == settings.users.cend() ? nullptr : &*found;
}

const QString postmaster = QStringLiteral("postmaster");
const QString ownerPrefix = QStringLiteral("owner-");

/// Follows aliases from one name to the mailboxes and remote addresses behind it. No recursion: the chain of
/// aliases is as long as the settings make it.
class Expansion
{
public:
    Expansion(const Settings &settings, const Router &router) : m_settings(settings), m_router(router) { }

    Destination run(const QString &name)
    {
        m_open.append({name, {}});
        while (!m_open.isEmpty())
            follow(m_open.takeFirst());
        if (m_destination.folders.isEmpty() && m_destination.remote.isEmpty())
            m_destination.kind = m_sawLoop ? Destination::Kind::Loop : Destination::Kind::NoSuchUser;
        else if (m_destination.kind != Destination::Kind::Forwarded)
            m_destination.kind = Destination::Kind::Local;
        return m_destination;
    }

private:
    struct Step
    {
        QString name;
        QSet<QString> above; ///< the aliases that led here
    };

    void follow(const Step &step)
    {
        const bool isKnown = findAlias(m_settings, step.name) || findUser(m_settings, step.name);
        const qsizetype plus = step.name.indexOf(u'+');
        const QString name = !isKnown && plus > 0 ? step.name.left(plus) : step.name;
        const Alias *alias = findAlias(m_settings, name);
        const LocalUser *user = findUser(m_settings, name);
        if (alias && !step.above.contains(name))
            followAlias(*alias, name, step);
        else if (user)
            addFolder({user->name, {}});
        else if (alias)
            m_sawLoop = true;
        else if (name == postmaster)
            followPostmaster(step);
        else if (name.startsWith(ownerPrefix) && isList(name.mid(ownerPrefix.size())))
            followPostmaster(step); // RFC 5321 3.9.2: who looks after a list can always be reached
    }

    void followAlias(const Alias &alias, const QString &name, const Step &step)
    {
        if (step.above.isEmpty() && alias.kind == Alias::Kind::Forward)
            m_destination.kind = Destination::Kind::Forwarded;
        if (alias.kind == Alias::Kind::List && m_destination.owner.isEmpty())
            m_destination.owner = (ownerPrefix + alias.name + u'@' + m_settings.hostName).toUtf8();
        if (m_seen.contains(name)) {
            m_sawLoop |= step.above.contains(name);
            return;
        }
        m_seen.insert(name);
        QSet<QString> above = step.above;
        above.insert(name);
        for (const QString &target : alias.targets) {
            const smtp::Mailbox mailbox = targetMailbox(target);
            if (mailbox.localPart.isEmpty())
                continue;
            if (mailbox.domain.isEmpty() || m_router.isLocalDomain(mailbox.domain))
                m_open.append({folded(unquoted(mailbox.localPart)), above});
            else
                addRemote(mailbox);
        }
    }

    void followPostmaster(const Step &step)
    {
        // RFC 5321 4.5.1: postmaster is always deliverable.
        if (step.name != postmaster && !step.above.contains(postmaster))
            m_open.append({postmaster, step.above});
        else if (!m_settings.users.isEmpty())
            addFolder({m_settings.users.constFirst().name, {}});
        else
            addFolder({postmaster, {}});
    }

    bool isList(const QString &name) const
    {
        const Alias *alias = findAlias(m_settings, name);
        return alias && alias->kind == Alias::Kind::List;
    }

    void addFolder(const FolderId &folder)
    {
        if (!m_destination.folders.contains(folder))
            m_destination.folders.append(folder);
    }

    void addRemote(const smtp::Mailbox &mailbox)
    {
        if (!m_destination.remote.contains(mailbox))
            m_destination.remote.append(mailbox);
    }

    const Settings &m_settings;
    const Router &m_router;
    QList<Step> m_open;
    QSet<QString> m_seen;
    bool m_sawLoop = false;
    Destination m_destination;
};

} // namespace

Router::Router(Settings settings) : m_settings(std::move(settings)) { }

bool Router::isLocalDomain(const QByteArray &domain) const
{
    if (isLoopbackLiteral(domain))
        return true;
    const QByteArray name = smtp::foldedDomain(domain);
    if (name == "localhost" || name == smtp::foldedDomain(m_settings.hostName.toUtf8()))
        return !name.isEmpty();
    return std::any_of(m_settings.localDomains.cbegin(), m_settings.localDomains.cend(),
        [&name](const QString &local) { return smtp::foldedDomain(local.toUtf8()) == name; });
}

Destination Router::destination(const smtp::Mailbox &forwardPath) const
{
    // RFC 5321 4.1.1.3: "<postmaster>" is the one forward-path without a domain; a bare name of ours is read
    // alike.
    if (!forwardPath.domain.isEmpty() && !isLocalDomain(forwardPath.domain)) {
        Destination destination;
        destination.kind = Destination::Kind::Remote;
        destination.remote = {forwardPath};
        return destination;
    }
    return Expansion(m_settings, *this).run(folded(unquoted(forwardPath.localPart)));
}

QList<FolderId> Router::firstInbox() const
{
    if (m_settings.users.isEmpty())
        return {{postmaster, {}}};
    return {{m_settings.users.constFirst().name, {}}};
}

QList<FolderId> Router::ownInboxes(const smtp::Mailbox &address) const
{
    const QString localPart = folded(unquoted(address.localPart));
    if (address.domain.isEmpty() && localPart == postmaster) {
        const QList<FolderId> folders = destination(address).folders;
        return folders.isEmpty() ? firstInbox() : folders;
    }
    for (const Identity &identity : m_settings.identities) {
        const smtp::Mailbox own = targetMailbox(identity.address);
        const bool isIt = folded(unquoted(own.localPart)) == localPart
            && smtp::foldedDomain(own.domain) == smtp::foldedDomain(address.domain);
        if (!isIt || address.domain.isEmpty())
            continue;
        const LocalUser *user = findUser(m_settings, folded(identity.user));
        return user ? QList<FolderId>{{user->name, {}}} : firstInbox();
    }
    return {};
}

QStringList Router::members(const QString &list) const
{
    const smtp::Mailbox mailbox = targetMailbox(list);
    if (!mailbox.domain.isEmpty() && !isLocalDomain(mailbox.domain))
        return {};
    const Alias *alias = findAlias(m_settings, folded(unquoted(mailbox.localPart)));
    return alias && alias->kind == Alias::Kind::List ? alias->targets : QStringList();
}

Verification Router::verify(const QByteArray &text) const
{
    using Kind = Verification::Kind;
    const QList<AddressEntry> entries = splitAddressList(QString::fromUtf8(text), 2);
    if (entries.size() != 1 || entries.constFirst().isMalformed)
        return {};
    const QByteArray ourDomain = m_settings.hostName.toUtf8();
    const smtp::Mailbox mailbox = targetMailbox(entries.constFirst().address);
    if (!mailbox.domain.isEmpty() && !isLocalDomain(mailbox.domain))
        return {Kind::Elsewhere, mailbox};
    const QByteArray domain = mailbox.domain.isEmpty() ? ourDomain : mailbox.domain;
    const QString name = folded(unquoted(mailbox.localPart));
    if (const LocalUser *user = findUser(m_settings, name))
        return {Kind::Found, {user->name.toUtf8(), domain}};
    if (const Alias *alias = findAlias(m_settings, name))
        return {Kind::Found, {alias->name.toUtf8(), domain}};
    // What RCPT takes is somebody: postmaster, "user+detail".
    if (destination({mailbox.localPart, domain}).kind == Destination::Kind::Local)
        return {Kind::Found, {mailbox.localPart, domain}};
    Verification found;
    for (const LocalUser &user : m_settings.users) {
        if (user.fullName.isEmpty() || folded(user.fullName) != name)
            continue;
        if (found.kind == Kind::Found)
            return {Kind::Ambiguous, {}}; // RFC 5321 3.5.1
        found = {Kind::Found, {user.name.toUtf8(), ourDomain}};
    }
    return found;
}

} // namespace glasspost::mail
