#include "mail/message/receivedfacts.h"

#include "mail/message/headerfields.h"

#include <algorithm>

namespace glasspost::mail {

namespace {

constexpr qsizetype longestRecipients = 64 * 1024; // characters

} // namespace

QByteArray sessionIdOf(QByteArrayView source)
{
    qsizetype at = 0;
    while (at < source.size() && source[at] != '\n' && source[at] != '\r') {
        qsizetype end = source.indexOf('\n', at);
        while (end >= 0 && end + 1 < source.size() && (source[end + 1] == ' ' || source[end + 1] == '\t'))
            end = source.indexOf('\n', end + 1);
        const QByteArrayView field = source.sliced(at, (end < 0 ? source.size() : end) - at);
        if (field.size() > 9 && qstrnicmp(field.data(), "Received:", 9) == 0) {
            const QList<QByteArray> words = field.sliced(9).toByteArray().simplified().split(' ');
            const qsizetype id = words.indexOf("id");
            if (id < 0 || id + 1 >= words.size())
                return {};
            const QByteArray &word = words[id + 1];
            return word.endsWith(';') ? word.chopped(1) : word;
        }
        if (end < 0)
            break;
        at = end + 1;
    }
    return {};
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
