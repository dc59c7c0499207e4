#include "mail/journey/alignment.h"

#include <QHash>

#include <algorithm>
#include <vector>

namespace glasspost::mail {

namespace {

constexpr qint64 mostAlignedCells = 4'000'000;

using Numbers = std::vector<int>; // equal keys have equal numbers
using Pairs = QList<std::pair<int, int>>;

struct AlignedRange
{
    int leftFrom = 0;
    int leftTo = 0;
    int rightFrom = 0;
    int rightTo = 0;

    [[nodiscard]] int leftSize() const { return leftTo - leftFrom; }
    [[nodiscard]] int rightSize() const { return rightTo - rightFrom; }
    [[nodiscard]] qint64 cells() const { return qint64(leftSize()) * rightSize(); }
};

Numbers numbered(const QList<QByteArray> &keys, QHash<QByteArray, int> &known)
{
    Numbers numbers;
    numbers.reserve(size_t(keys.size()));
    for (const QByteArray &key : keys) {
        const auto found = known.constFind(key);
        numbers.push_back(found == known.cend() ? *known.insert(key, int(known.size())) : *found);
    }
    return numbers;
}

class Aligner
{
public:
    Aligner(const Numbers &left, const Numbers &right) : m_left(left), m_right(right) { }

    [[nodiscard]] Pairs pairs()
    {
        align({0, int(m_left.size()), 0, int(m_right.size())}, true);
        std::sort(m_pairs.begin(), m_pairs.end());
        return m_pairs;
    }

private:
    [[nodiscard]] bool isSame(int left, int right) const
    {
        return m_left[size_t(left)] == m_right[size_t(right)];
    }

    void align(AlignedRange range, bool canDivide)
    {
        while (range.leftSize() > 0 && range.rightSize() > 0 && isSame(range.leftFrom, range.rightFrom))
            m_pairs.append({range.leftFrom++, range.rightFrom++});
        while (range.leftSize() > 0 && range.rightSize() > 0 && isSame(range.leftTo - 1, range.rightTo - 1))
            m_pairs.append({--range.leftTo, --range.rightTo});
        if (range.cells() == 0)
            return;
        if (range.cells() <= mostAlignedCells)
            alignWhole(range);
        else if (canDivide)
            divide(range);
    }

    /// lengths[i][j]: of the longest of what follows i and j.
    void alignWhole(const AlignedRange &range)
    {
        const size_t width = size_t(range.rightSize()) + 1;
        std::vector<int> lengths((size_t(range.leftSize()) + 1) * width, 0);
        const auto at = [&](int i, int j) -> int & { return lengths[size_t(i) * width + size_t(j)]; };
        for (int i = range.leftSize() - 1; i >= 0; --i) {
            for (int j = range.rightSize() - 1; j >= 0; --j)
                at(i, j) = isSame(range.leftFrom + i, range.rightFrom + j)
                    ? at(i + 1, j + 1) + 1
                    : std::max(at(i + 1, j), at(i, j + 1));
        }
        for (int i = 0, j = 0; i < range.leftSize() && j < range.rightSize();) {
            if (isSame(range.leftFrom + i, range.rightFrom + j))
                m_pairs.append({range.leftFrom + i++, range.rightFrom + j++});
            else if (at(i + 1, j) >= at(i, j + 1))
                ++i;
            else
                ++j;
        }
    }

    void divide(const AlignedRange &range)
    {
        AlignedRange gap{range.leftFrom, 0, range.rightFrom, 0};
        for (const auto &[left, right] : rising(uniquePairs(range))) {
            gap.leftTo = left;
            gap.rightTo = right;
            align(gap, false);
            m_pairs.append({left, right});
            gap.leftFrom = left + 1;
            gap.rightFrom = right + 1;
        }
        gap.leftTo = range.leftTo;
        gap.rightTo = range.rightTo;
        align(gap, false);
    }

    /// Of what both have once, in the order of the left.
    [[nodiscard]] Pairs uniquePairs(const AlignedRange &range) const
    {
        struct Seen
        {
            int left = -1;
            int right = -1;
            bool isRepeated = false;
        };
        QHash<int, Seen> seen;
        const auto note = [](int &place, int at, Seen &one) {
            one.isRepeated = one.isRepeated || place >= 0;
            place = at;
        };
        for (int i = range.leftFrom; i < range.leftTo; ++i) {
            Seen &one = seen[m_left[size_t(i)]];
            note(one.left, i, one);
        }
        for (int j = range.rightFrom; j < range.rightTo; ++j) {
            Seen &one = seen[m_right[size_t(j)]];
            note(one.right, j, one);
        }
        Pairs pairs;
        for (const Seen &one : std::as_const(seen)) {
            if (!one.isRepeated && one.left >= 0 && one.right >= 0)
                pairs.append({one.left, one.right});
        }
        std::sort(pairs.begin(), pairs.end());
        return pairs;
    }

