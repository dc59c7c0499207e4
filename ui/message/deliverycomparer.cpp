#include "ui/message/deliverycomparer.h"

#include "ui/compare/comparisonwindow.h"
#include "ui/message/deliverychooser.h"
#include "ui/message/deliverypane.h"
#include "ui/widgets/inlinebar.h"
#include "ui/words/addresstext.h"
#include "ui/words/errortext.h"
#include "ui/words/format.h"
#include "ui/words/shownbytes.h"

#include <algorithm>

namespace glasspost::ui {

namespace {

constexpr int mostSentChoices = 500;

QString choiceTitle(const QString &subject, const QString &to)
{
    const QString shown = subject.isEmpty() ? DeliveryComparer::tr("(no subject)") : safeLine(subject);
    return to.isEmpty() ? shown
                        : DeliveryComparer::tr("%1, to %2", "subject, recipients").arg(shown, safeLine(to));
}

QString recipientsOf(const mail::QueueEntry &entry)
{
    QStringList addresses;
    for (const mail::QueueRecipient &one : entry.recipients)
        addresses << shownBytes(one.recipient.forwardPath.toBytes()).text;
    return addresses.join(QStringLiteral(", "));
}

/// Of every entry by which the message left, oldest first.
QList<DeliveryAttempt> attemptsOfAll(const QList<mail::Journey> &journeys)
{
    QList<DeliveryAttempt> attempts;
    for (const mail::Journey &journey : journeys)
        attempts += attemptsIn(journey);
    std::stable_sort(attempts.begin(), attempts.end(),
        [](const DeliveryAttempt &a, const DeliveryAttempt &b) { return a.at < b.at; });
    return attempts;
}

} // namespace

DeliveryComparer::DeliveryComparer(
    mail::Mailboxes &mailboxes, mail::Outbox &outbox, InlineBar &bar, DeliveryPane &pane)
    : QObject(&pane), m_mailboxes(mailboxes), m_outbox(outbox), m_bar(bar), m_pane(pane)
{
    connect(&pane, &DeliveryPane::compareRequested, this, &DeliveryComparer::choose);
}

void DeliveryComparer::setRecord(const QList<mail::Journey> &journeys, const QString &subject)
{
    m_journeys = journeys;
    m_subject = subject;
}

bool DeliveryComparer::isOwn(const QByteArray &queueId) const
{
    return std::any_of(m_journeys.begin(), m_journeys.end(),
        [&queueId](const mail::Journey &journey) { return journey.entry.id == queueId; });
}

void DeliveryComparer::choose()
{
    const QList<DeliveryAttempt> attempts = attemptsOfAll(m_journeys);
    if (attempts.isEmpty()) {
        m_bar.say(InlineBar::Kind::Info, tr("The record of this message has no sessions to compare."));
        return;
    }
    QStringList lines;
    for (const DeliveryAttempt &attempt : attempts)
        lines << attemptText(attempt);
    auto *chooser = new DeliveryChooser(lines, &m_pane);
    connect(chooser, &DeliveryChooser::attemptChosen, this,
        [this, attempts, subject = m_subject](
            int left, int right) { show(attempts.value(left), attempts.value(right), subject); });
    connect(chooser, &DeliveryChooser::messageChosen, this,
        [this, attempts](
            int left, const QByteArray &queueId) { compareWith(attempts.value(left), queueId); });
    addWaiting(*chooser);
    addSent(*chooser);
    chooser->open();
}

void DeliveryComparer::addWaiting(DeliveryChooser &chooser)
{
    m_outbox.entries().then(&chooser, [this, &chooser](const mail::Result<QList<mail::QueueEntry>> &entries) {
        QList<DeliveryChoice> choices;
        for (const mail::QueueEntry &entry : entries.value_or(QList<mail::QueueEntry>())) {
            if (!isOwn(entry.id))
                choices.prepend({choiceTitle(entry.subject, recipientsOf(entry)),
                    tr("waiting, %1", "since when").arg(exactTime(entry.queuedAt / 1000)), entry.id});
        }
        chooser.addMessages(choices);
    });
}

void DeliveryComparer::addSent(DeliveryChooser &chooser)
{
    mail::RowQuery query;
    query.searchText = QStringLiteral("in:sent");
    query.limit = mostSentChoices;
    m_mailboxes.rows(query).then(&chooser, [this, &chooser](const mail::Result<mail::RowPage> &page) {
        QList<DeliveryChoice> choices;
        for (const mail::MessageRow &row : page.value_or(mail::RowPage()).rows) {
            if (!row.queueId.isEmpty() && !isOwn(row.queueId))
                choices.append({choiceTitle(row.subject, row.to),
                    tr("sent, %1", "when").arg(exactTime(row.date)), row.queueId});
        }
        chooser.addMessages(choices);
    });
}

/// The last attempt of the other one.
void DeliveryComparer::compareWith(const DeliveryAttempt &left, const QByteArray &queueId)
{
    m_outbox.journeys({queueId, {}, {}})
        .then(this, [this, left](const mail::Result<QList<mail::Journey>> &journeys) {
            if (!journeys) {
                m_bar.say(InlineBar::Kind::Error, errorText(journeys.error()));
                return;
            }
            const QList<DeliveryAttempt> others = attemptsOfAll(*journeys);
            if (others.isEmpty())
                m_bar.say(
                    InlineBar::Kind::Info, tr("The record of that message has no sessions to compare."));
            else
                show(left, others.last(), journeys->first().entry.subject);
        });
}

QString DeliveryComparer::nameOf(const DeliveryAttempt &attempt, const QString &subject) const
{
    return tr("%1: %2", "subject, attempt")
        .arg(subject.isEmpty() ? tr("(no subject)") : safeLine(subject), attemptText(attempt));
}

void DeliveryComparer::show(
    const DeliveryAttempt &left, const DeliveryAttempt &right, const QString &rightSubject)
{
    openComparison(left.delivery, nameOf(left, m_subject), right.delivery, nameOf(right, rightSubject),
        &m_pane, [this](ComparisonWindow &window) {
            connect(&window, &ComparisonWindow::linesRequested, &m_pane, &DeliveryPane::sessionRequested);
        });
}

} // namespace glasspost::ui
