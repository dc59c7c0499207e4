#include "smtp/dns/tlsasearch.h"

namespace glasspost::smtp {

namespace {

QByteArray tlsaNote(const QByteArray &name, const DnsAnswer &answer, const TlsaAnswer &judged)
{
    const QByteArray head = "TLSA " + name + ": ";
    switch (judged.kind) {
    case TlsaAnswer::Kind::Failed:
        return head + judged.trouble;
    case TlsaAnswer::Kind::None:
        return head + (answer.data.isEmpty() ? "none" : "not signed, ignored");
    case TlsaAnswer::Kind::Secure:
        break;
    }
    QList<QByteArray> texts;
    for (const TlsaRecord &record : judged.records)
        texts.append(record.toBytes() + (record.isUsable() ? "" : " (unusable)"));
    return head + (texts.isEmpty() ? "malformed" : texts.join(", ")) + " (DNSSEC: secure)";
}

} // namespace

TlsaAnswer judgeTlsa(const QByteArray &base, const DnsAnswer &answer)
{
    TlsaAnswer judged;
    judged.base = base;
    if (isFailure(answer.status)) {
        judged.kind = TlsaAnswer::Kind::Failed;
        judged.trouble = answer.trouble;
        return judged;
    }
    if (answer.status != DnsStatus::Answer || answer.security != DnsSecurity::Secure)
        return judged;
    judged.kind = TlsaAnswer::Kind::Secure;
    for (const QByteArray &data : answer.data) {
        if (const auto record = tlsaFromData(data))
            judged.records.append(*record);
    }
    return judged;
}

TlsaSearch::TlsaSearch(std::shared_ptr<Resolver> resolver, quint16 port, QObject *parent)
    : QObject(parent), m_resolver(std::move(resolver)), m_port(port)
{ }

void TlsaSearch::ask(const QList<TlsaQuestion> &questions)
{
    m_open = questions.size();
    for (const TlsaQuestion &question : questions)
        askFor(question, question.canonicalName);
}

void TlsaSearch::askFor(const TlsaQuestion &question, const QByteArray &base)
{
    const QByteArray name = '_' + QByteArray::number(m_port) + "._tcp." + base;
    m_resolver->ask(name, DnsType::Tlsa, this,
        [this, question, base](const DnsAnswer &answer) { got(question, base, answer); });
}

void TlsaSearch::got(const TlsaQuestion &question, const QByteArray &base, const DnsAnswer &answer)
{
    const TlsaAnswer judged = judgeTlsa(base, answer);
    Q_EMIT noted(tlsaNote('_' + QByteArray::number(m_port) + "._tcp." + base, answer, judged));
    // RFC 7672 2.2.2: the end of the aliases first, then the name that stands in the MX.
    if (judged.kind == TlsaAnswer::Kind::None && base != question.host)
        return askFor(question, question.host);
    m_answers.insert(question.host, judged);
    if (--m_open == 0)
        Q_EMIT finished();
}

} // namespace glasspost::smtp
