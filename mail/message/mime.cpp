#include "mail/message/mime.h"

#include "mail/message/encodedwords.h"
#include "mail/message/transfercoding.h"

#include <QDateTime>
#include <QRegularExpression>

#include <mutex>

namespace glasspost::mail {

namespace {

constexpr qsizetype chunkSize = 64 * 1024;

/// At least limit octets when there are so many; all with -1.
QByteArray readStream(GMimeStream *stream, qint64 limit)
{
    QByteArray result;
    QByteArray chunk(chunkSize, Qt::Uninitialized);
    while (limit < 0 || result.size() < limit) {
        const ssize_t count = g_mime_stream_read(stream, chunk.data(), size_t(chunk.size()));
        if (count <= 0)
            break;
        result.append(chunk.constData(), count);
    }
    return result;
}

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

QByteArray decodedContent(GMimePart *part, qint64 limit)
{
    GMimeDataWrapper *content = g_mime_part_get_content(part);
    if (!content)
        return {};
    GMimeStream *raw = g_mime_data_wrapper_get_stream(content);
    g_mime_stream_reset(raw);
    const GMimeContentEncoding encoding = g_mime_data_wrapper_get_encoding(content);
    QByteArray result;
    if (encoding == GMIME_CONTENT_ENCODING_BASE64 || encoding == GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE) {
        // An octet takes three at most; line ends and soft breaks a little more.
        const QByteArray encoded = readStream(raw, limit < 0 ? limit : limit * 4 + 1024);
        result
            = encoding == GMIME_CONTENT_ENCODING_BASE64 ? fromBase64(encoded) : fromQuotedPrintable(encoded);
    } else {
        const GRef<GMimeStream> filtering(g_mime_stream_filter_new(raw));
        const GRef<GMimeFilter> filter(g_mime_filter_basic_new(encoding, FALSE));
        g_mime_stream_filter_add(GMIME_STREAM_FILTER(filtering.get()), filter.get());
        result = readStream(filtering.get(), limit);
    }
    if (limit >= 0 && result.size() > limit)
        result.truncate(limit);
    return result;
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
