#pragma once

#include "mail/pop3/pop3session.h"

#include <QTcpServer>

namespace glasspost::mail {

/// POP3 at one address: a session for each connection. On the thread that made it, which reads messages from
/// the disk.
class Pop3Server : public QObject
{
    Q_OBJECT
public:
    static constexpr int mostSessions = 100;

    explicit Pop3Server(Pop3Context &context);
    /// Breaks off what is under way: nothing is removed that was only marked.
    ~Pop3Server() override;

    /// The port had. InUse, NotPermitted; subject is "address:port".
    Result<quint16> listen(const QHostAddress &address, quint16 port);

private:
    class Door;
    void accept(qintptr descriptor);

    Pop3Context &m_context;
    std::unique_ptr<Door> m_door;
    int m_sessions = 0;
};

} // namespace glasspost::mail
