#include "ui/mailbox/numberset.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace glasspost::ui {

NumberSet::NumberSet(const QList<qint64> &numbers)
{
    insert(numbers);
}

void NumberSet::insert(const QList<qint64> &numbers)
{
    for (const qint64 number : numbers)
        insert(number);
}

void NumberSet::insert(qint64 number)
{
    quint64 &word = m_blocks[number >> blockShift][wordOf(number)];
    if ((word & bitOf(number)) != 0)
        return;
    word |= bitOf(number);
    ++m_size;
    m_lowest = std::min(m_lowest, number);
    m_highest = std::max(m_highest, number);
}

bool NumberSet::contains(qint64 number) const
{
    if (number < m_lowest || number > m_highest)
        return false;
    const auto block = m_blocks.constFind(number >> blockShift);
    return block != m_blocks.cend() && ((*block)[wordOf(number)] & bitOf(number)) != 0;
}

QList<qint64> NumberSet::sorted() const
{
    QList<qint64> keys = m_blocks.keys();
    std::sort(keys.begin(), keys.end());
    QList<qint64> numbers;
    numbers.reserve(m_size);
    for (const qint64 key : std::as_const(keys)) {
        const Block &block = *m_blocks.constFind(key);
        for (size_t word = 0; word < block.size(); ++word) {
            const qint64 first = key * blockSize + qint64(word) * wordBits;
            for (quint64 bits = block[word]; bits != 0; bits &= bits - 1)
                numbers.append(first + std::countr_zero(bits));
        }
    }
    return numbers;
}

} // namespace glasspost::ui
