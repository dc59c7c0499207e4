#pragma once

#include "ui/message/cardtext.h"

#include <QFrame>

class QHBoxLayout;
class QLabel;
class QPushButton;

namespace glasspost::ui {

/// A card: a stripe in the tone, a heading, lines, and buttons for what can be done.
class MessageCard : public QFrame
{
    Q_OBJECT
public:
    explicit MessageCard(const CardText &text, QWidget *parent = nullptr);

    void setText(const CardText &text);
    [[nodiscard]] const CardText &text() const { return m_text; }
    QPushButton *addButton(const QString &words);
    /// Keeps room for so many lines, which come later.
    void reserveLines(int count);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    CardText m_text;
    QLabel *m_heading;
    QLabel *m_lines;
    QHBoxLayout *m_buttons;
};

} // namespace glasspost::ui
