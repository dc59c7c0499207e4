#pragma once

#include "mail/message/messageview.h"

#include <QByteArray>
#include <QList>
#include <QString>
#include <QStringList>

namespace glasspost::mail {

/// One entry of an address list (RFC 5322 3.4), as it was written.
struct AddressEntry
{
    QString name; ///< display name, quotes taken off, encoded words still as they are
    QString
        address; ///< addr-spec without comments; a bare name where there was no "@"; empty when there is none
    QString excerpt; ///< the entry as written
    bool inGroup = false; ///< a member of "name: a, b;"
    bool nameWasQuoted = false; ///< encoded words in quotes are no encoded words (RFC 2047 5)
    bool isMalformed = false; ///< brackets, quotes or blanks where none may be

    friend bool operator==(const AddressEntry &, const AddressEntry &) = default;
};

/// Splits an address list in one pass, without recursion, whatever it holds: groups, quoted names, comments,
/// source routes (dropped), empty entries (skipped), and semicolons in place of commas as people type them.
/// At most `limit` entries are read.
QList<AddressEntry> splitAddressList(const QString &text, int limit = 10000);

} // namespace glasspost::mail
