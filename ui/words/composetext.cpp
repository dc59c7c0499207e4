#include "ui/words/composetext.h"

#include "ui/words/addresstext.h"
#include "ui/words/format.h"

#include <QCoreApplication>

#include <algorithm>

namespace glasspost::ui {

namespace {

struct ComposeWords
{
    Q_DECLARE_TR_FUNCTIONS(glasspost::ui::ComposeWords)
};

QString directWords(const QStringList &domains)
{
    // A literal has no exchanger: it is the host itself.
    const bool isLiteral = std::any_of(
        domains.cbegin(), domains.cend(), [](const QString &domain) { return domain.startsWith(u'['); });
    if (domains.size() == 1)
        return (
            isLiteral ? ComposeWords::tr("direct to %1") : ComposeWords::tr("direct to the exchanger of %1"))
            .arg(domains.constFirst());
    if (isLiteral)
        return ComposeWords::tr("direct to %1 and %Ln more", nullptr, int(domains.size()) - 1)
            .arg(domains.constFirst());
    return ComposeWords::tr("direct to the exchangers of %1 and %Ln more", nullptr, int(domains.size()) - 1)
        .arg(domains.constFirst());
}

QString smarthostWords(const mail::OutgoingRoute &route)
{
    return route.user.isEmpty() ? ComposeWords::tr("via %1").arg(route.host)
                                : ComposeWords::tr("via %1 as %2").arg(route.host, route.user);
}

} // namespace

QString problemText(const mail::DraftProblem &problem)
{
    switch (problem.kind) {
    case mail::DraftProblem::Kind::NoRecipient:
        return ComposeWords::tr("Add at least one recipient.");
    case mail::DraftProblem::Kind::NoFrom:
        return ComposeWords::tr("Choose whom the message is from; identities are set in Preferences.");
    case mail::DraftProblem::Kind::BadAddress:
        return notAnAddressText(problem.excerpt);
    case mail::DraftProblem::Kind::NoSuchLocalUser:
        return ComposeWords::tr(
            "There is no local user “%1”. Add a domain to the address, or a user in Preferences.")
            .arg(problem.excerpt);
    case mail::DraftProblem::Kind::FileUnreadable:
        return ComposeWords::tr("The file %1 cannot be read. Attach it again, or remove it.")
            .arg(problem.excerpt);
    case mail::DraftProblem::Kind::EmptySubject:
        return ComposeWords::tr("The message has no subject.");
    case mail::DraftProblem::Kind::AttachmentForgotten:
        return ComposeWords::tr("The text mentions an attachment (“%1”), but none is attached.")
            .arg(problem.excerpt);
    }
    return {};
}

QString routesText(const QList<mail::RecipientRoute> &routes)
{
    QStringList parts;
    QStringList direct;
    bool hasLocal = false;
    for (const mail::RecipientRoute &one : routes) {
        hasLocal = hasLocal || one.isLocal;
        if (one.domains.isEmpty())
            continue;
        const QString relay
            = one.route.kind == mail::OutgoingRoute::Kind::Smarthost ? smarthostWords(one.route) : QString();
        if (!relay.isEmpty() && !parts.contains(relay))
            parts << relay;
        for (const QString &domain : one.domains) {
            if (relay.isEmpty() && !direct.contains(domain, Qt::CaseInsensitive))
                direct << domain;
        }
    }
    if (!direct.isEmpty())
        parts << directWords(direct);
    if (hasLocal)
        parts.prepend(ComposeWords::tr("stays on this machine"));
    if (hasLocal && parts.size() > 1)
        parts[0] = ComposeWords::tr("on this machine");
    return parts.join(ComposeWords::tr(" and "));
}

} // namespace glasspost::ui
