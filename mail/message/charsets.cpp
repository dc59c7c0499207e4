#include "mail/message/charsets.h"

#include "mail/message/charsetlabels.h"

#include <QUtf8StringView>
#include <QtEndian>

#include <glib.h>
#include <iconv.h>

#include <cerrno>

namespace glasspost::mail {

namespace {

QString fromWindows1252(const QByteArray &octets)
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

/// How many octets at the end begin a character of UTF-8 that is not whole.
qsizetype openUtf8(QByteArrayView octets)
{
    for (qsizetype back = 1; back <= qMin<qsizetype>(3, octets.size()); ++back) {
        const auto octet = uchar(octets[octets.size() - back]);
        if (octet >= 0xC0)
            return back < (octet >= 0xF0 ? 4 : octet >= 0xE0 ? 3 : 2) ? back : 0;
        if (octet < 0x80)
            return 0;
    }
    return 0;
}

QString fromUtf8(QByteArrayView octets, Extent extent)
{
    return QString::fromUtf8(extent == Extent::Cut ? octets.chopped(openUtf8(octets)) : octets);
}

/// Whether more characters outside of ASCII fit than octets do not.
bool isRatherUtf8(QByteArrayView octets)
{
    if (QUtf8StringView(octets).isValidUtf8()) // in a tenth of the time
        return true;
    qsizetype fitting = 0, faulty = 0;
    const char *at = octets.data();
    const char *const end = at + octets.size();
    while (at < end) {
        const char *stop = nullptr;
        const bool isValid = g_utf8_validate(at, end - at, &stop) != FALSE;
        for (; at < stop; ++at)
            fitting += uchar(*at) >= 0xC0 ? 1 : 0;
        if (!isValid && uchar(*at) == 0) {
            ++at; // GLib takes no NUL, UTF-8 does
        } else if (!isValid) {
            ++faulty;
            ++at;
        }
    }
    return faulty == 0 || fitting > faulty;
}

QString fromUnknown(const QByteArray &octets, Extent extent)
{
    const QByteArrayView whole = QByteArrayView(octets).chopped(extent == Extent::Cut ? openUtf8(octets) : 0);
    return isRatherUtf8(whole) ? QString::fromUtf8(whole) : fromWindows1252(octets);
}

/// RFC 1468 as EUC-JP, which has the rows that Japanese vendors added; and JIS X 0201, 0212 (RFC 2237, 1554).
QByteArray eucOfIso2022Jp(const QByteArray &octets)
{
    enum class Set { Ascii, Kana, Kanji, Further } set = Set::Ascii;
    QByteArray euc;
    euc.reserve(octets.size());
    for (qsizetype i = 0; i < octets.size(); ++i) {
        const QByteArrayView rest = QByteArrayView(octets).sliced(i);
        if (rest.startsWith("\x1b$B") || rest.startsWith("\x1b$@")) {
            set = Set::Kanji;
            i += 2;
        } else if (rest.startsWith("\x1b$(D")) {
            set = Set::Further;
            i += 3;
        } else if (rest.startsWith("\x1b(")) {
            set = rest.size() > 2 && rest[2] == 'I' ? Set::Kana : Set::Ascii;
            i += 2;
        } else if (set == Set::Ascii || uchar(rest[0]) <= 0x20 || uchar(rest[0]) >= 0x7F) {
            euc += rest[0];
        } else if (set == Set::Kana) {
            euc += '\x8e';
            euc += char(rest[0] | 0x80);
        } else {
            if (set == Set::Further)
                euc += '\x8f';
            euc += char(rest[0] | 0x80);
            if (rest.size() > 1 && uchar(rest[1]) > 0x20 && uchar(rest[1]) < 0x7F)
                euc += char(octets[++i] | 0x80);
        }
    }
    return euc;
}

/// RFC 1843 as GB 2312 in the form that GB 18030 has kept: both octets of a character with their high bit.
QByteArray eucOfHz(const QByteArray &octets)
{
    QByteArray euc;
    bool isChinese = false;
    for (qsizetype i = 0; i < octets.size(); ++i) {
        const char next = i + 1 < octets.size() ? octets[i + 1] : '\0';
        if (octets[i] == '~' && (next == '{' || next == '}' || next == '~' || next == '\n')) {
            isChinese = next == '{' || (isChinese && next != '}');
            if (next == '~')
                euc += next;
            ++i;
        } else if (isChinese && octets[i] > 0x20 && next > 0x20) {
            euc += char(octets[i] | 0x80);
            euc += char(octets[++i] | 0x80);
        } else {
            isChinese = isChinese && octets[i] != '\n';
            euc += octets[i];
        }
    }
    return euc;
}

class Converter
{
public:
    explicit Converter(const QByteArray &encoding)
        : m_iconv(iconv_open(
            QSysInfo::ByteOrder == QSysInfo::LittleEndian ? "UTF-16LE" : "UTF-16BE", encoding.constData()))
    { }
    ~Converter()
    {
        if (isKnown())
            iconv_close(m_iconv);
    }
    Q_DISABLE_COPY_MOVE(Converter)

