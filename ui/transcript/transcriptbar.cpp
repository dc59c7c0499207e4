#include "ui/transcript/transcriptbar.h"

#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/widgets/elidedlabel.h"
#include "ui/widgets/plaintext.h"

#include <QActionGroup>
#include <QButtonGroup>
#include <QCheckBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QToolButton>

namespace glasspost::ui {

namespace {

constexpr int liveId = 0, messageId = 1;

QToolButton *tool(const QString &text, IconName name, const QString &tip)
{
    auto *button = new QToolButton;
    button->setIcon(icon(name));
    button->setAutoRaise(true);
    button->setToolTip(plainToolTip(tip));
    button->setAccessibleName(text);
    return button;
}

QToolButton *choice(const QString &text, const QString &tip)
{
    auto *button = new QToolButton;
    button->setText(text);
    button->setCheckable(true);
    button->setAutoRaise(true);
    button->setToolTip(plainToolTip(tip));
    return button;
}

} // namespace

TranscriptBar::TranscriptBar(QWidget *parent) : QWidget(parent)
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(space::one, space::half, space::half, space::half);
    row->setSpacing(space::half);
    QLabel *title = plainLabel(tr("Transcript"));
    title->setFont(boldFont(title->font()));
    row->addWidget(title);
    row->addSpacing(space::one);
    makeChoices(row);
    makeFilter(row);
    makeErrorButtons(row);
    makeViewButton(row);
    makeTools(row);
    colorNotice();
}

void TranscriptBar::makeChoices(QHBoxLayout *row)
{
    m_scopes = new QButtonGroup(this);
    auto *live = choice(tr("&Live"), tr("Every session, as it happens"));
    auto *message = choice(tr("Thi&s message"), tr("The sessions that brought or carried the open message"));
    m_scopes->addButton(live, liveId);
    m_scopes->addButton(message, messageId);
    m_errors = new QCheckBox(tr("Errors onl&y"));
    m_errors->setToolTip(tr("Only what was refused or deferred, and broken sessions"));
    row->addWidget(live);
    row->addWidget(message);
    row->addSpacing(space::one);
    row->addWidget(m_errors);
    connect(live, &QToolButton::clicked, this, &TranscriptBar::liveRequested);
    connect(message, &QToolButton::clicked, this, &TranscriptBar::messageRequested);
    connect(m_errors, &QCheckBox::toggled, this, &TranscriptBar::filterChanged);
}

void TranscriptBar::makeFilter(QHBoxLayout *row)
{
    m_words = new QLineEdit;
    m_words->setPlaceholderText(tr("Filter: text, verb:RCPT code:5xx"));
    m_words->setAccessibleName(tr("Filter lines"));
    m_words->setAccessibleDescription(filterHelp());
    m_words->setToolTip(plainToolTip(filterHelp()));
    m_words->setClearButtonEnabled(true);
    constexpr int widest = 260;
    m_words->setMaximumWidth(widest);
    m_notice = new ElidedLabel;
    row->addWidget(m_words, 2);
    row->addWidget(m_notice, 1);
    connect(m_words, &QLineEdit::textChanged, this, &TranscriptBar::takeFilter);
}

void TranscriptBar::makeErrorButtons(QHBoxLayout *row)
{
    using Direction = TranscriptModel::Direction;
    auto *previous
        = tool(tr("Previous error"), IconName::ChevronUp, tr("Go to the previous error (Shift+F8)"));
    auto *next = tool(tr("Next error"), IconName::ChevronDown, tr("Go to the next error (F8)"));
    connect(previous, &QToolButton::clicked, this, [this] { Q_EMIT errorRequested(Direction::Previous); });
    connect(next, &QToolButton::clicked, this, [this] { Q_EMIT errorRequested(Direction::Next); });
    row->addWidget(previous);
    row->addWidget(next);
}

void TranscriptBar::makeViewButton(QHBoxLayout *row)
{
    auto *button = tool(tr("How octets are shown"), IconName::Code,
        tr("Show the lines as text, with control characters, or in hexadecimal"));
    auto *menu = new QMenu(button);
    auto *group = new QActionGroup(menu);
    const auto add = [&](OctetView view, const QString &text) {
        QAction *action = menu->addAction(text, this, [this, view] { Q_EMIT octetViewChosen(view); });
        action->setCheckable(true);
        action->setChecked(view == OctetView::Text);
        group->addAction(action);
    };
    add(OctetView::Text, tr("&Text"));
    add(OctetView::Controls, tr("&Control characters"));
    add(OctetView::Hex, tr("&Hexadecimal"));
    button->setMenu(menu);
    button->setPopupMode(QToolButton::InstantPopup);
    row->addWidget(button);
}

void TranscriptBar::makeTools(QHBoxLayout *row)
{
    const auto add = [&](QToolButton *button, void (TranscriptBar::*signal)()) {
        row->addWidget(button);
        connect(button, &QToolButton::clicked, this, signal);
    };
    add(tool(tr("Save"), IconName::Save, tr("Save the lines shown as text, JSON lines or a web page")),
        &TranscriptBar::saveRequested);
    add(tool(tr("Copy"), IconName::Copy, tr("Copy the selected lines, or all, as plain text")),
        &TranscriptBar::copyRequested);
    add(tool(tr("Clear"), IconName::Clear, tr("Clear the lines shown here; they stay under Sessions")),
        &TranscriptBar::clearRequested);
    add(tool(tr("Close"), IconName::Close, tr("Hide the transcript (Ctrl+T)")),
        &TranscriptBar::closeRequested);
}

void TranscriptBar::takeFilter()
{
    m_filter = parseLineFilter(m_words->text());
    QStringList notices;
    for (const FilterNotice &notice : std::as_const(m_filter.notices))
        notices << noticeText(notice);
    m_notice->setWords(notices.join(QStringLiteral("; ")));
    Q_EMIT filterChanged();
}

void TranscriptBar::colorNotice()
{
    QPalette colors = m_notice->palette();
    const QColor amber = toneColor(palette(), Tone::Deferred);
    if (colors.color(m_notice->foregroundRole()) == amber)
        return;
    colors.setColor(m_notice->foregroundRole(), amber);
    m_notice->setPalette(colors);
}

void TranscriptBar::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_notice)
        colorNotice();
}

void TranscriptBar::showAsLive(bool live)
{
    m_scopes->button(live ? liveId : messageId)->setChecked(true);
}

void TranscriptBar::setErrorsOnly(bool only)
{
    m_errors->setChecked(only);
}

TranscriptModel::Filter TranscriptBar::filter() const
{
    return {m_errors->isChecked(), m_filter};
}

QString TranscriptBar::filterText() const
{
    return m_words->text();
}

void TranscriptBar::setFilterText(const QString &text)
{
    m_words->setText(text);
}

} // namespace glasspost::ui
