#include "ui/status/mainstatus.h"

#include "ui/status/listenerchip.h"
#include "ui/theme/theme.h"
#include "ui/widgets/elidedlabel.h"
#include "ui/widgets/plaintext.h"
#include "ui/words/format.h"
#include "ui/words/sessiontext.h"

#include <QDateTime>
#include <QEvent>
#include <QLocale>

namespace glasspost::ui {

namespace {

constexpr std::chrono::seconds queueTick(15); ///< the words name minutes

} // namespace

QString queueText(const QueueSummary &queue, const QDateTime &now)
{
    QStringList parts;
    if (queue.waiting > queue.deferred)
        parts.append(MainStatus::tr("%1 waiting").arg(countText(queue.waiting - queue.deferred)));
    if (queue.deferred > 0)
        parts.append(MainStatus::tr("%1 deferred").arg(countText(queue.deferred)));
    if (queue.waiting > 0 && queue.nextAttemptAt > 0)
        parts.append(MainStatus::tr("next %1").arg(untilText(queue.nextAttemptAt, now)));
    if (queue.failed > 0)
        parts.append(MainStatus::tr("%1 refused").arg(countText(queue.failed)));
    return parts.isEmpty() ? MainStatus::tr("Nothing waiting") : parts.join(QStringLiteral(", "));
}

MainStatus::MainStatus(QWidget *parent)
    : QStatusBar(parent), m_listener(new ListenerChip(ListenerChip::Form::Long)), m_http(new Chip),
      m_queue(new Chip), m_event(new ElidedLabel)
{
    setSizeGripEnabled(false);
    setContentsMargins(space::half, 2, space::one, 2);
    m_http->setClickable(true);
    m_http->setVisible(false);
    m_queue->setIconName(IconName::Outgoing);
    m_queue->setClickable(true);
    m_event->setAlignment(Qt::AlignVCenter | Qt::AlignTrailing);
    addWidget(m_listener);
    addWidget(m_http);
    addWidget(m_queue);
    addWidget(m_event, 1);
    m_minute.setInterval(queueTick);
    connect(&m_minute, &QTimer::timeout, this, &MainStatus::showQueue);
    m_minute.start();
    tint();
    showQueue();
}

void MainStatus::setListener(const mail::ListenerState &state)
{
    m_listener->setListener(state);
}

void MainStatus::setHttp(const mail::ListenerState &state)
{
    const bool isOn = state.kind != mail::ListenerState::Kind::Off;
    m_http->setVisible(isOn);
    if (!isOn)
        return;
    if (state.kind == mail::ListenerState::Kind::Failed)
        m_http->setState(tr("No HTTP on %1").arg(state.error.subject), Tone::Refused);
    else
        m_http->setState(tr("HTTP %1").arg(bindingText(state.bindings.value(0))), Tone::Accepted);
    m_http->setToolTip(plainToolTip(
        tr("%1\nCaptured mail, for programs on this machine. Click to change.").arg(m_http->text())));
}

void MainStatus::setQueue(const QueueSummary &queue)
{
    m_summary = queue;
    showQueue();
}

void MainStatus::showQueue()
{
    const Tone tone = m_summary.failed > 0 ? Tone::Refused
        : m_summary.deferred > 0           ? Tone::Deferred
        : m_summary.waiting > 0            ? Tone::Transit
                                           : Tone::Neutral;
    const QString words = queueText(m_summary, QDateTime::currentDateTime());
    if (m_reachability == mail::Reachability::Offline) {
        m_queue->setState(
            tr("Offline, %1").arg(words), m_summary.failed > 0 ? Tone::Refused : Tone::Deferred);
        m_queue->setToolTip(tr("No network. Messages for other machines will be sent when it is back. Click "
                               "to show the outgoing queue."));
        return;
    }
    m_queue->setState(words, tone);
    m_queue->setToolTip(plainToolTip(m_reachability == mail::Reachability::Unknown
            ? tr("Show the outgoing queue. Network status is unknown on this system, so delivery is "
                 "attempted anyway.")
            : tr("Show the outgoing queue")));
}

void MainStatus::setReachability(mail::Reachability reachability)
{
    m_reachability = reachability;
    showQueue();
}

void MainStatus::tell(const QString &event)
{
    takeEvent(event, Tone::Neutral);
}

void MainStatus::tellRefusal(const QString &event)
{
    takeEvent(event, Tone::Refused);
}

void MainStatus::tellDeferral(const QString &event)
{
    takeEvent(event, Tone::Deferred);
}

void MainStatus::takeSessions(const mail::TranscriptBatch &batch)
{
    for (const smtp::SessionFacts &session : batch.sessions) {
        if (const QString hint = handshakeHint(session); !hint.isEmpty())
            tellRefusal(hint);
    }
}

void MainStatus::takeEvent(const QString &event, Tone tone)
{
    m_eventTone = tone;
    tint();
    m_event->setWords(QStringLiteral("%1  %2").arg(
        QLocale().toString(QTime::currentTime(), QLocale::ShortFormat), shortened(event, 500)));
}

QString MainStatus::lastEvent() const
{
    return m_event->text();
}

void MainStatus::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange)
        tint();
    QStatusBar::changeEvent(event);
}

void MainStatus::tint()
{
    QPalette tinted = palette();
    tinted.setColor(QPalette::WindowText, toneColor(palette(), m_eventTone));
    if (m_event->palette().color(QPalette::WindowText) != tinted.color(QPalette::WindowText))
        m_event->setPalette(tinted);
}

} // namespace glasspost::ui
