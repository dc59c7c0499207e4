#pragma once

#include <QByteArray>
#include <QList>

#include <utility>

namespace glasspost::mail {

/// Places in two sequences that belong together: -1 where the other one has nothing of the kind.
struct AlignedPair
{
    int left = -1;
    int right = -1;
    bool isMoved = false; ///< of the same key, but in another order than the rest

    friend bool operator==(const AlignedPair &, const AlignedPair &) = default;
};

/// By what elements are aligned.
struct AlignmentKeys
{
    QList<QByteArray> same; ///< what means the same
    QList<QByteArray> alike; ///< what may be compared between two that mean the same; as many
};

/// Whether what means the same may be paired against the order of the rest.
enum class Moves { No, Yes };

/// Pairs of equal keys that rise in both sequences: a longest common subsequence. Where that would take too
/// long, what is unique in both divides the sequences first, and then the result may be shorter than the
/// longest: at most some 4 million steps for what lies between two of these.
[[nodiscard]] QList<std::pair<int, int>> commonSubsequence(
    const QList<QByteArray> &left, const QList<QByteArray> &right);

/// Every element of both, each once, in the order of the left, those of the right alone where they were.
/// First what means the same is paired in order, then, with moves, out of order, then what is alike between
/// two that were paired.
[[nodiscard]] QList<AlignedPair> align(const AlignmentKeys &left, const AlignmentKeys &right, Moves moves);

} // namespace glasspost::mail
