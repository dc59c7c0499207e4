#pragma once

#include "mail/routing/router.h"
#include "smtp/syntax/envelope.h"

namespace glasspost::mail {

/// Where one message goes: the decision of the router for each recipient, put together.
struct Distribution
{
    QList<FolderId> folders; ///< Inboxes here, each once
    QList<QByteArray> deliveredTo; ///< the addresses that led to them
    QList<smtp::Envelope> remote; ///< for the queue: one for each reverse-path (a list's owner has its own)
    QList<smtp::EnvelopeRecipient> local; ///< those behind the folders
    QList<smtp::EnvelopeRecipient> served; ///< those for whom this system is the last that reports (RFC 3461)
    QList<smtp::EnvelopeRecipient> unknown; ///< our domains, nobody of that name, or a loop of aliases
};

Distribution distribute(const Router &router, const smtp::Envelope &envelope);
/// The same for a report to its one recipient: into an Inbox here when that is an address of ours, though its
/// domain be another's.
Distribution distributeReport(const Router &router, const smtp::Envelope &report);

/// Return-Path and, for a single recipient, Delivered-To. Several share one file, and none may learn of the
/// others from it (Bcc).
QByteArray deliveryTrace(const smtp::Mailbox &reversePath, const QList<QByteArray> &deliveredTo);

} // namespace glasspost::mail
