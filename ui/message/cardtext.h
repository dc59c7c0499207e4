#pragma once

#include "mail/message/calendarcard.h"
#include "mail/message/contactcard.h"
#include "mail/message/messageview.h"
#include "ui/theme/theme.h"

#include <QStringList>

namespace glasspost::ui {

/// The contents of a message's cards: a heading and lines, all of them safe to show.
struct CardText
{
    QString heading;
    QStringList lines;
    Tone tone = Tone::Neutral;

    friend bool operator==(const CardText &, const CardText &) = default;
};

/// What the form of a message says of signatures and encryption; no heading for one that has none.
[[nodiscard]] CardText protectionText(const mail::MessageView &message);
/// Who got a message and who did not, of at most five recipients.
[[nodiscard]] CardText reportText(const mail::StatusReport &report);
/// What somebody says to have done with a message that asked for it.
[[nodiscard]] CardText receiptText(const mail::MdnReceipt &receipt);
/// The first event whole, the next ones with their time, and how many there are more.
[[nodiscard]] CardText calendarText(const mail::CalendarCard &calendar);
/// The first person, and how many there are more.
[[nodiscard]] CardText contactText(const QList<mail::ContactCard> &contacts);

} // namespace glasspost::ui
