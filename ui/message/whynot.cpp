#include "ui/message/whynot.h"

#include "ui/message/waterfall.h"
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
constexpr qint64 slowAfter = 60 * oneSecond;
constexpr int exactCode = 100; // from here on a reply's whole code, below its first digit

/// What can be done, by the stages from one to another, the reply (its first digit or its whole code) and
/// subject and detail of the status. The first row that fits counts.
struct Remedy
{
    Stage from;
    Stage to;
    int code;
    int subject;
    int detail;
    const char *words;
};

constexpr std::array remedies{
    Remedy{Stage::Lookup, Stage::Lookup, any, 1, 10,
        QT_TRANSLATE_NOOP("WhyNot", "The domain says that it takes no mail. Use another address.")},
    Remedy{Stage::Lookup, Stage::Lookup, any, 1, any,
        QT_TRANSLATE_NOOP("WhyNot", "Check the spelling of the domain, and send the message again.")},
    Remedy{Stage::Lookup, Stage::Lookup, any, 7, any,
        QT_TRANSLATE_NOOP("WhyNot",
            "DANE or MTA-STS leaves no server to deliver to. The receiving domain has to mend its records; "
            "the preferences under Outgoing say whether they are obeyed.")},
    Remedy{Stage::Lookup, Stage::Lookup, any, 4, 4,
        QT_TRANSLATE_NOOP("WhyNot", "Check the host name of the outgoing server in the preferences.")},
    Remedy{Stage::Lookup, Stage::Lookup, any, 4, 6,
        QT_TRANSLATE_NOOP("WhyNot",
            "The records of the domain lead back to this computer or in a circle. If mail for it belongs "
            "here, add it to the local domains; else the domain has to mend its records.")},
    Remedy{Stage::Lookup, Stage::Lookup, any, any, any,
        QT_TRANSLATE_NOOP("WhyNot", "Check that this computer reaches a nameserver.")},
    Remedy{Stage::Connect, Stage::Connect, any, any, any,
        QT_TRANSLATE_NOOP("WhyNot",
            "Check the network, host and port. Many access providers block port 25: where that is so, send "
            "by a smarthost on port 587 or 465.")},
    Remedy{Stage::Greeting, Stage::Hello, any, 4, 6,
        QT_TRANSLATE_NOOP("WhyNot",
            "The server bears the name of this computer. Check the host name under Identity, or the route.")},
    Remedy{Stage::Hello, Stage::Hello, 501, any, any,
        QT_TRANSLATE_NOOP("WhyNot",
            "The server does not take this computer's name. Set a host name that the "
            "DNS knows.")},
    Remedy{Stage::Hello, Stage::Hello, 504, any, any,
        QT_TRANSLATE_NOOP("WhyNot",
            "The server does not take this computer's name. Set a host name that the "
            "DNS knows.")},
    Remedy{Stage::Greeting, Stage::Hello, 5, any, any,
        QT_TRANSLATE_NOOP("WhyNot",
            "The server takes no mail from this address. Send by a smarthost, or ask the postmaster of the "
            "receiving domain.")},
    Remedy{Stage::StartTls, Stage::StartTls, any, 7, 4,
        QT_TRANSLATE_NOOP("WhyNot",
            "TLS is required, and the server gives none. If you may do without it there, change the "
            "encryption of the route.")},
    Remedy{Stage::StartTls, Stage::StartTls, any, 7, 5,
        QT_TRANSLATE_NOOP("WhyNot",
            "Look at the certificate. Accept it only if its fingerprint is the one that the server's owner "
            "tells you.")},
    Remedy{Stage::StartTls, Stage::StartTls, any, any, any,
        QT_TRANSLATE_NOOP("WhyNot",
            "Check that the port fits the encryption: 465 begins with TLS, 587 and 25 take STARTTLS.")},
    Remedy{Stage::Auth, Stage::Auth, 535, any, any,
        QT_TRANSLATE_NOOP("WhyNot",
            "Enter the user name and the password again. Some services want a "
            "password made for this program.")},
    Remedy{Stage::Auth, Stage::Auth, any, 7, 0,
        QT_TRANSLATE_NOOP("WhyNot", "Enter the password of the outgoing server.")},
    Remedy{Stage::Auth, Stage::Auth, any, any, any,
        QT_TRANSLATE_NOOP("WhyNot", "Check user name, password and encryption of the route.")},
    Remedy{Stage::Mail, Stage::Data, 530, any, any,
        QT_TRANSLATE_NOOP("WhyNot", "The server wants a sign-in: add a user name to the route.")},
    Remedy{Stage::Mail, Stage::EndOfData, any, 3, 4,
        QT_TRANSLATE_NOOP("WhyNot", "Send a smaller message, or a link in place of an attachment.")},
    Remedy{Stage::Mail, Stage::EndOfData, any, 2, 3,
        QT_TRANSLATE_NOOP("WhyNot", "Send a smaller message, or a link in place of an attachment.")},
    Remedy{Stage::Mail, Stage::EndOfData, any, 6, any,
        QT_TRANSLATE_NOOP("WhyNot",
            "The server cannot take the message in this form. Send it again as plain text, with addresses in "
            "ASCII.")},
    Remedy{Stage::Mail, Stage::EndOfData, any, 7, 25,
        QT_TRANSLATE_NOOP("WhyNot",
            "The address that this mail comes from needs a name in the DNS that leads back to it. Send by a "
            "smarthost, or have that record set.")},
    Remedy{Stage::Mail, Stage::EndOfData, any, 7, 23,
        QT_TRANSLATE_NOOP("WhyNot",
            "The SPF record of your domain does not allow this way. Send by its own "
            "server, or add this one to the record.")},
    Remedy{Stage::Mail, Stage::EndOfData, any, 7, 20,
        QT_TRANSLATE_NOOP("WhyNot", "The receiver wants a DKIM signature. Send by a server that signs.")},
    Remedy{Stage::Mail, Stage::EndOfData, any, 7, 26,
        QT_TRANSLATE_NOOP("WhyNot",
            "The receiver wants SPF or DKIM to vouch for your domain. Send by a "
            "server that does.")},
    Remedy{Stage::Mail, Stage::Rcpt, 4, 7, any,
        QT_TRANSLATE_NOOP("WhyNot",
            "Nothing need be done at first: servers with greylisting answer so to the first attempt and take "
            "a later one.")},
    Remedy{Stage::Rcpt, Stage::EndOfData, any, 1, any,
        QT_TRANSLATE_NOOP("WhyNot", "Check the spelling of the address, and send the message again.")},
    Remedy{Stage::Rcpt, Stage::EndOfData, any, 2, 1,
        QT_TRANSLATE_NOOP("WhyNot", "The mailbox is disabled. Reach the person another way.")},
    Remedy{Stage::Rcpt, Stage::EndOfData, any, 2, 2,
        QT_TRANSLATE_NOOP("WhyNot",
            "Only its owner can make room in the mailbox. Reach the person another "
            "way, or try again later.")},
    Remedy{Stage::Mail, Stage::EndOfData, 5, 7, any,
        QT_TRANSLATE_NOOP("WhyNot",
            "It is a rule of the receiving server. Read its words, and ask the postmaster of the receiving "
            "domain.")},
    Remedy{Stage::Body, Stage::EndOfData, noReply, any, any,
        QT_TRANSLATE_NOOP("WhyNot", "Ask whether it arrived before you send it again.")},
    Remedy{Stage::Mail, Stage::EndOfData, noReply, any, any,
        QT_TRANSLATE_NOOP("WhyNot", "Check the network; the server may be overloaded or restarting.")},
    Remedy{Stage::Greeting, Stage::EndOfData, 4, any, any,
        QT_TRANSLATE_NOOP("WhyNot", "The server asks to be tried again later.")},
    Remedy{Stage::Greeting, Stage::Greeting, noReply, any, any,
        QT_TRANSLATE_NOOP("WhyNot",
            "Check host, port and encryption: a server that wants TLS at once does not "
            "greet.")},
    Remedy{Stage::Local, Stage::Local, any, any, any,
        QT_TRANSLATE_NOOP("WhyNot", "Mend what the reason names, in the message or in the preferences.")},
};

