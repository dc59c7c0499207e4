#include "mail/routing/recipientroute.h"

#include "mail/routing/router.h"
#include "smtp/syntax/path.h"

namespace glasspost::mail {

RecipientRoute routeFor(const QString &recipient, const Settings &settings)
{
    const QByteArray octets = recipient.toUtf8();
    const auto mailbox = recipient.contains(u'@') ? smtp::parseMailbox(octets) : smtp::Mailbox{octets, {}};
    if (!mailbox)
        return {};
    const Destination destination = Router(settings).destination(*mailbox);
    RecipientRoute result;
    result.isLocal = !destination.folders.isEmpty();
    for (const smtp::Mailbox &target : destination.remote) {
        const QString domain = QString::fromUtf8(target.domain);
        if (!result.domains.contains(domain, Qt::CaseInsensitive))
            result.domains.append(domain);
    }
    if (!result.domains.isEmpty())
        result.route = settings.route;
    return result;
}

} // namespace glasspost::mail
