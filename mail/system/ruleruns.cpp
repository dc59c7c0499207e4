#include "mail/system/ruleruns.h"

#include "mail/base/lineends.h"
#include "mail/maildir/maildirname.h"
#include "mail/message/deliveryhead.h"
#include "mail/message/mime.h"
#include "mail/message/receivedfacts.h"
#include "smtp/syntax/path.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

namespace glasspost::mail {

namespace {

QByteArray bareAddress(const RawField &field)
{
    const QByteArray path = field.unfolded();
    return path.startsWith('<') && path.endsWith('>') ? path.sliced(1).chopped(1) : path;
}

/// Who the envelope named, as the fields on top tell: behind a Received field stands what others wrote. Where
/// they are missing it is not known: a message for several has no Delivered-To, and what was imported may
/// have neither.
void readEnvelope(RuleMessage &message)
{
    visitHeader(message.octets, [&message](const RawField &field) {
        if (field.isNamed("Return-Path") && !message.reversePath)
            message.reversePath = bareAddress(field);
        else if (field.isNamed("Delivered-To"))
            message.recipients = message.recipients.value_or(QList<QByteArray>()) << bareAddress(field);
        return !field.isNamed("Received");
    });
}

bool isPlace(const RulePlacement &placement, const FolderId &folder)
{
    return placement.folder == folder || placement.folder == FolderId{folder.user, {}};
}

QList<RuleLogLine> logOf(const QList<RuleDeed> &deeds, const RuleErrand &errand)
{
    QList<RuleLogLine> lines;
    for (const RuleDeed &deed : deeds) {
        RuleLogLine line = lineOf(deed);
        line.occasion = RuleLogLine::Occasion::ByHand;
        line.mailbox = errand.mailbox;
        line.subject = errand.subject;
        line.sender = errand.sender;
        lines.append(line);
    }
    return lines;
}

/// What goes into the queue for that address. Blocks on the disk.
Result<IncomingMessage> forwarded(const MessageOctets &octets, const RuleForward &forward,
    const QByteArray &field, const QString &spoolFolder)
{
    const Result<QByteArray> front = octets.front(mostOctetsForRules);
    const Result<MessageOctets> content = withoutDeliveryHead(octets, field, spoolFolder);
    if (!front || !content)
        return tl::unexpected(front ? content.error() : front.error());
    IncomingMessage message;
    message.origin = IncomingMessage::Origin::CommandLine;
    message.content = *content;
    message.envelope.reversePath
        = smtp::parseMailbox(deliveryHeadOf(*front).returnPath).value_or(smtp::Mailbox());
    const auto target = smtp::parseMailbox(forward.address.toUtf8());
    message.envelope.recipients = {{target.value_or(smtp::Mailbox()), {}, {}}};
    message.envelope.body = smtp::BodyType::EightBitMime;
    message.envelope.smtpUtf8 = message.envelope.hasUtf8Paths();
    message.readHeader();
    message.madeFrom = madeBy(forward, *front);
    return message;
}

} // namespace

struct RuleRuns::Round
{
    struct Step
    {
        MessageId id; ///< of the message that it is for, where it was
        std::function<Task<void>()> work;
    };
    QList<MessageId> left;
    RuleRunMode mode = RuleRunMode::DryRun;
    QList<Rule> rules;
    QList<RuleRunResult> results;
    QList<Step> steps; ///< to be done once all are judged, one after another
    std::optional<Error> fault; ///< the first of them all
};

Task<QList<RuleRunResult>> RuleRuns::run(
    const QList<MessageId> &ids, RuleRunMode mode, const std::optional<QList<Rule>> &rules)
{
    const auto round = std::make_shared<Round>();
    round->left = ids;
    round->mode = mode;
    round->rules = rules.value_or(m_parts.arrival.rules());
    return repeat(this, [this, round] {
        return lookAtNext(round);
    }).andThen(this, [this, round] {
          return repeat(this, [this, round] { return applyNext(round); });
      }).andThen(this, [round] { return round->results; });
}

Task<bool> RuleRuns::lookAtNext(const RoundPointer &round)
{
    if (round->left.isEmpty())
        return Result<bool>(false);
    const MessageId id = round->left.takeFirst();
    const Promise<bool> done;
    m_parts.store.octets(id).then(this, [this, round, id, done](const Result<MessageOctets> &octets) {
        if (octets)
            done.answerWith([&] { return judgeOne(round, id, *octets); });
        else if (octets.error().code == ErrorCode::NotFound)
            done.answer(true);
        else
            done.answer(tl::unexpected(octets.error()));
    });
    return done.task();
}

/// With what is known of the session that brought it: transcripts are not kept for ever.
Task<RuleMessage> RuleRuns::read(const MessageId &id, const MessageOctets &octets)
{
    const auto readFront = [id, octets]() -> Result<RuleMessage> {
        const Result<QByteArray> front = octets.front(mostOctetsForRules);
        if (!front)
            return tl::unexpected(front.error());
        RuleMessage message;
        message.octets = *front;
        const qint64 size = wireSizeOf(id.unique);
        message.size = size >= 0 ? size : std::max(octets.size(), octets.wireSize());
        readEnvelope(message);
        return message;
    };
    const auto findSession = [this](const RuleMessage &message) {
        const QByteArray sessionId = sessionIdOf(message.octets);
        const Promise<RuleMessage> known;
        RuleMessage whole = message;
        if (sessionId.isEmpty()) {
            whole.session = smtp::SessionFacts();
            known.answer(whole);
            return known.task();
        }
        m_parts.transcripts.facts(sessionId).then(this, [whole, known](const auto &facts) mutable {
            if (facts)
                whole.session = *facts;
            known.answer(whole);
        });
        return known.task();
    };
    return m_worker.run(readFront).andThen(this, findSession);
}

Task<bool> RuleRuns::judgeOne(const RoundPointer &round, const MessageId &id, const MessageOctets &octets)
{
    const auto learnSender = [this, round](const RuleMessage &message) {
        const bool isAsked = asksForKnownSenders(round->rules);
        const Promise<RuleMessage> known;
        if (!isAsked) {
            known.answer(message);
            return known.task();
        }
        m_parts.arrival.isKnown(senderOf(message.octets)).then(this, [message, known](const auto &isKnown) {
            RuleMessage whole = message;
            whole.isSenderKnown = isKnown.value_or(std::nullopt);
            known.answer(whole);
        });
        return known.task();
    };
    const auto decide = [this, round, id](const RuleMessage &message) {
        const auto decideNow = [message, round, user = id.folder.user, terms = m_parts.arrival.terms()] {
            RuleReading reading(message);
            return judge(round->rules, reading, user, terms);
        };
        return m_worker.run(decideNow).andThen(this, [this, round, id, message](const RuleVerdict &verdict) {
            note(round, id, message, verdict);
            return true;
        });
    };
    return read(id, octets).andThen(this, learnSender).andThen(this, decide);
}

void RuleRuns::note(
    const RoundPointer &round, const MessageId &id, const RuleMessage &message, const RuleVerdict &verdict)
{
    if (verdict.deeds.isEmpty())
        return;
    const RuleRunResult result{id, decodedText(readHeader(message.octets).value("Subject")),
        senderOf(message.octets), verdict.deeds};
    round->results.append(result);
    if (round->mode == RuleRunMode::DryRun)
        return;
    const auto add = [&round, &id](std::function<Task<void>()> work) {
        round->steps.append({id, std::move(work)});
    };
    for (const RuleForward &target : verdict.forwards)
        add([this, id, target] { return forward(id, target); });
    MessageId now = id; // where it will be
    const bool stays = std::any_of(verdict.placements.cbegin(), verdict.placements.cend(),
        [&id](const RulePlacement &one) { return isPlace(one, id.folder); });
    const bool isMove = !stays && verdict.placements.size() == 1
        && verdict.placements.constFirst().folder.user == id.folder.user;
    if (isMove)
        now.folder = verdict.placements.constFirst().folder;
    else if (!stays)
        now.folder.folder = QStringLiteral("Trash"); // never for good: a person can look
    for (const RulePlacement &placement : verdict.placements) {
        if (isMove || isPlace(placement, id.folder))
            add([this, id, placement] { return mark(id, placement); });
        else
            add([this, id, placement] { return keepCopy(id, placement); });
    }
    if (now != id)
        add([this, id, folder = now.folder] { return moveTo(id, folder); });
    const RuleErrand errand{
        {{now, {}}}, verdict.programs, verdict.notices, id.folder.user, result.subject, result.sender};
    add([this, errand, deeds = verdict.deeds] {
        m_parts.errands.note(logOf(deeds, errand), {errand.copies.constFirst().id});
        return m_parts.errands.takeByHand(errand);
    });
}

/// In the folder where it is.
Task<void> RuleRuns::mark(const MessageId &id, const RulePlacement &placement)
{
    const auto giveTags = [this, id, tags = placement.tags]() -> Task<void> {
        if (tags.isEmpty())
            return Result<void>();
        return m_parts.store.setTags({id}, tags, {}).andThen(this, [](const QList<MessageId> &) {});
    };
    if (!placement.flags)
        return giveTags();
    return m_parts.store.setFlags({id}, placement.flags, {})
        .andThen(this, [giveTags](const QList<MessageId> &) { return giveTags(); });
}

Task<void> RuleRuns::moveTo(const MessageId &id, const FolderId &folder)
{
    return m_parts.store.createFolder(folder).andThen(this, [this, id, folder] {
        return m_parts.store.move({id}, folder.folder).andThen(this, [](const QList<MessageId> &) {});
    });
}

Task<void> RuleRuns::keepCopy(const MessageId &id, const RulePlacement &placement)
{
    const auto keep = [this, placement](const MessageOctets &octets) {
        IncomingMessage copy;
        copy.origin = IncomingMessage::Origin::Import;
        copy.content = octets;
        copy.folder = placement.folder;
        copy.flags = placement.flags;
        return m_parts.acceptor.accept(copy, m_parts.acceptor.planFor(copy), {}).filed;
    };
    const auto giveTags = [this, tags = placement.tags](const Accepted &kept) -> Task<void> {
        if (tags.isEmpty() || kept.mailboxes.isEmpty())
            return Result<void>();
        return m_parts.store.setTags(kept.mailboxes, tags, {}).andThen(this, [](const QList<MessageId> &) {});
    };
    return m_parts.store.octets(id).andThen(this, keep).andThen(this, giveTags);
}

/// From the address that it came from first; the field on top tells a loop.
Task<void> RuleRuns::forward(const MessageId &id, const RuleForward &target)
{
    const QByteArray field = forwardedField(id.folder.user, m_parts.arrival.terms().hostName);
    const auto prepare = [this, field, target](const MessageOctets &octets) {
        return m_worker.run([field, target, octets, folder = m_parts.store.spoolFolder()] {
            return forwarded(octets, target, field, folder);
        });
    };
    const auto queue = [this, id](IncomingMessage message) {
        if (message.madeFrom)
            message.madeFrom->message = id;
        return m_parts.acceptor.accept(message, m_parts.acceptor.planFor(message), {}).durable;
    };
    return m_parts.store.octets(id)
        .andThen(this, prepare)
        .andThen(this, queue)
        .andThen(this, [](const Accepted &) {});
}

/// What could not be done for one message ends what is done with it: it stays where it is, and the others
/// have theirs. One that is gone is passed over.
Task<bool> RuleRuns::applyNext(const RoundPointer &round)
{
    if (round->steps.isEmpty() && round->fault)
        return tl::unexpected(*round->fault);
    if (round->steps.isEmpty())
        return Result<bool>(false);
    const Round::Step step = round->steps.takeFirst();
    const Promise<bool> done;
    step.work().then(this, [round, id = step.id, done](const Result<void> &result) {
        if (!result)
            round->steps.removeIf([&id](const Round::Step &one) { return one.id == id; });
        if (!result && result.error().code != ErrorCode::NotFound && !round->fault)
            round->fault = result.error();
        done.answer(true);
    });
    return done.task();
}

} // namespace glasspost::mail
