#pragma once

#include <QObject>

class QAction;
class QMenu;

namespace glasspost::ui {

class Actions;
class MessagePane;

/// What the actions on the pictures, pages, attachments, sender and list of the open message do, and when
/// each can be done.
class ReadingActions : public QObject
{
    Q_OBJECT
public:
    /// Both outlive this.
    ReadingActions(const Actions &actions, MessagePane &pane, QObject *parent);

    /// For menus: the attachments; the sender and the list.
    [[nodiscard]] QList<QAction *> menus() const;
    /// isOpen: the pane shows a message, and that alone is selected.
    void update(bool isOpen);

private:
    void connectPage();
    void connectAttachments();
    void connectSender();
    void updatePages();

    const Actions &m_actions;
    MessagePane &m_pane;
    QMenu *m_attachments; ///< children of the pane, like the next
    QMenu *m_sender;
    bool m_isOpen = false;
};

} // namespace glasspost::ui
