#include "mail/message/mime.h"

#include "mail/message/encodedwords.h"

#include <QDateTime>
#include <QRegularExpression>

#include <mutex>

namespace glasspost::mail {

namespace {

/// "06:09:22 PM", which no standard has and some programs write, on a clock of 24 hours.
QByteArray withoutHalves(const QByteArray &date)
{
    static const QRegularExpression halves(QStringLiteral("\\b(\\d{1,2})(:\\d\\d(?::\\d\\d)?)\\s*([AP])M\\b"),
        QRegularExpression::CaseInsensitiveOption);
    QString text = QString::fromLatin1(date);
    const QRegularExpressionMatch match = halves.match(text);
    if (!match.hasMatch())
        return date;
    const int hour = match.capturedView(1).toInt() % 12 + (match.captured(3).toUpper() == u"P" ? 12 : 0);
    text.replace(match.capturedStart(), match.capturedLength(),
        QString::number(hour).rightJustified(2, u'0') + match.captured(2));
    return text.toLatin1();
}

} // namespace

void ensureMime()
{
    static std::once_flag once;
    std::call_once(once, [] {
        g_mime_init();
        readingOptions();
    });
}

GMimeParserOptions *readingOptions()
{
    static GMimeParserOptions *const options = [] {
        GMimeParserOptions *made = g_mime_parser_options_new();
        static const char *charsets[] = {"utf-8", "windows-1252", nullptr};
        g_mime_parser_options_set_fallback_charsets(made, charsets);
        return made;
    }();
    return options;
}

QString decodedText(QByteArrayView unfolded)
{
    return decodedWords(unfolded);
}

QString decodedPhrase(const QString &phrase)
{
    return decodedText(phrase.toUtf8());
}

qint64 decodedDate(const QByteArray &value)
{
    if (value.isEmpty())
        return 0;
    ensureMime();
    const QByteArray written = withoutHalves(value.left(200));
    if (GDateTime *date = g_mime_utils_header_decode_date(written.constData())) {
        const qint64 seconds = g_date_time_to_unix(date);
        g_date_time_unref(date);
        return seconds;
    }
    // GMime knows no years before 1969.
    const QDateTime date = QDateTime::fromString(QString::fromLatin1(written), Qt::RFC2822Date);
    return date.isValid() ? date.toSecsSinceEpoch() : 0;
}

} // namespace glasspost::mail
