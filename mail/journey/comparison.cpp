#include "mail/journey/comparison.h"

#include "mail/journey/alignment.h"
#include "mail/journey/comparisonfacts.h"
#include "mail/journey/stagedifferences.h"
#include "mail/journey/tracejson.h"
#include "smtp/syntax/enumtable.h"

#include <algorithm>
#include <functional>

namespace glasspost::mail {

namespace {

struct DifferenceName
{
    Difference difference;
    const char *name;
};
constexpr std::array differenceNames{DifferenceName{Difference::Host, "host"},
    DifferenceName{Difference::Address, "address"}, DifferenceName{Difference::Port, "port"},
    DifferenceName{Difference::Choice, "choice"}, DifferenceName{Difference::Demand, "demand"},
    DifferenceName{Difference::TlsVersion, "tls-version"}, DifferenceName{Difference::Cipher, "cipher"},
    DifferenceName{Difference::Resumption, "resumption"},
    DifferenceName{Difference::Certificate, "certificate"},
    DifferenceName{Difference::Verification, "verification"},
    DifferenceName{Difference::Mechanism, "mechanism"}, DifferenceName{Difference::User, "user"},
    DifferenceName{Difference::MissingSession, "missing-session"},
    DifferenceName{Difference::MissingStage, "missing-stage"}, DifferenceName{Difference::Order, "order"},
    DifferenceName{Difference::Recipient, "recipient"}, DifferenceName{Difference::Command, "command"},
    DifferenceName{Difference::Extension, "extension"}, DifferenceName{Difference::Refusal, "refusal"},
    DifferenceName{Difference::ReplyCode, "reply-code"}, DifferenceName{Difference::ReplyText, "reply-text"},
    DifferenceName{Difference::Event, "event"}, DifferenceName{Difference::Octets, "octets"},
    DifferenceName{Difference::Time, "time"}};
static_assert(smtp::isInEnumOrder(differenceNames, allDifferences.size(), &DifferenceName::difference));
static_assert(smtp::isInEnumOrder(allDifferences, differenceNames.size(), std::identity()));

constexpr qint64 leastSlower = 100'000; // microseconds

/// What of a session is compared.
QList<smtp::TracedStage> comparedStages(const smtp::SessionTrace &trace)
{
    QList<smtp::TracedStage> stages;
    for (const smtp::TracedStage &stage : trace.stages) {
        if (stage.stage != smtp::TraceStage::Between)
            stages.append(stage);
    }
    return stages;
}

AlignmentKeys keysOf(const QList<smtp::TracedStage> &stages)
{
    AlignmentKeys keys;
    for (const smtp::TracedStage &stage : stages) {
        keys.alike.append(stageName(stage.stage));
        keys.same.append(meaningOf(stage));
    }
    return keys;
}

ComparedCell headOf(const ComparedSession &session)
{
    ComparedCell cell;
    cell.isThere = true;
    cell.sessionId = session.trace.sessionId;
    cell.value = session.trace.host;
    const QList<smtp::TracedStage> &stages = session.trace.stages;
    cell.from = stages.isEmpty() ? session.trace.startedAt : stages.first().from;
    cell.to = cell.from;
    for (const smtp::TracedStage &stage : stages) {
        cell.from = std::min(cell.from, stage.from);
        cell.to = std::max(cell.to, stage.to);
    }
    return cell;
}

ComparedCell cellOf(const ComparedSession &session, const smtp::TracedStage &stage)
{
    ComparedCell cell;
    cell.isThere = true;
    cell.sessionId = session.trace.sessionId;
    cell.from = stage.from;
    cell.to = stage.to;
    cell.stage = stage;
    return cell;
}

/// Makes the rows of the whole.
class Comparing
{
public:
    explicit Comparing(Comparison &comparison) : m_comparison(comparison) { }

