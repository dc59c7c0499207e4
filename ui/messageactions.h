#pragma once

#include <QObject>

namespace glasspost::ui {

class Actions;
class Composers;
class MessagesPage;
class ReadingActions;

/// What the actions on messages do to the selection of the messages' page, and when each can be done.
class MessageActions : public QObject
{
    Q_OBJECT
public:
    /// All of them outlive this.
    MessageActions(const Actions &actions, MessagesPage &page, Composers &composers, QObject *parent);

    /// After another selection, message, folder or page. pageShown: the messages' page is what one sees.
    void update(bool pageShown);
    [[nodiscard]] const ReadingActions &reading() const { return *m_reading; }

private:
    void connectChanges();
    void connectViews();
    void connectPage();
    void showLook();

    const Actions &m_actions;
    MessagesPage &m_page;
    Composers &m_composers;
    ReadingActions *m_reading;
};

} // namespace glasspost::ui
