#pragma once

#include "mail/message/headerfields.h"

#include <QList>
#include <QString>
#include <QUrl>

namespace glasspost::mail {

/// How one leaves the list that sent a message, as it says itself (RFC 2369 3.2). Nothing of it is followed
/// unasked.
struct ListUnsubscribe
{
    QUrl mailto; ///< empty when none is given
    QUrl web; ///< https alone: what is in clear tells everybody on the way who leaves
    bool isOneClick = false; ///< a POST to web is enough (RFC 8058 3.1)
    QString list; ///< List-Id as it is written, decoded; may be empty

    [[nodiscard]] bool isNull() const { return mailto.isEmpty() && web.isEmpty(); }
    friend bool operator==(const ListUnsubscribe &, const ListUnsubscribe &) = default;
};

/// The first mailto and the first https of the List-Unsubscribe fields; at most 16 KiB of each field.
ListUnsubscribe listUnsubscribe(const RawHeader &header);

} // namespace glasspost::mail
