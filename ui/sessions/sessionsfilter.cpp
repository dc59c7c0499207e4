#include "ui/sessions/sessionsfilter.h"

#include "ui/sessions/sessionsmodel.h"

namespace glasspost::ui {

void SessionsFilter::setShown(SessionsView::Show what)
{
    m_shown = what;
    invalidateFilter();
}

bool SessionsFilter::filterAcceptsRow(int row, const QModelIndex &) const
{
    const smtp::SessionFacts &facts = static_cast<const SessionsModel *>(sourceModel())->facts(row);
    switch (m_shown) {
    case SessionsView::Show::All:
        return true;
    case SessionsView::Show::In:
        return facts.role == smtp::SessionRole::Server;
    case SessionsView::Show::Out:
        return facts.role == smtp::SessionRole::Client;
    case SessionsView::Show::Trouble:
        return facts.outcome == smtp::SessionOutcome::Refused
            || facts.outcome == smtp::SessionOutcome::Broken;
    }
    return true;
}

} // namespace glasspost::ui
