#include "ui/settings/settingsproblems.h"

#include "mail/checks/spamcheck.h"
#include "mail/message/messagebuilder.h"
#include "mail/settings/addressrangetext.h"
#include "smtp/syntax/addressliteral.h"
#include "ui/words/addresstext.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QSet>

namespace glasspost::ui {

namespace {

struct SettingsWords
{
    Q_DECLARE_TR_FUNCTIONS(glasspost::ui::SettingsProblems)
};

bool isAddress(const QString &text)
{
    const mail::AddressList parsed = mail::parseAddressList(text);
    return text.contains(QLatin1Char('@')) && parsed.malformed.isEmpty() && parsed.mailboxes.size() == 1
        && parsed.mailboxes.constFirst().address == text;
}

bool isLocalName(const QString &text)
{
    // A Dot-string that is also a folder's name (mail/<user>/).
    static const QRegularExpression atoms(
        QStringLiteral("^[\\w!#$%&'*=?^`{|}~-]+(\\.[\\w!#$%&'*=?^`{|}~-]+)*$"),
        QRegularExpression::UseUnicodePropertiesOption);
    return text.size() <= 64 && atoms.match(text).hasMatch();
}

void checkIdentities(const mail::Settings &settings, QList<SettingsProblem> &problems)
{
    for (const mail::Identity &identity : settings.identities) {
        if (!isAddress(identity.address))
            problems.append({SettingsField::Identities, notAnAddressText(identity.address)});
        const bool hasUser
            = std::any_of(settings.users.cbegin(), settings.users.cend(), [&](const mail::LocalUser &user) {
                  return user.name.compare(identity.user, Qt::CaseInsensitive) == 0;
              });
        if (!hasUser)
            problems.append({SettingsField::Identities,
                SettingsWords::tr("The identity %1 needs a mailbox for its Sent and Drafts.")
                    .arg(identity.address)});
    }
}

bool isSocketPath(const QString &path)
{
    constexpr qsizetype longest = 107; // octets of sockaddr_un::sun_path without its end
    return path.startsWith(u'/') && path.toLocal8Bit().size() <= longest;
}

void checkRanges(const QStringList &ranges, SettingsField field, QList<SettingsProblem> &problems)
{
    for (const QString &range : ranges) {
        if (!mail::addressRangeFrom(range))
            problems.append({field,
                SettingsWords::tr("“%1” is not an address or range, for example 192.0.2.0/24.").arg(range)});
    }
}

void checkListener(const mail::ListenerSettings &listener, QList<SettingsProblem> &problems)
{
    QSet<QString> places;
    for (const mail::ListenerBinding &binding : listener.bindings) {
        const QString place = binding.place();
        if (!binding.unixPath.isEmpty() && !isSocketPath(binding.unixPath))
            problems.append({SettingsField::Bindings,
                SettingsWords::tr("“%1” cannot be a Unix socket: give a path from the root, such as "
                                  "unix:/run/glasspost.sock, of at most 107 octets.")
                    .arg(place)});
        else if (binding.address.isNull())
            problems.append({SettingsField::Bindings,
                SettingsWords::tr(
                    "A binding needs an address: 127.0.0.1 for this machine alone, 0.0.0.0 for all.")});
        else if ((binding.port != 0 || !binding.unixPath.isEmpty()) && places.contains(place))
            problems.append({SettingsField::Bindings, SettingsWords::tr("%1 is listed twice.").arg(place)});
        places.insert(place);
        if (binding.requireAuth && !listener.canSignIn())
            problems.append({SettingsField::Bindings,
                SettingsWords::tr("%1 asks for sign-in, but no file of users who may sign in is given.")
                    .arg(place)});
        const bool isUsed = listener.policy == mail::RecipientPolicy::CatchAll;
        if ((isUsed || binding.captureMailbox.isEmpty()) && !isLocalName(binding.captureMailbox))
            problems.append({SettingsField::Bindings,
                SettingsWords::tr("“%1” cannot name a mailbox.").arg(binding.captureMailbox)});
    }
    if (listener.enabled && listener.bindings.isEmpty())
        problems.append(
            {SettingsField::Bindings, SettingsWords::tr("A listener needs at least one binding.")});
    checkRanges(listener.allowedClients, SettingsField::AllowedClients, problems);
    checkRanges(listener.trustedPeers, SettingsField::TrustedPeers, problems);
    if (listener.captureRule.by == mail::CaptureRule::By::Header
        && !mail::isFieldName(listener.captureRule.field))
        problems.append({SettingsField::CaptureRule,
            SettingsWords::tr("“%1” is not a header field's name, for example X-Project.")
                .arg(listener.captureRule.field)});
    if (listener.certificateFile.isEmpty() != listener.keyFile.isEmpty())
        problems.append(
            {SettingsField::TlsFiles, SettingsWords::tr("Give both a certificate and a key, or neither.")});
}

bool isHost(const QString &text)
{
    return isDomain(text) || !QHostAddress(text).isNull();
}

void checkHandOn(const mail::OutgoingRoute &route, QList<SettingsProblem> &problems)
{
    const bool isSocket = route.host.startsWith(QLatin1Char('/'));
    const bool isLmtp = route.protocol == smtp::ClientProtocol::Lmtp;
    if (!isHost(route.host) && !isSocket)
        problems.append({SettingsField::HandOn,
            SettingsWords::tr("Give the server's name or address, or the path of its Unix socket.")});
    else if (isSocket && !isLmtp)
        problems.append(
            {SettingsField::HandOn, SettingsWords::tr("A Unix socket can only be used with LMTP.")});
    else if (isLmtp && !isSocket && route.port == 25) // RFC 2033 5
        problems.append({SettingsField::HandOn,
            SettingsWords::tr("LMTP does not use port 25, which is for SMTP; 24 is usual.")});
}

void checkMailboxes(const mail::Settings &settings, QList<SettingsProblem> &problems)
{
    for (const QString &domain : settings.localDomains) {
        if (!isDomain(domain))
            problems.append(
                {SettingsField::LocalDomains, SettingsWords::tr("“%1” is not a domain.").arg(domain)});
    }
    QSet<QString> names;
    const auto taken = [&](const QString &name) {
        const bool was = names.contains(name.toLower());
        names.insert(name.toLower());
        return was;
    };
    if (settings.users.isEmpty())
        problems.append({SettingsField::Users,
            SettingsWords::tr("At least one mailbox is needed: postmaster's mail goes there.")});
    for (const mail::LocalUser &user : settings.users) {
        if (!isLocalName(user.name))
            problems.append({SettingsField::Users,
                SettingsWords::tr("“%1” cannot name a mailbox: use letters, digits, dots and hyphens.")
                    .arg(user.name)});
        else if (taken(user.name))
            problems.append(
                {SettingsField::Users, SettingsWords::tr("“%1” is listed twice.").arg(user.name)});
    }
    for (const mail::Alias &alias : settings.aliases) {
        if (!isLocalName(alias.name))
            problems.append(
                {SettingsField::Aliases, SettingsWords::tr("“%1” cannot be a local name.").arg(alias.name)});
        else if (taken(alias.name))
            problems.append({SettingsField::Aliases,
                SettingsWords::tr("“%1” is already a mailbox or an alias.").arg(alias.name)});
        if (alias.targets.isEmpty())
            problems.append({SettingsField::Aliases,
                SettingsWords::tr("“%1” has no targets: add at least one.").arg(alias.name)});
        for (const QString &target : alias.targets) {
            if (!isAddress(target) && !isLocalName(target))
                problems.append({SettingsField::Aliases,
                    SettingsWords::tr("“%1” is neither a local name nor an e-mail address.").arg(target)});
        }
    }
}

} // namespace

bool isDomain(const QString &text)
{
    static const QRegularExpression labels(QStringLiteral("^[\\w]([\\w-]*[\\w])?(\\.[\\w]([\\w-]*[\\w])?)*$"),
        QRegularExpression::UseUnicodePropertiesOption);
    if (text.startsWith(QLatin1Char('[')) && text.endsWith(QLatin1Char(']')))
        return !smtp::writtenAddress(text.toUtf8()).isNull();
    return text.size() <= 255 && labels.match(text).hasMatch() && !text.contains(QLatin1Char('_'));
}

QList<SettingsProblem> settingsProblems(const mail::Settings &settings)
{
    QList<SettingsProblem> problems;
    if (!isDomain(settings.hostName))
        problems.append({SettingsField::HostName,
            SettingsWords::tr("“%1” is not a host name. Other servers want a name such as mail.example.org.")
                .arg(settings.hostName)});
    checkIdentities(settings, problems);
    if (settings.route.kind == mail::OutgoingRoute::Kind::Smarthost && !isHost(settings.route.host))
        problems.append(
            {SettingsField::SmarthostName, SettingsWords::tr("Give the smarthost's name or address.")});
    if (settings.route.nameserverPort == 0)
        problems.append({SettingsField::Nameserver,
            SettingsWords::tr("Give the name server's address, such as 192.0.2.53 or 192.0.2.53:5353.")});
    checkListener(settings.listener, problems);
    if (settings.http.enabled && settings.http.address.isNull())
        problems.append({SettingsField::Http,
            SettingsWords::tr("HTTP needs an address: 127.0.0.1 for this machine alone.")});
    if (!settings.spamd.isEmpty() && !mail::spamdAddress(settings.spamd))
        problems.append({SettingsField::Spamd,
            SettingsWords::tr(
                "Give the spam filter's address and port, such as 127.0.0.1:783, or the path of "
                "its Unix socket.")});
    if (settings.listener.handOn)
        checkHandOn(*settings.listener.handOn, problems);
    checkMailboxes(settings, problems);
    if (settings.retry.waits.isEmpty())
        problems.append({SettingsField::RetryWaits,
            SettingsWords::tr("Give at least one interval, such as 5 min; separate several with commas: 5 "
                              "min, 30 min, 2 h.")});
    return problems;
}

} // namespace glasspost::ui
