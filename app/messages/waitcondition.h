#pragma once

#include "app/messages/messagecontent.h"
#include "mail/system/arrivalmoment.h"

#include <QRegularExpression>
#include <QSet>

#include <utility>

namespace glasspost::app {

/// Which message somebody waits for. What is empty does not count; all else has to be so.
struct WaitCondition
{
    QString to; ///< an address of To, of Cc or of the envelope; case does not count
    QString from; ///< of From, or the envelope's sender
    QRegularExpression subject;
    QRegularExpression body; ///< of the text, or of the HTML as it was written
    QList<std::pair<QString, QRegularExpression>> headers; ///< of some field of that name
    mail::FolderId folder; ///< of an empty user: every folder that mail comes into
    mail::ArrivalMoment since; ///< came after that

    /// Whether a row is enough to decide.
    [[nodiscard]] bool needsMessage() const;
    /// By what a row has: the folder and the time.
    [[nodiscard]] bool mayBe(const mail::MessageRow &row) const;
    /// By the rest. Takes as long as a regular expression takes: for a thread of a pool.
    [[nodiscard]] bool matches(const MessageContent &message) const;
    /// A search that finds every message that matches, and more.
    [[nodiscard]] QString searchText() const;
};

/// When it came.
mail::ArrivalMoment momentOf(const mail::MessageRow &row);
/// Every address that a message is for, with cases folded.
QSet<QString> recipientsOf(const mail::MessageView &view);

} // namespace glasspost::app
