#include "ui/message/whynot.h"

#include "ui/message/whyslow.h"
#include "ui/words/deliverytext.h"
#include "ui/words/format.h"
#include "ui/words/replymeanings.h"
#include "ui/words/shownbytes.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

namespace glasspost::ui {

namespace {

using Stage = smtp::DeliveryStage;

constexpr const char *whyContext = "WhyNot";
constexpr int any = -1;
constexpr int noReply = 0;
constexpr int mostNamedRecipients = 3;
constexpr int exactCode = 100; // from here on a reply's whole code, below its first digit

/// What can be done, by the stages from one to another, the reply (its first digit or its whole code) and
/// subject and detail of the status. The first row that matches counts.
struct Remedy
{
    Stage from;
    Stage to;
    int code;
    int subject;
    int detail;
    const char *words;
    bool isOfRoute = false; ///< it is done in the settings of the route
};

constexpr std::array remedies{
    Remedy{Stage::Lookup, Stage::Lookup, any, 1, 10,
        QT_TRANSLATE_NOOP("WhyNot", "The domain accepts no mail. Use another address.")},
    Remedy{Stage::Lookup, Stage::Lookup, any, 1, any,
        QT_TRANSLATE_NOOP("WhyNot", "Check the spelling of the domain, then send the message again.")},
    Remedy{Stage::Lookup, Stage::Lookup, any, 7, any,
        QT_TRANSLATE_NOOP("WhyNot",
            "DANE or MTA-STS rules out every server of the domain. The domain must correct its "
            "records; whether they are obeyed is set in the preferences under Outgoing."),
        true},
    Remedy{Stage::Lookup, Stage::Lookup, any, 4, 4,
        QT_TRANSLATE_NOOP("WhyNot", "Check the host name of the outgoing server in the preferences."), true},
    Remedy{Stage::Lookup, Stage::Lookup, any, 4, 6,
        QT_TRANSLATE_NOOP("WhyNot",
            "The records of the domain point back to this computer, or form a loop. If mail for the "
            "domain belongs here, add it to the local domains; otherwise the domain must correct "
            "its records.")},
    Remedy{Stage::Lookup, Stage::Lookup, any, any, any,
        QT_TRANSLATE_NOOP("WhyNot", "Check that this computer can reach a nameserver.")},
    Remedy{Stage::Connect, Stage::Connect, any, any, any,
        QT_TRANSLATE_NOOP("WhyNot",
            "Check the network, the host and the port. Many access providers block port 25: in that "
            "case, send through a smarthost on port 587 or 465."),
        true},
    Remedy{Stage::Greeting, Stage::Hello, any, 4, 6,
        QT_TRANSLATE_NOOP("WhyNot",
            "The server has the same name as this computer. Check the host name under Identity, or "
            "the route."),
        true},
    Remedy{Stage::Hello, Stage::Hello, 501, any, any,
        QT_TRANSLATE_NOOP("WhyNot",
            "The server rejects the name of this computer. Set a host name that the DNS can "
            "resolve.")},
    Remedy{Stage::Hello, Stage::Hello, 504, any, any,
        QT_TRANSLATE_NOOP("WhyNot",
            "The server rejects the name of this computer. Set a host name that the DNS can "
            "resolve.")},
    Remedy{Stage::Greeting, Stage::Hello, 5, any, any,
        QT_TRANSLATE_NOOP("WhyNot",
            "The server accepts no mail from this address. Send through a smarthost, or ask the "
            "postmaster of the receiving domain."),
        true},
    Remedy{Stage::StartTls, Stage::StartTls, any, 7, 4,
        QT_TRANSLATE_NOOP("WhyNot",
            "TLS is required, and the server does not offer it. If the route may do without, change "
            "its encryption."),
        true},
    Remedy{Stage::StartTls, Stage::StartTls, any, 7, 5,
        QT_TRANSLATE_NOOP("WhyNot",
            "Look at the certificate. Accept it only if its fingerprint is the one that the "
            "server's owner gives you.")},
    Remedy{Stage::StartTls, Stage::StartTls, any, any, any,
        QT_TRANSLATE_NOOP("WhyNot",
            "Check that port and encryption match: port 465 begins with TLS, ports 587 and 25 use "
            "STARTTLS."),
        true},
    Remedy{Stage::Auth, Stage::Auth, 535, any, any,
        QT_TRANSLATE_NOOP("WhyNot",
            "Enter the user name and the password again. Some services require a password made for "
            "one program."),
        true},
    Remedy{Stage::Auth, Stage::Auth, any, 7, 0,
        QT_TRANSLATE_NOOP("WhyNot", "Enter the password of the outgoing server."), true},
    Remedy{Stage::Auth, Stage::Auth, any, any, any,
        QT_TRANSLATE_NOOP("WhyNot", "Check the user name, the password and the encryption of the route."),
        true},
    Remedy{Stage::Mail, Stage::Data, 530, any, any,
        QT_TRANSLATE_NOOP("WhyNot", "The server requires a sign-in: add a user name to the route."), true},
    Remedy{Stage::Mail, Stage::EndOfData, any, 3, 4,
        QT_TRANSLATE_NOOP("WhyNot", "Send a smaller message, or a link instead of an attachment.")},
    Remedy{Stage::Mail, Stage::EndOfData, any, 2, 3,
        QT_TRANSLATE_NOOP("WhyNot", "Send a smaller message, or a link instead of an attachment.")},
    Remedy{Stage::Mail, Stage::EndOfData, any, 6, any,
        QT_TRANSLATE_NOOP("WhyNot",
            "The server cannot take the message in this form. Send it again as plain text, with "
            "ASCII addresses.")},
    Remedy{Stage::Mail, Stage::EndOfData, any, 7, 25,
        QT_TRANSLATE_NOOP("WhyNot",
            "The address from which this mail is sent needs a name in the DNS that resolves back to "
            "it. Send through a smarthost, or have that record set."),
        true},
    Remedy{Stage::Mail, Stage::EndOfData, any, 7, 23,
        QT_TRANSLATE_NOOP("WhyNot",
            "The SPF record of your domain does not allow this server. Send through the domain's "
            "own server, or add this one to the record."),
        true},
    Remedy{Stage::Mail, Stage::EndOfData, any, 7, 20,
        QT_TRANSLATE_NOOP(
            "WhyNot", "The receiver requires a DKIM signature. Send through a server that signs."),
        true},
    Remedy{Stage::Mail, Stage::EndOfData, any, 7, 26,
        QT_TRANSLATE_NOOP("WhyNot",
            "The receiver requires SPF or DKIM to authenticate your domain. Send through a server "
            "that does."),
        true},
    Remedy{Stage::Mail, Stage::Rcpt, 4, 7, any,
        QT_TRANSLATE_NOOP("WhyNot",
            "Nothing needs to be done yet: servers with greylisting answer the first attempt like "
            "this and accept a later one.")},
    Remedy{Stage::Rcpt, Stage::EndOfData, any, 1, any,
        QT_TRANSLATE_NOOP("WhyNot", "Check the spelling of the address, and send the message again.")},
    Remedy{Stage::Rcpt, Stage::EndOfData, any, 2, 1,
        QT_TRANSLATE_NOOP("WhyNot", "The mailbox is disabled. Reach the person by other means.")},
    Remedy{Stage::Rcpt, Stage::EndOfData, any, 2, 2,
        QT_TRANSLATE_NOOP("WhyNot",
            "Only its owner can make room in the mailbox. Reach the person by other means, or try "
            "again later.")},
    Remedy{Stage::Mail, Stage::EndOfData, 5, 7, any,
        QT_TRANSLATE_NOOP("WhyNot",
            "This is a rule of the receiving server. Read its reply, and ask the postmaster of the "
            "receiving domain.")},
    Remedy{Stage::Body, Stage::EndOfData, noReply, any, any,
        QT_TRANSLATE_NOOP("WhyNot", "Ask whether it arrived before you send it again.")},
    Remedy{Stage::Mail, Stage::EndOfData, noReply, any, any,
        QT_TRANSLATE_NOOP("WhyNot", "Check the network; the server may be overloaded or restarting.")},
    Remedy{Stage::Greeting, Stage::EndOfData, 4, any, any,
        QT_TRANSLATE_NOOP("WhyNot", "The server asks for another attempt later.")},
    Remedy{Stage::Greeting, Stage::Greeting, noReply, any, any,
        QT_TRANSLATE_NOOP(
            "WhyNot", "Check host, port and encryption: a server that expects TLS at once does not greet."),
        true},
    Remedy{Stage::Local, Stage::Local, any, any, any,
        QT_TRANSLATE_NOOP("WhyNot", "Correct what the reason names, in the message or in the preferences.")},
};

QString why(const char *words)
{
    return QCoreApplication::translate(whyContext, words);
}

bool matches(const Remedy &remedy, const smtp::RecipientReport &report)
{
    if (report.stage < remedy.from || report.stage > remedy.to)
        return false;
    const int code = report.reply.code;
    const bool isCode = remedy.code == any || remedy.code == code
        || (remedy.code > noReply && remedy.code < exactCode && code / exactCode == remedy.code);
    const auto status = report.status.isNull() ? report.reply.enhanced : report.status;
    return isCode && (remedy.subject == any || remedy.subject == status.subject)
        && (remedy.detail == any || remedy.detail == status.detail);
}

/// Recipients of whom the same was said.
struct Cause
{
    smtp::RecipientReport report;
    bool hasEnded = false;
    qint64 firstAttemptAt = 0; ///< the next one of the recipient that is tried first; milliseconds
    qint64 lastAttemptAt = 0; ///< of the one that is tried last
    QStringList recipients;
};

bool isSame(const Cause &cause, const smtp::RecipientReport &report, bool hasEnded)
{
    const smtp::RecipientReport &known = cause.report;
    return known.result == report.result && known.stage == report.stage && known.reply == report.reply
        && known.reason == report.reason && known.remoteHost == report.remoteHost
        && cause.hasEnded == hasEnded;
}

QList<Cause> causesOf(const mail::QueueEntry &entry)
{
    QList<Cause> causes;
    for (const mail::QueueRecipient &one : entry.recipients) {
        const auto report = one.lastReport();
        if (!report || report->at == 0 || report->result == smtp::DeliveryResult::Delivered)
            continue;
        const auto known = std::find_if(causes.begin(), causes.end(),
            [&](const Cause &cause) { return isSame(cause, *report, one.hasEnded()); });
        Cause &cause = known == causes.end()
            ? causes.emplaceBack(Cause{*report, one.hasEnded(), one.nextAttemptAt, one.nextAttemptAt, {}})
            : *known;
        cause.firstAttemptAt = std::min(cause.firstAttemptAt, one.nextAttemptAt);
        cause.lastAttemptAt = std::max(cause.lastAttemptAt, one.nextAttemptAt);
        cause.recipients << shownBytes(one.recipient.forwardPath.toBytes()).text;
    }
    return causes;
}

QString namesOf(const QStringList &recipients)
{
    const QString named = recipients.mid(0, mostNamedRecipients).join(QStringLiteral(", "));
    const int more = int(recipients.size()) - mostNamedRecipients;
    return more > 0 ? QCoreApplication::translate(whyContext, "%1 and %Ln other(s)", nullptr, more).arg(named)
                    : named;
}

/// Who said what, at which stage.
QString whatWasSaid(const Cause &cause)
{
    const smtp::RecipientReport &report = cause.report;
    const QString names = namesOf(cause.recipients);
    const QString server = serverText(report);
    if (report.result == smtp::DeliveryResult::Unknown)
        return why(QT_TRANSLATE_NOOP("WhyNot",
                       "%1 got the whole message for %2, but the connection was lost before it replied: it "
                       "may have arrived."))
            .arg(server, names);
    if (report.reply.isNull()) {
        const QString reason = shownBytes(report.reason).text;
        return server.isEmpty()
            ? why(
                QT_TRANSLATE_NOOP("WhyNot", "No server refused the message for %1. It stopped here, %2: %3."))
                  .arg(names, stageText(report.stage), reason)
            : why(QT_TRANSLATE_NOOP("WhyNot", "The delivery to %1 stopped at %2, %3: %4."))
                  .arg(names, server, stageText(report.stage), reason);
    }
    const QString said = shownBytes(report.reply.toBytes()).text;
    return (report.result == smtp::DeliveryResult::Refused
            ? why(
                QT_TRANSLATE_NOOP("WhyNot", "%1 permanently refused the message for %2, %3. It said: “%4”."))
            : why(QT_TRANSLATE_NOOP("WhyNot", "%1 refused the message for %2 for now, %3. It said: “%4”.")))
        .arg(server, names, stageText(report.stage), said);
}

QString whatTheCodeMeans(const smtp::RecipientReport &report)
{
    if (report.reply.isNull())
        return {};
    const smtp::EnhancedStatusCode status = report.reply.enhanced;
    if (!status.isNull())
        return why(QT_TRANSLATE_NOOP("WhyNot", "The code %1 means: %2"))
            .arg(QString::fromLatin1(status.toBytes()), statusCodeMeaning(status));
    return why(QT_TRANSLATE_NOOP("WhyNot", "The server gave no detailed code; %1 means: %2"))
        .arg(report.reply.code)
        .arg(replyCodeMeaning(report.reply.code));
}

QString whatComesNext(const mail::Journey &journey, const Cause &cause, const QDateTime &now)
{
    if (journey.removedAt > 0)
        return why(
            QT_TRANSLATE_NOOP("WhyNot", "It was removed from the queue: there is no further attempt."));
    if (cause.hasEnded)
        return why(QT_TRANSLATE_NOOP("WhyNot", "There is no further attempt."));
    if (journey.entry.held)
        return why(QT_TRANSLATE_NOOP("WhyNot", "It is held in the queue until you release it."));
    const QString first = untilText(cause.firstAttemptAt, now);
    const QString last = untilText(cause.lastAttemptAt, now);
    if (first == last)
        return why(QT_TRANSLATE_NOOP("WhyNot", "The next attempt: %1.")).arg(first);
    return why(QT_TRANSLATE_NOOP("WhyNot", "The next attempts: the first %1, the last %2.")).arg(first, last);
}

QString paragraphOf(const mail::Journey &journey, const Cause &cause, const QDateTime &now)
{
    QStringList sentences{whatWasSaid(cause), whatTheCodeMeans(cause.report),
        whatComesNext(journey, cause, now), remedyFor(cause.report)};
    sentences.removeAll(QString());
    return sentences.join(u' ');
}

const Remedy *rowFor(const smtp::RecipientReport &report)
{
    const auto *found = std::find_if(
        remedies.begin(), remedies.end(), [&report](const Remedy &one) { return matches(one, report); });
    return found == remedies.end() ? nullptr : found;
}

} // namespace

QString remedyFor(const smtp::RecipientReport &report)
{
    const Remedy *remedy = rowFor(report);
    return remedy == nullptr ? QString() : why(remedy->words);
}

QList<NextStep> nextStepsFor(const mail::Journey &journey)
{
    const mail::QueueEntry &entry = journey.entry;
    const QList<Cause> causes = causesOf(entry);
    const bool isWaiting = journey.removedAt == 0 && !entry.isDone();
    QList<NextStep> steps;
    if (causes.isEmpty())
        return steps;
    if (isWaiting)
        steps.append(entry.held ? NextStep::Release : NextStep::TryNow);
    const bool isOfRoute = std::any_of(causes.begin(), causes.end(), [](const Cause &cause) {
        const Remedy *remedy = rowFor(cause.report);
        return remedy != nullptr && remedy->isOfRoute;
    });
    if (isOfRoute)
        steps.append(NextStep::RouteSettings);
    if (isWaiting)
        steps.append(NextStep::ShowInQueue);
    return steps;
}

QString whyNotArrived(const mail::Journey &journey, const QList<WaterfallRow> &rows, const QDateTime &now)
{
    const QList<Cause> causes = causesOf(journey.entry);
    if (causes.isEmpty())
        return whySlow(journey, rows);
    QStringList paragraphs;
    for (const Cause &cause : causes)
        paragraphs << paragraphOf(journey, cause, now);
    return paragraphs.join(u'\n');
}

} // namespace glasspost::ui
