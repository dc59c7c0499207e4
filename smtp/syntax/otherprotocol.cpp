#include "smtp/syntax/otherprotocol.h"

#include "smtp/syntax/octets.h"

namespace glasspost::smtp {

bool isOtherProtocol(QByteArrayView word)
{
    for (const char *other :
        {"GET", "POST", "PUT", "HEAD", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT"}) {
        if (equalIgnoringCase(word, QByteArrayView(other)))
            return true;
    }
    return word.size() > 1 && word.endsWith(':');
}

} // namespace glasspost::smtp
