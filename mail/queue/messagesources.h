#pragma once

#include "smtp/client/messagesource.h"

#include <QByteArray>
#include <QString>

#include <functional>
#include <memory>

namespace glasspost::mail {

/// A message in memory, LF or CRLF line ends.
std::shared_ptr<smtp::MessageSource> bytesSource(const QByteArray &message);
/// A message in a file; null when it cannot be opened. Read again for each attempt, never held in memory
/// whole unless it must be converted to 7 bits.
std::shared_ptr<smtp::MessageSource> fileSource(const QString &path);

/// Makes a source for one destination: several deliveries of one message read at their own pace.
using SourceFactory = std::function<std::shared_ptr<smtp::MessageSource>()>;
/// Opens the file for each destination when its turn comes, and counts its octets for the first one alone.
SourceFactory fileSources(const QString &path);

} // namespace glasspost::mail
