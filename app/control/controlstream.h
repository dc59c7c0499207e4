#pragma once

#include <QJsonObject>
#include <QLocalSocket>
#include <QObject>

namespace glasspost::app {

/// One request to a running instance that is answered again and again, until either end hangs up. Main
/// thread.
class ControlStream : public QObject
{
    Q_OBJECT
public:
    explicit ControlStream(QObject *parent = nullptr);

    /// Instead of what was asked before; received() comes for each answer, closed() at the end, or when
    /// nobody is there.
    void open(const QString &path, const QJsonObject &request);

Q_SIGNALS:
    void received(const QJsonObject &answer);
    void closed();

private:
    void readAnswers();
    void end();

    QJsonObject m_request;
    QLocalSocket m_socket;
    bool m_isOpen = false;
};

} // namespace glasspost::app
