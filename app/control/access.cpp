#include "app/control/access.h"

#include "app/console/jsonvalues.h"
#include "app/control/controlpath.h"

#include <QTimer>

#include <chrono>

namespace glasspost::app {

Access::Access(QString dataFolder, QObject *parent)
    : QObject(parent), m_dataFolder(std::move(dataFolder)), m_client(controlPath(m_dataFolder))
{
    connect(&m_client, &ControlClient::answered, this, &Access::deliver);
    connect(&m_client, &ControlClient::unreachable, this, &Access::openOwn);
}

Access::~Access() = default;

void Access::ask(const QJsonObject &request)
{
    m_request = request;
    if (m_mail)
        m_handler->answer(m_request, this, [this](const QJsonObject &answer) { deliver(answer); });
    else
        m_client.ask(m_request);
}

void Access::openOwn()
{
    m_mail = std::make_unique<mail::MailSystem>(m_dataFolder);
    m_handler = std::make_unique<RequestHandler>(*m_mail);
    connect(m_mail.get(), &mail::MailSystem::started, this, [this] { ask(m_request); });
    connect(m_mail.get(), &mail::MailSystem::startFailed, this, &Access::lost);
    mail::StartOptions options;
    options.outgoing = mail::StartOptions::Outgoing::Rest;
    m_mail->start(options);
}

void Access::lost(const mail::Error &error)
{
    const bool other = error.code == mail::ErrorCode::InUse && --m_triesLeft > 0;
    // Its own signal brought us here: it must live until that has returned.
    m_handler.release()->deleteLater();
    m_mail.release()->deleteLater();
    if (!other) {
        Q_EMIT failed(error);
        return;
    }
    QTimer::singleShot(std::chrono::milliseconds(200), this, [this] { m_client.ask(m_request); });
}

void Access::deliver(const QJsonObject &answer)
{
    if (answer.contains(QStringLiteral("error")))
        Q_EMIT failed(errorFromJson(answer));
    else
        Q_EMIT answered(answer);
}

} // namespace glasspost::app
