#include "mail/message/mime.h"

#include "mail/message/encodedwords.h"

#include <mutex>

namespace glasspost::mail {

namespace {

constexpr qsizetype chunkSize = 64 * 1024;

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
    QByteArray result;
    GMimeDataWrapper *content = g_mime_part_get_content(part);
    if (!content)
        return result;
    GMimeStream *raw = g_mime_data_wrapper_get_stream(content);
    g_mime_stream_reset(raw);
    const GRef<GMimeStream> filtering(g_mime_stream_filter_new(raw));
    const GRef<GMimeFilter> filter(g_mime_filter_basic_new(g_mime_data_wrapper_get_encoding(content), FALSE));
    g_mime_stream_filter_add(GMIME_STREAM_FILTER(filtering.get()), filter.get());
    QByteArray chunk(chunkSize, Qt::Uninitialized);
    while (limit < 0 || result.size() < limit) {
        const ssize_t count = g_mime_stream_read(filtering.get(), chunk.data(), size_t(chunk.size()));
        if (count <= 0)
            break;
        result.append(chunk.constData(), count);
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
    GDateTime *date = g_mime_utils_header_decode_date(value.left(200).constData());
    if (!date)
        return 0;
    const qint64 seconds = g_date_time_to_unix(date);
    g_date_time_unref(date);
    return seconds;
}

} // namespace glasspost::mail
