#include "ui/releaseactions.h"

#include "ui/centralarea.h"
#include "ui/mailbox/messagespage.h"
#include "ui/message/messagepane.h"
#include "ui/releasedialog.h"
#include "ui/widgets/inlinebar.h"

#include <QAction>

#include <algorithm>

namespace glasspost::ui {

ReleaseActions::ReleaseActions(mail::MailSystem &system, CentralArea &area, QAction *release, QWidget *window)
    : QObject(window), m_system(system), m_area(area), m_release(release), m_window(window)
{
    connect(release, &QAction::triggered, this, &ReleaseActions::open);
    connect(&area, &CentralArea::pageChanged, this, &ReleaseActions::update);
    connect(&area.messages(), &MessagesPage::selectionChanged, this, &ReleaseActions::update);
    connect(&area.messages(), &MessagesPage::messageShown, this, &ReleaseActions::update);
    update();
}

bool ReleaseActions::isCaptured(const QString &user) const
{
    const QList<mail::LocalUser> users = m_system.settings().value().users;
    return std::none_of(
        users.cbegin(), users.cend(), [&user](const mail::LocalUser &one) { return one.name == user; });
}

/// What a search found lies in any mailbox: where several are selected, they are asked for when it comes to
/// it.
void ReleaseActions::update()
{
    MessagesPage &page = m_area.messages();
    const int selected = m_area.showsMessages() ? page.selectedCount() : 0;
    const QString user = page.folder().user;
    const bool isOfCaptured = user.isEmpty() ? selected > 1 || page.pane()->canCheck() : isCaptured(user);
    m_release->setEnabled(selected > 0 && isOfCaptured);
}

void ReleaseActions::open()
{
    m_area.messages().withNames([this](QList<mail::MessageId> ids) {
        ids.removeIf([this](const mail::MessageId &id) { return !isCaptured(id.folder.user); });
        if (ids.isEmpty()) {
            m_area.messages().bar()->say(InlineBar::Kind::Warning,
                tr("None of these messages was captured. Only captured mail is released."));
            return;
        }
        auto *dialog = new ReleaseDialog(
            {m_system.mailboxes(), m_system.outbox(), m_system.settings()}, ids, m_window);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        connect(dialog, &ReleaseDialog::released, this, &ReleaseActions::tell);
        connect(dialog, &ReleaseDialog::settingsRequested, this, &ReleaseActions::settingsRequested);
        dialog->show(); // not modal: the preferences may be wanted beside it
    });
}

void ReleaseActions::tell(int messages)
{
    InlineBar *bar = m_area.messages().bar();
    bar->say(InlineBar::Kind::Success, tr("%Ln message(s) queued for release.", nullptr, messages));
    bar->addButton(tr("Show in Outgoing"), [this] { m_area.go({Place::Kind::Outgoing, {}}); });
}

} // namespace glasspost::ui
