#pragma once

#include <QWidget>

#include <functional>

class QLabel;
class QLineEdit;

namespace glasspost::ui {

enum class FindDirection { Forward, Backward };

/// The row in which one types what to find in what is above it; Return and Shift+Return go to the next and
/// the previous one. Hidden until asked for; Escape closes it.
class FindRow : public QWidget
{
    Q_OBJECT
public:
    /// Marks the next one and brings it into sight; false when there is none. One that is still looked for is
    /// told of by tell().
    using Find = std::function<bool(const QString &words, FindDirection direction)>;

    explicit FindRow(Find find, QWidget *parent = nullptr);

    void open();
    void tell(bool isFound);

Q_SIGNALS:
    void closed(); ///< by Escape, with the focus still in it

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    void find(FindDirection direction);

    const Find m_find;
    QLineEdit *m_words;
    QLabel *m_outcome;
};

} // namespace glasspost::ui
