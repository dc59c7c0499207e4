#include "mail/system/mailcore.h"

#include "mail/accept/reception.h"
#include "mail/base/openfilelimit.h"
#include "mail/queue/attempttranscript.h"
#include "mail/routing/routelookup.h"
#include "mail/routing/stsfiles.h"
#include "mail/rules/rulesfile.h"
#include "mail/rules/sieve.h"
#include "mail/settings/settingsfile.h"
#include "smtp/syntax/domain.h"

#include <QTimer>

namespace glasspost::mail {

namespace {

constexpr int closingTime = 3000; // for the sessions' last words; promises are kept without them

// RFC 5321 4.1.1.1: what EHLO says is a domain, in ASCII.
QByteArray heloName(const QString &hostName)
{
    return smtp::toAscii(hostName.toUtf8()).value_or(hostName.toLatin1());
}

} // namespace

MailCore::MailCore(QString dataFolder) : m_dataFolder(std::move(dataFolder)) { }

MailCore::~MailCore() = default;

Result<void> MailCore::open(const StartOptions &options)
{
    raiseOpenFileLimit();
    Result<std::unique_ptr<DataFolder>> folder = DataFolder::open(m_dataFolder);
    if (!folder)
        return tl::unexpected(folder.error());
    m_folder = std::move(*folder);
    m_dataFolder = m_folder->path();
    if (const Result<void> result = openSettings(options); !result)
        return result;
    if (const Result<void> result = openParts(); !result)
        return result;
    wire();
    configure();
    m_queue->setPaused(options.outgoing == StartOptions::Outgoing::Rest);
    m_runner->start();
    return {};
}

Result<void> MailCore::openSettings(const StartOptions &options)
{
    Result<Settings> settings = loadSettings(m_dataFolder);
    if (!settings && settings.error().code == ErrorCode::NotFound) {
        settings = Settings::forFirstStart();
        if (const Result<void> saved = saveSettings(m_dataFolder, *settings); !saved)
            return saved;
    }
    if (!settings)
        return tl::unexpected(settings.error());
    m_settings = options.adjust ? options.adjust(*settings) : *settings;
    m_policy = m_settings.listener.policy;
    return {};
}

Result<void> MailCore::openParts()
{
    auto journal = Journal::open(m_dataFolder);
    if (!journal)
        return tl::unexpected(journal.error());
    m_journal = std::move(*journal);
    auto store = Store::open(m_dataFolder, *m_journal);
    if (!store)
        return tl::unexpected(store.error());
    m_store = std::move(*store);
    auto transcripts = TranscriptStore::open(m_dataFolder, m_settings.sessionsKeptDays);
    if (!transcripts)
        return tl::unexpected(transcripts.error());
    m_transcripts = std::move(*transcripts);
    auto journeys = JourneyStore::open(m_dataFolder, m_settings.journeysKeptDays);
    if (!journeys)
        return tl::unexpected(journeys.error());
    m_journeys = std::move(*journeys);
    auto queue = Queue::open(m_dataFolder, *m_journal);
    if (!queue)
        return tl::unexpected(queue.error());
    m_queue = std::move(*queue);
    m_journeys->catchUp(m_queue->entries());
    return {};
}

void MailCore::wire()
{
    m_worker = std::make_unique<Worker>();
    m_acceptor = std::make_unique<Acceptor>(*m_store, *m_queue, acceptanceRules());
    wireRules();
    m_policies = std::make_shared<StsFiles>(m_dataFolder, *m_worker);
    m_passwords = std::make_unique<RoutePasswords>(*m_queue);
    m_agent = std::make_unique<DeliveryAgent>(deliverySettings(), lookups(), *m_transcripts);
    m_certificates = std::make_unique<CertificateApprover>(*m_agent, *m_queue);
    m_reporter = std::make_unique<Reporter>(*m_queue, *m_acceptor, attemptTexts());
    m_runner = std::make_unique<QueueRunner>(*m_queue, *m_agent, *m_acceptor, *m_reporter);
    m_submission = std::make_unique<Submission>(m_dataFolder, *m_store, *m_acceptor, *m_worker);
    m_receipts = std::make_unique<Receipts>(m_dataFolder, *m_store, *m_acceptor, *m_journal);
    m_reception = std::make_unique<Reception>(*m_acceptor, *m_folder, m_store->spoolFolder());
    m_retention = std::make_unique<InboxRetention>(*m_store, m_reception->inboxes());
    m_returned = std::make_unique<ReturnedReports>(m_dataFolder, *m_queue, *m_journeys, *m_worker);
    m_listening = std::make_unique<Listening>(m_dataFolder, *m_transcripts, *m_worker);
    connectParts();
    wireCertificates();
    QTimer::singleShot(0, this, &MailCore::reportReplay);
}

/// Rules that cannot be read do nothing: all mail stays in the Inbox, and that is said.
void MailCore::wireRules()
{
    m_ruleLog = std::make_unique<RuleLog>(m_dataFolder, m_settings.journeysKeptDays);
    m_arrivalRules = std::make_unique<ArrivalRules>(*m_store);
    m_ruleErrands
        = std::make_unique<RuleErrands>(RuleErrands::Parts{m_dataFolder, *m_store, *m_journal, *m_ruleLog});
    m_ruleRuns = std::make_unique<RuleRuns>(
        RuleRuns::Parts{*m_store, *m_transcripts, *m_acceptor, *m_arrivalRules, *m_ruleErrands});
    const Result<QList<Rule>> rules = loadRules(m_dataFolder);
    if (rules)
        m_arrivalRules->setRules(*rules);
    else
        m_rulesFault = rules.error();
    m_acceptor->pass({*m_arrivalRules, *m_ruleErrands});
    connect(m_ruleLog.get(), &RuleLog::troubled, this, &MailCore::troubled);
    connect(m_ruleErrands.get(), &RuleErrands::troubled, this, &MailCore::troubled);
    m_ruleErrands->resume();
}

Task<void> MailCore::setRules(const QList<Rule> &rules)
{
    const Result<QList<Rule>> readable = readSieve(writeSieve(rules));
    if (!readable)
        return tl::unexpected(readable.error());
    m_rulesFault.reset();
    m_arrivalRules->setRules(*readable);
    Q_EMIT rulesChanged(ruleSet());
    return m_worker->run([folder = m_dataFolder, rules = *readable] { return saveRules(folder, rules); });
}

void MailCore::connectParts()
{
    connect(m_reception.get(), &Reception::received, &m_batches, &Batches::received);
    connect(m_reception.get(), &Reception::received, m_returned.get(), &ReturnedReports::look);
    connect(m_reception.get(), &Reception::received, m_retention.get(), &InboxRetention::noteArrival);
    connect(m_retention.get(), &InboxRetention::troubled, this, &MailCore::troubled);
    connect(m_listening.get(), &Listening::changed, &m_batches, &Batches::listenerChanged);
    connect(m_queue.get(), &Queue::changed, &m_batches, &Batches::entriesChanged);
    connect(m_queue.get(), &Queue::removed, &m_batches, &Batches::entriesRemoved);
    connect(m_queue.get(), &Queue::happened, m_journeys.get(), &JourneyStore::note);
    connect(m_queue.get(), &Queue::takenOut, m_journeys.get(), &JourneyStore::noteRemoval);
    connect(m_transcripts.get(), &TranscriptStore::batched, m_journeys.get(), &JourneyStore::noteSessions);
    connect(m_transcripts.get(), &TranscriptStore::sessionTraced, m_journeys.get(), &JourneyStore::noteTrace);
    connect(m_returned.get(), &ReturnedReports::amended, &m_batches, [this](const QueueEntry &entry) {
        m_batches.entriesChanged({entry});
        m_batches.entriesRemoved({entry.id});
    });
    connect(m_queue.get(), &Queue::withdrawn, this,
        [this](const MessageId &copy) { m_store->move({copy}, QStringLiteral("Trash")); });
    connect(m_journal.get(), &Journal::troubled, this, &MailCore::troubled);
    connect(m_store.get(), &Store::troubled, this, &MailCore::troubled);
    connect(m_transcripts.get(), &TranscriptStore::troubled, this, &MailCore::troubled);
    connect(m_journeys.get(), &JourneyStore::troubled, this, &MailCore::troubled);
    connect(m_queue.get(), &Queue::troubled, this, &MailCore::troubled);
    connect(m_runner.get(), &QueueRunner::troubled, this, &MailCore::troubled);
    connect(m_reporter.get(), &Reporter::troubled, this, &MailCore::troubled);
    connect(m_submission.get(), &Submission::troubled, this, &MailCore::troubled);
    connect(m_listening.get(), &Listening::troubled, this, &MailCore::troubled);
    connect(m_listening.get(), &Listening::becameIdle, this, &MailCore::closeWhenIdle);
    connect(m_agent.get(), &DeliveryAgent::becameIdle, this, &MailCore::closeWhenIdle);
    connect(m_queue.get(), &Queue::settled, this, &MailCore::closeWhenIdle);
    connect(m_runner.get(), &QueueRunner::passwordNeeded, m_passwords.get(), &RoutePasswords::askFor);
    connect(m_runner.get(), &QueueRunner::signInRefused, m_passwords.get(), &RoutePasswords::refused);
    connect(m_passwords.get(), &RoutePasswords::changed, this, &MailCore::configure);
}

/// What the start found in the journal, once somebody listens.
void MailCore::reportReplay()
{
    const JournalReplay replay = m_journal->replay();
    for (const QString &path : replay.refused)
        Q_EMIT troubled({ErrorCode::Damaged, path, QStringLiteral("it leads out of the data folder")});
    if (m_rulesFault)
        Q_EMIT troubled(*m_rulesFault);
    if (replay.damagedSegments > 0)
        Q_EMIT troubled({ErrorCode::Damaged, m_dataFolder + QStringLiteral("/journal"),
            QStringLiteral("%1 set aside as *.damaged").arg(replay.damagedSegments)});
}

AcceptanceRules MailCore::acceptanceRules() const
{
    const ListenerSettings &listener = m_settings.listener;
    return {Router(m_settings), m_policy, heloName(m_settings.hostName), listener.handOn,
        listener.captureRule, RecipientPatterns(listener.rejectedRecipients),
        RecipientPatterns(listener.discardedRecipients)};
}

DeliverySettings MailCore::deliverySettings() const
{
    DeliverySettings delivery;
    delivery.route = m_settings.route;
    delivery.heloName = heloName(m_settings.hostName);
    delivery.passwords = m_passwords->known();
    delivery.acceptedCertificates = m_settings.acceptedCertificates;
    if (m_certificates)
        delivery.acceptedCertificates += m_certificates->acceptedOnce();
    delivery.limits = m_settings.limits;
    delivery.timeouts = m_settings.timeouts;
    delivery.nextMessage = DeliverySettings::NextMessage::WhenNoted;
    return delivery;
}

// Everything that the settings decide, at the start and whenever they change.
void MailCore::configure()
{
    m_acceptor->setRules(acceptanceRules());
    m_arrivalRules->setTerms({heloName(m_settings.hostName), m_settings.hopLimit});
    m_submission->configure(m_settings);
    m_receipts->configure(m_settings);
    m_agent->configure(deliverySettings(), lookups());
    RunnerSettings runner;
    runner.retry = m_settings.retry;
    runner.route = m_settings.route;
    m_runner->configure(runner);
    m_reporter->configure(heloName(m_settings.hostName), m_settings.retry);
    mark(m_reception->inboxes().configure(m_settings));
    m_retention->configure(m_settings);
    createUsers();
}

CaptureInboxes &MailCore::captureInboxes()
{
    return m_reception->inboxes();
}

void MailCore::createUsers()
{
    for (const LocalUser &user : std::as_const(m_settings.users))
        createUser(user.name);
}

/// Of captured inboxes.
void MailCore::mark(const FileTransaction &steps)
{
    if (steps.isEmpty())
        return;
    m_journal->commit(steps).durable.then(this, [this](const Result<void> &marked) {
        if (!marked)
            Q_EMIT troubled(marked.error());
    });
}

void MailCore::createUser(const QString &name)
{
    m_store->createUser(name).then(this, [this](const Result<void> &result) {
        if (!result)
            Q_EMIT troubled(result.error());
    });
}

Task<void> MailCore::setSettings(const Settings &settings)
{
    const bool startsAgain = areListenersDifferent(m_settings, settings);
    m_settings = settings;
    m_passwords->mayAskAgain();
    configure();
    if (startsAgain && m_listening->state().kind != ListenerState::Kind::Off)
        startListening(settings.listener);
    Q_EMIT settingsChanged(m_settings);
    return m_worker->run([folder = m_dataFolder, settings] { return saveSettings(folder, settings); });
}

Task<void> MailCore::changeFolders(const KeepingChange &change)
{
    change(m_settings.folders);
    m_retention->configureFolders(m_settings.folders);
    Q_EMIT settingsChanged(m_settings);
    return m_worker->run([folder = m_dataFolder, change]() -> Result<void> {
        Result<Settings> saved = loadSettings(folder);
        if (!saved)
            return tl::unexpected(saved.error());
        change(saved->folders);
        return saveSettings(folder, *saved);
    });
}

Task<void> MailCore::removeFolder(const FolderId &folder)
{
    return m_store->removeFolder(folder).andThen(this, [this, folder]() -> Task<void> {
        const FolderKeeping none{folder.user, folder.folder, {}, {}};
        if (keepingOf(m_settings.folders, folder.user, folder.folder).isEmpty())
            return Result<void>();
        return changeFolders([none](QList<FolderKeeping> &all) { setKeeping(all, none); });
    });
}

void MailCore::startListening(const ListenerSettings &settings)
{
    if (m_phase != Phase::Open)
        return;
    if (settings.policy == RecipientPolicy::CatchAll) {
        mark(m_reception->inboxes().claim(settings.bindings));
        for (const ListenerBinding &binding : settings.bindings)
            createUser(binding.captureMailbox);
    }
    m_policy = settings.policy;
    m_acceptor->setRules(acceptanceRules());
    m_listening->start(settings, m_settings.hostName, m_settings.hopLimit, *m_reception);
}

// Connections ask for the same names again and again: one look-up for the settings' way of asking.
LookupFactory MailCore::lookups() const
{
    const QByteArray name = heloName(m_settings.hostName);
    const auto usual = lookupFor(m_settings.route, name, m_policies);
    return [usual, name, settings = m_settings.route, policies = m_policies](const OutgoingRoute &route) {
        return route == settings ? usual : lookupFor(route, name, policies);
    };
}

AttemptTexts MailCore::attemptTexts()
{
    return [this](const smtp::RecipientReport &report) {
        return m_transcripts->transcript(report.sessionId)
            .andThen(this, [at = report.at](const Transcript &transcript) {
                return attemptText(transcript.first, transcript.second, at);
            });
    };
}

void MailCore::wireCertificates()
{
    connect(m_certificates.get(), &CertificateApprover::acceptedOnceChanged, this, [this] {
        if (m_phase == Phase::Open)
            configure();
    });
    connect(m_certificates.get(), &CertificateApprover::acceptedForGood, this,
        [this](const AcceptedCertificate &which) {
            setSettings(withAccepted(m_settings, which)).then(this, [this](const Result<void> &saved) {
                if (!saved)
                    Q_EMIT troubled(saved.error());
            });
        });
}

void MailCore::close()
{
    m_phase = Phase::Closing;
    if (!m_listening) {
        finishClosing();
        return;
    }
    m_runner->stop();
    QTimer::singleShot(closingTime, this, [this] {
        m_agent->abort(QByteArrayLiteral("shutting down")); // its fate unknown, and noted so (C28)
        finishClosing();
    });
    m_listening->stop();
}

void MailCore::closeWhenIdle()
{
    if (m_listening->isIdle() && m_agent->isIdle() && m_queue->isSettled())
        finishClosing();
}

void MailCore::finishClosing()
{
    if (m_phase != Phase::Closing)
        return;
    m_phase = Phase::Closed;
    QTimer::singleShot(0, this, &MailCore::closed);
}

} // namespace glasspost::mail
