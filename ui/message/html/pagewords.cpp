#include "ui/message/html/pagewords.h"

#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

namespace glasspost::ui {

namespace {

/// What is put between two pieces of text with a gap between them, as they are copied.
QString between(const QRect &before, const QRect &after)
{
    const bool isSameLine = before.top() <= after.center().y() && after.center().y() <= before.bottom();
    const bool isBeside = after.left() > before.right() || after.right() < before.left();
    return isSameLine && isBeside ? QStringLiteral("\t") : QStringLiteral("\n");
}

/// How far a point is from a place: lines count far more than what is beside it.
qint64 distance(const QRect &place, const QPoint &point)
{
    const auto outside = [](int from, int to, int value) {
        return value < from ? from - value : value > to ? value - to : 0;
    };
    return 10000LL * outside(place.top(), place.bottom(), point.y())
        + outside(place.left(), place.right(), point.x());
}

} // namespace

PageWords::PageWords(std::shared_ptr<const Page> page) : m_page(std::move(page))
{
    QRect last;
    for (qsizetype i = 0; i < m_page->items.size(); ++i) {
        const auto *text = std::get_if<PageText>(&m_page->items.at(i).content);
        if (text == nullptr || text->text.isEmpty())
            continue;
        const QRect place = m_page->items.at(i).place;
        if (!m_pieces.isEmpty() && !text->continues)
            m_text += between(last, place);
        m_pieces.append(i);
        m_begins.append(m_text.size());
        m_text += text->text;
        last = place;
    }
}

const PageItem &PageWords::item(qsizetype piece) const
{
    return m_page->items.at(m_pieces.at(piece));
}

const PageText &PageWords::piece(qsizetype piece) const
{
    return std::get<PageText>(item(piece).content);
}

PagePlace PageWords::at(const QPoint &point) const
{
    qsizetype nearest = 0;
    qint64 least = -1;
    for (qsizetype i = 0; i < m_pieces.size(); ++i) {
        const qint64 far = distance(item(i).place, point);
        if (least < 0 || far < least) {
            least = far;
            nearest = i;
        }
    }
    PagePlace place{nearest, 0};
    if (m_pieces.isEmpty())
        return place;
    const qsizetype length = piece(nearest).text.size();
    const auto middle = [this, nearest](qsizetype offset) {
        return (xOf({nearest, offset}) + xOf({nearest, offset + 1})) / 2;
    };
    while (place.offset < length && middle(place.offset) < point.x())
        ++place.offset;
    return place;
}

int PageWords::xOf(const PagePlace &place) const
{
    const PageText &text = piece(place.piece);
    const QRect rect = item(place.piece).place;
    if (place.offset >= text.text.size())
        return rect.left() + rect.width();
    // An engine may have other letters than these, or other gaps between them.
    const QFontMetricsF metrics(m_page->fonts.at(text.font).font());
    const qreal whole = qMax(1.0, metrics.horizontalAdvance(text.text));
    const qreal part = metrics.horizontalAdvance(text.text.left(place.offset)) / whole;
    return rect.left() + int(std::round(rect.width() * qBound(0.0, part, 1.0)));
}

PageRange PageWords::all() const
{
    if (m_pieces.isEmpty())
        return {};
    const qsizetype last = m_pieces.size() - 1;
    return {{0, 0}, {last, piece(last).text.size()}};
}

PageRange PageWords::wordAt(const PagePlace &place) const
{
    if (m_pieces.isEmpty())
        return {};
    const auto isOfWord
        = [this](qsizetype at) { return at >= 0 && at < m_text.size() && m_text.at(at).isLetterOrNumber(); };
    const qsizetype at = m_begins.at(place.piece) + place.offset;
    qsizetype begin = at, end = at;
    while (isOfWord(begin - 1))
        --begin;
    while (isOfWord(end))
        ++end;
    return {placeOf(begin), placeOf(end)};
}

QString PageWords::text(const PageRange &range) const
{
    if (range.isEmpty())
        return {};
    const qsizetype begin = m_begins.at(range.from.piece) + range.from.offset;
    const qsizetype end = m_begins.at(range.to.piece) + range.to.offset;
    return m_text.mid(begin, end - begin);
}

bool PageWords::touches(const PageRange &range, const QRect &area) const
{
    for (qsizetype i = range.from.piece; !range.isEmpty() && i <= range.to.piece; ++i) {
        if (item(i).place.intersects(area))
            return true;
    }
    return false;
}

QList<QRect> PageWords::places(const PageRange &range) const
{
    QList<QRect> places;
    for (qsizetype i = range.from.piece; !range.isEmpty() && i <= range.to.piece; ++i) {
        QRect place = item(i).place;
        const int right = i == range.to.piece ? xOf(range.to) : place.left() + place.width();
        if (i == range.from.piece)
            place.setLeft(xOf(range.from));
        place.setWidth(right - place.left());
        if (!place.isEmpty())
            places.append(place);
    }
    return places;
}

/// The character's place; one that only lies between two pieces is the end of the first.
PagePlace PageWords::placeOf(qsizetype character) const
{
    const auto after = std::upper_bound(m_begins.cbegin(), m_begins.cend(), character);
    const qsizetype found = qMax<qsizetype>(0, after - m_begins.cbegin() - 1);
    return {found, qMin(character - m_begins.at(found), piece(found).text.size())};
}

QList<PageRange> PageWords::hits(const mail::SearchHits &searched) const
{
    QList<PageRange> ranges;
    if (m_pieces.isEmpty() || searched.isEmpty())
        return ranges;
    for (const mail::TextSpan &span : searched.in(m_text, {mail::SearchField::Body}).mid(0, mostHits))
        ranges.append({placeOf(span.begin), placeOf(span.begin + span.length)});
    return ranges;
}

std::optional<PageRange> PageWords::find(
    const QString &words, const PagePlace &from, FindDirection direction) const
{
    if (words.isEmpty() || m_pieces.isEmpty())
        return std::nullopt;
    const qsizetype start = m_begins.at(from.piece) + from.offset;
    qsizetype at = -1;
    if (direction == FindDirection::Forward) {
        at = m_text.indexOf(words, start, Qt::CaseInsensitive);
        if (at < 0)
            at = m_text.indexOf(words, 0, Qt::CaseInsensitive);
    } else {
        if (start > 0)
            at = m_text.lastIndexOf(words, start - 1, Qt::CaseInsensitive);
        if (at < 0)
            at = m_text.lastIndexOf(words, -1, Qt::CaseInsensitive);
    }
    if (at < 0)
        return std::nullopt;
    return PageRange{placeOf(at), placeOf(at + words.size())};
}

} // namespace glasspost::ui
