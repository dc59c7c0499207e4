#include "smtp/session/transcript.h"

#include <QRandomGenerator>

#include <array>
#include <atomic>
#include <chrono>

namespace glasspost::smtp {

namespace {

// Base 32 whose digits sort as ASCII does, so that ids sort by time as text.
void appendDigits(QByteArray &id, quint64 value, int width)
{
    static constexpr std::array<char, 33> digits{"0123456789ABCDEFGHIJKLMNOPQRSTUV"};
    for (int shift = (width - 1) * 5; shift >= 0; shift -= 5)
        id += digits[(value >> shift) & 31];
}

/// Microseconds now, never the same twice in this process.
quint64 uniqueMoment()
{
    static std::atomic<quint64> last{0};
    const auto now = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::system_clock::now().time_since_epoch());
    quint64 previous = last.load();
    quint64 moment = 0;
    do {
        moment = std::max(static_cast<quint64>(now.count()), previous + 1);
    } while (!last.compare_exchange_weak(previous, moment));
    return moment;
}

} // namespace

QByteArray newSessionId()
{
    // The second half keeps two processes apart that start a session in the same microsecond.
    static const quint32 process = QRandomGenerator::system()->generate();
    QByteArray id;
    id.reserve(16);
    appendDigits(id, uniqueMoment(), 11);
    appendDigits(id, process, 6);
    return id;
}

} // namespace glasspost::smtp
