// MessagePane: what was found in the message.
#include "ui/message/htmlpane.h"
#include "ui/message/messagepane.h"
#include "ui/message/textview.h"
#include "ui/widgets/inlinebar.h"

namespace glasspost::ui {

namespace {

constexpr std::chrono::seconds noticeStays(4);

} // namespace

void MessagePane::setHits(const mail::SearchHits &hits)
{
    if (hits == m_hits)
        return;
    m_hits = hits;
    m_text->setHits(hits);
    m_html->setHits(hits);
}

QString MessagePane::matchesText(const QString &words) const
{
    if (view() == View::Html) {
        if (m_html->isSearching())
            return tr("Searching…");
        const int count = m_html->count(words);
        return m_html->isPaged() ? tr("%Ln match(es) on this page", nullptr, count)
                                 : tr("%Ln match(es)", nullptr, count);
    }
    return tr("%Ln match(es)", nullptr, (view() == View::Source ? m_source : m_text)->count(words));
}

void MessagePane::goToHit(FindDirection direction)
{
    if (view() != View::Html && view() != View::Message)
        turnTo(View::Message);
    tellHit(view() == View::Html ? m_html->nextHit(direction) : m_text->nextHit(direction));
}

void MessagePane::tellHit(bool isFound)
{
    if (!isFound)
        m_bar->say(InlineBar::Kind::Info, tr("The text contains none of the search words."), noticeStays);
}

} // namespace glasspost::ui