    /// Null: there is none on that side.
    void add(const ComparedSession *left, const ComparedSession *right)
    {
        ComparisonRow head;
        head.kind = ComparisonRow::Kind::Session;
        if (left != nullptr)
            head.left = headOf(*left);
        if (right != nullptr)
            head.right = headOf(*right);
        if (left == nullptr || right == nullptr)
            head.differences.append(Difference::MissingSession);
        else if (isMuchSlower(head.left.took(), head.right.took())
            || isMuchSlower(head.right.took(), head.left.took()))
            head.differences.append(Difference::Time);
        m_comparison.rows.append(head);
        m_comparison.rows += factRows(left, right);
        addStages(left, right);
    }

private:
    [[nodiscard]] QList<smtp::TracedStage> stagesOf(const ComparedSession *session)
    {
        if (session == nullptr)
            return {};
        QList<smtp::TracedStage> stages = comparedStages(session->trace);
        m_comparison.leftOut += session->trace.leftOut;
        if (const qsizetype more = stages.size() - mostComparedStages; more > 0) {
            m_comparison.leftOut += more;
            stages.resize(mostComparedStages);
        }
        return stages;
    }

    void addStages(const ComparedSession *left, const ComparedSession *right)
    {
        const QList<smtp::TracedStage> lefts = stagesOf(left);
        const QList<smtp::TracedStage> rights = stagesOf(right);
        for (const AlignedPair &pair : align(keysOf(lefts), keysOf(rights), Moves::Yes)) {
            ComparisonRow row;
            if (pair.left >= 0)
                row.left = cellOf(*left, lefts[pair.left]);
            if (pair.right >= 0)
                row.right = cellOf(*right, rights[pair.right]);
            if (pair.isMoved)
                row.differences.append(Difference::Order);
            if (pair.left >= 0 && pair.right >= 0)
                addStageDifferences(row);
            else if (left != nullptr && right != nullptr)
                addMissing(row, pair.left < 0 ? *left : *right);
            m_comparison.rows.append(row);
        }
    }

    /// In that session; a transcript has no look-up to be missed.
    static void addMissing(ComparisonRow &row, const ComparedSession &session)
    {
        const smtp::TraceStage stage = (row.left.isThere ? row.left : row.right).stage.stage;
        const bool isOnlyTraced = stage == smtp::TraceStage::Lookup || stage == smtp::TraceStage::Connect
            || stage == smtp::TraceStage::Handshake || stage == smtp::TraceStage::Convert;
        if (!session.isFromTranscript || !isOnlyTraced)
            row.differences.append(Difference::MissingStage);
    }

    Comparison &m_comparison;
};

AlignmentKeys hostsOf(const ComparedDelivery &delivery)
{
    AlignmentKeys keys;
    for (const ComparedSession &session : delivery.sessions)
        keys.same.append(session.trace.host.toLower());
    keys.alike = QList<QByteArray>(keys.same.size());
    return keys;
}

} // namespace

QByteArray differenceName(Difference difference)
{
    return differenceNames[size_t(difference)].name;
}

int Comparison::differences() const
{
    return int(std::count_if(
        rows.begin(), rows.end(), [](const ComparisonRow &row) { return !row.differences.isEmpty(); }));
}

bool isMuchSlower(qint64 took, qint64 other)
{
    return took - other >= leastSlower && took >= other + other / 2;
}

Comparison compared(const ComparedDelivery &left, const ComparedDelivery &right)
{
    Comparison comparison;
    comparison.isDamaged = left.isDamaged || right.isDamaged;
    Comparing comparing(comparison);
    const auto sessionAt = [](const ComparedDelivery &delivery, int place) {
        return place < 0 ? nullptr : &delivery.sessions[place];
    };
    for (const AlignedPair &pair : align(hostsOf(left), hostsOf(right), Moves::No))
        comparing.add(sessionAt(left, pair.left), sessionAt(right, pair.right));
    return comparison;
}

} // namespace glasspost::mail
