#pragma once

#include "mail/base/error.h"

#include <QByteArray>
#include <QJsonObject>
#include <QString>

#include "app/commandline/exitcodes.h"

namespace glasspost::app {

/// What the headless commands say. Each line leaves at once, so that a script that reads it may act on it.
/// A reader that went away is no error of ours. Used on the main thread.
void printLine(const QByteArray &line);
void printObject(const QJsonObject &object); ///< one line of JSON
/// "glasspost: sentence" on standard error.
void complain(const QString &sentence);
/// The same for an error, and the code to end with.
ExitCode complain(const mail::Error &error);

ExitCode exitCodeFor(const mail::Error &error);

/// Octets for a terminal or a log: what is no UTF-8, controls a terminal or turns the direction of writing
/// becomes an escape ("\x1B", "\u202E"), so that no remote end rules the terminal of who reads.
QByteArray printable(const QByteArray &octets);
/// The same document, with such characters as JSON escapes them.
QByteArray printableJson(const QByteArray &json);

} // namespace glasspost::app
