#pragma once

#include <QLabel>

namespace glasspost::ui {

/// One line of plain text that ends in an ellipsis where there is no room for it; the tool tip has the whole.
class ElidedLabel : public QLabel
{
    Q_OBJECT
public:
    explicit ElidedLabel(QWidget *parent = nullptr);

    void setWords(const QString &words);
    /// What can be seen of the words.
    [[nodiscard]] QString shownText() const;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
};

} // namespace glasspost::ui
