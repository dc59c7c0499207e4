#pragma once

#include "mail/system/currentsettings.h"
#include "mail/system/outbox.h"

#include <QObject>

class QMenu;
class QWidget;

namespace glasspost::ui {

class InlineBar;

/// What one can do to messages in the queue beyond trying, holding and removing: another time, another way,
/// giving up. Asks what has to be asked, and says in the bar what came of it. GUI thread.
class QueueEditing : public QObject
{
    Q_OBJECT
public:
    /// All of them outlive this.
    QueueEditing(
        mail::Outbox &outbox, const mail::CurrentSettings &settings, InlineBar &bar, QWidget *window);

    /// Whose entries the actions below are about; none: they are disabled.
    void setChosen(const QList<mail::QueueEntry> &entries);
    /// The actions, for a button or at a row.
    [[nodiscard]] QMenu *menu() const { return m_menu; }

    void askTime();
    void askRoute();
    /// The sender gets a report, which cannot be taken back: asked in the bar first.
    void askGivingUp();

private:
    void act(const mail::QueueRequest &request, const QList<QByteArray> &ids, const QString &words);
    [[nodiscard]] QList<QByteArray> ids() const;

    mail::Outbox &m_outbox;
    const mail::CurrentSettings &m_settings;
    InlineBar &m_bar;
    QWidget *m_window;
    QMenu *m_menu;
    QList<mail::QueueEntry> m_chosen;
};

} // namespace glasspost::ui
