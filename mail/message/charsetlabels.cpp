#include "mail/message/charsetlabels.h"

#include <QHash>

namespace glasspost::mail {

namespace {

struct Labels
{
    const char *encoding; ///< as iconv knows it
    const char *labels;
};

// The labels of the Encoding Standard (encoding.spec.whatwg.org, 4.2), and further ones that mail is full of.
constexpr Labels encodings[] = {
    {"us-ascii", "ansi_x3.4-1968 ascii iso646-us us us-ascii"},
    {"BIG5-HKSCS", "big-5 big5 big5-hkscs big5hkscs cn-big5 cp950 csbig5 x-x-big5"},
    {"CP874", "cp874 dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 tis620 windows-874"},
    {"CP932",
        "cp932 csshiftjis ms-kanji ms_kanji shift-jis shift_jis sjis windows-31j x-shift-jis "
        "x-sjis"},
    {"CP949",
        "cp949 cseuckr csksc56011987 euc-kr iso-ir-149 korean ks_c_5601 ks_c_5601-1987 "
        "ks_c_5601-1989 ksc5601 ksc_5601 ms949 uhc windows-949 x-windows-949"},
    {"EUC-JP-MS", "cp51932 cseucpkdfmtjapanese euc-jp eucjp x-euc-jp x-eucjp"},
    {"GB18030",
        "chinese cp936 csgb2312 csiso58gb231280 euc-cn gb-2312 gb18030 gb2312 gb2312-80 "
        "gb_2312 gb_2312-80 gbk iso-ir-58 x-gbk"},
    {"IBM866", "866 cp866 csibm866 ibm866"},
    {"ISO-2022-KR", "csiso2022kr iso-2022-kr"},
    {"ISO-8859-10", "csisolatin6 iso-8859-10 iso-ir-157 iso8859-10 iso885910 l6 latin6"},
    {"ISO-8859-13", "iso-8859-13 iso8859-13 iso885913"},
    {"ISO-8859-14", "iso-8859-14 iso8859-14 iso885914"},
    {"ISO-8859-15", "csisolatin9 iso-8859-15 iso8859-15 iso885915 iso_8859-15 l9"},
    {"ISO-8859-16", "iso-8859-16"},
    {"ISO-8859-2",
        "csisolatin2 iso-8859-2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 "
        "latin2"},
    {"ISO-8859-3",
        "csisolatin3 iso-8859-3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 "
        "latin3"},
    {"ISO-8859-4",
        "csisolatin4 iso-8859-4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 "
        "latin4"},
    {"ISO-8859-5",
        "csisolatincyrillic cyrillic iso-8859-5 iso-ir-144 iso8859-5 iso88595 iso_8859-5 "
        "iso_8859-5:1988"},
    {"ISO-8859-6",
        "arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6 "
        "iso-8859-6-e iso-8859-6-i iso-ir-127 iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987"},
    {"ISO-8859-7",
        "csisolatingreek ecma-118 elot_928 greek greek8 iso-8859-7 iso-ir-126 iso8859-7 "
        "iso88597 iso_8859-7 iso_8859-7:1987 sun_eu_greek"},
    {"ISO-8859-8",
        "csiso88598e csiso88598i csisolatinhebrew hebrew iso-8859-8 iso-8859-8-e iso-8859-8-i "
        "iso-ir-138 iso8859-8 iso88598 iso_8859-8 iso_8859-8:1988 logical visual"},
    {"KOI8-R", "cskoi8r koi koi8 koi8-r koi8_r"},
    {"KOI8-U", "koi8-u"},
    {"MAC-CENTRALEUROPE", "mac-ce x-mac-ce x-mac-centraleurope x-mac-centraleurroman"},
    {"MAC-IS", "mac-is x-mac-icelandic"},
    {"MAC-UK", "mac-cyrillic x-mac-cyrillic x-mac-ukrainian"},
    {"MACINTOSH", "csmacintosh mac mac-roman macintosh macroman x-mac-roman"},
    {"UTF-16BE", "utf-16be"},
    {"UTF-16LE", "utf-16 utf-16le"},
    {"UTF-7", "csunicode11utf7 unicode-1-1-utf-7 utf-7 utf7"},
    {"UTF-8", "unicode-1-1-utf-8 utf-8 utf8"},
    {"WINDOWS-1250", "cp1250 windows-1250 x-cp1250"},
    {"WINDOWS-1251", "cp1251 windows-1251 x-cp1251"},
    {"WINDOWS-1252",
        "cp-1252 cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-8859_1 iso-ir-100 iso8859-1 "
        "iso88591 iso_8859-1 iso_8859-1:1987 l1 latin-1 latin1 windows-1252 x-cp1252"},
    {"WINDOWS-1253", "cp1253 windows-1253 x-cp1253"},
    {"WINDOWS-1254",
        "cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 "
        "iso_8859-9:1989 l5 latin5 windows-1254 x-cp1254"},
    {"WINDOWS-1255", "cp1255 windows-1255 x-cp1255"},
    {"WINDOWS-1256", "cp1256 windows-1256 x-cp1256"},
    {"WINDOWS-1257", "cp1257 windows-1257 x-cp1257"},
    {"WINDOWS-1258", "cp1258 windows-1258 x-cp1258"},
    {"hz-gb-2312", "hz hz-gb-2312"},
    {"iso-2022-jp", "cp50220 cp50221 csiso2022jp iso-2022-jp iso-2022-jp-1 iso-2022-jp-ms jis"},
};

QHash<QByteArray, QByteArray> makeTable()
{
    QHash<QByteArray, QByteArray> table;
    for (const Labels &row : encodings) {
        const QList<QByteArray> labels = QByteArray(row.labels).split(' ');
        for (const QByteArray &label : labels)
            table.insert(label, row.encoding);
    }
    return table;
}

} // namespace

QByteArray encodingOf(const QByteArray &label)
{
    static const QHash<QByteArray, QByteArray> table = makeTable();
    return table.value(label, label);
}

} // namespace glasspost::mail
