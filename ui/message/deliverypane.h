#pragma once

#include "ui/message/journey.h"

#include <QScrollArea>

class QVBoxLayout;

namespace glasspost::ui {

/// The journey of a message as a line of stations, each with a button to its session in the transcript.
class DeliveryPane : public QScrollArea
{
    Q_OBJECT
public:
    explicit DeliveryPane(QWidget *parent = nullptr);

    /// An empty journey is explained in words: noJourney says why there is none.
    void show(const QList<JourneyStep> &steps, const QString &noJourney);

Q_SIGNALS:
    void sessionRequested(const QByteArray &sessionId);

private:
    QWidget *stepWidget(const JourneyStep &step, bool last);
};

} // namespace glasspost::ui
