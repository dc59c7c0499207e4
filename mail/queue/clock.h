#pragma once

#include <QtGlobal>

#include <functional>

namespace glasspost::mail {

/// Both clocks a queue needs, in milliseconds: the wall clock (since the Unix epoch), which people read and
/// somebody may set, and one that only goes on. Tests bring their own.
struct Clock
{
    std::function<qint64()> wall;
    std::function<qint64()> monotonic;

    static Clock system();
};

} // namespace glasspost::mail
