#include "mail/message/draft.h"

#include <QUuid>

namespace glasspost::mail {

QByteArray newDraftId()
{
    // Letters and digits alone: the id becomes a file name (drafts/composers/ID.json).
    return QUuid::createUuid().toByteArray(QUuid::Id128);
}

} // namespace glasspost::mail
