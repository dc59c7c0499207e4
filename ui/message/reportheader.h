#pragma once

#include "mail/message/messageview.h"
#include "ui/message/addressmask.h"

#include <QList>
#include <QStringList>

namespace glasspost::ui {

/// A message's header fields as a report shows them, each on one line. With masked addresses only fields that
/// are known to be about the way have their value, the others say that it is left out: a subject, a comment,
/// a link to unsubscribe tell who somebody is. Of fields with addresses no names are left; the addresses
/// themselves are for the report's mask.
[[nodiscard]] QList<mail::HeaderField> reportedHeader(
    const QList<mail::HeaderField> &header, AddressMask::Addresses addresses);

/// Those of From, To and the like, for the mask to know.
[[nodiscard]] QStringList addressesInHeader(const QList<mail::HeaderField> &header);

} // namespace glasspost::ui
