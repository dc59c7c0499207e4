#include "ui/message/messagecard.h"

#include "ui/widgets/plaintext.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

namespace glasspost::ui {

namespace {

constexpr int stripe = 3;

} // namespace

MessageCard::MessageCard(const CardText &text, QWidget *parent)
    : QFrame(parent), m_heading(leadingLabel()), m_lines(leadingLabel()), m_buttons(new QHBoxLayout)
{
    m_heading->setFont(boldFont(font()));
    for (QLabel *label : {m_heading, m_lines}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    }
    m_lines->setAlignment(
        (m_lines->alignment() & Qt::AlignHorizontal_Mask) | Qt::AlignAbsolute | Qt::AlignTop);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(space::two, space::half, space::two, space::half);
    auto *column = new QVBoxLayout;
    column->setSpacing(2);
    column->addWidget(m_heading);
    column->addWidget(m_lines);
    row->addLayout(column, 1);
    row->addLayout(m_buttons);
    setText(text);
}

void MessageCard::setText(const CardText &text)
{
    m_text = text;
    m_heading->setText(text.heading);
    m_lines->setText(text.lines.join(QLatin1Char('\n')));
    m_lines->setVisible(!text.lines.isEmpty() || m_lines->minimumHeight() > 0);
    setAccessibleName(text.heading);
    setAccessibleDescription(m_lines->text());
    update();
}

QPushButton *MessageCard::addButton(const QString &words)
{
    auto *button = new QPushButton(words);
    m_buttons->addWidget(button, 0, Qt::AlignTop);
    return button;
}

void MessageCard::reserveLines(int count)
{
    m_lines->setMinimumHeight(count * m_lines->fontMetrics().lineSpacing());
    m_lines->setVisible(true);
}

void MessageCard::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), toneFill(palette(), m_text.tone));
    const int edge = layoutDirection() == Qt::RightToLeft ? width() - stripe : 0;
    painter.fillRect(edge, 0, stripe, height(), toneColor(palette(), m_text.tone));
    painter.fillRect(0, height() - 1, width(), 1, hairline(palette()));
}

} // namespace glasspost::ui
