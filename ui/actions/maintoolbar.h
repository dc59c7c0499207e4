#pragma once

#include <QToolBar>

namespace glasspost::ui {

class Actions;
class ListenerChip;
class SearchField;

/// The main window's tool bar: the actions, the search field, the listener.
class MainToolBar : public QToolBar
{
    Q_OBJECT
public:
    explicit MainToolBar(const Actions &actions, QWidget *parent = nullptr);

    [[nodiscard]] SearchField *searchField() const { return m_search; }
    [[nodiscard]] ListenerChip *listener() const { return m_listener; }
    void focusSearch();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    SearchField *m_search;
    ListenerChip *m_listener;
};

} // namespace glasspost::ui
