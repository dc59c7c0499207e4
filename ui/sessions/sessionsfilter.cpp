#include "ui/sessions/sessionsfilter.h"

#include "ui/sessions/sessionsmodel.h"

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
    const auto *model = static_cast<const SessionsModel *>(sourceModel());
    const smtp::SessionFacts &facts = model->facts(row);
    if (!isShown(facts))
        return false;
    QString text = QString::fromUtf8(facts.ending);
    for (int column = 0; !m_words.isEmpty() && column < SessionsModel::ColumnCount; ++column)
        text += u'\n' + model->index(row, column).data().toString();
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
