#include "ui/message/cardtext.h"

#include "ui/widgets/plaintext.h"
#include "ui/words/addresstext.h"
#include "ui/words/deliverytext.h"
#include "ui/words/replymeanings.h"
#include "ui/words/shownbytes.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include <algorithm>

namespace glasspost::ui {

namespace {

struct CardWords
{
    Q_DECLARE_TR_FUNCTIONS(glasspost::ui::Card)
};

constexpr int recipientsShown = 5;
constexpr int peopleShown = 6;
constexpr int furtherEventsShown = 5;
constexpr qsizetype valueShown = 200;

QString shown(const QString &value)
{
    return shortened(safeLine(value).simplified(), valueShown);
}

QString shown(const QByteArray &value)
{
    return shortened(shownBytes(value).text, valueShown);
}

QString recipientText(const mail::ReportedRecipient &recipient)
{
    const QByteArray &address
        = recipient.originalRecipient.isEmpty() ? recipient.finalRecipient : recipient.originalRecipient;
    QString text = CardWords::tr("%1: %2", "recipient and what became of it")
                       .arg(shown(address), reportActionText(recipient.action));
    if (const QString reason = statusCodeReason(recipient.status); !reason.isEmpty())
        text = CardWords::tr("%1, %2", "what became of it and why").arg(text, reason);
    if (!recipient.diagnostic.isEmpty())
        text += QStringLiteral(" (%1)").arg(shown(recipient.diagnostic));
    return text;
}

QString dayText(qint64 seconds)
{
    return QLocale().toString(QDateTime::fromSecsSinceEpoch(seconds, Qt::UTC).date(), QLocale::LongFormat);
}

QString whenText(const mail::CalendarEvent &event)
{
    if (event.start == 0)
        return {};
    if (event.isAllDay) {
        const qint64 last = event.end - 24 * 3600; // the end is not in it
        return last > event.start ? CardWords::tr("%1 to %2").arg(dayText(event.start), dayText(last))
                                  : CardWords::tr("%1, all day").arg(dayText(event.start));
    }
    const QDateTime start = QDateTime::fromSecsSinceEpoch(event.start);
    const QDateTime end = QDateTime::fromSecsSinceEpoch(event.end);
    const QLocale locale;
    const QString day = locale.toString(start.date(), QLocale::LongFormat);
    const QString time = locale.toString(start.time(), QLocale::ShortFormat);
    QString when = CardWords::tr("%1, %2", "day and time").arg(day, time);
    if (event.end > event.start)
        when = CardWords::tr("%1 to %2")
                   .arg(when,
                       end.date() == start.date() ? locale.toString(end.time(), QLocale::ShortFormat)
                                                  : locale.toString(end, QLocale::ShortFormat));
    if (!event.unknownZone.isEmpty())
        when = CardWords::tr("%1 (in the time zone “%2”, which is not known here)")
                   .arg(when, shown(event.unknownZone));
    return when;
}

QString recurrenceText(const mail::CalendarEvent &event)
{
    const int every = event.interval;
    switch (event.recurrence) {
    case mail::Recurrence::None:
        return {};
    case mail::Recurrence::Daily:
        return every == 1 ? CardWords::tr("Every day") : CardWords::tr("Every %Ln days", nullptr, every);
    case mail::Recurrence::Weekly:
        return every == 1 ? CardWords::tr("Every week") : CardWords::tr("Every %Ln weeks", nullptr, every);
    case mail::Recurrence::Monthly:
        return every == 1 ? CardWords::tr("Every month") : CardWords::tr("Every %Ln months", nullptr, every);
    case mail::Recurrence::Yearly:
        return every == 1 ? CardWords::tr("Every year") : CardWords::tr("Every %Ln years", nullptr, every);
    case mail::Recurrence::Other:
        return CardWords::tr("Comes again");
    }
    return {};
}

QString participationText(mail::Participation participation)
{
    switch (participation) {
    case mail::Participation::Accepted:
        return CardWords::tr("accepted");
    case mail::Participation::Declined:
        return CardWords::tr("declined");
    case mail::Participation::Tentative:
        return CardWords::tr("tentative");
    case mail::Participation::Delegated:
        return CardWords::tr("delegated");
    case mail::Participation::NeedsAction:
    case mail::Participation::Unknown:
        break;
    }
    return {};
}

QString personText(const mail::CalendarPerson &person)
{
    const QString name = shown(person.name.isEmpty() ? person.address : person.name);
    const QString comes = participationText(person.participation);
    return comes.isEmpty() ? name : CardWords::tr("%1 (%2)", "person and answer").arg(name, comes);
}

QString peopleText(const QList<mail::CalendarPerson> &people)
{
    QStringList names;
    for (const mail::CalendarPerson &person : people.mid(0, peopleShown))
        names += personText(person);
    if (people.size() > peopleShown)
        names += CardWords::tr("%Ln more", nullptr, int(people.size()) - peopleShown);
    return names.join(QStringLiteral(", "));
}

bool isCancelled(mail::CalendarMethod method, const mail::CalendarEvent &event)
{
    return event.isCancelled || method == mail::CalendarMethod::Cancel;
}

QString eventTitle(const mail::CalendarEvent &event)
{
    return event.summary.isEmpty() ? CardWords::tr("(no title)") : shown(event.summary);
}

/// Those behind the first, a line each.
QStringList furtherEvents(const mail::CalendarCard &calendar)
{
    QStringList lines;
    for (const mail::CalendarEvent &event : calendar.events.mid(1, furtherEventsShown)) {
        const QString when = whenText(event);
        const QString title = isCancelled(calendar.method, event)
            ? CardWords::tr("Cancelled: %1").arg(eventTitle(event))
            : eventTitle(event);
        lines += when.isEmpty() ? title : CardWords::tr("%1: %2", "time and event").arg(when, title);
    }
    if (calendar.events.size() > furtherEventsShown + 1)
        lines += CardWords::tr(
            "%Ln more event(s)", nullptr, int(calendar.events.size()) - furtherEventsShown - 1);
    return lines;
}

QString calendarHeading(mail::CalendarMethod method, const mail::CalendarEvent &event)
{
    const QString summary = eventTitle(event);
    if (isCancelled(method, event))
        return CardWords::tr("Cancelled: %1").arg(summary);
    if (method == mail::CalendarMethod::Request)
        return CardWords::tr("Invitation: %1").arg(summary);
    if (method == mail::CalendarMethod::Reply)
        return CardWords::tr("Answer to an invitation: %1").arg(summary);
    return CardWords::tr("Event: %1").arg(summary);
}

} // namespace

CardText protectionText(const mail::MessageView &message)
{
    const auto heading = [&message](const QString &ofAll, const QString &ofPart) {
        return message.isProtectedInPart ? ofPart : ofAll;
    };
    const QString unverified
        = CardWords::tr("Glasspost does not verify signatures: it may be genuine or not.");
    const QString undecrypted = CardWords::tr(
        "Glasspost does not decrypt. Save the message and open it with a program that has the key.");
    switch (message.protection) {
    case mail::Protection::None:
        return {};
    case mail::Protection::OpenPgpSigned:
        return {heading(CardWords::tr("Signed with OpenPGP"),
                    CardWords::tr("Part of this message is signed with OpenPGP")),
            {unverified}, Tone::Neutral};
    case mail::Protection::SmimeSigned:
        return {heading(CardWords::tr("Signed with S/MIME"),
                    CardWords::tr("Part of this message is signed with S/MIME")),
            {unverified}, Tone::Neutral};
    case mail::Protection::OtherSigned:
        return {heading(CardWords::tr("Signed"), CardWords::tr("Part of this message is signed")),
            {unverified}, Tone::Neutral};
    case mail::Protection::OpenPgpEncrypted:
        return {heading(CardWords::tr("Encrypted with OpenPGP"),
                    CardWords::tr("Part of this message is encrypted with OpenPGP")),
            {undecrypted}, Tone::Transit};
    case mail::Protection::SmimeEncrypted:
        return {heading(CardWords::tr("Encrypted with S/MIME"),
                    CardWords::tr("Part of this message is encrypted with S/MIME")),
            {undecrypted}, Tone::Transit};
    case mail::Protection::OtherEncrypted:
        return {heading(CardWords::tr("Encrypted"), CardWords::tr("Part of this message is encrypted")),
            {undecrypted}, Tone::Transit};
    case mail::Protection::OpenPgpText:
        return {CardWords::tr("OpenPGP text"),
            {CardWords::tr("The text is signed or encrypted. Glasspost shows it as it is.")}, Tone::Neutral};
    }
    return {};
}

CardText reportText(const mail::StatusReport &report)
{
    using Action = mail::ReportAction;
    const auto has = [&report](Action action) {
        return std::any_of(report.recipients.cbegin(), report.recipients.cend(),
            [action](const mail::ReportedRecipient &one) { return one.action == action; });
    };
    CardText text;
    text.tone = has(Action::Failed) ? Tone::Refused : has(Action::Delayed) ? Tone::Deferred : Tone::Accepted;
    const QString server = shown(report.reportingServer);
    text.heading = has(Action::Failed) ? CardWords::tr("Delivery report: not delivered")
        : has(Action::Delayed)         ? CardWords::tr("Delivery report: delayed")
                                       : CardWords::tr("Delivery report: delivered");
    for (const mail::ReportedRecipient &recipient : report.recipients.mid(0, recipientsShown))
        text.lines += recipientText(recipient);
    if (report.recipients.size() > recipientsShown)
        text.lines += CardWords::tr(
            "%Ln more recipient(s)", nullptr, int(report.recipients.size()) - recipientsShown);
    if (!server.isEmpty())
        text.lines += CardWords::tr("Reported by %1").arg(server);
    return text;
}

/// RFC 8098 3.2.6.2; what follows a slash is a modifier.
CardText receiptText(const mail::MdnReceipt &receipt)
{
    const QString said = shown(QString::fromUtf8(receipt.disposition)).section(u'/', 0, 0).trimmed();
    const QString who = receipt.finalRecipient.isEmpty() ? CardWords::tr("The recipient")
                                                         : shown(QString::fromUtf8(receipt.finalRecipient));
    if (said == QLatin1String("displayed"))
        return {CardWords::tr("Receipt: displayed"),
            {CardWords::tr("%1 displayed your message. That does not prove that it was read.").arg(who)},
            Tone::Accepted};
    if (said == QLatin1String("deleted"))
        return {CardWords::tr("Receipt: deleted"), {CardWords::tr("%1 deleted your message.").arg(who)},
            Tone::Deferred};
    return {CardWords::tr("Receipt"),
        {said.isEmpty() ? CardWords::tr("%1 does not say what became of your message.").arg(who)
                        : CardWords::tr("%1 reported: %2").arg(who, said)},
        Tone::Neutral};
}

CardText calendarText(const mail::CalendarCard &calendar)
{
    if (calendar.events.isEmpty())
        return {CardWords::tr("Calendar"), {CardWords::tr("No event could be read from it.")}, Tone::Neutral};
    const mail::CalendarEvent &event = calendar.events.constFirst();
    CardText text;
    text.heading = calendarHeading(calendar.method, event);
    text.tone = isCancelled(calendar.method, event) ? Tone::Refused : Tone::Transit;
    text.lines = {whenText(event), recurrenceText(event)};
    if (!event.location.isEmpty())
        text.lines += CardWords::tr("Where: %1").arg(shown(event.location));
    if (event.organizer)
        text.lines += CardWords::tr("Organizer: %1").arg(personText(*event.organizer));
    if (!event.people.isEmpty())
        text.lines += CardWords::tr("Invited: %1").arg(peopleText(event.people));
    text.lines += furtherEvents(calendar);
    text.lines.removeAll(QString());
    return text;
}

CardText contactText(const QList<mail::ContactCard> &contacts)
{
    if (contacts.isEmpty())
        return {
            CardWords::tr("Contact"), {CardWords::tr("No contact could be read from it.")}, Tone::Neutral};
    const mail::ContactCard &contact = contacts.constFirst();
    CardText text;
    text.heading = CardWords::tr("Contact: %1").arg(shown(contact.name));
    QStringList position{contact.title, contact.organization};
    position.removeAll(QString());
    text.lines = {shown(position.join(QStringLiteral(", "))),
        shown(contact.emails.join(QStringLiteral(", "))),
        shown(contact.telephones.join(QStringLiteral(", "))),
        shown(contact.addresses.join(QStringLiteral("; "))), shown(contact.urls.join(QStringLiteral(", ")))};
    text.lines.removeAll(QString());
    if (contacts.size() > 1)
        text.lines += CardWords::tr("%Ln more contact(s)", nullptr, int(contacts.size()) - 1);
    return text;
}

} // namespace glasspost::ui
