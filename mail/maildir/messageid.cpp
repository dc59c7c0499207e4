#include "mail/maildir/messageid.h"

#include <QHashFunctions>

namespace glasspost::mail {

size_t qHash(const FolderId &id, size_t seed)
{
    return qHashMulti(seed, id.user, id.folder);
}

} // namespace glasspost::mail
