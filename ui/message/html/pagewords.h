#pragma once

#include "mail/index/searchhits.h"
#include "ui/message/html/page.h"
#include "ui/widgets/findrow.h"

#include <memory>
#include <optional>
#include <tuple>

namespace glasspost::ui {

/// A place in a page's text: before a character of one of its pieces.
struct PagePlace
{
    qsizetype piece = 0, offset = 0;
    friend bool operator==(const PagePlace &, const PagePlace &) = default;
    friend bool operator<(const PagePlace &a, const PagePlace &b)
    {
        return std::tie(a.piece, a.offset) < std::tie(b.piece, b.offset);
    }
};

/// From one place to another behind it.
struct PageRange
{
    PagePlace from, to;
    [[nodiscard]] bool isEmpty() const { return !(from < to); }
    friend bool operator==(const PageRange &, const PageRange &) = default;
};

/// The text of a page in its order, with where it is: what selecting, copying and finding work on. A value.
class PageWords
{
public:
    PageWords() = default;
    explicit PageWords(std::shared_ptr<const Page> page);

    /// The nearest to a point.
    [[nodiscard]] PagePlace at(const QPoint &point) const;
    [[nodiscard]] PageRange all() const;
    /// The word around a place.
    [[nodiscard]] PageRange wordAt(const PagePlace &place) const;
    /// As it is copied: lines as they lie on the page, cells of a row with a tab between.
    [[nodiscard]] QString text(const PageRange &range) const;
    [[nodiscard]] QList<QRect> places(const PageRange &range) const;
    /// Whether any piece of it reaches into the area; nothing is measured.
    [[nodiscard]] bool touches(const PageRange &range, const QRect &area) const;

    /// The next occurrence from there on, around the end of the page if need be; case is ignored.
    [[nodiscard]] std::optional<PageRange> find(
        const QString &words, const PagePlace &from, FindDirection direction) const;
    [[nodiscard]] int count(const QString &words) const { return occurrences(m_text, words); }
    /// Every place that a search lights, mostHits at most.
    [[nodiscard]] QList<PageRange> hits(const mail::SearchHits &searched) const;
    static constexpr qsizetype mostHits = 2000;

private:
    [[nodiscard]] const PageItem &item(qsizetype piece) const;
    [[nodiscard]] const PageText &piece(qsizetype piece) const;
    [[nodiscard]] int xOf(const PagePlace &place) const;
    [[nodiscard]] PagePlace placeOf(qsizetype character) const;

    std::shared_ptr<const Page> m_page;
    QList<qsizetype> m_pieces; ///< which of the page's items are text
    QList<qsizetype> m_begins; ///< of each piece in m_text
    QString m_text; ///< all of it, to be searched
};

} // namespace glasspost::ui
