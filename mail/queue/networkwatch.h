#pragma once

#include "mail/queue/reachability.h"

#include <QObject>

namespace glasspost::mail {

/// What the system tells of the network (NetworkManager and its like, through Qt). Where nothing tells, it
/// stays Unknown. Made on the application's main thread, after the application.
class NetworkWatch : public QObject
{
    Q_OBJECT
public:
    explicit NetworkWatch(QObject *parent = nullptr);

    [[nodiscard]] Reachability reachability() const;

Q_SIGNALS:
    void changed(glasspost::mail::Reachability now);
};

} // namespace glasspost::mail