QString why(const char *words)
{
    return QCoreApplication::translate(whyContext, words);
}

bool fits(const Remedy &remedy, const smtp::RecipientReport &report)
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
    qint64 nextAttemptAt = 0;
    int attempts = 0;
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
            ? causes.emplaceBack(Cause{*report, one.hasEnded(), one.nextAttemptAt, one.attempts(), {}})
            : *known;
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
                       "%1 got the whole message for %2, and the connection was lost before its answer came: "
                       "it may have arrived."))
            .arg(server, names);
    if (report.reply.isNull()) {
        const QString reason = shownBytes(report.reason).text;
        return server.isEmpty()
            ? why(QT_TRANSLATE_NOOP(
                      "WhyNot", "No server said no to the message for %1. It stopped here, %2: %3."))
                  .arg(names, stageText(report.stage), reason)
            : why(QT_TRANSLATE_NOOP("WhyNot", "The delivery to %1 stopped at %2, %3: %4."))
                  .arg(names, server, stageText(report.stage), reason);
    }
    const QString said = shownBytes(report.reply.toBytes()).text;
    return (report.result == smtp::DeliveryResult::Refused
            ? why(
                QT_TRANSLATE_NOOP("WhyNot", "%1 permanently refused the message for %2, %3. It said: “%4”."))
            : why(QT_TRANSLATE_NOOP(
                "WhyNot", "%1 did not take the message for %2 for now, %3. It said: “%4”.")))
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
    return why(QT_TRANSLATE_NOOP("WhyNot", "The next attempt: %1.")).arg(untilText(cause.nextAttemptAt, now));
}

