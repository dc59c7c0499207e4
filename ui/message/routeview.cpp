#include "ui/message/routeview.h"

#include "ui/compose/flowlayout.h"
#include "ui/theme/icons.h"
#include "ui/widgets/chip.h"
#include "ui/widgets/plaintext.h"
#include "ui/words/addresstext.h"
#include "ui/words/tracetext.h"

#include <QDateTime>
#include <QHeaderView>
#include <QLocale>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace glasspost::ui {

namespace {

constexpr qsizetype verdictsShown = 12;
constexpr qsizetype cellShown = 100;

} // namespace

RouteView::RouteView(QWidget *parent)
    : QWidget(parent), m_verdicts(new QWidget), m_verdictRow(new FlowLayout(m_verdicts)),
      m_hops(new QTreeWidget)
{
    m_verdictRow->setContentsMargins(space::one, space::half, space::one, space::half);
    m_verdicts->setAccessibleName(tr("What servers say of the message"));
    m_hops->setHeaderLabels({tr("Server"), tr("Received from"), tr("Protocol"), tr("Time"), tr("Delay")});
    m_hops->setAccessibleName(tr("Route of the message"));
    m_hops->setRootIsDecorated(false);
    m_hops->setUniformRowHeights(true);
    m_hops->setFrameShape(QFrame::NoFrame);
    m_hops->header()->setHighlightSections(false);
    m_hops->header()->setStretchLastSection(false);
    for (const int server : {0, 1})
        m_hops->header()->setSectionResizeMode(server, QHeaderView::Stretch);
    m_hops->header()->resizeSection(2, 100);
    m_hops->header()->resizeSection(3, 130);
    m_hops->header()->resizeSection(4, 100);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_verdicts);
    column->addWidget(m_hops, 1);
}

void RouteView::show(const mail::MessageView &message)
{
    showVerdicts(message.verdicts);
    showHops(message.route);
    setVisible(!message.route.isEmpty() || !message.verdicts.isEmpty());
}

void RouteView::showVerdicts(const QList<mail::AuthenticationVerdict> &verdicts)
{
    while (QLayoutItem *item = m_verdictRow->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (const mail::AuthenticationVerdict &verdict : verdicts.mid(0, verdictsShown)) {
        auto *chip = new Chip;
        chip->setState(shortened(verdictText(verdict), cellShown), verdictTone(verdict));
        chip->setToolTip(plainToolTip(verdictMeaning(verdict)));
        m_verdictRow->addWidget(chip);
    }
    m_verdictRow->addWidget(new QWidget); // the last one of a flow is stretched
    m_verdicts->setVisible(!verdicts.isEmpty());
    keepVerdictsInSight();
}

void RouteView::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    keepVerdictsInSight();
}

/// A splitter asks nobody for a height for a width.
void RouteView::keepVerdictsInSight()
{
    m_verdicts->setMinimumHeight(m_verdictRow->heightForWidth(width()));
}

void RouteView::showHops(const QList<mail::ReceivedHop> &route)
{
    m_hops->clear();
    QList<QTreeWidgetItem *> items;
    for (const mail::ReceivedHop &hop : route) {
        const QString time = hop.at == 0
            ? tr("no valid date")
            : QLocale().toString(QDateTime::fromSecsSinceEpoch(hop.at), QLocale::ShortFormat);
        auto *item = new QTreeWidgetItem({shortened(safeLine(hop.by), cellShown),
            shortened(safeLine(hop.from.isEmpty() ? hop.peer : hop.from), cellShown),
            shortened(safeLine(hop.with), cellShown), time, delayText(hop)});
        if (hop.isEncrypted)
            item->setIcon(2, icon(IconName::Lock));
        item->setForeground(4, toneColor(palette(), delayTone(hop)));
        for (const int section : {0, 1, 4})
            item->setToolTip(section, plainToolTip(hopText(hop)));
        items.append(item);
    }
    m_hops->addTopLevelItems(items);
    m_hops->setVisible(!route.isEmpty());
}

} // namespace glasspost::ui
