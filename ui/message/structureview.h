#pragma once

#include "mail/message/messageview.h"

#include <QScrollArea>

namespace glasspost::ui {

class HeaderView;
class PartsView;
class RouteView;

/// How a message is made: every header field in order, the route that they show, and the tree of MIME
/// parts. Where there is no room for some rows of each, all of it scrolls.
class StructureView : public QScrollArea
{
    Q_OBJECT
public:
    explicit StructureView(QWidget *parent = nullptr);

    void show(const mail::MessageView &message);
    [[nodiscard]] PartsView *parts() const { return m_parts; }
    void openFind(); ///< among the header fields

private:
    HeaderView *m_fields;
    RouteView *m_route;
    PartsView *m_parts;
};

} // namespace glasspost::ui
