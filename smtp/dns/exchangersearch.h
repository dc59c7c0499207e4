#pragma once

#include "smtp/dns/exchangerlookup.h"
#include "smtp/dns/exchangerpolicy.h"
#include "smtp/dns/tlspolicy.h"

#include <QObject>

namespace glasspost::smtp {

class AddressSearch;
class StsPolicies;

/// What a search asks with.
struct SearchTools
{
    std::shared_ptr<Resolver> resolver;
    std::shared_ptr<StsPolicies> policies;
};

/// One look-up under way: MX, then the addresses of each host, then their TLSA records; the MTA-STS policy
/// meanwhile. A child of the caller's context, so that it ends with it; deletes itself when done.
class ExchangerSearch : public QObject
{
    Q_OBJECT
public:
    ExchangerSearch(LookupSettings settings, SearchTools tools, QObject *context, ExchangerLookup::Note note,
        ExchangerLookup::Done done);

    void findExchangers(const QByteArray &domain); ///< once, this or
    void findHost(const QByteArray &host);

private:
    void askMx();
    void gotMx(const DnsAnswer &answer);
    void noteMx(const DnsAnswer &answer);
    void mxFailed(const DnsAnswer &answer);
    void plan(const DnsAnswer &answer);
    void gotAddresses();
    void askTlsa();
    void askPolicy();
    void weigh();
    void gotHost();
    void askSystem();
    AddressSearch *newAddressSearch(void (ExchangerSearch::*next)());
    void end(const ExchangerResult &result);

    LookupSettings m_settings;
    SearchTools m_tools;
    ExchangerLookup::Note m_note;
    ExchangerLookup::Done m_done;
    QByteArray m_domain; ///< as it was asked for
    QByteArray m_name; ///< the domain, or what its aliases lead to
    enum class Aliases { NotFollowed, Followed } m_aliases = Aliases::NotFollowed;
    ExchangerPlan m_plan;
    AddressSearch *m_addresses = nullptr;
    QList<Exchanger> m_chosen;
    TlsFindings m_findings;
    int m_open = 2; ///< what weigh() waits for: the exchangers with their TLSA records, and the policy
};

} // namespace glasspost::smtp
