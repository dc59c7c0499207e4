#pragma once

#include "mail/base/octetsreader.h"
#include "mail/base/task.h"
#include "mail/checks/clientsupport.h"
#include "mail/checks/finding.h"

#include <QList>

namespace glasspost::mail {

/// What the checks found in a message, and what they can look at further.
struct MessageChecks
{
    QList<Finding> findings; ///< in the order of the message's lines; what is about no line first
    QList<Reference> references; ///< its links and pictures, of which nothing was fetched
    bool isCut = false; ///< the message is larger than what is looked at

    [[nodiscard]] int count(Severity severity) const;
    friend bool operator==(const MessageChecks &, const MessageChecks &) = default;
};

/// Every check that needs nothing but the message itself. Blocks on the disk; any octets are read as a
/// message.
Result<MessageChecks> checkMessage(const OctetsReader &message);
/// The same in the pool for long work.
Task<MessageChecks> checkMessage(const MessageOctets &octets);
/// And what a spamd says of it (spamcheck.h), unless that is empty.
Task<MessageChecks> checkMessage(const MessageOctets &octets, const QString &spamd, QObject *context);

/// What the HTML of a message uses of what clients may not have.
struct HtmlSupport
{
    QList<UsedFeature> features; ///< all that the table knows, also what every client has
    int elements = 0; ///< html, head and meta not counted
    bool hasHtml = false;
};
/// Of the first part that is HTML. Likewise.
Result<HtmlSupport> checkHtmlSupport(const OctetsReader &message);

} // namespace glasspost::mail
