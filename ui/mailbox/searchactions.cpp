#include "ui/mailbox/searchactions.h"

#include "ui/theme/icons.h"
#include "ui/widgets/inlinebar.h"

#include <QInputDialog>
#include <QMenu>
#include <QPushButton>

#include <algorithm>

namespace glasspost::ui {

SearchActions::SearchActions(SavedSearches &searches, InlineBar &bar, QWidget *window)
    : QObject(window), m_searches(searches), m_bar(bar), m_window(window)
{ }

void SearchActions::ask(const QString &title, const QString &label, const QString &text,
    const std::function<void(const QString &)> &then)
{
    auto *dialog = new QInputDialog(m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(title);
    dialog->setLabelText(label);
    dialog->setTextValue(text);
    connect(dialog, &QInputDialog::textValueSelected, this, then);
    dialog->open();
}

void SearchActions::askSave(const QString &words)
{
    const QString shown = words.simplified();
    ask(tr("Save search"), tr("Name of this search among the mailboxes:"), shown,
        [this, words](const QString &name) {
            const QString saved = m_searches.save(name, words);
            if (saved.isEmpty())
                m_bar.say(
                    InlineBar::Kind::Error, tr("A search cannot be saved as “%1”.").arg(name.simplified()));
            else
                Q_EMIT this->saved(saved);
        });
}

void SearchActions::popUpFor(const QString &name, const QPoint &globalPosition)
{
    auto *menu = new QMenu(m_window);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    fill(*menu, name);
    menu->popup(globalPosition);
}

void SearchActions::fill(QMenu &menu, const QString &name)
{
    const bool isOwn = name != unifiedInbox().name;
    menu.addAction(icon(IconName::Edit), tr("Re&name search …"), this, [this, name] { askRename(name); })
        ->setEnabled(isOwn);
    menu.addAction(icon(IconName::Trash), tr("&Delete search"), this, [this, name] { remove(name); })
        ->setEnabled(isOwn);
}

void SearchActions::askRename(const QString &name)
{
    ask(tr("Rename search"), tr("New name of the search:"), name, [this, name](const QString &newName) {
        if (m_searches.rename(name, newName))
            Q_EMIT renamed(name, newName);
        else
            m_bar.say(InlineBar::Kind::Error,
                tr("A search named “%1” is there already, or that is no name.").arg(newName.simplified()));
    });
}

void SearchActions::remove(const QString &name)
{
    const QList<SavedSearch> before = m_searches.all();
    const auto removed = std::find_if(
        before.cbegin(), before.cend(), [&name](const SavedSearch &search) { return search.name == name; });
    if (removed == before.cend())
        return;
    m_searches.remove(name);
    m_bar.say(InlineBar::Kind::Info, tr("The search “%1” was deleted. Its messages stay.").arg(name));
    m_bar.addUndo(
        [this, search = *removed, place = removed - before.cbegin()] { m_searches.putBack(search, place); });
}

} // namespace glasspost::ui
