#include "mail/message/mime.h"

#include "mail/message/encodedwords.h"

#include <mutex>

namespace glasspost::mail {

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

bool isType(GMimeObject *part, const char *type, const char *subtype)
{
    return g_mime_content_type_is_type(g_mime_object_get_content_type(part), type, subtype);
}

QString decodedText(QByteArrayView unfolded)
{
    return decodedWords(unfolded);
}

QString decodedPhrase(const QString &phrase)
{
    return decodedText(phrase.toUtf8());
}

} // namespace glasspost::mail
