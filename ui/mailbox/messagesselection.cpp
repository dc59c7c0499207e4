// MessagesPage: what is done to the messages that are selected.
#include "ui/mailbox/messagechanges.h"
#include "ui/mailbox/messagelist.h"
#include "ui/mailbox/messagespage.h"
#include "ui/widgets/inlinebar.h"
#include "ui/words/errortext.h"

#include <algorithm>

namespace glasspost::ui {

int MessagesPage::selectedCount() const
{
    return m_list->selected().count();
}

void MessagesPage::withSelection(const WithMessages &then)
{
    if (const auto ids = m_list->selected().ids()) {
        then(*ids);
        return;
    }
    m_list->selected().withNumbers(
        [this, then, folder = m_model->query().folder](const mail::RowOrder &rows) {
            m_mailboxes.identify(rows).then(
                this, [this, then, folder](const mail::Result<QList<mail::MessageId>> &messages) {
                    if (!messages) {
                        m_bar->say(InlineBar::Kind::Error, errorText(messages.error()));
                        return;
                    }
                    QList<mail::MessageId> ids = *messages;
                    // What was moved elsewhere since is not in the list that one sees.
                    if (!folder.user.isEmpty())
                        ids.removeIf([&folder](const mail::MessageId &id) { return id.folder != folder; });
                    then(ids);
                });
        });
}

void MessagesPage::moveTo(const QString &folder)
{
    withSelection([this, folder](const QList<mail::MessageId> &ids) {
        markLeftSeen();
        m_changes->move(ids, folder);
    });
}

void MessagesPage::moveInto(const mail::FolderId &folder)
{
    withSelection([this, folder](const QList<mail::MessageId> &ids) {
        QList<mail::MessageId> own = ids;
        own.removeIf([&folder](const mail::MessageId &id) { return id.folder.user != folder.user; });
        if (own.size() < ids.size())
            m_bar->say(InlineBar::Kind::Warning,
                tr("%Ln message(s) of other users stay where they are.", nullptr,
                    int(ids.size() - own.size())));
        markLeftSeen();
        m_changes->move(own, folder.folder);
    });
}

void MessagesPage::removeSelected()
{
    const QString trash = QStringLiteral("Trash");
    withSelection([this, trash](const QList<mail::MessageId> &ids) {
        const bool allInTrash = std::all_of(
            ids.cbegin(), ids.cend(), [&trash](const auto &id) { return id.folder.folder == trash; });
        if (allInTrash && !ids.isEmpty()) {
            askToRemove(ids);
        } else {
            markLeftSeen();
            m_changes->move(ids, trash);
        }
    });
}

/// The one thing that cannot be undone asks once, where the person looks.
void MessagesPage::askToRemove(const QList<mail::MessageId> &ids)
{
    m_bar->say(InlineBar::Kind::Warning,
        tr("Delete %Ln message(s) permanently? This cannot be undone.", nullptr, int(ids.size())));
    m_bar->addButton(tr("Delete permanently"), [this, ids] { m_changes->removeForGood(ids); });
}

void MessagesPage::setSeen(bool seen)
{
    m_seenTimer.stop();
    m_seenWhenLeft = {};
    withSelection([this, seen](const QList<mail::MessageId> &ids) {
        m_changes->setFlag(ids, mail::MessageFlag::Seen, seen);
    });
}

void MessagesPage::toggleFlag()
{
    const std::optional<mail::MessageRow> row = m_list->currentRow();
    const bool flagged = row && row->flags.testFlag(mail::MessageFlag::Flagged);
    withSelection([this, flagged](const QList<mail::MessageId> &ids) {
        m_changes->setFlag(ids, mail::MessageFlag::Flagged, !flagged);
    });
}

void MessagesPage::setTag(const QString &tag, bool on)
{
    withSelection([this, tag, on](const QList<mail::MessageId> &ids) { m_changes->setTag(ids, tag, on); });
}

} // namespace glasspost::ui