    [[nodiscard]] bool isKnown() const { return m_iconv != iconv_t(-1); }
    QString convert(QByteArray octets, Extent extent)
    {
        QString text;
        char *in = octets.data();
        size_t left = size_t(octets.size());
        while (left > 0) {
            char16_t units[4096];
            char *out = reinterpret_cast<char *>(units);
            size_t room = sizeof(units);
            const size_t result = iconv(m_iconv, &in, &left, &out, &room);
            const int error = result == size_t(-1) ? errno : 0;
            text += QStringView(units, qsizetype(sizeof(units) - room) / 2);
            if (error == EINVAL && extent == Extent::Cut)
                break;
            if (error == EILSEQ || error == EINVAL) {
                text += QChar(QChar::ReplacementCharacter);
                ++in;
                --left;
            }
        }
        return text;
    }

private:
    iconv_t m_iconv;
};

QByteArray byteOrderMark(const QByteArray &octets)
{
    return octets.startsWith("\xEF\xBB\xBF") ? "UTF-8"
        : octets.startsWith("\xFF\xFE")      ? "UTF-16LE"
        : octets.startsWith("\xFE\xFF")      ? "UTF-16BE"
                                             : QByteArray();
}

/// What iconv may be asked for: it takes options behind a name, and files' names in some of its settings.
bool isName(const QByteArray &encoding)
{
    return std::all_of(encoding.begin(), encoding.end(), [](char c) {
        return g_ascii_isalnum(c) || c == '-' || c == '_' || c == '.' || c == ':' || c == '+';
    });
}

} // namespace

QString decodedCharset(const QByteArray &octets, const QByteArray &charset, Extent extent)
{
    const QByteArray label = charset.trimmed().toLower().replace('\'', "");
    // UTF-32 has a mark of its own, which begins like UTF-16's.
    const QByteArray mark = label.startsWith("utf-32") ? QByteArray() : byteOrderMark(octets);
    const QByteArray encoding = mark.isEmpty() ? encodingOf(label) : mark;
    if (encoding.isEmpty() || encoding == "us-ascii" || !isName(encoding))
        return fromUnknown(octets, extent);
    if (encoding == "UTF-8")
        return fromUtf8(octets, extent);
    if (encoding == "WINDOWS-1252")
        return fromWindows1252(octets);
    const bool isJis = encoding == "iso-2022-jp";
    const bool isHz = encoding == "hz-gb-2312";
    Converter converter(isJis ? "EUC-JP-MS" : isHz ? "GB18030" : encoding);
    if (!converter.isKnown())
        return fromUnknown(octets, extent);
    const QByteArray known = isJis ? eucOfIso2022Jp(octets) : isHz ? eucOfHz(octets) : octets;
    QString text = converter.convert(known, extent);
    if (text.startsWith(QChar(QChar::ByteOrderMark)))
        text.remove(0, 1);
    return text;
}

QByteArray metaCharset(const QByteArray &html)
{
    constexpr qsizetype searched = 4096;
    const QByteArray head = html.left(searched).toLower();
    for (qsizetype at = head.indexOf("<meta"); at >= 0; at = head.indexOf("<meta", at + 1)) {
        const qsizetype comment = head.lastIndexOf("<!--", at);
        if (comment >= 0 && head.lastIndexOf("-->", at) < comment)
            continue;
        const QByteArray tag = head.mid(at, head.indexOf('>', at) - at);
        const qsizetype name = tag.indexOf("charset");
        QByteArray value = name < 0 ? QByteArray() : tag.mid(name + 7).trimmed();
        if (!value.startsWith('='))
            continue;
        value = value.mid(1).trimmed();
        const qsizetype from = value.startsWith('"') || value.startsWith('\'') ? 1 : 0;
        qsizetype end = from;
        while (end < value.size()
            && (g_ascii_isalnum(value[end]) || QByteArrayView("-_.:").contains(value[end])))
            ++end;
        const QByteArray charset = value.mid(from, end - from);
        // HTML 13.2.3.2: what could be read as ASCII so far is not in UTF-16.
        return charset.startsWith("utf-16") ? QByteArray("utf-8") : charset;
    }
    return {};
}

} // namespace glasspost::mail
