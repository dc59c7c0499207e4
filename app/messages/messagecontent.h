#pragma once

#include "mail/system/lookups.h"
#include "mail/system/mailboxes.h"

#include <optional>

namespace glasspost::app {

/// A message as programs ask for it: read, with its HTML as the sender wrote it and the session that brought
/// it.
struct MessageContent
{
    mail::MessageRow row;
    mail::MessageView view;
    QString html; ///< of the first part that is HTML and no attachment, decoded; empty when there is none
    bool isHtmlCut = false; ///< past 1 MiB
    std::optional<smtp::SessionFacts> session; ///< none where it came without SMTP, or is not kept any more
};

/// Any thread; the answer comes on the context's. NotFound when the message is gone.
mail::Task<MessageContent> readContent(
    mail::Mailboxes &mailboxes, mail::Lookups &lookups, const mail::MessageRow &row, QObject *context);

/// What of it the view does not have.
mail::Task<MessageContent> completed(mail::Mailboxes &mailboxes, mail::Lookups &lookups,
    const mail::MessageRow &row, const mail::MessageView &view, QObject *context);

/// The message of that unique name, also one that was acknowledged a moment ago. NotFound when there is none,
/// or none in the folder: of an empty user it is any.
mail::Task<mail::MessageRow> findMessage(mail::Mailboxes &mailboxes, mail::Lookups &lookups,
    const QByteArray &unique, const mail::FolderId &folder, QObject *context);
/// The one that arrived last; of an empty user: in all the folders that mail comes into.
mail::Task<mail::MessageRow> findLatest(
    mail::Mailboxes &mailboxes, const mail::FolderId &folder, QObject *context);

/// The rows, read while the index had everything in the mailboxes when the question came. IndexIncomplete
/// when it was rebuilt each time it was asked.
mail::Task<mail::RowPage> readWholeIndex(
    mail::Mailboxes &mailboxes, const mail::RowQuery &query, QObject *context);

} // namespace glasspost::app
