#pragma once

#include "ui/actions/searchsuggestions.h"

#include <QLineEdit>
#include <QPointer>
#include <QTimer>

#include <functional>

class QStandardItemModel;
class QTreeView;

namespace glasspost::ui {

/// The field in which one searches all mail. While one types, a list below it shows the operators that begin
/// as the word does, each with its meaning, and behind an operator what it takes; Down in an empty place
/// shows all. The list never has the focus nor a row of its own accord: Down and Up choose, Enter, Tab or a
/// click takes what is chosen, Escape closes it; whoever keeps typing need not look at it.
class SearchField : public QLineEdit
{
    Q_OBJECT
public:
    explicit SearchField(QWidget *parent = nullptr);
    ~SearchField() override;

    void clearQuietly(); ///< without searched()
    /// The names that in: and tag: may take, asked for when they are to be shown.
    void setNames(std::function<SearchNames()> names) { m_names = std::move(names); }
    /// Null until something was shown.
    [[nodiscard]] QTreeView *suggestions() const;

Q_SIGNALS:
    /// With each letter, once for those that come at once. Empty: the search is over; a blank at the end says
    /// that the last word is whole.
    void searched(const QString &words);
    void entered(); ///< Enter: to the results
    void left(); ///< Escape

protected:
    bool event(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void suggest(Asked asked);
    void showSuggestions();
    void hideSuggestions();
    void place();
    void choose(int step);
    void take(int row);
    [[nodiscard]] bool isSuggesting() const;
    [[nodiscard]] int chosen() const; ///< -1 for none

    std::function<SearchNames()> m_names;
    SearchSuggestions m_suggestions;
    QString m_suggestedFor; ///< the text
    QStandardItemModel *m_model;
    QPointer<QTreeView> m_list; ///< a child of the window, above what lies in it
    QTimer m_pause;
};

} // namespace glasspost::ui
