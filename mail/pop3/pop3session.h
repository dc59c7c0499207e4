#pragma once

#include "mail/base/octetsreader.h"
#include "mail/pop3/pop3engine.h"
#include "smtp/server/keyderivation.h"
#include "smtp/server/serversettings.h"
#include "smtp/server/serversocket.h"

#include <QObject>
#include <QTimer>

#include <memory>

namespace glasspost::mail {

/// What all sessions of a server share; it outlives them.
struct Pop3Context
{
    Pop3Offer offer;
    smtp::ServerSettings tls; ///< certificate, key and versions alone count
    std::shared_ptr<smtp::CredentialStore> credentials;
    Maildrops &drops;
    smtp::KeyDerivation derivation = smtp::KeyDerivation();
};

/// One connection: socket and timer around a POP3 engine. Reads messages from the disk, so it has no business
/// on a window's thread. Emits finished() once, when the connection is closed and may be deleted (later).
class Pop3Session : public QObject
{
    Q_OBJECT
public:
    /// RFC 1939 3: ten minutes at least. What was marked is not removed then.
    static constexpr std::chrono::minutes idle{10};

    Pop3Session(std::unique_ptr<smtp::ServerSocket> socket, Pop3Context &context, QObject *parent = nullptr);
    ~Pop3Session() override;

    void start();

Q_SIGNALS:
    void finished();

private:
    struct Owner;

    void readSocket();
    void goOn();
    void readOn();
    void perform();
    void sendSome();
    void openDrop(const QByteArray &user);
    void fetch(qsizetype index);
    void remove(const QList<qsizetype> &indexes);
    void startHandshake();
    void closeWhenSent();
    void clientFinished();
    void endWhenSent();
    void over();
    [[nodiscard]] bool isFull() const;

    Pop3Context &m_context;
    std::unique_ptr<smtp::ServerSocket> m_socket;
    Pop3Engine m_engine;
    Maildrop m_drop;
    OctetPieces m_pieces; ///< of the message that is being sent
    QTimer m_idle;
    QTimer m_nextTurn;
    bool m_isGoingOn = false; ///< what is written may tell so before write() is back
    bool m_isClosing = false;
    bool m_isClientFinished = false; ///< it sends no more, and may still read
    bool m_isOver = false;
};

} // namespace glasspost::mail
