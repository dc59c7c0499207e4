#pragma once

#include "mail/checks/findings.h"
#include "mail/checks/htmlcheck.h"

namespace glasspost::mail {

constexpr qsizetype mostReferencesListed = 1000; ///< of a message

/// The links, pictures and style sheets of HTML and the links written out in plain text, each target once.
/// Nothing is fetched.
QList<Reference> referencesOf(const CheckedHtml &html);
QList<Reference> referencesOfText(const CheckedPart &part);

/// Whether they can be followed by whoever gets the message, and are what they seem.
void checkReferences(const CheckedMessage &message, const QList<Reference> &references, Findings &findings);
/// Links that have no target at all, which are no references.
void checkEmptyLinks(const CheckedHtml &html, Findings &findings);

/// Whether a server of that name is of this machine, this network or none: what others cannot reach.
bool isPrivateHost(const QString &host);

} // namespace glasspost::mail
