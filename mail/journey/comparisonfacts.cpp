#include "mail/journey/comparisonfacts.h"

#include <optional>
#include <utility>

namespace glasspost::mail {

namespace {

/// Nothing: not known.
using FactValue = std::optional<QByteArray>;

/// "TLSv1.3 TLS_AES_256_GCM_SHA384": the version, or the cipher.
QByteArray tlsWord(const smtp::SessionTrace &trace, int word)
{
    const QByteArray summary = trace.tls ? trace.tls->summary : QByteArray();
    const qsizetype space = summary.indexOf(' ');
    if (space < 0)
        return word == 0 ? summary : QByteArray();
    return word == 0 ? summary.left(space) : summary.mid(space + 1);
}

FactValue chainOf(const ComparedSession &session)
{
    if (!session.trace.tls)
        return session.isFromTranscript ? FactValue() : QByteArray();
    QByteArrayList certificates;
    for (const smtp::TracedCertificate &one : session.trace.tls->chain)
        certificates.append(one.subject + " (" + one.issuer + ") " + one.sha256);
    return certificates.isEmpty() ? FactValue() : certificates.join("; ");
}

FactValue verificationOf(const ComparedSession &session)
{
    const std::optional<smtp::TracedTls> &tls = session.trace.tls;
    if (session.isFromTranscript)
        return {};
    if (!tls)
        return QByteArray();
    QByteArrayList words = tls->errors;
    if (!tls->fault.isEmpty())
        words.append(tls->fault);
    if (words.isEmpty() && tls->chain.isEmpty())
        return {};
    return words.isEmpty() ? QByteArray("verified") : words.join("; ");
}

FactValue resumptionOf(const ComparedSession &session)
{
    if (session.isFromTranscript)
        return {};
    if (!session.trace.tls || session.trace.tls->summary.isEmpty())
        return QByteArray();
    return QByteArray(session.trace.tls->isResumed ? "resumed" : "new");
}

/// The port of a client that came to us is another one each time.
FactValue portOf(const ComparedSession &session)
{
    return session.trace.port == 0 ? QByteArray() : QByteArray::number(session.trace.port);
}

FactValue valueOf(Difference fact, const ComparedSession &session)
{
    const smtp::SessionTrace &trace = session.trace;
    const auto traced
        = [&session](const QByteArray &value) { return session.isFromTranscript ? FactValue() : value; };
    switch (fact) {
    case Difference::Host:
        return trace.host;
    case Difference::Address:
        return trace.address.isNull() ? QByteArray() : trace.address.toString().toLatin1();
    case Difference::Port:
        return portOf(session);
    case Difference::Choice:
        return traced(trace.choice);
    case Difference::Demand:
        return traced(trace.demand);
    case Difference::TlsVersion:
        return tlsWord(trace, 0);
    case Difference::Cipher:
        return tlsWord(trace, 1);
    case Difference::Resumption:
        return resumptionOf(session);
    case Difference::Certificate:
        return chainOf(session);
    case Difference::Verification:
        return verificationOf(session);
    case Difference::Mechanism:
        return trace.mechanism;
    case Difference::User:
        return trace.user;
    case Difference::MissingSession:
    case Difference::MissingStage:
    case Difference::Order:
    case Difference::Recipient:
    case Difference::Command:
    case Difference::Extension:
    case Difference::Refusal:
    case Difference::ReplyCode:
    case Difference::ReplyText:
    case Difference::Event:
    case Difference::Octets:
    case Difference::Time:
        break;
    }
    return {};
}

bool isSameValue(Difference fact, const QByteArray &left, const QByteArray &right)
{
    return fact == Difference::Host ? left.compare(right, Qt::CaseInsensitive) == 0 : left == right;
}

ComparedCell factCell(const ComparedSession &session, const FactValue &value)
{
    ComparedCell cell;
    cell.isThere = true;
    cell.sessionId = session.trace.sessionId;
    cell.value = value.value_or(QByteArray());
    cell.isKnown = value.has_value();
    return cell;
}

} // namespace

QList<ComparisonRow> factRows(const ComparedSession *left, const ComparedSession *right)
{
    QList<ComparisonRow> rows;
    for (const Difference fact : allDifferences) {
        if (fact == Difference::MissingSession)
            break; // what follows is of the stages
        ComparisonRow row;
        row.kind = ComparisonRow::Kind::Fact;
        row.fact = fact;
        if (left != nullptr)
            row.left = factCell(*left, valueOf(fact, *left));
        if (right != nullptr)
            row.right = factCell(*right, valueOf(fact, *right));
        if (row.left.value.isEmpty() && row.right.value.isEmpty())
            continue;
        const bool areBothKnown
            = row.left.isThere && row.left.isKnown && row.right.isThere && row.right.isKnown;
        if (areBothKnown && !isSameValue(fact, row.left.value, row.right.value))
            row.differences.append(fact);
        rows.append(row);
    }
    return rows;
}

} // namespace glasspost::mail
