#pragma once

#include <QHash>
#include <QList>

#include <array>
#include <limits>

namespace glasspost::ui {

/// Numbers of rows in the index, any number of them. Each has a bit: a million that lie close together take
/// an eighth of a megabyte, and whether one is among them takes no search.
class NumberSet
{
public:
    NumberSet() = default;
    explicit NumberSet(const QList<qint64> &numbers);

    void insert(qint64 number);
    void insert(const QList<qint64> &numbers);
    [[nodiscard]] bool contains(qint64 number) const;
    [[nodiscard]] int size() const { return m_size; }
    [[nodiscard]] bool isEmpty() const { return m_size == 0; }
    [[nodiscard]] QList<qint64> sorted() const;

private:
    static constexpr int wordBits = 64;
    static constexpr int blockShift = 12; ///< half a kilobyte for 4096 numbers
    static constexpr qint64 blockSize = qint64(1) << blockShift;
    using Block = std::array<quint64, size_t(blockSize / wordBits)>;

    static size_t wordOf(qint64 number) { return size_t(number & (blockSize - 1)) / wordBits; }
    static quint64 bitOf(qint64 number) { return quint64(1) << (number & (wordBits - 1)); }

    QHash<qint64, Block> m_blocks;
    int m_size = 0;
    qint64 m_lowest = std::numeric_limits<qint64>::max(); ///< what lies outside needs no look
    qint64 m_highest = std::numeric_limits<qint64>::min();
};

} // namespace glasspost::ui