    /// The longest part of them that rises on the right as well.
    [[nodiscard]] static Pairs rising(const Pairs &pairs)
    {
        std::vector<int> ends; // ends[n]: the pair that ends the lowest rising part of n + 1 pairs
        std::vector<int> before(size_t(pairs.size()), -1);
        for (int i = 0; i < pairs.size(); ++i) {
            const auto end = std::lower_bound(
                ends.begin(), ends.end(), i, [&](int a, int b) { return pairs[a].second < pairs[b].second; });
            if (end != ends.begin())
                before[size_t(i)] = *std::prev(end);
            if (end == ends.end())
                ends.push_back(i);
            else
                *end = i;
        }
        Pairs part;
        for (int i = ends.empty() ? -1 : ends.back(); i >= 0; i = before[size_t(i)])
            part.prepend(pairs[i]);
        return part;
    }

    const Numbers &m_left;
    const Numbers &m_right;
    Pairs m_pairs;
};

/// Who belongs to whom, while it is found out.
struct Partners
{
    QList<int> ofLeft;
    QList<int> ofRight;
    QList<bool> isMoved; ///< by the left

    Partners(qsizetype left, qsizetype right) : ofLeft(left, -1), ofRight(right, -1), isMoved(left, false) { }

    void pair(int left, int right)
    {
        ofLeft[left] = right;
        ofRight[right] = left;
    }
};

void pairMoved(Partners &partners, const QList<QByteArray> &left, const QList<QByteArray> &right)
{
    QHash<QByteArray, QList<int>> free; // the last one first
    for (int j = int(right.size()) - 1; j >= 0; --j) {
        if (partners.ofRight[j] < 0)
            free[right[j]].append(j);
    }
    for (int i = 0; i < left.size(); ++i) {
        if (partners.ofLeft[i] >= 0)
            continue;
        const auto found = free.find(left[i]);
        if (found == free.end() || found->isEmpty())
            continue;
        partners.pair(i, found->takeLast());
        partners.isMoved[i] = true;
    }
}

/// Between two that were paired, and before and behind them.
void pairAlike(
    Partners &partners, const Pairs &anchors, const AlignmentKeys &left, const AlignmentKeys &right)
{
    const auto freeOf = [](const QList<int> &of, int from, int to) {
        QList<int> free;
        for (int i = from; i < to; ++i) {
            if (of[i] < 0)
                free.append(i);
        }
        return free;
    };
    const auto keysOf = [](const QList<QByteArray> &keys, const QList<int> &places) {
        QList<QByteArray> some;
        for (const int place : places)
            some.append(keys[place]);
        return some;
    };
    int leftFrom = 0;
    int rightFrom = 0;
    const auto pairUntil = [&](int leftTo, int rightTo) {
        const QList<int> lefts = freeOf(partners.ofLeft, leftFrom, leftTo);
        const QList<int> rights = freeOf(partners.ofRight, rightFrom, rightTo);
        for (const auto &[i, j] : commonSubsequence(keysOf(left.alike, lefts), keysOf(right.alike, rights)))
            partners.pair(lefts[i], rights[j]);
        leftFrom = leftTo + 1;
        rightFrom = rightTo + 1;
    };
    for (const auto &[i, j] : anchors)
        pairUntil(i, j);
    pairUntil(int(left.same.size()), int(right.same.size()));
}

QList<AlignedPair> inOrder(const Partners &partners)
{
    QList<AlignedPair> pairs;
    int next = 0; // on the right
    const auto addRightAlone = [&](int end) {
        for (; next < end; ++next) {
            if (partners.ofRight[next] < 0)
                pairs.append({-1, next, false});
        }
    };
    for (int i = 0; i < partners.ofLeft.size(); ++i) {
        const int right = partners.ofLeft[i];
        if (right >= 0 && !partners.isMoved[i]) {
            addRightAlone(right);
            next = right + 1;
        }
        pairs.append({i, right, partners.isMoved[i]});
    }
    addRightAlone(int(partners.ofRight.size()));
    return pairs;
}

} // namespace

QList<std::pair<int, int>> commonSubsequence(const QList<QByteArray> &left, const QList<QByteArray> &right)
{
    QHash<QByteArray, int> known;
    const Numbers lefts = numbered(left, known);
    const Numbers rights = numbered(right, known);
    return Aligner(lefts, rights).pairs();
}

QList<AlignedPair> align(const AlignmentKeys &left, const AlignmentKeys &right, Moves moves)
{
    const Pairs anchors = commonSubsequence(left.same, right.same);
    Partners partners(left.same.size(), right.same.size());
    for (const auto &[i, j] : anchors)
        partners.pair(i, j);
    if (moves == Moves::Yes)
        pairMoved(partners, left.same, right.same);
    pairAlike(partners, anchors, left, right);
    return inOrder(partners);
}

} // namespace glasspost::mail
