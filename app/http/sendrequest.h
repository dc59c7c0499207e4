#pragma once

#include "mail/message/messageview.h"
#include "smtp/syntax/envelope.h"

#include <tl/expected.hpp>

#include <utility>

namespace glasspost::app {

/// What POST /api/v1/send asks for.
struct SendRequest
{
    struct Attachment
    {
        QString name, contentType, contentId; ///< with an id it is shown in its place
        QByteArray octets;
    };

    mail::AddressView from;
    QList<mail::AddressView> to, cc, bcc, replyTo;
    QString subject, text, html;
    QList<std::pair<QString, QString>> headers;
    QStringList tags;
    QList<Attachment> attachments;
};

/// The request of a body in JSON, or the sentence that says what is wrong with it.
tl::expected<SendRequest, QString> readSendRequest(const QByteArray &body);

struct ComposedMessage
{
    smtp::Envelope envelope;
    QByteArray octets; ///< lines end in LF; with the Bcc field, since it is only looked at
};
/// Total: no text in any field can begin another one.
ComposedMessage compose(const SendRequest &request, const QString &hostName);

} // namespace glasspost::app
