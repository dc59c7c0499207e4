#pragma once

#include "app/control/controlserver.h"
#include "app/messages/messagewaits.h"
#include "mail/message/draft.h"
#include "mail/system/mailsystem.h"
#include "mail/transfer/transfer.h"

#include <QJsonObject>
#include <QObject>

namespace glasspost::app {

/// What one instance can ask of another, or of a mail system of its own. Every answer holds either what was
/// asked for or "error" (jsonvalues.h).
QJsonObject openRequest(const QString &mailto); ///< {}
QJsonObject queueListRequest(); ///< {"entries": [...]}
QJsonObject queueActionRequest(
    const mail::QueueRequest &request, const QList<QByteArray> &ids); ///< {"count": N}
QJsonObject searchRequest(const QString &query, int limit); ///< {"rows": [...], "total": N}
QJsonObject sessionsRequest(int limit); ///< {"sessions": [...]}
/// {"messages": N, "leftOut": [names], "doubtful": N, "mailbox": "alice/Sent"}; path is absolute
QJsonObject transferRequest(mail::Transfer::Direction direction, const QString &path,
    mail::TransferFormat format, const QString &mailbox);
/// {"queueId", "delivered"}; without a route the settings' one is meant. A message in a file is read from
/// there: it has to stay until the answer has come.
QJsonObject submitRequest(const smtp::Envelope &envelope, const mail::MessageOctets &message,
    const std::optional<mail::OutgoingRoute> &route);
/// {"queueId", "delivered"}: written and queued, held until a person releases it. Without a sender it is the
/// first identity's.
QJsonObject heldDraftRequest(const mail::Draft &draft);

/// Answers those requests with a started mail system. Main thread; the mail system outlives it.
class RequestHandler : public QObject
{
    Q_OBJECT
public:
    explicit RequestHandler(mail::MailSystem &mail, QObject *parent = nullptr);

    void answer(const QJsonObject &request, QObject *context, ControlServer::Done done);

Q_SIGNALS:
    /// Another start wants the window, with a mailto: URL or none.
    void openRequested(const QString &mailto);

private:
    mail::MailSystem &m_mail;
    MessageWaits m_waits;
};

} // namespace glasspost::app
