#pragma once

#include <cstddef>
#include <functional>

namespace glasspost::smtp {

/// Whether a table has one row for each of count values of an enum, in the enum's order, so that a value is
/// the index of its row. key is what gives a row's value: a member, or std::identity for values alone.
template <typename Rows, typename Key>
constexpr bool isInEnumOrder(const Rows &rows, std::size_t count, Key key)
{
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (std::size_t(std::invoke(key, rows[i])) != i)
            return false;
    }
    return rows.size() == count;
}

} // namespace glasspost::smtp
