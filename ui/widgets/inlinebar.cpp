#include "ui/widgets/inlinebar.h"

#include "ui/theme/icons.h"
#include "ui/widgets/plaintext.h"
#include "ui/widgets/taborder.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QStackedWidget>
#include <QStyle>
#include <QToolButton>

#include <algorithm>

namespace glasspost::ui {

namespace {

constexpr int leastBeside = 260; // pixels of words beside buttons

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
    : QFrame(parent), m_picture(plainLabel()), m_words(leadingLabel()),
      m_content(new QBoxLayout(QBoxLayout::LeftToRight)), m_buttons(new QHBoxLayout), m_cross(new QToolButton)
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
    m_content->setSpacing(space::half);
    m_content->addWidget(m_words, 1);
    m_buttons->setSpacing(space::half);
    m_content->addLayout(m_buttons);
    row->addWidget(m_picture);
    row->addLayout(m_content, 1);
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
    m_undo = nullptr;
    m_saidAt = std::chrono::steady_clock::now();
    m_kind = kind;
    m_permille = -1;
    setWords(words);
    showKind();
    setVisible(true);
    place();
    m_timer.stop();
    if (stays.count() > 0)
        m_timer.start(stays);
    Q_EMIT undoChanged();
}

QPushButton *InlineBar::addButton(const QString &text, std::function<void()> action)
{
    auto *button = new QPushButton(text);
    connect(button, &QPushButton::clicked, this, [this, action = std::move(action)] {
        dismiss();
        action();
    });
    m_buttons->addWidget(button);
    tabBefore(m_cross, button);
    place();
    return button;
}

QPushButton *InlineBar::addUndo(std::function<void()> action)
{
    m_undo = addButton(tr("&Undo"), std::move(action));
    Q_EMIT undoChanged();
    return m_undo;
}

bool InlineBar::canUndo() const
{
    return m_undo != nullptr && !isHidden();
}

InlineBar *InlineBar::latestUndo(std::initializer_list<InlineBar *> bars)
{
    InlineBar *latest = nullptr;
    for (InlineBar *bar : bars) {
        if (bar->canUndo() && (latest == nullptr || bar->m_saidAt > latest->m_saidAt))
            latest = bar;
    }
    return latest;
}

void InlineBar::undo()
{
    if (canUndo())
        m_undo->click();
}

void InlineBar::setWords(const QString &words)
{
    m_words->setText(words);
    setAccessibleName(words);
}

void InlineBar::floatOver(QWidget *content)
{
    m_below = content;
    setParent(content);
    content->installEventFilter(this);
    // A stack lays the page that it turns to on top.
    if (const auto *stack = qobject_cast<QStackedWidget *>(content))
        connect(stack, &QStackedWidget::currentChanged, this, &InlineBar::place);
}

// At the lower edge: the first rows of a list are what one reads.
void InlineBar::place()
{
    fold();
    if (m_below == nullptr || isHidden())
        return;
    const int width = m_below->width();
    const int height = hasHeightForWidth() ? heightForWidth(width) : sizeHint().height();
    setGeometry(0, lowerEdge() - height, width, height);
    raise();
    placeInner();
}

/// Above the bars that float over more than its content: none hides the Undo of another.
int InlineBar::lowerEdge() const
{
    int edge = m_below->height();
    for (const QWidget *outer = m_below->parentWidget(); outer != nullptr; outer = outer->parentWidget()) {
        for (const InlineBar *bar : outer->findChildren<InlineBar *>(QString(), Qt::FindDirectChildrenOnly)) {
            if (bar->m_below == outer && !bar->isHidden())
                edge = std::min(edge, m_below->mapFrom(outer, bar->pos()).y());
        }
    }
    return edge;
}

void InlineBar::placeInner()
{
    for (InlineBar *bar : m_below->findChildren<InlineBar *>()) {
        if (bar->m_below != m_below)
            bar->place();
    }
}

/// Buttons go below the words where they would leave too little room beside them.
void InlineBar::fold()
{
    const int width = m_below != nullptr ? m_below->width() : this->width();
    const int beside = width - m_picture->sizeHint().width() - m_cross->sizeHint().width()
        - m_buttons->sizeHint().width() - 4 * space::one;
    const bool isNarrow = m_buttons->count() > 0 && beside < leastBeside;
    const QBoxLayout::Direction direction = isNarrow ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight;
    if (direction == m_content->direction())
        return; // an alignment that is set asks for a layout, which comes back here
    m_content->setDirection(direction);
    m_content->setAlignment(m_buttons, isNarrow ? Qt::AlignLeading : Qt::Alignment());
}

void InlineBar::resizeEvent(QResizeEvent *event)
{
    QFrame::resizeEvent(event);
    fold();
}

bool InlineBar::event(QEvent *event)
{
    if (event->type() == QEvent::LayoutRequest)
        place();
    return QFrame::event(event);
}

bool InlineBar::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_below && (event->type() == QEvent::Resize || event->type() == QEvent::ChildAdded))
        place();
    return QFrame::eventFilter(watched, event);
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
        if (m_below != nullptr)
            placeInner();
        Q_EMIT undoChanged();
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
    painter.fillRect(QRect(0, m_below != nullptr ? 0 : height() - 1, width(), 1), hairline(palette()));
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
