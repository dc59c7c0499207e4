#pragma once

#include "mail/accept/receipts.h"
#include "mail/accept/submission.h"
#include "mail/journal/datafolder.h"
#include "mail/journey/journeystore.h"
#include "mail/queue/certificateapprover.h"
#include "mail/queue/deliveryagent.h"
#include "mail/queue/queuerunner.h"
#include "mail/queue/routepasswords.h"
#include "mail/store/store.h"
#include "mail/system/batches.h"
#include "mail/system/inboxretention.h"
#include "mail/system/listening.h"
#include "mail/system/returnedreports.h"
#include "mail/system/ruleruns.h"
#include "mail/system/startoptions.h"
#include "mail/transcripts/transcriptstore.h"
#include "smtp/dns/stscache.h"

#include <QHash>
#include <QObject>

#include <memory>

namespace glasspost::mail {

class Reception;

/// The parts of the mail system, wired together on the mail thread. Other threads reach them by MailThread.
class MailCore : public QObject
{
    Q_OBJECT
public:
    explicit MailCore(QString dataFolder);
    ~MailCore() override;

    /// Blocks on the disk, on the mail thread.
    Result<void> open(const StartOptions &options);
    /// 421 to the listener's sessions, deliveries broken off, but for replies that are awaited after the dot;
    /// then closed(), within three seconds.
    void close();

    [[nodiscard]] const Settings &settings() const { return m_settings; }
    Task<void> setSettings(const Settings &settings); ///< in force at once; answers when they are saved
    /// The same for what folders keep. What options have adjusted for this run is not saved with it.
    Task<void> changeFolders(const KeepingChange &change);
    Task<void> removeFolder(const FolderId &folder); ///< with what was set for it
    [[nodiscard]] RuleSet ruleSet() const { return {m_arrivalRules->rules(), m_rulesFault}; }
    /// In force at once; answers when they are saved. A file that could not be read is set aside.
    Task<void> setRules(const QList<Rule> &rules);
    void startListening(const ListenerSettings &settings);
    [[nodiscard]] const QString &dataFolder() const { return m_dataFolder; }

    /// The parts; there once it is open.
    [[nodiscard]] Worker &worker() { return *m_worker; }
    [[nodiscard]] Store &store() { return *m_store; }
    [[nodiscard]] TranscriptStore &transcripts() { return *m_transcripts; }
    [[nodiscard]] JourneyStore &journeys() { return *m_journeys; }
    [[nodiscard]] Queue &queue() { return *m_queue; }
    [[nodiscard]] QueueRunner &runner() { return *m_runner; }
    [[nodiscard]] RoutePasswords &passwords() { return *m_passwords; }
    [[nodiscard]] RuleLog &ruleLog() { return *m_ruleLog; }
    [[nodiscard]] RuleErrands &ruleErrands() { return *m_ruleErrands; }
    [[nodiscard]] RuleRuns &ruleRuns() { return *m_ruleRuns; }
    [[nodiscard]] Acceptor &acceptor() { return *m_acceptor; }
    [[nodiscard]] Submission &submission() { return *m_submission; }
    [[nodiscard]] CertificateApprover &certificates() { return *m_certificates; }
    [[nodiscard]] Receipts &receipts() { return *m_receipts; }
    [[nodiscard]] CaptureInboxes &captureInboxes();
    [[nodiscard]] Listening &listening() { return *m_listening; }
    [[nodiscard]] Batches &batches() { return m_batches; } ///< of what reception, queue and listener report

Q_SIGNALS:
    void closed();
    void settingsChanged(const glasspost::mail::Settings &settings);
    void rulesChanged(const glasspost::mail::RuleSet &now);
    void troubled(const glasspost::mail::Error &error);

private:
    Result<void> openSettings(const StartOptions &options);
    Result<void> openParts();
    void wire();
    void wireRules();
    void connectParts();
    void configure();
    void createUsers();
    void createUser(const QString &name);
    void mark(const FileTransaction &steps);
    void wireCertificates();
    void reportReplay();
    [[nodiscard]] AcceptanceRules acceptanceRules() const;
    [[nodiscard]] AttemptTexts attemptTexts();
    [[nodiscard]] LookupFactory lookups() const;
    void closeWhenIdle();
    void finishClosing();
    [[nodiscard]] DeliverySettings deliverySettings() const;

    Batches m_batches{this};
    QString m_dataFolder;
    Settings m_settings;
    RecipientPolicy m_policy = RecipientPolicy::CatchAll; // of the listener as it was started last
    enum class Phase { Open, Closing, Closed } m_phase = Phase::Open;
    std::unique_ptr<DataFolder> m_folder;
    std::unique_ptr<Worker> m_worker;
    std::unique_ptr<Journal> m_journal;
    std::unique_ptr<Store> m_store;
    std::unique_ptr<TranscriptStore> m_transcripts;
    std::unique_ptr<JourneyStore> m_journeys;
    std::unique_ptr<Queue> m_queue;
    std::optional<Error> m_rulesFault;
    std::unique_ptr<RuleLog> m_ruleLog;
    std::unique_ptr<ArrivalRules> m_arrivalRules;
    std::unique_ptr<RuleErrands> m_ruleErrands;
    std::unique_ptr<Acceptor> m_acceptor;
    std::unique_ptr<RoutePasswords> m_passwords;
    std::shared_ptr<smtp::StsCache> m_policies;
    std::unique_ptr<DeliveryAgent> m_agent;
    std::unique_ptr<CertificateApprover> m_certificates;
    std::unique_ptr<Reporter> m_reporter;
    std::unique_ptr<QueueRunner> m_runner;
    std::unique_ptr<Submission> m_submission;
    std::unique_ptr<Receipts> m_receipts;
    std::unique_ptr<Reception> m_reception;
    std::unique_ptr<InboxRetention> m_retention;
    std::unique_ptr<ReturnedReports> m_returned;
    std::unique_ptr<Listening> m_listening;
    std::unique_ptr<RuleRuns> m_ruleRuns;
};

} // namespace glasspost::mail
