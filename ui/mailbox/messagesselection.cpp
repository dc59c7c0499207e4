// MessagesPage: what is done to the messages that are selected.
#include "ui/mailbox/messagechanges.h"
#include "ui/mailbox/messagelist.h"
#include "ui/mailbox/messagespage.h"
#include "ui/widgets/inlinebar.h"
#include "ui/words/errortext.h"

namespace glasspost::ui {

int MessagesPage::selectedCount() const
{
    return m_list->selected().count();
}

void MessagesPage::withSelection(const std::function<void(const ChosenMessages &messages)> &then)
{
    if (const auto ids = m_list->selected().ids()) {
        then({*ids, {}, {}});
        return;
    }
    m_list->selected().withNumbers([then, folder = m_model->query().folder](const mail::RowOrder &rows) {
        // What was moved elsewhere since is not in the list that one sees.
        then({{}, rows, folder});
    });
}

void MessagesPage::withNames(const std::function<void(const QList<mail::MessageId> &ids)> &then)
{
    withSelection([this, then](const ChosenMessages &messages) {
        if (messages.rows.numbers.isEmpty())
            return then(messages.ids);
        m_mailboxes.identify(messages.rows)
            .then(this, [this, then, messages](mail::Result<QList<mail::MessageId>> ids) {
                if (!ids) {
                    m_bar->say(InlineBar::Kind::Error, errorText(ids.error()));
                    return;
                }
                ids->removeIf(
                    [&messages](const mail::MessageId &id) { return !messages.isMeantIn(id.folder); });
                then(*ids);
            });
    });
}

void MessagesPage::moveTo(const QString &folder)
{
    withSelection([this, folder](const ChosenMessages &messages) {
        markLeftSeen();
        m_changes->move(messages, folder);
    });
}

void MessagesPage::moveInto(const mail::FolderId &folder)
{
    withSelection([this, folder](const ChosenMessages &messages) {
        markLeftSeen();
        m_changes->moveInto(messages, folder);
    });
}

void MessagesPage::removeSelected()
{
    const QString trash = QStringLiteral("Trash");
    withSelection([this, trash](const ChosenMessages &messages) {
        if (messages.count() == 0)
            return;
        if (messages.allLieIn(trash))
            return askToRemove(messages);
        markLeftSeen();
        m_changes->move(
            messages, trash, {{}, [this, messages, trash] {
                                  ChosenMessages there = messages;
                                  there.in = {{}, trash}; // what is taken out of it before the answer stays
                                  askToRemove(there);
                              }});
    });
}

/// The one thing that cannot be undone asks once, where the person looks.
void MessagesPage::askToRemove(const ChosenMessages &messages)
{
    m_bar->say(InlineBar::Kind::Warning,
        tr("Delete %Ln message(s) permanently? This cannot be undone.", nullptr, int(messages.count())));
    m_bar->addButton(tr("Delete permanently"), [this, messages] { m_changes->removeForGood(messages); });
}

void MessagesPage::setSeen(bool seen)
{
    m_seenTimer.stop();
    m_seenWhenLeft = {};
    withSelection([this, seen](const ChosenMessages &messages) {
        m_changes->setFlag(messages, mail::MessageFlag::Seen, seen);
    });
}

void MessagesPage::toggleFlag()
{
    const std::optional<mail::MessageRow> row = m_list->currentRow();
    const bool flagged = row && row->flags.testFlag(mail::MessageFlag::Flagged);
    withSelection([this, flagged](const ChosenMessages &messages) {
        m_changes->setFlag(messages, mail::MessageFlag::Flagged, !flagged);
    });
}

void MessagesPage::setTag(const QString &tag, bool on)
{
    withSelection([this, tag, on](const ChosenMessages &messages) { m_changes->setTag(messages, tag, on); });
}

} // namespace glasspost::ui
