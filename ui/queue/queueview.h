#pragma once

#include "mail/system/currentsettings.h"
#include "mail/system/outbox.h"
#include "mail/system/servercertificates.h"

#include <QHash>
#include <QTimer>
#include <QWidget>

class QAction;
class QMenu;
class QPushButton;
class QStackedWidget;
class QTreeView;

namespace glasspost::ui {

class CertificateBar;
class EmptyState;
class InlineBar;
class QueueDetail;
class QueueEditing;
class QueueModel;

/// The outgoing queue: what waits, for whom, since when, what the other side said, and what can be done.
/// Keeps itself up to date from the outbox. GUI thread.
class QueueView : public QWidget
{
    Q_OBJECT
public:
    /// All of them outlive it; the settings are for the route that a message may have in its place.
    QueueView(mail::Outbox &outbox, mail::ServerCertificates &certificates,
        const mail::CurrentSettings &settings, QWidget *parent = nullptr);

    /// Acts on the selected messages, or on every one when none is selected and the action is TryNow.
    void act(mail::QueueAction action);
    void select(const QByteArray &queueId);
    [[nodiscard]] QueueModel *model() const { return m_model; }
    [[nodiscard]] QTreeView *list() const { return m_list; }
    [[nodiscard]] InlineBar *bar() const { return m_bar; }

Q_SIGNALS:
    /// The transcript of an attempt is wanted, at the line of that time (microseconds; 0: from the start).
    void sessionRequested(const QByteArray &sessionId, qint64 at);
    void composeRequested(); ///< the empty queue's first step
    void openRequested(const glasspost::mail::QueueEntry &entry);

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void makeHead();
    void makeList();
    void makeMenu();
    void openCurrent();
    void enable(QPushButton *button, bool enabled);
    void connectParts();
    void load();
    void showChoice();
    void showDetail();
    void removeWithUndo(const QList<QByteArray> &ids);
    void finishRemoval();
    void say(const QString &words, const mail::Result<int> &done);
    [[nodiscard]] QList<QByteArray> chosen() const;

    mail::Outbox &m_outbox;
    QueueModel *m_model;
    QTreeView *m_list;
    QStackedWidget *m_pages;
    EmptyState *m_empty;
    InlineBar *m_bar;
    CertificateBar *m_certificates;
    QueueDetail *m_detail;
    QueueEditing *m_editing;
    QPushButton *m_tryNow = nullptr;
    QPushButton *m_hold = nullptr;
    QPushButton *m_release = nullptr;
    QPushButton *m_remove = nullptr;
    QPushButton *m_more = nullptr;
    QMenu *m_menu = nullptr;
    QHash<QPushButton *, QAction *> m_menuActions; ///< what the menu has of the buttons
    QTimer m_tick;
    QTimer m_removal;
    QList<QByteArray> m_going; ///< held and out of sight, to be removed when the time for undo is over
    QList<QByteArray> m_wereHeld;
};

} // namespace glasspost::ui
