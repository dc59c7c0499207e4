#pragma once

#include "mail/index/searchtree.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace glasspost::mail {

struct TextSpan
{
    qsizetype begin = 0;
    qsizetype length = 0;

    friend bool operator==(const TextSpan &, const TextSpan &) = default;
};

/// What a search looks for as words, to be lit where it is shown. Compares as the index does: without case
/// and accents, words whole or by their beginning. A value.
class SearchHits
{
public:
    SearchHits() = default;
    explicit SearchHits(const QString &search);

    [[nodiscard]] bool isEmpty() const { return m_phrases.isEmpty(); }
    /// The places of a text where a term is that looks anywhere or in one of these fields: in their order,
    /// none over another.
    [[nodiscard]] QList<TextSpan> in(const QString &text, const QList<SearchField> &fields) const;

    friend bool operator==(const SearchHits &, const SearchHits &) = default;

private:
    struct Phrase
    {
        SearchField field = SearchField::Anywhere;
        QStringList words; ///< as they are compared
        bool isPrefix = false;

        friend bool operator==(const Phrase &, const Phrase &) = default;
    };

    void add(const SearchNode &node);

    QList<Phrase> m_phrases;
};

} // namespace glasspost::mail
