#pragma once

#include <QTimer>
#include <QToolBar>

class QLineEdit;

namespace glasspost::ui {

class Actions;
class ListenerChip;

/// The main window's tool bar: the actions, the search field, the listener.
class MainToolBar : public QToolBar
{
    Q_OBJECT
public:
    explicit MainToolBar(const Actions &actions, QWidget *parent = nullptr);

    [[nodiscard]] QLineEdit *searchField() const { return m_search; }
    [[nodiscard]] ListenerChip *listener() const { return m_listener; }
    void clearSearch(); ///< without searched()
    void focusSearch();

Q_SIGNALS:
    void searched(const QString &words); ///< typing paused; empty: the search is over
    void searchEntered(); ///< Enter: to the results
    void searchLeft(); ///< Escape

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void buildSearch();

    QLineEdit *m_search;
    ListenerChip *m_listener;
    QTimer m_pause;
};

} // namespace glasspost::ui
