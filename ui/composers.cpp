#include "ui/composers.h"

#include "ui/widgets/inlinebar.h"
#include "ui/words/errortext.h"

#include <QTimer>
#include <QUrl>

#include <algorithm>

namespace glasspost::ui {

namespace {

constexpr std::chrono::seconds discardUndo(12);

} // namespace

ComposeServices composeServicesOf(const mail::MailSystem &system)
{
    return {system.drafts(), system.outbox(), system.mailboxes(), system.settings(),
        system.dataFolder() + QStringLiteral("/words.txt")};
}

Composers::Composers(
    const ComposeServices &services, const mail::ListenerSwitch &listener, InlineBar &bar, QObject *parent)
    : QObject(parent), m_services(services), m_bar(bar)
{
    connect(&listener, &mail::ListenerSwitch::changed, this,
        [this](const mail::ListenerState &state) { m_listener = state; });
}

void Composers::write(const QUrl &mailto)
{
    const mail::Settings settings = m_services.settings.value();
    write(mailto.isEmpty() ? newDraft(settings)
                           : draftFromMailto(mailto.toString(QUrl::FullyEncoded), settings));
}

void Composers::write(const mail::Draft &draft)
{
    auto *window = new ComposeWindow(m_services, draft);
    watch(window);
    window->show();
}

void Composers::watch(ComposeWindow *window)
{
    m_windows.removeAll(QPointer<ComposeWindow>());
    m_windows.append(window);
    connect(window, &ComposeWindow::submitted, this, &Composers::tellSent);
    connect(window, &ComposeWindow::savedAsDraft, this, [this] { Q_EMIT happened(tr("Saved in Drafts")); });
    connect(window, &ComposeWindow::discarded, this, &Composers::tellDiscarded);
}

void Composers::answer(ReplyKind kind, const mail::MessageView &message)
{
    if (message.id.isNull())
        return;
    openReply(
        m_services, message, kind, this, [this](ComposeWindow *window) { watch(window); },
        [this](const mail::Error &error) { tell(error); });
}

void Composers::editDraft(const mail::MessageId &id)
{
    if (ComposeWindow *open = windowOf(id)) {
        open->raise();
        open->activateWindow();
        return;
    }
    if (m_loading.contains(id))
        return;
    m_loading.append(id);
    openDraft(
        m_services, id, this,
        [this, id](ComposeWindow *window) {
            m_loading.removeAll(id);
            watch(window);
        },
        [this, id](const mail::Error &error) {
            m_loading.removeAll(id);
            tell(error);
        });
}

ComposeWindow *Composers::windowOf(const mail::MessageId &savedAs) const
{
    const auto found
        = std::find_if(m_windows.cbegin(), m_windows.cend(), [&](const QPointer<ComposeWindow> &window) {
              return window && window->isVisible() && window->savedAs() == savedAs;
          });
    return found == m_windows.cend() ? nullptr : *found;
}

void Composers::reopen()
{
    reopenKept(m_services, this, [this](ComposeWindow *window) {
        watch(window);
        m_bar.say(InlineBar::Kind::Info, tr("Unsent drafts were restored."), discardUndo);
    });
}

void Composers::closeAll()
{
    const QList<QPointer<ComposeWindow>> windows = m_windows;
    for (const QPointer<ComposeWindow> &window : windows) {
        if (window)
            window->close();
    }
}

void Composers::sendTestMessage()
{
    const mail::Settings settings = m_services.settings.value();
    if (settings.identities.isEmpty()) {
        m_bar.say(InlineBar::Kind::Warning, tr("There is no identity yet. Add one in the preferences."));
        return;
    }
    mail::Draft draft = newDraft(settings);
    draft.from = identityText(settings.identities.first());
    draft.to = settings.identities.first().address;
    draft.subject = tr("Test message");
    draft.text = tr("This message went from Glasspost to Glasspost.\n\n"
                    "Open Source to see it as stored on disk, Headers for every field, and Delivery for how "
                    "it got here.\n");
    const QList<mail::ListenerBinding> &bindings = m_listener.bindings;
    const auto plain = std::find_if(bindings.cbegin(), bindings.cend(), [](const mail::ListenerBinding &one) {
        return one.tls != smtp::TlsMode::Implicit && one.unixPath.isEmpty();
    });
    if (plain != bindings.cend()) {
        sendThroughListener(draft, *plain);
        return;
    }
    m_services.outbox.submit(draft).then(this, [this](const mail::Result<mail::SubmitReceipt> &receipt) {
        if (!receipt)
            tell(receipt.error());
        else
            Q_EMIT happened(tr("Test message sent; the listener is off, so no session carried it"));
    });
}

void Composers::sendThroughListener(const mail::Draft &draft, const mail::ListenerBinding &binding)
{
    mail::OutgoingRoute route;
    route.kind = mail::OutgoingRoute::Kind::Smarthost;
    const bool isAny
        = binding.address.isEqual(QHostAddress::Any) || binding.address.isEqual(QHostAddress::AnyIPv6);
    route.host = isAny ? QStringLiteral("127.0.0.1") : binding.address.toString();
    route.port = binding.port;
    route.tls = smtp::TlsMode::None; // it stays on this machine
    mail::FolderId folder{m_services.settings.value().identities.value(0).user, {}};
    if (m_listener.policy == mail::RecipientPolicy::CatchAll)
        folder.user = binding.captureMailbox;
    m_services.outbox.submit(draft, {0, route})
        .then(this, [this, folder](const mail::Result<mail::SubmitReceipt> &receipt) {
            if (!receipt) {
                tell(receipt.error());
                return;
            }
            Q_EMIT happened(tr("Test message sent by SMTP to the Inbox of %1").arg(folder.user));
            Q_EMIT testMessageSent(folder);
        });
}

void Composers::tellSent(const mail::SubmitReceipt &receipt, const mail::Draft &draft)
{
    const bool waits = !receipt.queueId.isEmpty();
    const QString subject = draft.subject.isEmpty() ? tr("(no subject)") : draft.subject;
    const QString words
        = waits ? tr("“%1” is on its way.").arg(subject) : tr("“%1” was delivered here.").arg(subject);
    Q_EMIT happened(words);
    const std::chrono::seconds undo(m_services.settings.value().undoSeconds);
    if (!waits || undo.count() <= 0) {
        m_services.drafts.dropComposer(draft.id);
        return;
    }
    dropLater(draft.id, undo);
    m_bar.say(InlineBar::Kind::Info, words, undo);
    m_bar.addUndo([this, draft, id = receipt.queueId] { undoSend(id, draft); });
}

void Composers::tellDiscarded(const mail::KeptComposer &composer)
{
    dropLater(composer.draft.id, discardUndo);
    m_bar.say(InlineBar::Kind::Info,
        composer.savedAs.isNull() ? tr("The message was discarded.") : tr("The draft was moved to Trash."),
        discardUndo);
    m_bar.addUndo([this, composer] { undoDiscard(composer); });
}

// Somewhat longer than the bar is there, for a click in its last moment.
void Composers::dropLater(const QByteArray &draftId, std::chrono::milliseconds undo)
{
    m_undoable.insert(draftId);
    QTimer::singleShot(undo + std::chrono::seconds(1), this, [this, draftId] {
        if (m_undoable.remove(draftId))
            m_services.drafts.dropComposer(draftId);
    });
}

void Composers::undoSend(const QByteArray &queueId, const mail::Draft &draft)
{
    m_undoable.remove(draft.id);
    m_services.outbox.act(mail::QueueAction::Remove, {queueId})
        .then(this, [this, draft](const mail::Result<int> &removed) {
            if (removed && *removed > 0) {
                m_services.drafts.unmarkOrigin(draft.id);
                writeAgain({draft, {}});
                return;
            }
            m_services.drafts.dropComposer(draft.id);
            if (removed)
                m_bar.say(InlineBar::Kind::Warning,
                    tr("Too late to undo: “%1” has already left.").arg(draft.subject));
            else
                tell(removed.error());
        });
}

void Composers::undoDiscard(const mail::KeptComposer &composer)
{
    m_undoable.remove(composer.draft.id);
    m_services.drafts.restore(composer.draft.id);
    writeAgain(composer);
}

void Composers::writeAgain(const mail::KeptComposer &composer)
{
    auto *window = new ComposeWindow(m_services, composer.draft, ComposeStart::Recovered, composer.savedAs);
    watch(window);
    window->show();
}

void Composers::tell(const mail::Error &error)
{
    m_bar.say(InlineBar::Kind::Error, errorText(error));
}

} // namespace glasspost::ui
