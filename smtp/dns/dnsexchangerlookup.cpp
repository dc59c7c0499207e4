#include "smtp/dns/dnsexchangerlookup.h"

#include "smtp/dns/dnsquestion.h"

#include <QHostInfo>
#include <QTimer>

#include <utility>

namespace glasspost::smtp {

namespace {

constexpr int hostLimit = 10; // exchangers whose addresses are asked for; more are never tried

using Note = std::function<void(const QByteArray &)>;
using Done = std::function<void(const ExchangerResult &)>;

/// One look-up under way: MX, then the addresses of each host. A child of the caller's context, so that it
/// ends with it; deletes itself when done.
class Search : public QObject
{
public:
    Search(const QByteArray &domain, LookupSettings settings, QObject *context, Note note, Done done)
        : QObject(context), m_domain(domain), m_name(normalName(domain)), m_settings(std::move(settings)),
          m_note(std::move(note)), m_done(std::move(done))
    { }

    void start()
    {
        if (const auto literal = exchangerOfLiteral(m_domain, m_settings))
            return end(*literal);
        if (m_name == "localhost" || m_name.endsWith(".localhost")) // RFC 6761 6.3: no nameserver is asked
            return askSystem({});
        askMx();
    }

private:
    void askMx()
    {
        auto *question = new DnsQuestion(QDnsLookup::MX, m_name, m_settings, this);
        connect(question, &DnsQuestion::finished, this, [this, question] { gotMx(*question); });
        question->ask();
    }

    void gotMx(const DnsQuestion &question)
    {
        const QByteArray canonical = question.canonicalName();
        if (canonical.isEmpty() || m_aliases > aliasLimit)
            return end(tl::unexpected(LookupFailure{LookupFailure::Kind::Loop, {5, 4, 6},
                "the aliases of " + m_domain + " lead round in a circle"}));
        MxAnswer answer{question.status(), question.exchangers()};
        if (answer.status == DnsStatus::Answer && answer.records.isEmpty()) {
            if (canonical == m_name) {
                answer.status = DnsStatus::NoData;
            } else { // an alias, and its MX did not come along
                m_note(m_name + " is an alias of " + canonical);
                m_name = canonical;
                ++m_aliases;
                return askMx();
            }
        }
        noteMx(answer, question);
        m_mxVague = question.isVague();
        plan(answer);
    }

    void noteMx(const MxAnswer &answer, const DnsQuestion &question)
    {
        QList<QByteArray> texts;
        for (const MxRecord &record : answer.records)
            texts.append(
                QByteArray::number(record.preference) + ' ' + (record.host.isEmpty() ? "." : record.host));
        if (answer.status == DnsStatus::Answer)
            m_note("MX " + m_name + ": " + texts.join(", "));
        else
            m_note(
                "MX " + m_name + ": " + (answer.status == DnsStatus::NoData ? "none" : question.errorText()));
    }

    void plan(const MxAnswer &answer)
    {
        const auto planned = planExchangers(m_name, answer, m_settings.ourNames);
        const bool unknown = answer.status == DnsStatus::NoSuchName;
        if (unknown && m_settings.nameserver.isNull()) // the hosts file may know better
            return askSystem(planned.error());
        if (!planned)
            return end(tl::unexpected(planned.error()));
        m_plan = *planned;
        m_plan.hosts = m_plan.hosts.first(std::min<qsizetype>(m_plan.hosts.size(), hostLimit));
        for (const MxRecord &host : std::as_const(m_plan.hosts)) {
            askAddresses(QDnsLookup::AAAA, host.host);
            askAddresses(QDnsLookup::A, host.host);
        }
        for (DnsQuestion *question : std::as_const(m_questions))
            question->ask();
    }

    void askAddresses(QDnsLookup::Type type, const QByteArray &host)
    {
        auto *question = new DnsQuestion(type, host, m_settings, this);
        m_questions.append(question);
        connect(question, &DnsQuestion::finished, this, [this, question, type, host] {
            (type == QDnsLookup::AAAA ? m_six : m_four).insert(host, question);
            if (m_six.size() + m_four.size() == m_questions.size())
                choose();
        });
    }

