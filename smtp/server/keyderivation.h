#pragma once

#include "smtp/session/scramkeys.h"

#include <QHash>
#include <QHostAddress>
#include <QObject>
#include <QPointer>
#include <QQueue>
#include <QThreadPool>

#include <functional>
#include <optional>

namespace glasspost::smtp {

/// Derives the keys of passwords on threads of its own, so that no sign-in holds up mail. Few at once, the
/// networks that ask taking turns, each with a bounded number of requests waiting. Used on one thread with an
/// event loop; its end waits for the few that are being derived.
class KeyDerivation final : public QObject
{
public:
    using Done = std::function<void(const std::optional<ScramKeys> &keys)>;

    explicit KeyDerivation(QObject *parent = nullptr);

    /// done is called later, unless context is gone by then; with nothing when too many wait already.
    void derive(const QHostAddress &peer, const KeyRequest &request, QObject *context, const Done &done);

private:
    struct Job
    {
        KeyRequest request;
        QPointer<QObject> context;
        Done done;
    };

    void startNext();
    void finish(const Job &job, const std::optional<ScramKeys> &keys);

    QHash<QHostAddress, QQueue<Job>> m_waiting; ///< by network
    QQueue<QHostAddress> m_turns; ///< networks that have jobs waiting
    int m_running = 0;
    QThreadPool m_pool; // last: its end waits for what uses the rest
};

} // namespace glasspost::smtp
