#include "mail/transfer/mboxwriter.h"

#include "mail/base/lineends.h"

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

/// Quotes lines as they come in pieces. Whether a line begins with ">>>From " is known after a few octets.
class Quoter
{
public:
    explicit Quoter(const std::function<void(QByteArrayView)> &put) : m_put(put) { }

    void take(const QByteArray &octets)
    {
        m_kept += octets;
        qsizetype done = 0;
        while (done < m_kept.size()) {
            const qsizetype lf = m_kept.indexOf('\n', done);
            const qsizetype end = lf < 0 ? m_kept.size() : lf + 1;
            const QByteArrayView line = QByteArrayView(m_kept).sliced(done, end - done);
            if (m_atLineStart && lf < 0 && mayBecomeFrom(line))
                break;
            putLine(line);
            m_atLineStart = lf >= 0;
            done = end;
        }
        m_kept.remove(0, done);
    }
    void finish()
    {
        if (!m_kept.isEmpty()) {
            putLine(m_kept);
            m_atLineStart = false;
        }
        m_put(m_atLineStart ? QByteArrayView("\n") : QByteArrayView("\n\n"));
    }

private:
    static qsizetype quotesOf(QByteArrayView line)
    {
        qsizetype quotes = 0;
        while (quotes < line.size() && line[quotes] == '>')
            ++quotes;
        return quotes;
    }
    static bool mayBecomeFrom(QByteArrayView line)
    {
        return QByteArrayView("From ").startsWith(line.sliced(quotesOf(line)));
    }
    void putLine(QByteArrayView line)
    {
        if (m_atLineStart && line.sliced(quotesOf(line)).startsWith("From "))
            m_put(">");
        m_put(line);
    }

    const std::function<void(QByteArrayView)> &m_put;
    QByteArray m_kept;
    bool m_atLineStart = true;
};

} // namespace

Result<void> writeMboxEntry(const CarriedMessage &message, const QByteArray &sender, qint64 date,
    const std::function<void(QByteArrayView)> &put)
{
    const QString when = QLocale::c().toString(
        QDateTime::fromSecsSinceEpoch(date, Qt::UTC), QStringLiteral("ddd MMM dd hh:mm:ss yyyy"));
    put("From " + dividerSender(sender) + ' ' + when.toLatin1() + '\n' + statusFields(message.flags));
    Quoter quoter(put);
    LfConverter converter;
    const auto read = forEachPiece(
        message.octets, [&](QByteArrayView piece) { quoter.take(converter.toLf(piece.toByteArray())); });
    quoter.take(converter.rest());
    quoter.finish();
    return read;
}

} // namespace glasspost::mail