    AddressAnswer joined(const QByteArray &host) const
    {
        const DnsQuestion *six = m_six.value(host);
        const DnsQuestion *four = m_four.value(host);
        AddressAnswer answer{DnsStatus::NoData, six->addresses() + four->addresses()};
        const auto either
            = [&](DnsStatus status) { return six->status() == status || four->status() == status; };
        if (!answer.addresses.isEmpty())
            answer.status = DnsStatus::Answer;
        else if (either(DnsStatus::Failed) || (six->isVague() && four->isVague()))
            answer.status = DnsStatus::Failed;
        else if (either(DnsStatus::NoSuchName))
            answer.status = DnsStatus::NoSuchName;
        return answer;
    }

    void choose()
    {
        QHash<QByteArray, AddressAnswer> answers;
        for (const MxRecord &host : std::as_const(m_plan.hosts)) {
            const AddressAnswer answer = joined(host.host);
            noteAddresses(host.host, answer.addresses);
            answers.insert(host.host, answer);
        }
        const ExchangerResult result = chooseExchangers(m_domain, m_plan, answers, m_settings);
        const bool silent = m_mxVague && !result; // nobody may have answered at all
        if (silent && m_settings.nameserver.isNull())
            return askSystem(result.error());
        end(result);
    }

    void noteAddresses(const QByteArray &host, const QList<QHostAddress> &addresses)
    {
        QList<QByteArray> texts;
        for (const QHostAddress &address : addresses)
            texts.append(address.toString().toLatin1());
        m_note(host + " has " + (texts.isEmpty() ? "no address" : texts.join(", ")));
    }

    /// The system's own names. Where it knows none, the failure is what the nameserver said.
    void askSystem(const LookupFailure &otherwise)
    {
        QHostInfo::lookupHost(QString::fromLatin1(m_name), this,
            [this, otherwise](const QHostInfo &info) { gotSystem(info, otherwise); });
    }

    void gotSystem(const QHostInfo &info, const LookupFailure &otherwise)
    {
        AddressAnswer answer{DnsStatus::NoData, {}};
        for (const auto protocol : {QAbstractSocket::IPv6Protocol, QAbstractSocket::IPv4Protocol}) {
            for (const QHostAddress &address : info.addresses()) {
                if (address.protocol() == protocol)
                    answer.addresses.append(address);
            }
        }
        if (answer.addresses.isEmpty() && !otherwise.text.isEmpty())
            return end(tl::unexpected(otherwise));
        noteAddresses(m_name, answer.addresses);
        const ExchangerPlan itself{ExchangerPlan::Origin::ImplicitMx, {MxRecord{0, m_name}}};
        end(chooseExchangers(m_domain, itself, {{m_name, answer}}, m_settings));
    }

    void end(const ExchangerResult &result)
    {
        const Done done = std::exchange(m_done, {});
        deleteLater();
        if (done)
            done(result);
    }

    QByteArray m_domain;
    QByteArray m_name; ///< the domain, or what its aliases lead to
    LookupSettings m_settings;
    Note m_note;
    Done m_done;
    int m_aliases = 0;
    bool m_mxVague = false;
    ExchangerPlan m_plan;
    QList<DnsQuestion *> m_questions;
    QHash<QByteArray, DnsQuestion *> m_six;
    QHash<QByteArray, DnsQuestion *> m_four;
};

} // namespace

DnsExchangerLookup::DnsExchangerLookup(LookupSettings settings) : m_settings(std::move(settings)) { }

void DnsExchangerLookup::lookup(const QByteArray &domain, QObject *context, Note note, Done done)
{
    auto *search = new Search(domain, m_settings, context, std::move(note), std::move(done));
    // Later, never from inside this call.
    QTimer::singleShot(0, search, [search] { search->start(); });
}

} // namespace glasspost::smtp
