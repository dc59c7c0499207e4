#include "tests/support/memoryuse.h"

#include <QByteArray>
#include <QFile>

#include <cstddef>

#if defined(__SANITIZE_ADDRESS__)
#define GLASSPOST_COUNTED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define GLASSPOST_COUNTED
#endif
#endif

#ifdef GLASSPOST_COUNTED
// The compiler's own header for it is not always installed.
extern "C" std::size_t __sanitizer_get_current_allocated_bytes();
#endif

namespace glasspost::test {

qint64 memoryInUse()
{
#ifdef GLASSPOST_COUNTED
    return static_cast<qint64>(__sanitizer_get_current_allocated_bytes());
#else
    QFile status(QStringLiteral("/proc/self/status"));
    if (!status.open(QIODevice::ReadOnly))
        return 0;
    const QList<QByteArray> lines = status.readAll().split('\n');
    for (const QByteArray &line : lines) {
        if (line.startsWith("VmRSS:"))
            return line.mid(6).chopped(2).trimmed().toLongLong() * 1024;
    }
    return 0;
#endif
}

} // namespace glasspost::test
