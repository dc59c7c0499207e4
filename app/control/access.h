#pragma once

#include "app/control/controlclient.h"
#include "app/control/requests.h"

#include <QObject>
#include <QString>

#include <memory>

namespace glasspost::app {

/// The data folder as a headless command sees it: the instance that runs on it answers, and where there is
/// none, a mail system of our own that rests its queue. Main thread.
class Access : public QObject
{
    Q_OBJECT
public:
    explicit Access(QString dataFolder, QObject *parent = nullptr);
    ~Access() override;

    /// One request at a time; answered() or failed() comes.
    void ask(const QJsonObject &request);
    /// Our own mail system, null while (or when) another instance answers.
    [[nodiscard]] mail::MailSystem *own() const { return m_mail.get(); }

Q_SIGNALS:
    void answered(const QJsonObject &answer);
    void failed(const glasspost::mail::Error &error);

private:
    void openOwn();
    void lost(const mail::Error &error);
    void deliver(const QJsonObject &answer);

    QString m_dataFolder;
    QJsonObject m_request;
    ControlClient m_client;
    int m_triesLeft = 25; ///< against an instance that is just starting or ending
    std::unique_ptr<mail::MailSystem> m_mail;
    std::unique_ptr<RequestHandler> m_handler;
};

} // namespace glasspost::app
