#pragma once

#include "mail/system/mailboxes.h"
#include "ui/widgets/inlinebar.h"

namespace glasspost::ui {

/// Above a message whose sender asks to be notified that it was seen (RFC 8098): a receipt leaves only when
/// the person says so, and the person is asked once. GUI thread.
class ReceiptBar : public InlineBar
{
    Q_OBJECT
public:
    /// The mailboxes outlive it.
    explicit ReceiptBar(mail::Mailboxes &mailboxes, QWidget *parent = nullptr);

    /// Hidden until it is known that the message asks and was not answered.
    void show(const mail::MessageView &message);

private:
    void ask(const mail::MdnRequest &request);
    void answer(mail::MdnDecision decision);

    mail::Mailboxes &m_mailboxes;
    mail::MessageId m_message; ///< the one that is shown
};

} // namespace glasspost::ui
