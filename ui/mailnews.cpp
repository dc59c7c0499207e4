#include "ui/mailnews.h"

#include "ui/queue/queuestate.h"
#include "ui/queue/queuewatch.h"
#include "ui/status/mainstatus.h"
#include "ui/widgets/inlinebar.h"
#include "ui/words/deliverytext.h"
#include "ui/words/format.h"
#include "ui/words/ruletext.h"
#include "ui/words/shownbytes.h"

#include <QDateTime>
#include <QPushButton>

namespace glasspost::ui {

namespace {

QString titleOf(const mail::QueueEntry &entry)
{
    return entry.subject.isEmpty() ? MailNews::tr("(no subject)") : entry.subject;
}

/// The first recipient in one of these states speaks for all of them. Null when there is none.
const mail::QueueRecipient *firstIn(const mail::QueueEntry &entry, const QList<mail::RecipientState> &states)
{
    const auto one = std::find_if(entry.recipients.cbegin(), entry.recipients.cend(),
        [&](const mail::QueueRecipient &recipient) { return states.contains(entry.stateOf(recipient)); });
    return one == entry.recipients.cend() ? nullptr : &*one;
}

QString troubleText(const mail::QueueEntry &entry, const mail::QueueRecipient &one)
{
    const mail::RecipientState state = entry.stateOf(one);
    const QString sentence = state == mail::RecipientState::Deferred
        ? MailNews::tr("“%1” is deferred for %2: %3.")
        : state == mail::RecipientState::Expired ? MailNews::tr("“%1” was given up for %2: %3.")
                                                 : MailNews::tr("“%1” was refused for %2: %3.");
    return sentence.arg(titleOf(entry), QString::fromUtf8(one.recipient.forwardPath.toBytes()),
        causeText(one.lastReport().value_or(smtp::RecipientReport())));
}

/// Of those that a server had taken over and reported as undeliverable, the latest. Null when there is none.
const mail::QueueRecipient *lastBounce(const mail::QueueEntry &entry)
{
    const mail::QueueRecipient *last = nullptr;
    for (const mail::QueueRecipient &one : entry.recipients) {
        if (hasBouncedLater(one) && (last == nullptr || one.later->at > last->later->at))
            last = &one;
    }
    return last;
}

/// Milliseconds since the Unix epoch.
qint64 endedAt(const mail::QueueRecipient &one)
{
    return one.lastReport().value_or(smtp::RecipientReport()).at / 1000;
}

QString bounceText(const mail::QueueEntry &entry, const mail::QueueRecipient &one)
{
    const mail::LaterReport later = one.later.value_or(mail::LaterReport());
    QStringList reason{QString::fromUtf8(later.status.toBytes()), shownBytes(later.diagnostic).text};
    reason.removeAll(QString());
    if (reason.isEmpty())
        reason.append(reportActionText(later.action));
    return MailNews::tr("“%1” bounced: %2 accepted it first and could not deliver it to %3 (%4).")
        .arg(titleOf(entry),
            later.server.isEmpty() ? MailNews::tr("a server") : shownBytes(later.server).text,
            QString::fromUtf8(one.recipient.forwardPath.toBytes()), reason.join(QStringLiteral(", ")));
}

} // namespace

MailNews::MailNews(const QueueWatch &queue, InlineBar &bar, MainStatus &status, QObject *parent)
    : QObject(parent), m_bar(bar), m_status(status)
{
    connect(&queue, &QueueWatch::ended, this, &MailNews::takeEnded);
    connect(&queue, &QueueWatch::deferred, this, &MailNews::takeDeferred);
    connect(&queue, &QueueWatch::bounced, this, &MailNews::takeBounced);
}

void MailNews::takeNotice(const mail::RuleNotice &notice)
{
    const QString subject = notice.subject.isEmpty() ? tr("(no subject)") : notice.subject;
    const QString sender = notice.sender.isEmpty() ? QStringLiteral("<>") : notice.sender;
    m_bar.say(InlineBar::Kind::Info,
        notice.text.isEmpty() ? tr("“%1” from %2 arrived for %3.").arg(subject, sender, notice.mailbox)
                              : tr("%1: “%2” from %3").arg(notice.text, subject, sender));
}

void MailNews::takeRuleFailure(const mail::RuleLogLine &line)
{
    m_bar.say(InlineBar::Kind::Warning, ruleFailureText(line));
}

void MailNews::takeReceived(const QList<mail::ReceptionEvent> &events)
{
    if (events.isEmpty())
        return;
    const mail::ReceptionEvent &last = events.last();
    const QString from = last.from.isEmpty() ? QStringLiteral("<>") : QString::fromUtf8(last.from);
    const QString reply = QString::fromUtf8(last.reply);
    if (last.kind == mail::ReceptionEvent::Kind::Discarded)
        m_status.tell(tr("Discarded from %1, %2").arg(from, sizeText(last.size)));
    else if (last.kind == mail::ReceptionEvent::Kind::Stored)
        m_status.tell(tr("Received from %1, %2").arg(from, sizeText(last.size)));
    else if (last.reply.startsWith('4'))
        m_status.tellDeferral(tr("Deferred from %1: %2").arg(from, reply));
    else
        m_status.tellRefusal(tr("Refused from %1: %2").arg(from, reply));
}

void MailNews::takeEnded(const mail::QueueEntry &entry)
{
    // What was said of it before is true no more.
    if (entry.id == m_troubled && m_bar.words() == m_trouble && !m_bounced.contains(entry.id))
        m_bar.dismiss();
    const StateChip chip = queueChip(entry, QDateTime::currentDateTime());
    const QString words = tr("“%1”: %2").arg(titleOf(entry), chip.text);
    if (chip.tone != Tone::Refused) {
        m_status.tell(words);
        return;
    }
    m_status.tellRefusal(words);
    const auto *one = firstIn(entry, {mail::RecipientState::Failed, mail::RecipientState::Expired});
    const auto *bounced = lastBounce(entry); // takeBounced() tells that, and what was before it is no news
    if (one != nullptr && (bounced == nullptr || endedAt(*one) > bounced->later->at))
        sayTrouble(entry, *one);
}

/// Other recipients may be under way meanwhile: the words are about the one that is deferred.
void MailNews::takeDeferred(const mail::QueueEntry &entry)
{
    if (const auto *one = firstIn(entry, {mail::RecipientState::Deferred})) {
        m_status.tellDeferral(troubleText(entry, *one));
        sayTrouble(entry, *one);
    }
}

/// A server had taken it over. Each report is told once, though others may come of the same message.
void MailNews::takeBounced(const mail::QueueEntry &entry)
{
    const mail::QueueRecipient *one = lastBounce(entry);
    if (one == nullptr || m_bounced.value(entry.id) >= one->later->at)
        return;
    m_bounced.insert(entry.id, one->later->at);
    const QString words = bounceText(entry, *one);
    m_status.tellRefusal(words);
    m_bar.say(InlineBar::Kind::Error, words);
    m_troubled = entry.id;
    m_trouble = m_bar.words();
    if (!entry.sentCopy.isNull())
        m_bar.addButton(tr("Show"), [this, id = entry.sentCopy, messageId = entry.messageIdField] {
            Q_EMIT messageRequested(id, messageId);
        });
    addSession(entry);
}

void MailNews::sayTrouble(const mail::QueueEntry &entry, const mail::QueueRecipient &one)
{
    const bool isDeferred = entry.stateOf(one) == mail::RecipientState::Deferred;
    QString words = troubleText(entry, one);
    if (isDeferred && one.nextAttemptAt > 0)
        words += u' '
            + tr("It will be tried again %1.")
                  .arg(untilText(one.nextAttemptAt, QDateTime::currentDateTime()));
    m_bar.say(isDeferred ? InlineBar::Kind::Warning : InlineBar::Kind::Error, words);
    m_troubled = entry.id;
    m_trouble = m_bar.words();
    const auto report = one.lastReport();
    if (report && report->stage == smtp::DeliveryStage::Auth)
        m_bar.addButton(tr("Preferences …"), [this] { Q_EMIT routeSettingsRequested(); });
    if (isDeferred) // where its certificate, route and schedule can be changed
        m_bar.addButton(tr("Show in queue"), [this, id = entry.id] { Q_EMIT entryRequested(id); });
    addSession(entry);
}

void MailNews::addSession(const mail::QueueEntry &entry)
{
    if (!entry.attemptSessionIds.isEmpty())
        m_bar.addButton(tr("Show in transcript"),
            [this, session = entry.attemptSessionIds.last()] { Q_EMIT sessionRequested(session, 0); });
}

} // namespace glasspost::ui
