#include "ui/message/receiptbar.h"

#include "ui/words/addresstext.h"
#include "ui/words/errortext.h"
#include "ui/words/foldertext.h"

#include <QPushButton>

#include <algorithm>

namespace glasspost::ui {

namespace {

bool asksForReceipt(const mail::MessageView &message)
{
    return std::any_of(message.header.begin(), message.header.end(), [](const mail::HeaderField &field) {
        return field.name.compare(QLatin1String("Disposition-Notification-To"), Qt::CaseInsensitive) == 0;
    });
}

// What one wrote oneself asks others; and a sender of junk learns nothing.
bool isForReading(const mail::FolderId &folder)
{
    return !showsRecipients(folder) && folder.folder != QLatin1String("Junk");
}

} // namespace

ReceiptBar::ReceiptBar(mail::Mailboxes &mailboxes, QWidget *parent)
    : InlineBar(parent), m_mailboxes(mailboxes)
{ }

void ReceiptBar::show(const mail::MessageView &message)
{
    dismiss();
    m_message = message.id;
    if (message.isAttached || !asksForReceipt(message) || !isForReading(message.id.folder))
        return;
    m_mailboxes.mdnRequest(message.id)
        .then(this, [this, id = message.id](const mail::Result<mail::MdnRequest> &request) {
            if (request && request->mayAnswer && m_message == id)
                ask(*request);
        });
}

void ReceiptBar::ask(const mail::MdnRequest &request)
{
    const QString to = safeLine(request.notifyTo);
    say(Kind::Info,
        request.differsFromReturnPath
            ? tr("A read receipt is requested. It would go to %1, who is not the sender.").arg(to)
            : tr("%1 requests a read receipt for this message.").arg(to));
    addButton(tr("Se&nd receipt"), [this] {
        answer(mail::MdnDecision::Send);
    })->setToolTip(tr("Tell the sender that this message was shown, and when"));
    addButton(tr("&Ignore"), [this] {
        answer(mail::MdnDecision::Ignore);
    })->setToolTip(tr("Send nothing, and do not ask again for this message"));
}

void ReceiptBar::answer(mail::MdnDecision decision)
{
    m_mailboxes.answerMdn(m_message, decision).then(this, [this, decision](const mail::Result<void> &done) {
        if (!done)
            say(Kind::Error, errorText(done.error()));
        else if (decision == mail::MdnDecision::Send)
            say(Kind::Success, tr("The receipt is on its way."), std::chrono::seconds(4));
    });
}

} // namespace glasspost::ui
