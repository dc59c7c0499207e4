#pragma once

#include "ui/theme/theme.h"

#include <QFrame>
#include <QTimer>

#include <chrono>
#include <functional>
#include <initializer_list>

class QBoxLayout;
class QHBoxLayout;
class QLabel;
class QPushButton;
class QToolButton;

namespace glasspost::ui {

/// A message in the place where the person looks, in place of a dialog: an icon, words, buttons, a cross.
/// Hidden until something is said. In a layout it takes a row of its own; one that comes and goes by itself
/// floats over its content instead, so that nothing below it moves.
class InlineBar : public QFrame
{
    Q_OBJECT
public:
    enum class Kind { Info, Success, Warning, Error };

    explicit InlineBar(QWidget *parent = nullptr);

    /// Lies over the lower edge of the widget, as wide as it, and belongs to it.
    void floatOver(QWidget *content);
    /// Shows the words and takes earlier buttons away. stays: how long until it goes by itself; zero for
    /// until closed. The buttons are added after.
    void say(Kind kind, const QString &words, std::chrono::milliseconds stays = std::chrono::milliseconds(0));
    /// A button that does the action and closes the bar.
    QPushButton *addButton(const QString &text, std::function<void()> action);
    /// The button that takes back what the bar reports; Ctrl+Z does the same while it is in sight.
    QPushButton *addUndo(std::function<void()> action);
    [[nodiscard]] bool canUndo() const;
    void undo();
    /// The one that was said last of those that can be undone; null when none can.
    [[nodiscard]] static InlineBar *latestUndo(std::initializer_list<InlineBar *> bars);
    void dismiss();
    /// Other words for the same matter: kind and buttons stay.
    void setWords(const QString &words);
    /// A line along the lower edge, 0 to 1000; gone with the next say().
    void setProgress(int permille);
    [[nodiscard]] QString words() const;
    [[nodiscard]] Kind kind() const { return m_kind; }

Q_SIGNALS:
    void dismissed();
    void undoChanged(); ///< canUndo() may answer otherwise

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    bool event(QEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void showKind();
    void fold();
    void place();
    [[nodiscard]] int lowerEdge() const;
    void placeInner();

    Kind m_kind = Kind::Info;
    QWidget *m_below = nullptr; ///< what it floats over
    QPushButton *m_undo = nullptr; ///< while there is one
    std::chrono::steady_clock::time_point m_saidAt;
    int m_permille = -1; ///< no progress to show
    QLabel *m_picture;
    QLabel *m_words;
    QBoxLayout *m_content; ///< words and buttons, beside or below each other
    QHBoxLayout *m_buttons;
    QToolButton *m_cross;
    QTimer m_timer;
};

} // namespace glasspost::ui
