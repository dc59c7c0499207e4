// HtmlPane: what is found on the pages of a long message.
#include "mail/base/worker.h"
#include "mail/message/htmlcleaner.h"
#include "ui/message/htmlpane.h"
#include "ui/message/textview.h"

#include <QStackedWidget>

#include <functional>
#include <utility>

namespace glasspost::ui {

namespace {

constexpr QChar zeroWidthSpace(0x200B); // HtmlPages puts it into long words

/// A search in the HTML of pages, before they are laid out.
struct PageSearch
{
    std::shared_ptr<mail::HtmlPages> source;
    QStringList pages; ///< those that were read
    FindDirection direction = FindDirection::Forward;
    int origin = 0;
    std::function<bool(const QString &text)> mayHold;
    int found = -1;
};

/// Around the ends; it is read where it was not yet.
int nextPage(PageSearch &search, int page)
{
    const auto read = [&search] { search.pages.append(search.source->next()); };
    if (search.direction == FindDirection::Forward) {
        if (page + 1 == search.pages.size() && !search.source->atEnd())
            read();
        return page + 1 == search.pages.size() ? 0 : page + 1;
    }
    while (page == 0 && !search.source->atEnd())
        read();
    return page == 0 ? int(search.pages.size()) - 1 : page - 1;
}

/// From the page beside that one on, to the origin and no further.
PageSearch pageWith(PageSearch search, int page)
{
    do {
        page = nextPage(search, page);
        if (search.mayHold(mail::htmlToText(search.pages.at(page), mail::LinkTargets::LeftOut)))
            search.found = page;
    } while (search.found < 0 && page != search.origin);
    return search;
}

/// A page has other blanks, and elements within words.
QString withoutBlanks(const QString &text)
{
    QString result;
    result.reserve(text.size());
    for (const QChar c : text)
        if (!c.isSpace() && c != zeroWidthSpace)
            result += c;
    return result;
}

std::function<bool(const QString &)> mayHold(const QString &words, const mail::SearchHits &hits)
{
    if (words.isEmpty())
        return [hits](const QString &text) { return !hits.in(text, {mail::SearchField::Body}).isEmpty(); };
    return [wanted = withoutBlanks(words)](
               const QString &text) { return withoutBlanks(text).contains(wanted, Qt::CaseInsensitive); };
}

} // namespace

bool HtmlPane::find(const QString &words, FindDirection direction)
{
    m_search.reset(); // what was looked for before
    if (showsText())
        return m_text->findNext(words, direction);
    return (m_isLaidOut && m_view->findAhead(words, direction)) || findOnPages({words, direction});
}

int HtmlPane::count(const QString &words) const
{
    return showsText() ? m_text->count(words) : m_view->count(words);
}

void HtmlPane::setHits(const mail::SearchHits &hits)
{
    m_hits = hits;
    m_view->setHits(hits);
    m_text->setHits(hits);
}

bool HtmlPane::nextHit(FindDirection direction)
{
    if (isSearching())
        return true;
    m_search.reset();
    if (showsText())
        return m_text->nextHit(direction);
    return !m_hits.isEmpty()
        && ((m_isLaidOut && m_view->nextHitAhead(direction)) || findOnPages({{}, direction}));
}

bool HtmlPane::mark(const Search &wanted)
{
    return wanted.words.isEmpty() ? m_view->nextHit(wanted.direction)
                                  : m_view->find(wanted.words, wanted.direction);
}

bool HtmlPane::findOnPages(const Search &wanted)
{
    if (m_isLaidOut && !isPaged())
        return mark(wanted);
    m_search = wanted;
    beginSearch();
    return true;
}

/// While pages are read, or the one that is shown is laid out, it waits.
void HtmlPane::beginSearch()
{
    if (m_isReading || !m_isLaidOut)
        return;
    m_search->origin = m_page;
    searchFrom(m_page);
}

void HtmlPane::searchFrom(int page)
{
    m_isReading = true;
    const PageSearch pages{
        m_source, m_pages, m_search->direction, m_search->origin, mayHold(m_search->words, m_hits), -1};
    mail::runInPool([pages, page] {
        return pageWith(pages, page);
    }).andThen(this, [this, shown = m_shown](const PageSearch &done) {
        if (shown != m_shown)
            return;
        m_isReading = false;
        m_pages = done.pages;
        m_isWhole = m_source->atEnd();
        if (!m_search || showsText())
            return;
        const int origin = m_search->origin;
        if (origin < 0) { // another one was asked for meanwhile
            beginSearch();
            return;
        }
        if (done.found < 0 || done.found == m_page)
            endSearch(done.found == m_page && mark(*m_search));
        if (m_page != (done.found < 0 ? origin : done.found))
            showPage(done.found < 0 ? origin : done.found);
    });
}

/// The words may not be in sight on a page whose HTML has them.
void HtmlPane::searchShown()
{
    m_isLaidOut = true;
    if (!m_search || m_isReading || showsText())
        return;
    if (mark(*m_search))
        endSearch(true);
    else if (m_search->origin < 0)
        beginSearch();
    else if (m_page == m_search->origin)
        endSearch(false);
    else
        searchFrom(m_page);
}

/// What was looked for on pages that could not be laid out, once all of the text is there.
void HtmlPane::searchText()
{
    if (m_search && showsText())
        endSearch(m_search->words.isEmpty() ? m_text->nextHit(m_search->direction)
                                            : m_text->findNext(m_search->words, m_search->direction));
}

void HtmlPane::endSearch(bool isFound)
{
    const bool isOfHits = m_search->words.isEmpty();
    m_search.reset();
    if (isOfHits)
        Q_EMIT hitEnded(isFound);
    else
        Q_EMIT findEnded(isFound);
}

} // namespace glasspost::ui
