#include "ui/message/messagecards.h"

#include "mail/base/worker.h"
#include "ui/message/addressmenu.h"
#include "ui/message/messagecard.h"

#include <QPushButton>
#include <QUrl>
#include <QVBoxLayout>

namespace glasspost::ui {

namespace {

constexpr int mostCards = 4; // of parts
constexpr qint64 mostOctets = 256 * 1024;
constexpr int linesReserved = 4;
constexpr int tallest = 240; // pixels of all cards: what is above a message leaves room for it

/// Many programs send files as octets, and name them rightly.
bool isFileOf(const mail::PartView &part, const char *ending)
{
    return part.contentType == QLatin1String("application/octet-stream")
        && part.fileName.endsWith(QLatin1String(ending), Qt::CaseInsensitive);
}

bool isCalendar(const mail::PartView &part)
{
    return part.contentType == QLatin1String("text/calendar")
        || part.contentType == QLatin1String("application/ics") || isFileOf(part, ".ics");
}

bool isContact(const mail::PartView &part)
{
    static const QStringList types
        = {QStringLiteral("text/vcard"), QStringLiteral("text/x-vcard"), QStringLiteral("text/directory")};
    return types.contains(part.contentType) || isFileOf(part, ".vcf");
}

} // namespace

MessageCards::MessageCards(mail::Mailboxes &mailboxes, QWidget *parent)
    : GrowingArea(new QWidget, tallest, parent), m_mailboxes(mailboxes), m_column(new QVBoxLayout(widget()))
{
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(0);
    setAccessibleName(tr("About this message"));
    setVisible(false);
}

void MessageCards::show(const mail::MessageView &message)
{
    while (QLayoutItem *item = m_column->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    if (message.protection != mail::Protection::None)
        add(protectionText(message));
    if (message.report)
        add(reportText(*message.report));
    if (message.receipt)
        add(receiptText(*message.receipt));
    int left = message.id.isNull() ? 0 : mostCards; // one of the queue is in no mailbox to read from
    for (const mail::PartView &part : message.parts) {
        if (left > 0 && (isCalendar(part) || isContact(part))) {
            addPart(message.id, part);
            --left;
        }
    }
    setVisible(m_column->count() > 0);
}

MessageCard *MessageCards::add(const CardText &text)
{
    auto *card = new MessageCard(text);
    m_column->addWidget(card);
    return card;
}

void MessageCards::addPart(const mail::MessageId &id, const mail::PartView &part)
{
    MessageCard *card
        = add({isCalendar(part) ? tr("Calendar") : tr("Contact"), {tr("Reading …")}, Tone::Neutral});
    card->reserveLines(linesReserved);
    m_mailboxes.part(id, part.index, mostOctets)
        .andThen(card, [this, card, isEvent = isCalendar(part)](const QByteArray &octets) {
            if (isEvent)
                showCalendar(card, octets);
            else
                showContacts(card, octets);
        });
}

void MessageCards::showCalendar(MessageCard *card, const QByteArray &octets)
{
    mail::runInPool([octets] {
        return mail::readCalendarCard(octets);
    }).andThen(card, [card](const mail::CalendarCard &calendar) { card->setText(calendarText(calendar)); });
}

void MessageCards::showContacts(MessageCard *card, const QByteArray &octets)
{
    mail::runInPool([octets] {
        return mail::readContactCards(octets);
    }).andThen(card, [this, card](const QList<mail::ContactCard> &contacts) {
        card->setText(contactText(contacts));
        if (contacts.isEmpty() || contacts.constFirst().emails.isEmpty())
            return;
        // Of several cards the first one has the key.
        const bool isFirst = findChildren<QPushButton *>().isEmpty();
        QPushButton *write = card->addButton(isFirst ? tr("&Write to them") : tr("Write to them"));
        write->setToolTip(tr("Write a new message to this person"));
        setTabOrder(this, write); // else it would be the last of the window
        connect(write, &QPushButton::clicked, this, [this, to = contacts.constFirst().emails.constFirst()] {
            Q_EMIT composeRequested(mailtoOf(to));
        });
    });
}

} // namespace glasspost::ui
