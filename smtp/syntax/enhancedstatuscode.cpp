#include "smtp/syntax/enhancedstatuscode.h"

namespace glasspost::smtp {

QByteArray EnhancedStatusCode::toBytes() const
{
    if (isNull())
        return {};
    return QByteArray::number(statusClass) + '.' + QByteArray::number(subject) + '.' + QByteArray::number(detail);
}

} // namespace glasspost::smtp
