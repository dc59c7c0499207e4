#pragma once

#include <QString>

namespace glasspost::test {

/// The path of a file of the source tree, given below its root: "tests/dialogues/server".
QString inSourceTree(const QString &path);

} // namespace glasspost::test
