#include "ui/message/html/layout/frames.h"

#include "ui/message/html/pagelimits.h"

#include <QtEndian>

#include <cerrno>
#include <unistd.h>

namespace glasspost::ui {

namespace {

bool readAll(char *data, qsizetype size)
{
    while (size > 0) {
        const ssize_t count = ::read(STDIN_FILENO, data, size_t(size));
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return false;
        data += count;
        size -= count;
    }
    return true;
}

bool writeAll(const QByteArray &octets)
{
    for (qsizetype done = 0; done < octets.size();) {
        const ssize_t count = ::write(STDOUT_FILENO, octets.constData() + done, size_t(octets.size() - done));
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return false;
        done += count;
    }
    return true;
}

} // namespace

std::optional<QByteArray> readFrame()
{
    quint32 size = 0;
    if (!readAll(reinterpret_cast<char *>(&size), sizeof size))
        return std::nullopt;
    size = qFromBigEndian(size);
    if (size > pageOctets)
        return std::nullopt;
    QByteArray octets(size, Qt::Uninitialized);
    if (!readAll(octets.data(), octets.size()))
        return std::nullopt;
    return octets;
}

bool writeFrame(const QByteArray &octets)
{
    quint32 length = qToBigEndian(quint32(octets.size()));
    return writeAll(QByteArray(reinterpret_cast<const char *>(&length), sizeof length)) && writeAll(octets);
}

} // namespace glasspost::ui
