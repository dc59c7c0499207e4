#pragma once

#include <QHostAddress>
#include <QString>

#include <utility>

namespace glasspost::ui {

/// "192.0.2.53", "192.0.2.53:5353", "[2001:db8::53]:5353": an address with its port where that is not the
/// usual one.
QString serverAddressText(const QHostAddress &address, quint16 port, quint16 usualPort);
/// And back. An empty text is no address and the usual port; what is none of this has port 0.
std::pair<QHostAddress, quint16> parseServerAddress(const QString &text, quint16 usualPort);

} // namespace glasspost::ui
