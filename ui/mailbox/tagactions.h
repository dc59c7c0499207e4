#pragma once

#include "mail/system/mailboxes.h"

#include <QAction>
#include <QObject>
#include <QStringList>

class QMenu;
class QWidget;

namespace glasspost::ui {

class MessagesPage;

/// What a person does with tags: the menu of all of them, the keys 1 to 9 for its first, and a new one. Some
/// are there from the start, so that the keys are of use; behind them come those that messages have.
class TagActions : public QObject
{
    Q_OBJECT
public:
    /// newTag: the action that asks for a name. All outlive this; window: parent of the dialog, and where the
    /// keys work.
    TagActions(mail::Mailboxes &mailboxes, MessagesPage &page, QAction *newTag, QWidget *window);

    /// For menus: opens the tags.
    [[nodiscard]] QAction *menuAction() const;
    [[nodiscard]] const QStringList &names() const { return m_names; }
    /// After another selection or page. pageShown: the messages' page is what one sees.
    void update(bool pageShown);

private:
    void load();
    void take(const QStringList &used);
    void enable();
    void fillMenu();
    void askNewTag();
    void toggle(const QString &tag);

    mail::Mailboxes &m_mailboxes;
    MessagesPage &m_page;
    QAction *m_newTag;
    QWidget *m_window;
    QMenu *m_menu;
    QList<QAction *> m_keyed; ///< with the keys 1 to 9
    QStringList m_names;
    bool m_isPossible = false; ///< there is something to be tagged
    bool m_isLoading = false;
    bool m_loadAgain = false;
};

} // namespace glasspost::ui
