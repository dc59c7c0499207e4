#include "mail/message/receivedfacts.h"

#include "mail/message/headerfields.h"
#include "mail/message/receivedroute.h"

#include <QSet>

#include <optional>

namespace glasspost::mail {

namespace {

constexpr qsizetype longestRecipients = 64 * 1024; // characters

void addEnvelopeFrom(IndexFields &fields, const QString &address)
{
    if (fields.envelopeFrom.isEmpty())
        fields.envelopeFrom = address;
    if (!fields.fromName.isEmpty())
        return;
    fields.fromAddress = address;
    fields.fromName = address.isEmpty() ? QStringLiteral("<>") : address;
    fields.senders = address;
}

QSet<QString> namedRecipients(const IndexFields &fields)
{
    QSet<QString> named;
    for (const QString *words : {&fields.recipients, &fields.cc, &fields.bcc}) {
        for (const QStringView word : QStringView(*words).split(u' '))
            named.insert(word.toString().toCaseFolded());
    }
    return named;
}

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
    std::optional<QSet<QString>> named;
    visitHeader(source, [&](const RawField &field) {
        const bool isFrom = field.isNamed("Return-Path");
        if (!isFrom && !field.isNamed("Delivered-To"))
            return true;
        const QString path = QString::fromUtf8(field.unfolded().trimmed());
        const QString address
            = path.startsWith(u'<') && path.endsWith(u'>') ? path.sliced(1, path.size() - 2) : path;
        if (isFrom) {
            addEnvelopeFrom(fields, address);
        } else if (fields.envelopeTo.size() < longestRecipients) {
            if (!named)
                named = namedRecipients(fields);
            fields.envelopeTo += address + u' ';
            if (const QString key = address.toCaseFolded(); !named->contains(key)) {
                named->insert(key);
                fields.bcc += u' ' + address;
            }
        }
        return true;
    });
}

} // namespace glasspost::mail
