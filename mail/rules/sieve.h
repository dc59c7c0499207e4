#pragma once

#include "mail/base/error.h"
#include "mail/rules/rule.h"

#include <QByteArray>
#include <QList>

namespace glasspost::mail {

/// Rules as Sieve (RFC 5228), with fileinto, copy (RFC 3894), envelope, imap4flags (RFC 5232; a keyword is a
/// tag), body (RFC 5173), environment (RFC 5183), the window as a method of enotify (RFC 5435), Dovecot's
/// pipe, and commands of our own: for tags that are no keywords, vnd.glasspost.tag, and to send captured mail
/// on to its recipients, vnd.glasspost.release. It is also the form in which rules are kept.

/// Blocks within blocks, elsif and else become rules of their own, each with the whole of its condition:
/// tests have no effects. A rule without a name ("# rule:[name]") gets its number for one; a test
/// "allof(false, TEST)" is that of a rule that is switched off. Total: any octets give rules or the first
/// fault, Damaged with its line.
Result<QList<Rule>> readSieve(const QByteArray &script);
/// One "if" for each rule; readSieve() gives the same rules.
QByteArray writeSieve(const QList<Rule> &rules);
/// The capabilities that the script of these rules requires, in alphabetical order.
QStringList sieveCapabilities(const QList<Rule> &rules);

} // namespace glasspost::mail
