#include "ui/settings/serveraddress.h"

#include "smtp/syntax/hostport.h"

#include <QRegularExpression>

namespace glasspost::ui {

QString serverAddressText(const QHostAddress &address, quint16 port, quint16 usualPort)
{
    if (address.isNull())
        return {};
    if (port == usualPort)
        return address.toString();
    return smtp::hostPort(address, port);
}

std::pair<QHostAddress, quint16> parseServerAddress(const QString &text, quint16 usualPort)
{
    const QString trimmed = text.trimmed();
    if (trimmed.isEmpty())
        return {QHostAddress(), usualPort};
    if (const QHostAddress alone(trimmed); !alone.isNull())
        return {alone, usualPort};
    static const QRegularExpression form(QStringLiteral("^(?:\\[([^\\]]+)\\]|([0-9.]+)):([0-9]{1,5})$"));
    const QRegularExpressionMatch match = form.match(trimmed);
    const QHostAddress address(match.captured(1).isEmpty() ? match.captured(2) : match.captured(1));
    const uint port = match.captured(3).toUInt();
    if (address.isNull() || port == 0 || port > 65535)
        return {QHostAddress(), 0};
    return {address, quint16(port)};
}

} // namespace glasspost::ui
