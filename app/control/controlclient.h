#pragma once

#include <QJsonObject>
#include <QLocalSocket>
#include <QObject>

namespace glasspost::app {

/// Asks the running instance one thing: a JSON object a line there, one back. Main thread.
class ControlClient : public QObject
{
    Q_OBJECT
public:
    explicit ControlClient(QString path, QObject *parent = nullptr);

    /// Answers with answered(), or unreachable() when no instance is there or it went away.
    void ask(const QJsonObject &request);

Q_SIGNALS:
    void answered(const QJsonObject &answer);
    void unreachable();

private:
    void readAnswer();
    void end(bool reached, const QJsonObject &answer = {});

    QString m_path;
    QJsonObject m_request;
    QLocalSocket m_socket;
    QByteArray m_received;
    bool m_ended = false;
};

} // namespace glasspost::app
