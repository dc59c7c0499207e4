// PageView: what is found, selected, copied and printed of a page.
#include "ui/message/html/pageprint.h"
#include "ui/message/html/pageview.h"
#include "ui/message/html/paperthread.h"

#include <QClipboard>
#include <QGuiApplication>

#include <algorithm>
#include <iterator>
#include <utility>

namespace glasspost::ui {

/// Behind or before what is selected; where nothing is, all of the page is ahead.
PagePlace PageView::searchStart(FindDirection direction) const
{
    const bool isForward = direction == FindDirection::Forward;
    const PageRange around = m_selection.isEmpty() ? m_words.all() : m_selection;
    const bool isAtBegin = m_selection.isEmpty() == isForward;
    return isAtBegin ? around.from : around.to;
}

bool PageView::find(const QString &words, FindDirection direction)
{
    const std::optional<PageRange> found = m_words.find(words, searchStart(direction), direction);
    if (found)
        selectInSight(*found);
    return found.has_value();
}

bool PageView::findAhead(const QString &words, FindDirection direction)
{
    const PagePlace from = searchStart(direction);
    const std::optional<PageRange> found = m_words.find(words, from, direction);
    if (!found || (found->from < from) == (direction == FindDirection::Forward))
        return false;
    selectInSight(*found);
    return true;
}

void PageView::selectInSight(const PageRange &range)
{
    select(range);
    const QList<QRect> places = m_words.places(range);
    if (!places.isEmpty())
        showPlace(places.constFirst());
}

void PageView::setHits(const mail::SearchHits &hits)
{
    m_searched = hits;
    m_hits = m_words.hits(hits);
    viewport()->update();
}

/// The end of the list for none.
QList<PageRange>::const_iterator PageView::hitAhead(FindDirection direction) const
{
    const auto isBefore = [](const PageRange &a, const PageRange &b) { return a.from < b.from; };
    if (m_selection.isEmpty())
        return m_hits.isEmpty() || direction == FindDirection::Forward ? m_hits.cbegin()
                                                                       : std::prev(m_hits.cend());
    if (direction == FindDirection::Forward)
        return std::upper_bound(m_hits.cbegin(), m_hits.cend(), m_selection, isBefore);
    const auto next = std::lower_bound(m_hits.cbegin(), m_hits.cend(), m_selection, isBefore);
    return next == m_hits.cbegin() ? m_hits.cend() : std::prev(next);
}

bool PageView::nextHitAhead(FindDirection direction)
{
    const auto next = hitAhead(direction);
    if (next == m_hits.cend())
        return false;
    selectInSight(*next);
    return true;
}

bool PageView::nextHit(FindDirection direction)
{
    if (m_hits.isEmpty())
        return false;
    if (!nextHitAhead(direction))
        selectInSight(direction == FindDirection::Forward ? m_hits.constFirst() : m_hits.constLast());
    return true;
}

QString PageView::selectedText() const
{
    return m_words.text(m_selection);
}

void PageView::selectAll()
{
    select(m_words.all());
}

void PageView::copy()
{
    if (!m_selection.isEmpty())
        QGuiApplication::clipboard()->setText(selectedText());
}

void PageView::select(const PageRange &range)
{
    m_selection = range;
    viewport()->update();
}

mail::Task<void> PageView::print(std::shared_ptr<Sheets> sheets)
{
    if (!m_page)
        return tl::unexpected(mail::Error{mail::ErrorCode::NotFound, {}, {}});
    return runOnPaper(
        [page = m_page, pictures = m_pictures, sheets = std::move(sheets)]() -> mail::Result<void> {
            if (!ui::print(*page, pictures, *sheets))
                return tl::unexpected(sheets->error());
            return {};
        });
}

HtmlView *PageView::another(QWidget *parent) const
{
    auto *view = new PageView(m_programs, parent);
    view->setEngine(m_engine);
    return view;
}

} // namespace glasspost::ui
