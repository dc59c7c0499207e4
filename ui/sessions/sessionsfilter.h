#pragma once

#include "ui/sessions/sessionsview.h"

#include <QSortFilterProxyModel>

namespace glasspost::ui {

/// Leaves out the sessions that were not asked for.
class SessionsFilter : public QSortFilterProxyModel
{
    Q_OBJECT
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;

    void setShown(SessionsView::Show what);
    /// Each word is in address, name, user, TLS, session, result or why it ended, without case.
    void setWords(const QString &words);

protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    [[nodiscard]] bool isShown(const smtp::SessionFacts &facts) const;

    SessionsView::Show m_shown = SessionsView::Show::All;
    QStringList m_words;
};

} // namespace glasspost::ui
