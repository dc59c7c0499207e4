#pragma once

#include "mail/accept/acceptor.h"
#include "mail/system/rules.h"
#include "mail/transcripts/transcriptstore.h"

#include <QObject>

#include <memory>

namespace glasspost::mail {

/// Runs rules over messages that are there already: see Rules::run. On the mail thread; the parts outlive it.
class RuleRuns : public QObject
{
    Q_OBJECT
public:
    struct Parts
    {
        Store &store;
        TranscriptStore &transcripts;
        Acceptor &acceptor;
        ArrivalRules &arrival;
        RuleErrands &errands;
    };
    explicit RuleRuns(const Parts &parts) : m_parts(parts) { }

    Task<QList<RuleRunResult>> run(
        const QList<MessageId> &ids, RuleRunMode mode, const std::optional<QList<Rule>> &rules);

private:
    struct Round;
    using RoundPointer = std::shared_ptr<Round>;

    Task<bool> lookAtNext(const RoundPointer &round);
    Task<RuleMessage> read(const MessageId &id, const MessageOctets &octets);
    Task<bool> judgeOne(const RoundPointer &round, const MessageId &id, const MessageOctets &octets);
    void note(const RoundPointer &round, const MessageId &id, const RuleMessage &message,
        const RuleVerdict &verdict);
    Task<bool> applyNext(const RoundPointer &round);
    Task<void> mark(const MessageId &id, const RulePlacement &placement);
    Task<void> moveTo(const MessageId &id, const FolderId &folder);
    Task<void> keepCopy(const MessageId &id, const RulePlacement &placement);
    Task<void> forward(const MessageId &id, const RuleForward &target);

    const Parts m_parts;
    Worker m_worker{QStringLiteral("rule runs")};
};

} // namespace glasspost::mail
