#pragma once

#include "mail/queue/deliveryagent.h"
#include "mail/queue/sitehosts.h"

#include <QHash>
#include <QObject>
#include <QPointer>
#include <QTimer>

#include <functional>
#include <optional>

namespace glasspost::smtp {
class ClientSession;
}

namespace glasspost::mail {

/// The recipients of one message that go to one site.
struct CarrierJob
{
    quint64 delivery = 0;
    Site site;
    smtp::Envelope envelope; ///< with these recipients alone
    SourceFactory source; ///< opened when the job's turn comes: a thousand that wait hold no file
    std::shared_ptr<smtp::MessageSource> message; ///< from it, in carry()
};

/// TLS sessions to be resumed, by host and port. Of one route: what is a good certificate by its authorities
/// or its pin may be none by another's.
using TlsSessions = QHash<std::pair<QByteArray, quint16>, QByteArray>;

/// Carries one message after another to one site over one connection at a time: finds its hosts, tries
/// them in order, keeps the connection for the next message. Error policy of a site stands in
/// smtp/client/policy.h.
class Carrier : public QObject
{
    Q_OBJECT
public:
    /// memory and transcripts outlive it.
    Carrier(Site site, DeliverySettings settings, std::shared_ptr<smtp::ExchangerLookup> lookup,
        std::shared_ptr<TlsSessions> tlsSessions, SiteMemory &memory, smtp::TranscriptSink &transcripts,
        QObject *parent);

    [[nodiscard]] const Site &site() const { return m_site; }
    [[nodiscard]] bool isIdle() const { return !m_job && m_awaitedNote == 0; }
    /// What else goes to the same site at this moment; asked when the server turns a connection away.
    enum class Company {
        None,
        Trying, ///< others that have not been served yet
        Served
    };
    void setCompany(std::function<Company()> company) { m_company = std::move(company); }
    /// Its server took it on: it let a message come.
    [[nodiscard]] bool isServed() const { return m_served; }
    void carry(const CarrierJob &job); ///< when idle
    /// From inside partFinished(): nothing goes on over this connection before noted() with that number.
    void awaitNote(quint64 part) { m_awaitedNote = part; }
    void noted(quint64 part);
    void retire(); ///< take no other message after this one
    void end(); ///< when idle: QUIT; ended() comes at once
    void abort(const QByteArray &reason);
    /// As abort(), but a message that is past the dot waits for its reply: broken off, it might come twice.
    void close(const QByteArray &reason);

Q_SIGNALS:
    void sessionOpened(quint64 delivery, const QByteArray &sessionId);
    void partFinished(quint64 delivery, const glasspost::smtp::DeliveryReport &part);
    /// The server takes no more connections than the others to this site: they can carry the job. ended()
    /// follows.
    void turnedAway(const glasspost::mail::CarrierJob &job);
    /// No host of the destination could be spoken to: whoever else waits for it need not try now.
    void siteFailed(const glasspost::smtp::RecipientReport &why);
    void becameIdle(); ///< the job is done; another may come
    void ended(); ///< may be destroyed (later)
    void certificateRefused(const glasspost::mail::CertificateQuestion &question);

private:
    void lookupFailed(const smtp::LookupFailure &failure);
    void findHost();
    void tryHost();
    void openSession(const smtp::Endpoint &endpoint);
    [[nodiscard]] smtp::DeliveryReport mendable(smtp::DeliveryReport report) const;
    void transactionFinished(const smtp::DeliveryReport &report);
    void conclude(const smtp::DeliveryReport &report);
    bool leaveToOthers(const smtp::DeliveryReport &report, Company least);
    [[nodiscard]] bool isTurnedAwayHere(const smtp::DeliveryReport &report) const;
    bool waitForPlace(const smtp::DeliveryReport &report);
    bool startAgain(const smtp::DeliveryReport &report);
    bool sendRest(const smtp::DeliveryReport &report);
    void sendAgain();
    bool tryNextHost(const smtp::DeliveryReport &report);
    void deliverPart(QList<smtp::RecipientReport> reports);
    void keepRecipients(const QList<smtp::RecipientReport> &reports);
    void jobDone();
    /// With what is left of the job, or as idle: at once, or when the note is there.
    void goOn();
    void becomeIdle();
    void deferJob(
        const smtp::EnhancedStatusCode &status, const QByteArray &reason, smtp::DeliveryStage stage);
    void leaveSession();
    void keepTlsSession();

    Site m_site;
    DeliverySettings m_settings;
    std::shared_ptr<TlsSessions> m_tlsSessions;
    SiteMemory &m_memory;
    SiteHosts m_hosts;
    smtp::TranscriptSink &m_transcripts;
    std::optional<CarrierJob> m_job;
    enum class Tls { AsSet, GivenUp } m_tls = Tls::AsSet;
    enum class Use { Kept, Last } m_use = Use::Kept;
    enum class Connection { Fresh, Reused } m_connection = Connection::Fresh;
    QPointer<smtp::ClientSession> m_session;
    std::function<Company()> m_company;
    bool m_served = false;
    int m_placeWaits = 0; // of this job
    QPointer<smtp::ClientSession> m_leaving; // saying QUIT
    int m_messages = 0; // on this connection
    QTimer m_idle;
    QByteArray m_abortReason; // not empty: no more hosts
    quint64 m_awaitedNote = 0;
    bool m_isHeldUp = false; // until that note is there
};

} // namespace glasspost::mail
