#pragma once

#include "smtp/server/serversettings.h"
#include "smtp/server/transactionhandler.h"
#include "smtp/session/credentials.h"

#include <QList>
#include <QObject>

#include <memory>
#include <tl/expected.hpp>

namespace glasspost::smtp {

/// Why a binding could not be bound.
struct ListenError
{
    enum class Kind { AddressInUse, NotPermitted, AddressNotAvailable, Other };
    Kind kind = Kind::Other;
    Binding binding;
    QString systemText;
};

/// Accepts connections on several bindings and runs one server session for each. Lives on one thread with an
/// event loop, together with the handlers and the transcript sink it was given; all of them outlive it.
class Listener : public QObject
{
    Q_OBJECT
public:
    /// credentials may be null: nobody can sign in.
    Listener(ServerSettings settings, TransactionHandlerFactory &handlers, TranscriptSink &transcripts,
        CredentialStore *credentials, QObject *parent = nullptr);
    ~Listener() override;

    /// Listens on one more binding, and returns it with the port that was bound: where it asked for port 0,
    /// the one that the system chose.
    tl::expected<Binding, ListenError> listen(const Binding &binding);
    [[nodiscard]] QList<Binding> bindings() const;
    [[nodiscard]] int connectionCount() const;

    /// Accepts no more; says 421 4.3.2 to every session as soon as no message is in flight on it (a message
    /// whose octets are still coming is cut off; one that waits for its 250 gets it); then emits finished().
    void shutdown();

Q_SIGNALS:
    void connectionCountChanged(int count);
    /// Accepting failed for want of descriptors or memory; why is the system's text. New connections wait in
    /// the system's queue while it is retried each second; emitted once until it succeeds.
    void acceptPaused(const QString &why);
    void finished();

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace glasspost::smtp
