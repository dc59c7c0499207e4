#include "smtp/syntax/domain.h"

#include "smtp/syntax/octets.h"

#include <QString>
#include <QUrl>

namespace glasspost::smtp {

std::optional<QByteArray> toAscii(const QByteArray &domain)
{
    const QByteArray ace = QUrl::toAce(QString::fromUtf8(domain));
    return ace.isEmpty() ? std::nullopt : std::optional(ace);
}

QByteArray foldedDomain(const QByteArray &domain)
{
    const QByteArray bare = domain.endsWith('.') ? domain.chopped(1) : domain;
    return (hasPast7F(bare) ? toAscii(bare).value_or(bare) : bare).toLower();
}

} // namespace glasspost::smtp
