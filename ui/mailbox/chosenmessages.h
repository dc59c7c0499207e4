#pragma once

#include "mail/index/rows.h"

namespace glasspost::ui {

/// The messages that something is to be done to: by their names or, as many as a list has, by the numbers of
/// their rows, which are 8 octets each and have names for as long as the index is not made anew.
struct ChosenMessages
{
    QList<mail::MessageId> ids;
    mail::RowOrder rows; ///< in place of ids; without starts
    /// Of rows those that still lie there; without a user: in a folder of that name, whosever; null: wherever
    /// they lie.
    mail::FolderId in;

    [[nodiscard]] qsizetype count() const { return ids.isEmpty() ? rows.numbers.size() : ids.size(); }
    [[nodiscard]] bool isMeantIn(const mail::FolderId &folder) const; ///< what of rows lies there
    /// In a folder of that name, whosever; false where that is not known before they have names.
    [[nodiscard]] bool allLieIn(const QString &folder) const;
};

} // namespace glasspost::ui
