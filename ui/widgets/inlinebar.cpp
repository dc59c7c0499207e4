#include "ui/widgets/inlinebar.h"

#include "ui/theme/icons.h"
#include "ui/widgets/plaintext.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QStyle>
#include <QToolButton>

namespace glasspost::ui {

namespace {

Tone barTone(InlineBar::Kind kind)
{
    switch (kind) {
    case InlineBar::Kind::Info:
        return Tone::Transit;
    case InlineBar::Kind::Success:
        return Tone::Accepted;
    case InlineBar::Kind::Warning:
        return Tone::Deferred;
    case InlineBar::Kind::Error:
        return Tone::Refused;
    }
    return Tone::Neutral;
}

IconName barIcon(InlineBar::Kind kind)
{
    switch (kind) {
    case InlineBar::Kind::Info:
        return IconName::Info;
    case InlineBar::Kind::Success:
        return IconName::Success;
    case InlineBar::Kind::Warning:
        return IconName::Warning;
    case InlineBar::Kind::Error:
        return IconName::Error;
    }
    return IconName::Info;
}

} // namespace

InlineBar::InlineBar(QWidget *parent)
    : QFrame(parent), m_picture(plainLabel()), m_words(plainLabel()), m_buttons(new QHBoxLayout),
      m_cross(new QToolButton)
{
    m_words->setWordWrap(true);
    m_words->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_cross->setIcon(icon(IconName::Close));
    m_cross->setAutoRaise(true);
    m_cross->setToolTip(tr("Close"));
    m_cross->setAccessibleName(tr("Close this message"));
    connect(m_cross, &QToolButton::clicked, this, &InlineBar::dismiss);
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &InlineBar::dismiss);

    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(space::one + space::half, space::half, space::half, space::half);
    row->setSpacing(space::one);
    row->addWidget(m_picture);
    row->addWidget(m_words, 1);
    m_buttons->setSpacing(space::half);
    row->addLayout(m_buttons);
    row->addWidget(m_cross);
    setVisible(false);
}

void InlineBar::say(Kind kind, const QString &words, std::chrono::milliseconds stays)
{
    while (QLayoutItem *item = m_buttons->takeAt(0)) {
        item->widget()->setVisible(false);
        item->widget()->deleteLater();
        delete item;
    }
    m_kind = kind;
    m_permille = -1;
    setWords(words);
    showKind();
    setVisible(true);
    m_timer.stop();
    if (stays.count() > 0)
        m_timer.start(stays);
}

QPushButton *InlineBar::addButton(const QString &text, std::function<void()> action)
{
    auto *button = new QPushButton(text);
    connect(button, &QPushButton::clicked, this, [this, action = std::move(action)] {
        dismiss();
        action();
    });
    m_buttons->addWidget(button);
    return button;
}

void InlineBar::setWords(const QString &words)
{
    m_words->setText(words);
    setAccessibleName(words);
}

void InlineBar::setProgress(int permille)
{
    m_permille = permille;
    update();
}

void InlineBar::dismiss()
{
    m_timer.stop();
    if (!isHidden()) {
        setVisible(false);
        Q_EMIT dismissed();
    }
}

QString InlineBar::words() const
{
    return m_words->text();
}

void InlineBar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), toneFill(palette(), barTone(m_kind)));
    painter.fillRect(QRect(0, height() - 1, width(), 1), hairline(palette()));
    if (m_permille < 0)
        return;
    const QRect done(0, height() - 3, width() * m_permille / 1000, 3);
    painter.fillRect(
        QStyle::visualRect(layoutDirection(), rect(), done), toneColor(palette(), barTone(m_kind)));
}

void InlineBar::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange)
        showKind();
    QFrame::changeEvent(event);
}

void InlineBar::showKind()
{
    m_picture->setPixmap(
        iconPixmap(barIcon(m_kind), toneColor(palette(), barTone(m_kind)), 18, devicePixelRatioF()));
    update();
}

} // namespace glasspost::ui
