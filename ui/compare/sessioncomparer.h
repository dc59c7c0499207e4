#pragma once

#include "mail/base/error.h"
#include "mail/journey/comparison.h"

#include <QObject>

class QWidget;

namespace glasspost::mail {
class Outbox;
class Sessions;
} // namespace glasspost::mail

namespace glasspost::ui {

/// Compares sessions of the list in a window of its own. GUI thread.
class SessionComparer : public QObject
{
    Q_OBJECT
public:
    /// All of them outlive it; the window is its parent's.
    SessionComparer(mail::Outbox &outbox, mail::Sessions &sessions, QWidget *parent);

    void compare(const QByteArray &leftSession, const QByteArray &rightSession);

Q_SIGNALS:
    void failed(const glasspost::mail::Error &error); ///< of one nothing is kept
    void linesRequested(const QByteArray &sessionId, qint64 at);

private:
    mail::Outbox &m_outbox;
    mail::Sessions &m_sessions;
    QWidget *m_parent;
};

} // namespace glasspost::ui
