#pragma once

#include <QString>

namespace glasspost::mail {

/// A tag, and how many messages have it.
struct TagCount
{
    QString name; ///< as one of them has it
    int messages = 0;

    friend bool operator==(const TagCount &, const TagCount &) = default;
};

} // namespace glasspost::mail
