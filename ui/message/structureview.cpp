#include "ui/message/structureview.h"

#include "ui/message/headerview.h"
#include "ui/message/partsview.h"
#include "ui/message/routeview.h"

#include <QHeaderView>
#include <QSplitter>
#include <QTreeWidget>

namespace glasspost::ui {

namespace {

constexpr int rowsInSight = 4; // of each list, at least

} // namespace

StructureView::StructureView(QWidget *parent)
    : QScrollArea(parent), m_fields(new HeaderView), m_route(new RouteView), m_parts(new PartsView)
{
    auto *sections = new QSplitter(Qt::Vertical);
    sections->addWidget(m_fields);
    sections->addWidget(m_route);
    sections->addWidget(m_parts);
    sections->setStretchFactor(0, 3);
    sections->setStretchFactor(1, 1);
    sections->setStretchFactor(2, 1);
    sections->setChildrenCollapsible(false);
    for (QTreeWidget *rows : sections->findChildren<QTreeWidget *>())
        rows->setMinimumHeight(
            rows->header()->sizeHint().height() + rowsInSight * rows->fontMetrics().lineSpacing());
    setWidget(sections);
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::NoFocus);
}

void StructureView::openFind()
{
    m_fields->openFind();
}

void StructureView::show(const mail::MessageView &message)
{
    m_fields->show(message.header);
    m_route->show(message);
    m_parts->show(message.parts);
}

} // namespace glasspost::ui
