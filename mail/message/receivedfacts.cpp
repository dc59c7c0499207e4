#include "mail/message/receivedfacts.h"

#include "mail/message/headerfields.h"
#include "mail/message/receivedroute.h"

#include <algorithm>

namespace glasspost::mail {

namespace {

constexpr qsizetype longestRecipients = 64 * 1024; // characters

} // namespace

QByteArray sessionIdOf(QByteArrayView source)
{
    QByteArray id;
    visitHeader(source, [&id](const RawField &field) {
        if (!field.isNamed("Received"))
            return true;
        id = receivedHop(field).id.toUtf8();
        return false;
    });
    return id;
}

void addEnvelope(IndexFields &fields, const QByteArray &source)
{
    visitHeader(source, [&fields](const RawField &field) {
        const bool isSender = field.isNamed("Return-Path") && fields.fromName.isEmpty();
        if (!isSender && !field.isNamed("Delivered-To"))
            return true;
        const QString path = QString::fromUtf8(field.unfolded().trimmed());
        const QString address
            = path.startsWith(u'<') && path.endsWith(u'>') ? path.sliced(1, path.size() - 2) : path;
        if (isSender) {
            fields.fromAddress = address;
            fields.fromName = address.isEmpty() ? QStringLiteral("<>") : address;
        } else if (!fields.recipients.contains(address, Qt::CaseInsensitive)
            && fields.recipients.size() < longestRecipients) {
            fields.recipients += u' ' + address;
        }
        return true;
    });
}

} // namespace glasspost::mail
