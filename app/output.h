#pragma once

#include "mail/error.h"

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

/// Octets for a terminal or a log: what is not printable UTF-8 stands as \xNN, so that no remote end can send
/// control sequences to the terminal of who reads.
QByteArray printable(const QByteArray &octets);

} // namespace glasspost::app
