#include "ui/sessions/sessionsfilter.h"

#include "ui/sessions/sessionsmodel.h"
#include "ui/words/sessiontext.h"

#include <QByteArrayList>

#include <algorithm>

namespace glasspost::ui {

void SessionsFilter::setShown(SessionsView::Show what)
{
    m_shown = what;
    invalidateFilter();
}

void SessionsFilter::setWords(const QString &words)
{
    m_words = words.split(u' ', Qt::SkipEmptyParts);
    invalidateFilter();
}

bool SessionsFilter::filterAcceptsRow(int row, const QModelIndex &) const
{
    const smtp::SessionFacts &facts = static_cast<const SessionsModel *>(sourceModel())->facts(row);
    if (!isShown(facts))
        return false;
    if (m_words.isEmpty())
        return true;
    // Of twenty thousand rows at each key, so without the texts of all cells.
    const QByteArray names
        = QByteArrayList{facts.peerName, facts.user, facts.tls, facts.id, facts.ending}.join('\n');
    const QString text = QStringList{QString::fromUtf8(names), sessionLabel(facts.id), outcomeText(facts),
        endpointText(facts.peerAddress, facts.peerPort)}
                             .join(u'\n');
    return std::all_of(m_words.begin(), m_words.end(),
        [&](const QString &word) { return text.contains(word, Qt::CaseInsensitive); });
}

bool SessionsFilter::isShown(const smtp::SessionFacts &facts) const
{
    switch (m_shown) {
    case SessionsView::Show::All:
        return true;
    case SessionsView::Show::In:
        return facts.role == smtp::SessionRole::Server;
    case SessionsView::Show::Out:
        return facts.role == smtp::SessionRole::Client;
    case SessionsView::Show::Trouble:
        return facts.outcome == smtp::SessionOutcome::Refused || facts.outcome == smtp::SessionOutcome::Broken
            || facts.refusedRecipients > 0 || facts.deferredRecipients > 0;
    }
    return true;
}

} // namespace glasspost::ui
