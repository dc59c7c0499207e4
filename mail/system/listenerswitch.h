#pragma once

#include "mail/base/task.h"
#include "mail/system/certificate.h"
#include "mail/system/listenerstate.h"

#include <QObject>

namespace glasspost::mail {

/// Turns the listener on and off. Any thread may call; every method returns at once. changed() is emitted on
/// the thread that made the mail system, some 30 times a second at most.
class ListenerSwitch : public QObject
{
    Q_OBJECT
public:
    /// With these settings, for this run; one that listens already ends in order. changed() says how it went.
    virtual void start(const ListenerSettings &settings) = 0;
    virtual void stop() = 0;
    /// What a client is shown that asks for TLS; a self-signed one is made when there is none yet.
    virtual Task<CertificateFacts> certificate() = 0;

Q_SIGNALS:
    void changed(const glasspost::mail::ListenerState &state);
};

} // namespace glasspost::mail
