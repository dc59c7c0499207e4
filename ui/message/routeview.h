#pragma once

#include "mail/message/messageview.h"

#include <QWidget>

class QTreeWidget;

namespace glasspost::ui {

class FlowLayout;

/// The route of a message as its own header gives it: what servers say of its authenticity, and the servers
/// that accepted it, first to last, with the time that each step took. Hidden where the header says nothing.
class RouteView : public QWidget
{
    Q_OBJECT
public:
    explicit RouteView(QWidget *parent = nullptr);

    void show(const mail::MessageView &message);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void keepVerdictsInSight();
    void showVerdicts(const QList<mail::AuthenticationVerdict> &verdicts);
    void showHops(const QList<mail::ReceivedHop> &route);

    QWidget *m_verdicts;
    FlowLayout *m_verdictRow;
    QTreeWidget *m_hops;
};

} // namespace glasspost::ui
