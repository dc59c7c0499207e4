#pragma once

#include <QStringView>
#include <QWidget>

#include <functional>

class QLabel;
class QLineEdit;

namespace glasspost::ui {

enum class FindDirection { Forward, Backward };

/// How often the text has the words, whatever their case; one that overlaps the last is not counted.
[[nodiscard]] int occurrences(QStringView text, QStringView words);

/// The row in which one types what to find in what is above it; Return and Shift+Return go to the next and
/// the previous one. Hidden until asked for; Escape closes it.
class FindRow : public QWidget
{
    Q_OBJECT
public:
    /// Marks the next one and brings it into sight; false when there is none. One that is still looked for is
    /// told of by tell().
    using Find = std::function<bool(const QString &words, FindDirection direction)>;
    /// "12 matches": what is said beside words that were found, or are still looked for.
    using Count = std::function<QString(const QString &words)>;

    explicit FindRow(Find find, Count count, QWidget *parent = nullptr);

    void open();
    void tell(bool isFound);
    /// What was told is of another text.
    void forget();

Q_SIGNALS:
    void closed(); ///< by Escape, with the focus still in it

protected:
    bool event(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void find(FindDirection direction);

    const Find m_find;
    const Count m_count;
    QLineEdit *m_words;
    QLabel *m_outcome;
};

} // namespace glasspost::ui
