#pragma once

#include <QJsonObject>
#include <QLocalServer>
#include <QObject>
#include <QString>

#include <functional>

class QLocalSocket;

namespace glasspost::app {

/// Where other instances of this user reach the one that holds the data folder's lock. One request a line,
/// one answer a line, or several to one that waits for what comes; only this user may connect. Who does not
/// read what comes is hung up on. Main thread.
class ControlServer : public QObject
{
    Q_OBJECT
public:
    using Done = std::function<void(const QJsonObject &answer)>;
    /// Answers a request, now or later, unless context is destroyed first.
    using Answerer = std::function<void(const QJsonObject &request, QObject *context, Done done)>;

    explicit ControlServer(Answerer answerer, QObject *parent = nullptr);

    /// Takes the path over from an instance that died: who holds the data folder's lock may.
    bool listen(const QString &path);

private:
    void accept();
    void read(QLocalSocket *socket);

    Answerer m_answerer;
    QLocalServer m_server;
};

} // namespace glasspost::app
