#pragma once

#include "app/commandline/invocation.h"

#include <QString>
#include <QStringList>

#include <tl/expected.hpp>

namespace glasspost::app {

/// Why a command line is invalid, as one sentence that names what is wrong; exit code 64.
struct UsageError
{
    QString command; ///< whose help says more; empty: the program's
    QString sentence;

    friend bool operator==(const UsageError &, const UsageError &) = default;
};

/// Understands the arguments (without the program's name). What helpText() says of them is a contract:
/// scripts and tests rely on it. Touches no disk and no network.
tl::expected<Invocation, UsageError> parseCommandLine(const QStringList &arguments);

/// What --help prints, for one command or for the program.
QString helpText(const QString &command);

} // namespace glasspost::app
