#pragma once

#include "mail/system/currentsettings.h"
#include "mail/system/drafts.h"
#include "mail/system/listenerswitch.h"
#include "mail/system/lookups.h"
#include "mail/system/mailboxes.h"
#include "mail/system/outbox.h"
#include "mail/system/rules.h"
#include "mail/system/servercertificates.h"
#include "mail/system/sessions.h"
#include "mail/system/startoptions.h"

#include <QObject>

#include <memory>

namespace glasspost::mail {

/// The local mail system: builds store, queue, routing, listener and sessions on threads of its own, and
/// hands out its services, which whoever uses one takes by itself. They live as long as this does. What a
/// service is asked before the start is answered once the system has started, and never if the start fails.
/// Signals are emitted on this object's thread (the one that made it).
class MailSystem : public QObject
{
    Q_OBJECT
public:
    /// Nothing is touched before start().
    explicit MailSystem(const QString &dataFolder, QObject *parent = nullptr);
    /// Ends in order: listener 421, journal checkpoint, threads joined.
    ~MailSystem() override;

    [[nodiscard]] QString dataFolder() const;

    /// Locks the folder, replays the journal, opens the store and the queue. `started` comes, or
    /// `startFailed`. The listener is not touched. Settings of a first start are made and saved when the
    /// folder has none.
    void start(const StartOptions &options = StartOptions());

    [[nodiscard]] Mailboxes &mailboxes() const;
    [[nodiscard]] Drafts &drafts() const;
    [[nodiscard]] Outbox &outbox() const;
    [[nodiscard]] Rules &rules() const;
    [[nodiscard]] Sessions &sessions() const;
    [[nodiscard]] Lookups &lookups() const;
    [[nodiscard]] ListenerSwitch &listener() const;
    [[nodiscard]] ServerCertificates &certificates() const;
    [[nodiscard]] CurrentSettings &settings() const;

Q_SIGNALS:
    void started();
    void startFailed(const glasspost::mail::Error &error);
    /// Something went wrong that no task carries: the disk filled, the index had to be rebuilt ...
    void troubled(const glasspost::mail::Error &error);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace glasspost::mail
