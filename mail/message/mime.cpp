#include "mail/message/mime.h"

#include "mail/message/encodedwords.h"

#include <mutex>

namespace glasspost::mail {

namespace {

constexpr qsizetype chunkSize = 64 * 1024;

bool isUtf8(QByteArrayView octets)
{
    return g_utf8_validate(octets.data(), octets.size(), nullptr);
}

QString fromWindows1252(QByteArrayView octets)
{
    // C1 is what differs from Latin-1; the five holes stay what they are.
    static const char16_t c1[33]
        = u"\u20AC\u0081\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\u008D"
          u"\u017D\u008F\u0090\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A"
          u"\u0153\u009D\u017E\u0178";
    QString text = QString::fromLatin1(octets);
    for (QChar &c : text)
        if (c.unicode() >= 0x80 && c.unicode() < 0xA0)
            c = QChar(c1[c.unicode() - 0x80]);
    return text;
}

QString fromUnknown(QByteArrayView octets)
{
    return isUtf8(octets) ? QString::fromUtf8(octets) : fromWindows1252(octets);
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

QString decodedCharset(const QByteArray &octets, const QByteArray &charset)
{
    const QByteArray name = charset.trimmed().toLower();
    if (name.isEmpty() || name == "us-ascii" || name == "utf-8" || name == "utf8" || name == "ascii")
        return fromUnknown(octets);
    if (name == "iso-8859-1" || name == "latin1" || name == "windows-1252")
        return fromWindows1252(octets); // what says Latin-1 is Windows-1252 more often than not
    ensureMime();
    const iconv_t converter = g_mime_iconv_open("utf-8", name.constData());
    if (converter == iconv_t(-1))
        return fromUnknown(octets);
    g_mime_iconv_close(converter);
    const GRef<GMimeStream> memory(g_mime_stream_mem_new());
    const GRef<GMimeStream> filtering(g_mime_stream_filter_new(memory.get()));
    const GRef<GMimeFilter> filter(g_mime_filter_charset_new(name.constData(), "utf-8"));
    if (!filter)
        return fromUnknown(octets);
    g_mime_stream_filter_add(GMIME_STREAM_FILTER(filtering.get()), filter.get());
    g_mime_stream_write(filtering.get(), octets.constData(), size_t(octets.size()));
    g_mime_stream_flush(filtering.get());
    const GByteArray *array = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(memory.get()));
    return QString::fromUtf8(reinterpret_cast<const char *>(array->data), qsizetype(array->len));
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
