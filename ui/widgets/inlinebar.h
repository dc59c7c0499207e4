#pragma once

#include "ui/theme/theme.h"

#include <QFrame>
#include <QTimer>

#include <chrono>
#include <functional>

class QHBoxLayout;
class QLabel;
class QPushButton;
class QToolButton;

namespace glasspost::ui {

/// A message in the place where the person looks, in place of a dialog: an icon, words, buttons, a cross.
/// Hidden until something is said.
class InlineBar : public QFrame
{
    Q_OBJECT
public:
    enum class Kind { Info, Success, Warning, Error };

    explicit InlineBar(QWidget *parent = nullptr);

    /// Shows the words and takes earlier buttons away. stays: how long until it goes by itself; zero for
    /// until closed. The buttons are added after.
    void say(Kind kind, const QString &words, std::chrono::milliseconds stays = std::chrono::milliseconds(0));
    /// A button that does the action and closes the bar.
    QPushButton *addButton(const QString &text, std::function<void()> action);
    void dismiss();
    /// Other words for the same matter: kind and buttons stay.
    void setWords(const QString &words);
    /// A line along the lower edge, 0 to 1000; gone with the next say().
    void setProgress(int permille);
    [[nodiscard]] QString words() const;
    [[nodiscard]] Kind kind() const { return m_kind; }

Q_SIGNALS:
    void dismissed();

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void showKind();

    Kind m_kind = Kind::Info;
    int m_permille = -1; ///< no progress to show
    QLabel *m_picture;
    QLabel *m_words;
    QHBoxLayout *m_buttons;
    QToolButton *m_cross;
    QTimer m_timer;
};

} // namespace glasspost::ui
