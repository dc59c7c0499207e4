#include "mail/message/encodedwords.h"

#include "mail/message/charsets.h"
#include "mail/message/transfercoding.h"

#include <algorithm>
#include <optional>

namespace glasspost::mail {

namespace {

struct EncodedWord
{
    QByteArray charset;
    QByteArray octets;
    qsizetype end = 0; ///< behind its "?="
};

int hexValue(char c)
{
    const bool digit = c >= '0' && c <= '9';
    const char lower = char(c | 0x20);
    return digit ? c - '0' : lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// RFC 2047 4.2.
QByteArray fromQ(QByteArrayView text)
{
    QByteArray octets;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const bool escape = text[i] == '=' && i + 2 < text.size() && hexValue(text[i + 1]) >= 0
            && hexValue(text[i + 2]) >= 0;
        if (escape) {
            octets += char(hexValue(text[i + 1]) * 16 + hexValue(text[i + 2]));
            i += 2;
        } else {
            octets += text[i] == '_' ? ' ' : text[i];
        }
    }
    return octets;
}

/// encoded-word = "=?" charset "?" encoding "?" encoded-text "?=" (RFC 2047 2, RFC 2231 5 for the language).
std::optional<EncodedWord> wordAt(QByteArrayView text, qsizetype start)
{
    constexpr qsizetype longestCharset = 80;
    const qsizetype from = start + 2;
    const qsizetype mark = text.sliced(from, std::min(longestCharset, text.size() - from)).indexOf('?');
    if (mark <= 0 || from + mark + 2 >= text.size() || text[from + mark + 2] != '?')
        return std::nullopt;
    QByteArray charset = text.sliced(from, mark).toByteArray();
    if (const qsizetype language = charset.indexOf('*'); language >= 0)
        charset.truncate(language);
    const char encoding = char(text[from + mark + 1] | 0x20);
    if (encoding != 'b' && encoding != 'q')
        return std::nullopt;
    const qsizetype body = from + mark + 3;
    const qsizetype end = text.indexOf("?=", body);
    if (end < 0)
        return std::nullopt;
    const QByteArrayView encoded = text.sliced(body, end - body);
    return EncodedWord{charset.toLower(), encoding == 'b' ? fromBase64(encoded) : fromQ(encoded), end + 2};
}

bool isBlankText(QByteArrayView text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c == ' ' || c == '\t'; });
}

} // namespace

QString decodedWords(QByteArrayView text)
{
    // Every word is decoded by itself (a padded Base64 word may be followed by another), but the octets of
    // neighbours in one charset are read together: writers do split characters between them.
    QString result;
    EncodedWord pending;
    qsizetype plainFrom = 0;
    const auto flush = [&result, &pending] {
        if (!pending.octets.isEmpty())
            result += decodedCharset(pending.octets, pending.charset);
        pending = {};
    };
    const qsizetype lastEnd = text.lastIndexOf("?=");
    for (qsizetype at = text.indexOf("=?"); at >= 0 && at < lastEnd; at = text.indexOf("=?", at)) {
        const std::optional<EncodedWord> word = wordAt(text, at);
        if (!word) {
            at += 2;
            continue;
        }
        const QByteArrayView between = text.sliced(plainFrom, at - plainFrom);
        // RFC 2047 6.2: white space between two encoded words is not shown.
        const bool neighbours = plainFrom > 0 && isBlankText(between);
        if (!neighbours || pending.charset != word->charset)
            flush();
        if (!neighbours)
            result += decodedCharset(between.toByteArray(), {});
        pending.charset = word->charset;
        pending.octets += word->octets;
        plainFrom = at = word->end;
    }
    flush();
    result += decodedCharset(text.sliced(plainFrom).toByteArray(), {});
    return result.replace(QChar(u'\0'), u'?'); // shown, and never the end of a name (F24)
}

} // namespace glasspost::mail
