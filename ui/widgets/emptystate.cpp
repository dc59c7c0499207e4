#include "ui/widgets/emptystate.h"

#include "ui/widgets/plaintext.h"

#include <QEvent>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace glasspost::ui {

namespace {

constexpr int pictureSide = 48;
constexpr int widestText = 440;

} // namespace

EmptyState::EmptyState(IconName icon, const QString &heading, const QString &sentence, QWidget *parent)
    : QWidget(parent), m_icon(icon), m_picture(plainLabel()), m_heading(plainLabel()),
      m_sentence(plainLabel()), m_button(new QPushButton), m_column(new QVBoxLayout)
{
    setBackgroundRole(QPalette::Base);
    setAutoFillBackground(true);
    m_heading->setFont(headingFont(font()));
    m_sentence->setMaximumWidth(widestText);
    for (QLabel *label : {m_picture, m_heading, m_sentence}) {
        label->setAlignment(Qt::AlignCenter);
        label->setWordWrap(label != m_picture);
    }
    m_button->setVisible(false);
    m_button->setDefault(true);
    connect(m_button, &QPushButton::clicked, this, &EmptyState::buttonClicked);

    m_column->setSpacing(space::one);
    m_column->setContentsMargins(space::two, space::two, space::two, space::two);
    m_column->addStretch(2);
    m_column->addWidget(m_picture, 0, Qt::AlignHCenter);
    m_column->addWidget(m_heading);
    auto *sentenceRow = new QHBoxLayout;
    sentenceRow->addWidget(m_sentence, 1);
    m_column->addLayout(sentenceRow);
    m_column->addSpacing(space::one);
    m_column->addWidget(m_button, 0, Qt::AlignHCenter);
    m_column->addStretch(3);
    setLayout(m_column);
    setContent(icon, heading, sentence);
}

void EmptyState::setContent(IconName icon, const QString &heading, const QString &sentence)
{
    m_icon = icon;
    m_heading->setText(heading);
    m_heading->setVisible(!heading.isEmpty());
    m_sentence->setText(sentence);
    m_sentence->setVisible(!sentence.isEmpty());
    setAccessibleName(heading);
    setAccessibleDescription(sentence);
    paintPicture();
}

void EmptyState::setButton(const QString &text)
{
    m_button->setText(text);
    m_button->setVisible(!text.isEmpty());
}

void EmptyState::addBelow(QWidget *widget)
{
    m_column->insertSpacing(m_column->count() - 1, space::one);
    m_column->insertWidget(m_column->count() - 1, widget, 0, Qt::AlignHCenter);
}

void EmptyState::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange)
        paintPicture();
    QWidget::changeEvent(event);
}

void EmptyState::paintPicture()
{
    m_picture->setPixmap(iconPixmap(m_icon, mutedText(palette()), pictureSide, devicePixelRatioF()));
    QPalette muted = palette();
    muted.setColor(QPalette::WindowText, mutedText(palette()));
    if (m_sentence->palette().color(QPalette::WindowText) != muted.color(QPalette::WindowText))
        m_sentence->setPalette(muted);
}

} // namespace glasspost::ui
