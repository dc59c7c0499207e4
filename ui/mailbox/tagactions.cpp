#include "ui/mailbox/tagactions.h"

#include "mail/index/messagetags.h"
#include "ui/mailbox/messagelist.h"
#include "ui/mailbox/messagespage.h"
#include "ui/theme/icons.h"
#include "ui/widgets/plaintext.h"

#include <QInputDialog>
#include <QMenu>

#include <algorithm>

namespace glasspost::ui {

namespace {

constexpr int keyCount = 9;

QStringList standardTags()
{
    return {TagActions::tr("Important"), TagActions::tr("Work"), TagActions::tr("Personal"),
        TagActions::tr("To do"), TagActions::tr("Later")};
}

} // namespace

TagActions::TagActions(mail::Mailboxes &mailboxes, MessagesPage &page, QAction *newTag, QWidget *window)
    : QObject(window), m_mailboxes(mailboxes), m_page(page), m_newTag(newTag), m_window(window),
      m_menu(new QMenu(tr("&Tag"), window))
{
    m_menu->setIcon(icon(IconName::Tag));
    for (int key = 1; key <= keyCount; ++key) {
        auto *action = new QAction(this);
        action->setShortcut(QKeySequence(Qt::Key(Qt::Key_0 + key)));
        action->setCheckable(true);
        window->addAction(action);
        connect(action, &QAction::triggered, this, [this, action] { toggle(action->data().toString()); });
        m_keyed.append(action);
    }
    connect(m_newTag, &QAction::triggered, this, &TagActions::askNewTag);
    connect(m_menu, &QMenu::aboutToShow, this, &TagActions::fillMenu);
    connect(&m_mailboxes, &mail::Mailboxes::changed, this, &TagActions::load);
    take({});
    load();
}

QAction *TagActions::menuAction() const
{
    return m_menu->menuAction();
}

void TagActions::load()
{
    if (std::exchange(m_isLoading, true)) {
        m_loadAgain = true;
        return;
    }
    m_mailboxes.tags().then(this, [this](const mail::Result<QStringList> &used) {
        m_isLoading = false;
        if (used)
            take(*used);
        if (std::exchange(m_loadAgain, false))
            load();
    });
}

void TagActions::take(const QStringList &used)
{
    m_names = mail::mergedTags(standardTags(), used);
    for (int i = 0; i < keyCount; ++i) {
        const QString name = m_names.value(i);
        m_keyed[i]->setText(plainCaption(name));
        m_keyed[i]->setData(name);
    }
    enable();
}

void TagActions::update(bool pageShown)
{
    m_isPossible = pageShown && m_page.selectedCount() > 0;
    enable();
}

void TagActions::enable()
{
    for (QAction *action : std::as_const(m_keyed))
        action->setEnabled(m_isPossible && !action->data().toString().isEmpty());
    m_newTag->setEnabled(m_isPossible);
}

/// Checked are the tags of the current message.
void TagActions::fillMenu()
{
    m_menu->clear();
    const std::optional<mail::MessageRow> current = m_page.list()->currentRow();
    const QStringList tags = current ? current->tags : QStringList();
    for (qsizetype i = 0; i < m_names.size(); ++i) {
        const QString name = m_names.at(i);
        QAction *action = i < keyCount ? m_keyed.at(i) : new QAction(plainCaption(name), m_menu);
        if (i >= keyCount) {
            action->setCheckable(true);
            action->setEnabled(m_isPossible);
            connect(action, &QAction::triggered, this, [this, name] { toggle(name); });
        }
        action->setChecked(mail::mergedTags(tags, {name}).size() == tags.size());
        m_menu->addAction(action);
    }
    m_menu->addSeparator();
    m_menu->addAction(m_newTag);
}

void TagActions::askNewTag()
{
    auto *dialog = new QInputDialog(m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("New tag"));
    dialog->setLabelText(tr("Tag of the selected messages, in any words:"));
    connect(dialog, &QInputDialog::textValueSelected, this, [this](const QString &words) {
        if (const QString tag = mail::tagOf(words); !tag.isEmpty())
            m_page.setTag(tag, true);
    });
    dialog->open();
}

void TagActions::toggle(const QString &tag)
{
    const std::optional<mail::MessageRow> current = m_page.list()->currentRow();
    const bool has = current && mail::mergedTags(current->tags, {tag}).size() == current->tags.size();
    m_page.setTag(tag, !has);
}

} // namespace glasspost::ui
