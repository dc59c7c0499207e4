#include "mail/transfer/mboxwriter.h"

#include <QDateTime>
#include <QLocale>

namespace glasspost::mail {

namespace {

/// RFC 4155: the sender has no white space in it, and an empty one stands as MAILER-DAEMON.
QByteArray dividerSender(const QByteArray &sender)
{
    QByteArray word;
    for (const char c : sender)
        word += static_cast<unsigned char>(c) <= 0x20 || c == 0x7f ? '_' : c;
    return word.isEmpty() ? QByteArrayLiteral("MAILER-DAEMON") : word;
}

QByteArray statusFields(MessageFlags flags)
{
    QByteArray fields;
    if (flags.testFlag(MessageFlag::Seen))
        fields += "Status: RO\n";
    QByteArray letters;
    if (flags.testFlag(MessageFlag::Replied))
        letters += 'A';
    if (flags.testFlag(MessageFlag::Flagged))
        letters += 'F';
    if (flags.testFlag(MessageFlag::Draft))
        letters += 'T';
    if (flags.testFlag(MessageFlag::Trashed))
        letters += 'D';
    return letters.isEmpty() ? fields : fields + "X-Status: " + letters + '\n';
}

} // namespace

QByteArray mboxEntry(const CarriedMessage &message, const QByteArray &sender, qint64 date)
{
    const QString when = QLocale::c().toString(
        QDateTime::fromSecsSinceEpoch(date, Qt::UTC), QStringLiteral("ddd MMM dd hh:mm:ss yyyy"));
    QByteArray entry
        = "From " + dividerSender(sender) + ' ' + when.toLatin1() + '\n' + statusFields(message.flags);
    QByteArray text = message.octets;
    text.replace("\r\n", "\n");
    for (qsizetype place = 0; place < text.size();) {
        const qsizetype end = text.indexOf('\n', place);
        const QByteArrayView line
            = QByteArrayView(text).sliced(place, (end < 0 ? text.size() : end + 1) - place);
        qsizetype quotes = 0;
        while (quotes < line.size() && line[quotes] == '>')
            ++quotes;
        if (line.sliced(quotes).startsWith("From "))
            entry += '>';
        entry += line;
        place += line.size();
    }
    if (!entry.endsWith('\n'))
        entry += '\n';
    return entry + '\n';
}

} // namespace glasspost::mail
