#pragma once

#include <QString>

namespace glasspost::app {

/// Where the instance that works on a data folder listens for other instances: a socket in the user's runtime
/// folder (or, where there is none, in a folder of the user's own below the temporary one), named by a hash
/// of the data folder's canonical path. Empty when there is no safe folder. Creates the folder.
QString controlPath(const QString &dataFolder);

} // namespace glasspost::app
