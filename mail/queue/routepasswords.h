#pragma once

#include "mail/queue/queue.h"
#include "mail/queue/site.h"

#include <QHash>
#include <QObject>
#include <QSet>

namespace glasspost::mail {

/// The passwords of smarthosts, for this run and in memory alone: asks for each that is missing, once, and
/// forgets one that a server refused. Lives on the mail thread; the queue outlives it.
class RoutePasswords : public QObject
{
    Q_OBJECT
public:
    explicit RoutePasswords(Queue &queue, QObject *parent = nullptr);

    [[nodiscard]] const QHash<Account, QByteArray> &known() const { return m_passwords; }

    void askFor(const Account &account);
    void refused(const Account &account);
    /// What waited for it is tried at once; usual is the route of what has none of its own. An empty password
    /// takes the one before back.
    void set(const Account &account, const QByteArray &password, const OutgoingRoute &usual);
    void mayAskAgain(); ///< for those that were asked for and not given yet

Q_SIGNALS:
    /// Of a person. An account without a user: the server wants a sign-in at all.
    void needed(const QString &host, const QString &user);
    void changed(); ///< known() is another; what waited for a new one is tried afterwards

private:
    [[nodiscard]] QList<QByteArray> waitingFor(const Account &account, const OutgoingRoute &usual) const;

    Queue &m_queue;
    QHash<Account, QByteArray> m_passwords;
    QSet<Account> m_asked; // and not answered
};

} // namespace glasspost::mail
