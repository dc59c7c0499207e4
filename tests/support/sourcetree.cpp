#include "tests/support/sourcetree.h"

namespace glasspost::test {

QString inSourceTree(const QString &path)
{
    return QStringLiteral(GLASSPOST_SOURCE_DIR "/") + path;
}

} // namespace glasspost::test
