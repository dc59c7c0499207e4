#include "ui/message/html/pagelook.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace glasspost::ui {

namespace {

constexpr qreal smallestZoom = 0.25, largestZoom = 5, zoomStep = 1.1;
constexpr std::array knownWidths = {0, phoneWidth, tabletWidth, desktopWidth};

} // namespace

PageLook PageLook::zoomed(int steps) const
{
    PageLook look = *this;
    look.zoom = qBound(smallestZoom, zoom * std::pow(zoomStep, steps), largestZoom);
    return look;
}

QVariantMap written(const PageLook &look)
{
    return {{QStringLiteral("message/zoom"), look.zoom}, {QStringLiteral("message/width"), look.width},
        {QStringLiteral("message/dark"), look.rendering == Rendering::Dark}};
}

PageLook readPageLook(const QVariantMap &values)
{
    PageLook look;
    const qreal zoom = values.value(QStringLiteral("message/zoom"), look.zoom).toDouble();
    if (zoom >= smallestZoom && zoom <= largestZoom)
        look.zoom = zoom;
    const int width = values.value(QStringLiteral("message/width"), look.width).toInt();
    if (std::find(knownWidths.cbegin(), knownWidths.cend(), width) != knownWidths.cend())
        look.width = width;
    if (values.value(QStringLiteral("message/dark")).toBool())
        look.rendering = Rendering::Dark;
    return look;
}

} // namespace glasspost::ui
