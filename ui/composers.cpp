#include "ui/composers.h"

#include "ui/widgets/errorwords.h"
#include "ui/widgets/inlinebar.h"

#include <QUrl>

namespace glasspost::ui {

namespace {

constexpr std::chrono::seconds discardUndo(12);

} // namespace

Composers::Composers(mail::MailSystem &system, InlineBar &bar, QObject *parent)
    : QObject(parent), m_system(system), m_bar(bar)
{ }

void Composers::write(const QUrl &mailto)
{
    const mail::Settings settings = m_system.settings();
    write(mailto.isEmpty() ? newDraft(settings)
                           : draftFromMailto(mailto.toString(QUrl::FullyEncoded), settings));
}

void Composers::write(const mail::Draft &draft)
{
    auto *window = new ComposeWindow(m_system, draft);
    watch(window);
    window->show();
}

void Composers::watch(ComposeWindow *window)
{
    connect(window, &ComposeWindow::submitted, this, &Composers::tellSent);
    connect(window, &ComposeWindow::savedAsDraft, this, [this] { Q_EMIT told(tr("Saved in Drafts")); });
    connect(window, &ComposeWindow::discarded, this, [this](const mail::Draft &draft) {
        m_bar.say(InlineBar::Kind::Info, tr("The message was thrown away."), discardUndo);
        m_bar.addButton(tr("Undo"), [this, draft] { writeAgain(draft); });
    });
}

void Composers::answer(ReplyKind kind, const mail::MessageView &message)
{
    if (!message.id.isNull())
        openReply(m_system, message, kind, this, [this](ComposeWindow *window) { watch(window); });
}

void Composers::editDraft(const mail::MessageId &id)
{
    openDraft(
        m_system, id, this, [this](ComposeWindow *window) { watch(window); },
        [this](const mail::Error &error) { tell(error); });
}

void Composers::reopen()
{
    reopenKept(m_system, this, [this](ComposeWindow *window) {
        watch(window);
        m_bar.say(InlineBar::Kind::Info, tr("What you were writing when the program ended came back."),
            discardUndo);
    });
}

void Composers::sendTestMessage()
{
    const mail::Settings settings = m_system.settings();
    if (settings.identities.isEmpty()) {
        m_bar.say(InlineBar::Kind::Warning, tr("There is no identity yet: add one in the preferences."));
        return;
    }
    mail::Draft draft = newDraft(settings);
    draft.from = identityText(settings.identities.first());
    draft.to = settings.identities.first().address;
    draft.subject = tr("Test message");
    draft.text
        = tr("This message went from your own address to your own mailbox on this machine.\n\n"
             "Open Source to see it as it lies on disk, Headers for every field, and Delivery for the way "
             "it came.\n");
    m_system.submit(draft, 0, this, [this](const mail::Result<mail::SubmitReceipt> &receipt) {
        if (!receipt)
            tell(receipt.error());
        else
            Q_EMIT told(tr("Test message sent"));
    });
}

void Composers::tellSent(const mail::SubmitReceipt &receipt, const mail::Draft &draft)
{
    const bool waits = !receipt.queueId.isEmpty();
    const QString subject = draft.subject.isEmpty() ? tr("(no subject)") : draft.subject;
    const QString words
        = waits ? tr("“%1” is on its way.").arg(subject) : tr("“%1” was delivered here.").arg(subject);
    Q_EMIT told(words);
    const std::chrono::seconds undo(m_system.settings().undoSeconds);
    if (!waits || undo.count() <= 0)
        return;
    m_bar.say(InlineBar::Kind::Info, words, undo);
    m_bar.addButton(tr("Undo"), [this, draft, id = receipt.queueId] { undoSend(id, draft); });
}

void Composers::undoSend(const QByteArray &queueId, const mail::Draft &draft)
{
    m_system.actOnQueue(
        mail::QueueAction::Remove, {queueId}, this, [this, draft](const mail::Result<int> &removed) {
            if (!removed)
                tell(removed.error());
            else if (*removed == 0)
                m_bar.say(InlineBar::Kind::Warning, tr("Too late: “%1” has left.").arg(draft.subject));
            else
                writeAgain(draft);
        });
}

void Composers::writeAgain(mail::Draft draft)
{
    draft.id = mail::newDraftId();
    write(draft);
}

void Composers::tell(const mail::Error &error)
{
    m_bar.say(InlineBar::Kind::Error, errorWords(error));
}

} // namespace glasspost::ui
