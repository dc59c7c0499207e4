#pragma once

#include "app/http/capturedmessage.h"

#include <QJsonArray>
#include <QJsonObject>

namespace glasspost::app {

/// Values in the form of Mailpit's API (its v1), whose clients read them by name: what one of them has not
/// got is an empty string or array, never missing.

QString mailpitTime(qint64 seconds); ///< RFC 3339, of seconds since the Unix epoch
QJsonArray tagsJson(QStringList tags); ///< in alphabetical order
/// Of a list; without Read, Tags, Created and Size, which its row knows.
QJsonObject summaryJson(const CapturedMessage &message);
QJsonObject messageJson(const CapturedMessage &message, const QStringList &tags); ///< of one message, whole
/// {"Name": [values as they lie]}, the names spelled as Go's net/textproto has them.
QJsonObject headersJson(const QByteArray &header);

} // namespace glasspost::app
