#include "mail/system/mailsystem.h"

#include "mail/system/mailthread.h"
#include "mail/system/services.h"

namespace glasspost::mail {

struct MailSystem::Private
{
    explicit Private(const QString &folder)
        : dataFolder(folder), mail(std::make_unique<MailThread>(folder)),
          settings(makeCurrentSettings(*mail)), mailboxes(makeMailboxes(*mail, folder)),
          drafts(makeDrafts(*mail, *settings)), outbox(makeOutbox(*mail, *settings)), rules(makeRules(*mail)),
          sessions(makeSessions(*mail)), lookups(makeLookups(*mail)), listener(makeListenerSwitch(*mail)),
          certificates(makeServerCertificates(*mail))
    { }

    ~Private() { mail.reset(); } // before the services, which it uses until it ends

    QString dataFolder;
    std::unique_ptr<MailThread> mail;
    std::unique_ptr<CurrentSettings> settings;
    std::unique_ptr<Mailboxes> mailboxes;
    std::unique_ptr<Drafts> drafts;
    std::unique_ptr<Outbox> outbox;
    std::unique_ptr<Rules> rules;
    std::unique_ptr<Sessions> sessions;
    std::unique_ptr<Lookups> lookups;
    std::unique_ptr<ListenerSwitch> listener;
    std::unique_ptr<ServerCertificates> certificates;
};

MailSystem::MailSystem(const QString &dataFolder, QObject *parent)
    : QObject(parent), d(std::make_unique<Private>(dataFolder))
{
    connect(&d->mail->core(), &MailCore::troubled, this, &MailSystem::troubled);
}

// Answers and signals that are still on their way are dropped with this.
MailSystem::~MailSystem() = default;

QString MailSystem::dataFolder() const
{
    return d->dataFolder;
}

void MailSystem::start(const StartOptions &options)
{
    d->mail->open(options).then(this, [this](const Result<void> &opened) {
        if (opened)
            Q_EMIT started();
        else
            Q_EMIT startFailed(opened.error());
    });
}

Mailboxes &MailSystem::mailboxes() const
{
    return *d->mailboxes;
}

Drafts &MailSystem::drafts() const
{
    return *d->drafts;
}

Outbox &MailSystem::outbox() const
{
    return *d->outbox;
}

Rules &MailSystem::rules() const
{
    return *d->rules;
}

Sessions &MailSystem::sessions() const
{
    return *d->sessions;
}

Lookups &MailSystem::lookups() const
{
    return *d->lookups;
}

ListenerSwitch &MailSystem::listener() const
{
    return *d->listener;
}

ServerCertificates &MailSystem::certificates() const
{
    return *d->certificates;
}

CurrentSettings &MailSystem::settings() const
{
    return *d->settings;
}

} // namespace glasspost::mail
