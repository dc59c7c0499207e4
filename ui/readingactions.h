#pragma once

#include <QObject>

class QAction;
class QMenu;

namespace glasspost::ui {

class Actions;
class MessagePane;

/// What the actions on the pictures, pages, attachments, sender, list and delivery of the open message do,
/// and when each can be done.
class ReadingActions : public QObject
{
    Q_OBJECT
public:
    /// Both outlive this.
    ReadingActions(const Actions &actions, MessagePane &pane, QObject *parent);

    /// For menus: the attachments; the sender and the list; the delivery.
    [[nodiscard]] QList<QAction *> menus() const;
    /// isOpen: the pane shows a message, and that alone is selected.
    void update(bool isOpen);

private:
    void connectPage();
    void connectAttachments();
    void connectSender();
    void connectDelivery();
    void updatePages();
    void updateDelivery();

    const Actions &m_actions;
    MessagePane &m_pane;
    QMenu *m_attachments; ///< children of the pane, like the next
    QMenu *m_sender;
    QMenu *m_delivery;
    bool m_isOpen = false;
};

} // namespace glasspost::ui
