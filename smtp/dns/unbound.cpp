#include "smtp/dns/unbound.h"

#include <QFile>
#include <QPointer>
#include <QTimer>

#include <unbound.h>

#include <array>

namespace glasspost::smtp {

namespace {

constexpr int classInternet = 1;
constexpr int responseOk = 0; // RFC 1035 4.1.1
constexpr int responseServerFailure = 2;
constexpr int responseNoSuchName = 3;
constexpr int responseRefused = 5;

struct Option
{
    const char *name;
    const char *value;
};
// Where libunbound's defaults, made for a server of its own, do not suit a program on a desk.
constexpr std::array options = {
    Option{"do-not-query-localhost:", "no"}, // a nameserver on this machine
    Option{"unblock-lan-zones:", "yes"}, // names of a house's own network are asked for as others are
    Option{"infra-host-ttl:", "30"}, // a network that comes back is seen
    Option{"infra-keep-probing:", "yes"},
    Option{"cache-max-negative-ttl:", "300"},
    Option{"outgoing-range:", "64"},
    Option{"trust-anchor-signaling:", "no"},
    Option{"use-syslog:", "no"},
};
// Zones that libunbound answers with "no such name" by itself (RFC 6761): a developer's own nameserver may
// well serve them.
constexpr std::array freedZones = {"test.", "invalid.", "home.arpa."};

QByteArray codeText(int code)
{
    if (code == responseServerFailure)
        return "the nameserver failed (SERVFAIL), or none answered";
    if (code == responseRefused)
        return "the nameserver refused the query";
    return "the nameserver answered with error " + QByteArray::number(code);
}

DnsStatus statusOf(const ub_result &result)
{
    if (result.bogus != 0)
        return DnsStatus::Failed;
    if (result.rcode == responseNoSuchName)
        return DnsStatus::NoSuchName;
    if (result.rcode != responseOk)
        return DnsStatus::Failed;
    return result.havedata != 0 ? DnsStatus::Answer : DnsStatus::NoData;
}

DnsAnswer answerOf(const QByteArray &name, const ub_result &result)
{
    DnsAnswer answer;
    answer.status = statusOf(result);
    if (result.bogus != 0)
        answer.security = DnsSecurity::Bogus;
    else if (result.secure != 0)
        answer.security = DnsSecurity::Secure;
    answer.canonicalName = result.canonname == nullptr ? name : QByteArray(result.canonname);
    if (answer.canonicalName.endsWith('.'))
        answer.canonicalName.chop(1);
    if (answer.status == DnsStatus::Answer) {
        for (int i = 0; result.data[i] != nullptr; ++i)
            answer.data.append(QByteArray(result.data[i], result.len[i]));
    }
    if (result.bogus != 0)
        answer.trouble = "DNSSEC validation failed: " + QByteArray(result.why_bogus);
    else if (answer.status == DnsStatus::Failed)
        answer.trouble = codeText(result.rcode);
    return answer;
}

} // namespace

Unbound::Unbound(const ResolverSettings &settings, const QString &anchorFile) : m_context(ub_ctx_create())
{
    if (m_context == nullptr) {
        m_trouble = "the resolver cannot be created: out of memory";
        return;
    }
    configure(settings, anchorFile);
    m_notifier = std::make_unique<QSocketNotifier>(ub_fd(m_context), QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &Unbound::process);
}

Unbound::~Unbound()
{
    m_notifier.reset();
    if (m_context != nullptr)
        ub_ctx_delete(m_context);
}

void Unbound::check(const QByteArray &what, int error)
{
    if (error != 0 && m_trouble.isEmpty())
        m_trouble = what + ": " + ub_strerror(error);
}

void Unbound::configure(const ResolverSettings &settings, const QString &anchorFile)
{
    ub_ctx_debugout(m_context, nullptr); // what it has to say comes with the answers
    for (const Option &option : options)
        check(option.name, ub_ctx_set_option(m_context, option.name, option.value));
    if (settings.nameserver.isNull()) {
        // Without such a file libunbound asks from the root down, which serves as well.
        ub_ctx_resolvconf(m_context, nullptr);
    } else {
        const QByteArray server
            = settings.nameserver.toString().toLatin1() + '@' + QByteArray::number(settings.port);
        check("nameserver " + server, ub_ctx_set_fwd(m_context, server.constData()));
    }
    ub_ctx_hosts(m_context, nullptr); // no such file: no such names
    const QByteArray file = QFile::encodeName(anchorFile);
    if (!file.isEmpty())
        check("trust anchor " + file, ub_ctx_add_ta_file(m_context, file.constData()));
    check("a thread", ub_ctx_async(m_context, 1));
    // This makes the context final: a trust anchor that cannot be read, or is none, shows here.
    for (const char *zone : freedZones)
        check(file.isEmpty() ? QByteArray("the resolver") : "trust anchor " + file,
            ub_ctx_zone_remove(m_context, zone));
}

void Unbound::ask(quint64 key, const QByteArray &name, DnsType type)
{
    auto question = std::make_unique<Question>(Question{this, key, 0, name});
    const int error = m_trouble.isEmpty() ? ub_resolve_async(m_context, name.constData(), int(type),
                          classInternet, question.get(), &Unbound::gotResult, &question->id)
                                          : int(UB_INITFAIL);
    m_questions.emplace(key, std::move(question));
    if (error == 0)
        return;
    DnsAnswer answer;
    answer.canonicalName = name;
    answer.trouble = m_trouble.isEmpty() ? QByteArray(ub_strerror(error)) : m_trouble;
    m_ready.append({key, answer});
    QTimer::singleShot(0, this, &Unbound::deliver);
}

void Unbound::cancel(quint64 key)
{
    const auto found = m_questions.find(key);
    if (found == m_questions.end())
        return;
    if (m_context != nullptr)
        ub_cancel(m_context, found->second->id);
    m_questions.erase(found);
}

/// Called by libunbound from within ub_process(), on our thread.
void Unbound::gotResult(void *question, int error, ub_result *result)
{
    const auto &asked = *static_cast<Question *>(question);
    DnsAnswer answer;
    answer.canonicalName = asked.name;
    if (error == 0 && result != nullptr)
        answer = answerOf(asked.name, *result);
    else
        answer.trouble = ub_strerror(error);
    ub_resolve_free(result);
    asked.unbound->m_ready.append({asked.key, answer});
}

void Unbound::process()
{
    ub_process(m_context);
    deliver();
}

void Unbound::deliver()
{
    const QPointer<Unbound> alive(this);
    while (alive && !m_ready.isEmpty()) {
        const Ready ready = m_ready.takeFirst();
        if (m_questions.erase(ready.key) > 0)
            Q_EMIT answered(ready.key, ready.answer);
    }
}

} // namespace glasspost::smtp
