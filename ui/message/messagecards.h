#pragma once

#include "mail/system/mailboxes.h"
#include "ui/message/cardtext.h"
#include "ui/widgets/growingarea.h"

class QVBoxLayout;

namespace glasspost::ui {

class MessageCard;

/// Above a message: what it is besides text, a card each. A report about a delivery, invitations, contacts,
/// and that it is signed or encrypted. What has to be read first gets its place at once. GUI thread.
class MessageCards : public GrowingArea
{
    Q_OBJECT
public:
    /// The mailboxes outlive it.
    explicit MessageCards(mail::Mailboxes &mailboxes, QWidget *parent = nullptr);

    void show(const mail::MessageView &message);

Q_SIGNALS:
    void composeRequested(const QUrl &mailto);

private:
    MessageCard *add(const CardText &text);
    void addPart(const mail::MessageId &id, const mail::PartView &part);
    void showCalendar(MessageCard *card, const QByteArray &octets);
    void showContacts(MessageCard *card, const QByteArray &octets);

    mail::Mailboxes &m_mailboxes;
    QVBoxLayout *m_column;
};

} // namespace glasspost::ui
