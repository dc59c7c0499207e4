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

protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    SessionsView::Show m_shown = SessionsView::Show::All;
};

} // namespace glasspost::ui