QString paragraphOf(const mail::Journey &journey, const Cause &cause, const QDateTime &now)
{
    QStringList sentences{whatWasSaid(cause), whatTheCodeMeans(cause.report),
        whatComesNext(journey, cause, now), remedyFor(cause.report)};
    sentences.removeAll(QString());
    return sentences.join(u' ');
}

/// When the last recipient's server took it, in microseconds since the Unix epoch; 0 when that is not known.
qint64 takenAt(const mail::QueueEntry &entry)
{
    qint64 last = 0;
    for (const mail::QueueRecipient &one : entry.recipients) {
        const auto report = one.lastReport();
        last = std::max(last, report ? report->at : 0);
    }
    return last;
}

/// Where the time went of one that arrived, but late.
QString whySlow(const mail::Journey &journey)
{
    const mail::QueueEntry &entry = journey.entry;
    const qint64 begun = std::max(entry.queuedAt, entry.notBefore) * oneMillisecond;
    const qint64 took = takenAt(entry) - begun;
    if (!entry.isDone() || took < slowAfter)
        return {};
    QString words
        = why(QT_TRANSLATE_NOOP("WhyNot", "It was delivered %1 after it was due.")).arg(durationText(took));
    const QList<WaterfallRow> rows = waterfallOf(journey);
    int attempts = 0;
    const WaterfallRow *longest = nullptr;
    for (const WaterfallRow &row : rows) {
        attempts = std::max(attempts, row.attempt);
        if (row.kind == WaterfallRow::Kind::Stage
            && (longest == nullptr || row.to - row.from > longest->to - longest->from))
            longest = &row;
    }
    if (attempts > 1)
        words += u' ' + why(QT_TRANSLATE_NOOP("WhyNot", "It took %1 attempts.")).arg(attempts);
    if (longest != nullptr)
        words += u' '
            + why(QT_TRANSLATE_NOOP("WhyNot", "The longest stage was “%1” in attempt %2: %3."))
                  .arg(longest->label, QString::number(longest->attempt),
                      durationText(longest->to - longest->from));
    return words;
}

} // namespace

QString remedyFor(const smtp::RecipientReport &report)
{
    const auto found = std::find_if(
        remedies.begin(), remedies.end(), [&report](const Remedy &remedy) { return fits(remedy, report); });
    return found == remedies.end() ? QString() : why(found->words);
}

QString whyNotArrived(const mail::Journey &journey, const QDateTime &now)
{
    const QList<Cause> causes = causesOf(journey.entry);
    if (causes.isEmpty())
        return whySlow(journey);
    QStringList paragraphs;
    for (const Cause &cause : causes)
        paragraphs << paragraphOf(journey, cause, now);
    return paragraphs.join(u'\n');
}

} // namespace glasspost::ui
