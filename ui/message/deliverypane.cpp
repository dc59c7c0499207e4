#include "ui/message/deliverypane.h"

#include "ui/compose/flowlayout.h"
#include "ui/message/deliverydeletion.h"
#include "ui/message/deliveryrows.h"
#include "ui/message/waterfallview.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/widgets/chip.h"
#include "ui/widgets/plaintext.h"
#include "ui/words/format.h"

#include <QAction>
#include <QBoxLayout>
#include <QCheckBox>
#include <QDateTime>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QScrollBar>
#include <QToolButton>

#include <algorithm>
#include <tuple>

namespace glasspost::ui {

namespace {

constexpr int railWidth = 28;
constexpr int stepsAtOnce = 30; // more than a screen of them

/// The line with a station's dot at the leading edge.
class Rail : public QWidget
{
public:
    Rail(Tone tone, bool last) : m_tone(tone), m_last(last) { setFixedWidth(railWidth); }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const QPointF dot(railWidth / 2.0, fontMetrics().height() / 2.0 + 4);
        if (!m_last) {
            painter.setPen(QPen(hairline(palette()), 1.5));
            painter.drawLine(dot, QPointF(dot.x(), height() + dot.y()));
        }
        painter.setPen(Qt::NoPen);
        painter.setBrush(toneColor(palette(), m_tone));
        painter.drawEllipse(dot, 5, 5);
    }

private:
    Tone m_tone;
    bool m_last;
};

QLabel *paragraph(const QString &text)
{
    QLabel *label = leadingLabel(text);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

void mute(QWidget *widget, const QPalette &palette)
{
    QPalette muted = palette;
    muted.setColor(QPalette::WindowText, mutedText(palette));
    widget->setPalette(muted);
    widget->setForegroundRole(QPalette::WindowText); // on a Base background it would be Text
}

QString textOf(NextStep step)
{
    switch (step) {
    case NextStep::TryNow:
        return DeliveryPane::tr("Try now");
    case NextStep::Release:
        return DeliveryPane::tr("Release");
    case NextStep::RouteSettings:
        return DeliveryPane::tr("Preferences …");
    case NextStep::ShowInQueue:
        return DeliveryPane::tr("Show in queue");
    }
    return {};
}

QString tipOf(NextStep step)
{
    switch (step) {
    case NextStep::TryNow:
        return DeliveryPane::tr("Attempt the delivery now");
    case NextStep::Release:
        return DeliveryPane::tr("Let the held message leave");
    case NextStep::RouteSettings:
        return DeliveryPane::tr("Change the route of outgoing mail");
    case NextStep::ShowInQueue:
        return DeliveryPane::tr("Change its route or time, or look at the server's certificate");
    }
    return {};
}

} // namespace

DeliveryPane::DeliveryPane(QWidget *parent) : QScrollArea(parent)
{
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setBackgroundRole(QPalette::Base);
    setAccessibleName(tr("Delivery"));
    connect(verticalScrollBar(), &QScrollBar::valueChanged, this, &DeliveryPane::addStepsInSight);
    connect(verticalScrollBar(), &QScrollBar::rangeChanged, this, &DeliveryPane::addStepsInSight);
}

DeliverySummary summaryOf(
    const QList<mail::Journey> &journeys, const QDateTime &now, const mail::DeliveryEnds &ends)
{
    DeliverySummary summary;
    QStringList why;
    QList<QList<WaterfallRow>> left;
    for (const mail::Journey &journey : journeys) {
        const QList<WaterfallRow> rows = waterfallOf(journey);
        why << whyNotArrived(journey, rows, now);
        for (const NextStep step : nextStepsFor(journey))
            summary.nextSteps.emplaceBack(step, journey.entry.id);
        left.append(rows);
    }
    const DeliveryRows rows = deliveryRows(left, ends);
    summary.waterfall = rows.came;
    for (const QList<WaterfallRow> &one : rows.left)
        summary.waterfall += one;
    summary.hasRecord = !journeys.isEmpty();
    summary.canDelete = canDeleteRecord(journeys);
    summary.hasReport = summary.hasRecord || !rows.came.isEmpty();
    why.removeAll(QString());
    summary.why = why.join(u'\n');
    return summary;
}

void DeliveryPane::show(
    const QList<JourneyStep> &steps, const QString &noJourney, const DeliverySummary &summary)
{
    auto *content = new QWidget;
    content->setBackgroundRole(QPalette::Base);
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(space::one, space::two, space::two, space::two);
    column->setSpacing(0);
    addSummary(column, summary);
    // What is told anew of the same delivery leaves the person where they were.
    const int known = steps.size() == m_steps.size() ? m_shownSteps : 0;
    m_steps = steps;
    m_shownSteps = 0;
    m_column = column;
    m_firstStep = column->count();
    addSteps(std::max(known, stepsAtOnce));
    if (steps.isEmpty()) {
        QLabel *words = paragraph(noJourney);
        words->setContentsMargins(space::one, 0, 0, 0);
        mute(words, palette());
        column->addWidget(words);
    }
    column->addStretch();
    setWidget(content);
}

void DeliveryPane::addSteps(int number)
{
    for (const int end = int(std::min<qsizetype>(m_steps.size(), m_shownSteps + number)); m_shownSteps < end;
         ++m_shownSteps)
        m_column->insertWidget(m_firstStep + m_shownSteps,
            stepWidget(m_steps[m_shownSteps], m_shownSteps + 1 == m_steps.size()));
}

/// As far as a page beyond what is seen. Once they are laid out, the scroll bar asks again.
void DeliveryPane::addStepsInSight()
{
    const QScrollBar *bar = verticalScrollBar();
    if (bar->value() + 2 * bar->pageStep() >= bar->maximum())
        addSteps(stepsAtOnce);
}

void DeliveryPane::addSummary(QVBoxLayout *column, const DeliverySummary &summary)
{
    const bool hadFocus = m_waterfall && m_waterfall->hasFocus();
    if (!summary.why.isEmpty()) {
        QLabel *why = paragraph(summary.why);
        why->setObjectName(QStringLiteral("whyNotArrived"));
        why->setAccessibleName(tr("Why it did not arrive"));
        why->setContentsMargins(space::one, space::one, space::one, space::two);
        column->addWidget(why);
    }
    if (!summary.nextSteps.isEmpty())
        column->addWidget(makeNextSteps(summary.nextSteps));
    if (summary.hasReport)
        column->addWidget(makeActions(summary));
    WaterfallView *waterfall = makeWaterfall(summary.waterfall);
    if (waterfall == nullptr)
        return;
    column->addWidget(waterfall);
    waterfall->show(); // one that was taken out is hidden
    column->addSpacing(space::two);
    if (hadFocus)
        waterfall->setFocus();
}

QWidget *DeliveryPane::makeNextSteps(const QList<std::pair<NextStep, QByteArray>> &steps)
{
    auto *buttons = new QWidget;
    auto *row = new QHBoxLayout(buttons);
    row->setContentsMargins(space::one, 0, 0, space::one);
    row->setSpacing(space::half);
    for (const auto &[step, queueId] : steps) {
        auto *button = new QPushButton(textOf(step));
        button->setToolTip(plainToolTip(tipOf(step)));
        connect(button, &QPushButton::clicked, this,
            [this, step = step, id = queueId] { Q_EMIT stepRequested(step, id); });
        row->addWidget(button);
    }
    row->addStretch();
    return buttons;
}

QWidget *DeliveryPane::makeActions(const DeliverySummary &summary)
{
    auto *actions = new QWidget;
    auto *row = new FlowLayout(actions, space::half);
    row->setContentsMargins(space::one, 0, 0, space::one);
    const auto add = [actions, row](const QString &text, const QString &tip) {
        auto *button = new QToolButton(actions);
        button->setText(text);
        button->setToolTip(plainToolTip(tip));
        button->setAutoRaise(true);
        row->addWidget(button);
        return button;
    };
    auto *save = add(tr("Save report …"), tr("Save this delivery as a single web page"));
    auto *pdf = add(tr("Report as PDF …"), tr("Save the report as a PDF file"));
    auto *browse = add(tr("Report in browser"), tr("Open the report in a web browser, to print it"));
    if (summary.hasRecord) {
        auto *copy = add(
            tr("Copy command"), tr("Copy a swaks command that repeats this delivery, with a test body"));
        copy->setMenu(makeCopyMenu(copy));
        copy->setPopupMode(QToolButton::InstantPopup);
        auto *compare = add(tr("Compare with …"), tr("Show this delivery beside another one"));
        connect(compare, &QToolButton::clicked, this, &DeliveryPane::compare);
    }
    if (summary.canDelete) {
        connect(add(tr("Delete record …"), tr("Delete what is kept of this delivery; the message stays")),
            &QToolButton::clicked, this, &DeliveryPane::deleteRecord);
    }
    addTerms(row);
    connect(save, &QToolButton::clicked, this, &DeliveryPane::saveReport);
    connect(pdf, &QToolButton::clicked, this, &DeliveryPane::saveReportPdf);
    connect(browse, &QToolButton::clicked, this, &DeliveryPane::openReport);
    return actions;
}

QMenu *DeliveryPane::makeCopyMenu(QWidget *parent)
{
    auto *menu = new QMenu(parent);
    menu->setToolTipsVisible(true);
    for (const auto &[program, text, tip] :
        {std::tuple(RepeatWith::Swaks, tr("Copy as &swaks command"),
             tr("Copy a swaks command that repeats this delivery, with a test body")),
            std::tuple(RepeatWith::Curl, tr("Copy as &curl command"),
                tr("Copy a command that says the same with curl")),
            std::tuple(RepeatWith::Openssl, tr("Copy as &openssl command"),
                tr("Copy a command that opens the same connection, to type in"))}) {
        QAction *action = menu->addAction(text, this, [this, program = program] { copyCommand(program); });
        connect(menu, &QMenu::aboutToShow, action,
            [this, action, program = program, tip = tip] { offer(*action, program, tip); });
    }
    return menu;
}

void DeliveryPane::offer(QAction &action, RepeatWith program, const QString &toolTip) const
{
    const QString whyNot = m_commands ? m_commands(program).whyNot : QString();
    action.setEnabled(whyNot.isEmpty());
    action.setToolTip(plainToolTip(whyNot.isEmpty() ? toolTip : whyNot));
}

/// What a report is to show.
void DeliveryPane::addTerms(QLayout *row)
{
    auto *shown = new QCheckBox(tr("With addresses"));
    shown->setToolTip(
        plainToolTip(tr("Show mail addresses and the subject in the report; otherwise they are masked")));
    shown->setChecked(m_terms.addresses == AddressMask::Addresses::Shown);
    connect(shown, &QCheckBox::toggled, this, [this](bool isShown) {
        m_terms.addresses = isShown ? AddressMask::Addresses::Shown : AddressMask::Addresses::Masked;
    });
    auto *header = new QCheckBox(tr("With header fields"));
    header->setToolTip(plainToolTip(tr(
        "Show the message's header fields in the report; without addresses, names and texts are left out")));
    header->setChecked(m_terms.hasHeader);
    connect(header, &QCheckBox::toggled, this, [this](bool hasHeader) { m_terms.hasHeader = hasHeader; });
    row->addWidget(shown);
    row->addWidget(header);
}

/// The one that is there stays with its zoom and its current row while nothing has changed.
WaterfallView *DeliveryPane::makeWaterfall(const QList<WaterfallRow> &rows)
{
    if (m_waterfall && m_rows == rows) {
        m_waterfall->setParent(nullptr); // of what is replaced
        return m_waterfall;
    }
    m_rows = rows;
    m_waterfall = rows.isEmpty() ? nullptr : new WaterfallView(rows);
    if (m_waterfall) {
        connect(m_waterfall, &WaterfallView::linesRequested, this, &DeliveryPane::sessionRequested);
        connect(m_waterfall, &WaterfallView::becameCurrent, this, [this](const QRect &row) {
            const QPoint middle = m_waterfall->mapTo(widget(), row.center());
            ensureVisible(middle.x(), middle.y(), 0, row.height());
        });
    }
    return m_waterfall;
}

void DeliveryPane::showMoment(const QByteArray &sessionId, qint64 at)
{
    if (m_waterfall)
        m_waterfall->showMoment(sessionId, at);
}

QWidget *DeliveryPane::stepWidget(const JourneyStep &step, bool last)
{
    auto *widget = new QWidget;
    auto *row = new QHBoxLayout(widget);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::half);
    row->addWidget(new Rail(step.tone, last));
    auto *column = new QVBoxLayout;
    column->setSpacing(2);
    column->setContentsMargins(0, 0, 0, space::two);
    auto *heading = new QHBoxLayout;
    QLabel *title = paragraph(step.title);
    title->setFont(boldFont(font()));
    heading->addWidget(title, 1);
    if (!step.state.isEmpty()) {
        auto *chip = new Chip;
        chip->setState(step.state, step.tone);
        heading->addWidget(chip, 0, Qt::AlignTop);
    }
    column->addLayout(heading);
    for (const QString &fact : step.facts)
        column->addWidget(paragraph(fact));
    if (!step.wire.isEmpty()) {
        QLabel *wire = paragraph(step.wire);
        wire->setFont(monospaceFont(font()));
        column->addWidget(wire);
    }
    auto *foot = new QHBoxLayout;
    if (step.at > 0) {
        QLabel *time = paragraph(exactTime(step.at / 1000));
        time->setWordWrap(false);
        mute(time, palette());
        foot->addWidget(time);
    }
    if (!step.sessionId.isEmpty())
        foot->addWidget(sessionButton(step));
    if (!step.other.isNull())
        foot->addWidget(messageButton(step));
    foot->addStretch();
    column->addLayout(foot);
    row->addLayout(column, 1);
    return widget;
}

QToolButton *DeliveryPane::sessionButton(const JourneyStep &step)
{
    auto *link = new QToolButton;
    link->setText(tr("Show in transcript"));
    link->setIcon(icon(IconName::Transcript));
    link->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    link->setAutoRaise(true);
    link->setToolTip(tr("Show what both sides said in this session"));
    link->setAccessibleName(tr("Show the session of “%1” in the transcript").arg(step.title));
    connect(
        link, &QToolButton::clicked, this, [this, id = step.sessionId] { Q_EMIT sessionRequested(id, 0); });
    return link;
}

QToolButton *DeliveryPane::messageButton(const JourneyStep &step)
{
    auto *link = new QToolButton;
    link->setText(tr("Show message"));
    link->setAutoRaise(true);
    link->setToolTip(tr("Show the other message, where it is now"));
    link->setAccessibleName(tr("Show the message of “%1”").arg(step.title));
    connect(link, &QToolButton::clicked, this,
        [this, id = step.other, messageId = step.otherMessageId] { Q_EMIT messageRequested(id, messageId); });
    return link;
}

} // namespace glasspost::ui
