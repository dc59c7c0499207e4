#include "ui/message/structureview.h"

#include "ui/message/headerview.h"
#include "ui/message/partsview.h"
#include "ui/message/routeview.h"

namespace glasspost::ui {

StructureView::StructureView(QWidget *parent)
    : QSplitter(Qt::Vertical, parent), m_fields(new HeaderView), m_route(new RouteView),
      m_parts(new PartsView)
{
    addWidget(m_fields);
    addWidget(m_route);
    addWidget(m_parts);
    setStretchFactor(0, 3);
    setStretchFactor(1, 1);
    setStretchFactor(2, 1);
    setChildrenCollapsible(false);
}

void StructureView::show(const mail::MessageView &message)
{
    m_fields->show(message.header);
    m_route->show(message);
    m_parts->show(message.parts);
}

} // namespace glasspost::ui
