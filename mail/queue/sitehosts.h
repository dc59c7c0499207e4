#pragma once

#include "mail/queue/site.h"
#include "mail/queue/sitememory.h"
#include "smtp/client/clientsettings.h"
#include "smtp/client/deliveryreport.h"
#include "smtp/dns/exchangerlookup.h"
#include "smtp/session/transcript.h"

#include <QObject>

#include <functional>
#include <memory>

namespace glasspost::mail {

/// The hosts of one site in the order to try them (RFC 5321 5.1), which of them is the turn's, and which of
/// its addresses have not answered in vain. One thread, with an event loop.
class SiteHosts : public QObject
{
    Q_OBJECT
public:
    using Done = std::function<void(const tl::expected<void, smtp::LookupFailure> &)>;

    /// memory outlives it.
    SiteHosts(Site site, std::shared_ptr<smtp::ExchangerLookup> lookup, SiteMemory &memory,
        QObject *parent = nullptr);

    /// Back to the first host; those that are known to be bad for now go to the end.
    void startOver();
    /// Makes the list known; done() comes at once where it is, else with the answer of the look-up.
    void find(const Done &done);

    [[nodiscard]] smtp::Endpoint endpoint() const; ///< of the host whose turn it is
    [[nodiscard]] smtp::TlsDemand tls() const; ///< what it must show; None when no host is known
    /// RFC 5321 5.1: every address is tried. Those that answered in vain are done with; where none answered,
    /// all are. False: there is no other.
    bool goToNext(const smtp::RecipientReport &why);
    /// What a fresh connection showed of the addresses, for the messages that come after.
    void remember(const smtp::RecipientReport &report);

    /// How that host came to be tried; a look-up, with lines that no transcript has had yet, is told once.
    smtp::TraceOrigin takeOrigin();
    /// A session that never came to a connection is told like any other: its id in the transcripts.
    QByteArray tellFailure(const smtp::LookupFailure &failure, smtp::TranscriptSink &transcripts);

private:
    void found(const smtp::ExchangerResult &result, const Done &done);
    void select(qsizetype host);
    [[nodiscard]] QByteArray choice() const;

    Site m_site;
    std::shared_ptr<smtp::ExchangerLookup> m_lookup;
    SiteMemory &m_memory;
    QList<smtp::Exchanger> m_hosts;
    qsizetype m_host = 0;
    QList<QHostAddress> m_addresses; ///< of that host
    QByteArray m_movedOn; ///< why the host before was given up
    QList<smtp::TraceNote> m_notes;
    qint64 m_started = 0; ///< the look-up that nobody was told of, microseconds since the epoch; 0: none
};

} // namespace glasspost::mail
