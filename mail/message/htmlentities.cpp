#include "mail/message/htmltokens.h"

#include <QHash>

namespace glasspost::mail {

namespace {

/// Names and code points in hexadecimal: those of HTML 4 (24.2 to 24.4), and what mail uses of HTML 5's.
QHash<QString, char32_t> makeEntities()
{
    static const char *const table
        = "Tab 9 NewLine a excl 21 QUOT 22 quot 22 num 23 dollar 24 percnt 25 AMP 26 amp 26 apos 27 lpar 28 "
          "rpar 29 ast 2a plus 2b comma 2c period 2e sol 2f colon 3a semi 3b LT 3c lt 3c equals 3d GT 3e gt "
          "3e quest 3f commat 40 lbrack 5b bsol 5c rbrack 5d lowbar 5f grave 60 lbrace 7b verbar 7c vert 7c "
          "rbrace 7d nbsp a0 iexcl a1 cent a2 pound a3 curren a4 yen a5 brvbar a6 sect a7 uml a8 COPY a9 "
          "copy a9 ordf aa laquo ab not ac shy ad REG ae reg ae macr af deg b0 plusmn b1 sup2 b2 sup3 b3 "
          "acute b4 micro b5 para b6 middot b7 cedil b8 sup1 b9 ordm ba raquo bb frac14 bc frac12 bd frac34 "
          "be iquest bf Agrave c0 Aacute c1 Acirc c2 Atilde c3 Auml c4 Aring c5 AElig c6 Ccedil c7 Egrave "
          "c8 Eacute c9 Ecirc ca Euml cb Igrave cc Iacute cd Icirc ce Iuml cf ETH d0 Ntilde d1 Ograve d2 "
          "Oacute d3 Ocirc d4 Otilde d5 Ouml d6 times d7 Oslash d8 Ugrave d9 Uacute da Ucirc db Uuml dc "
          "Yacute dd THORN de szlig df agrave e0 aacute e1 acirc e2 atilde e3 auml e4 aring e5 aelig e6 "
          "ccedil e7 egrave e8 eacute e9 ecirc ea euml eb igrave ec iacute ed icirc ee iuml ef eth f0 "
          "ntilde f1 ograve f2 oacute f3 ocirc f4 otilde f5 ouml f6 divide f7 oslash f8 ugrave f9 uacute fa "
          "ucirc fb uuml fc yacute fd thorn fe yuml ff abreve 103 aogon 105 cacute 107 Ccaron 10c ccaron "
          "10d eogon 119 Ecaron 11a ecaron 11b gbreve 11f Idot 130 inodot 131 Lstrok 141 lstrok 142 nacute "
          "144 odblac 151 OElig 152 oelig 153 Rcaron 158 rcaron 159 sacute 15b scedil 15f Scaron 160 scaron "
          "161 uring 16f udblac 171 Yuml 178 zacute 17a zdot 17c Zcaron 17d zcaron 17e fnof 192 circ 2c6 "
          "tilde 2dc Alpha 391 Beta 392 Gamma 393 Delta 394 Epsilon 395 Zeta 396 Eta 397 Theta 398 Iota 399 "
          "Kappa 39a Lambda 39b Mu 39c Nu 39d Xi 39e Omicron 39f Pi 3a0 Rho 3a1 Sigma 3a3 Tau 3a4 Upsilon "
          "3a5 Phi 3a6 Chi 3a7 Psi 3a8 Omega 3a9 alpha 3b1 beta 3b2 gamma 3b3 delta 3b4 epsilon 3b5 zeta "
          "3b6 eta 3b7 theta 3b8 iota 3b9 kappa 3ba lambda 3bb mu 3bc nu 3bd xi 3be omicron 3bf pi 3c0 rho "
          "3c1 sigmaf 3c2 sigma 3c3 tau 3c4 upsilon 3c5 phi 3c6 chi 3c7 psi 3c8 omega 3c9 thetasym 3d1 "
          "upsih 3d2 piv 3d6 ensp 2002 emsp 2003 numsp 2007 puncsp 2008 thinsp 2009 hairsp 200a zwsp 200b "
          "zwnj 200c zwj 200d lrm 200e rlm 200f dash 2010 hyphen 2010 ndash 2013 mdash 2014 horbar 2015 "
          "lsquo 2018 rsquo 2019 sbquo 201a ldquo 201c rdquo 201d bdquo 201e dagger 2020 Dagger 2021 bull "
          "2022 hellip 2026 permil 2030 prime 2032 Prime 2033 lsaquo 2039 rsaquo 203a oline 203e frasl 2044 "
          "euro 20ac image 2111 copysr 2117 weierp 2118 real 211c TRADE 2122 trade 2122 alefsym 2135 larr "
          "2190 uarr 2191 rarr 2192 darr 2193 harr 2194 rarrw 219d crarr 21b5 lArr 21d0 uArr 21d1 rArr 21d2 "
          "dArr 21d3 hArr 21d4 forall 2200 part 2202 exist 2203 empty 2205 nabla 2207 isin 2208 notin 2209 "
          "ni 220b prod 220f sum 2211 minus 2212 lowast 2217 radic 221a prop 221d infin 221e ang 2220 and "
          "2227 or 2228 cap 2229 cup 222a int 222b there4 2234 sim 223c cong 2245 asymp 2248 ne 2260 equiv "
          "2261 le 2264 ge 2265 sub 2282 sup 2283 nsub 2284 sube 2286 supe 2287 oplus 2295 otimes 2297 perp "
          "22a5 sdot 22c5 lceil 2308 rceil 2309 lfloor 230a rfloor 230b lang 2329 rang 232a loz 25ca starf "
          "2605 star 2606 phone 260e spades 2660 clubs 2663 hearts 2665 diams 2666 check 2713";
    QHash<QString, char32_t> entities;
    const QStringList words = QString::fromLatin1(table).split(u' ');
    for (qsizetype i = 0; i + 1 < words.size(); i += 2)
        entities.insert(words.at(i), words.at(i + 1).toUInt(nullptr, 16));
    return entities;
}

/// HTML 13.2.5.80: numbers in C1 mean what Windows-1252 has there.
char32_t numbered(uint code)
{
    static const char16_t c1[33]
        = u"\u20AC\u0081\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\u008D"
          u"\u017D\u008F\u0090\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A"
          u"\u0153\u009D\u017E\u0178";
    if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
        return 0xFFFD;
    return code >= 0x80 && code < 0xA0 ? c1[code - 0x80] : code;
}

/// The character that the reference between "&" and ";" names; 0 when it names none.
char32_t entity(QStringView name)
{
    static const QHash<QString, char32_t> entities = makeEntities();
    if (!name.startsWith(u'#'))
        return entities.value(name.toString(), 0);
    bool ok = false;
    const bool isHex = name.size() > 1 && (name[1] == u'x' || name[1] == u'X');
    const uint code = isHex ? name.mid(2).toUInt(&ok, 16) : name.mid(1).toUInt(&ok, 10);
    return ok ? numbered(code) : 0;
}

} // namespace

QString decodedEntities(QStringView text)
{
    static constexpr qsizetype longestName = 10;
    QString result;
    result.reserve(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i] != u'&') {
            result += text[i];
            continue;
        }
        const QStringView ahead = text.mid(i + 1, longestName);
        qsizetype length = 0;
        while (length < ahead.size() && (ahead[length] == u'#' || ahead[length].isLetterOrNumber()))
            ++length;
        const char32_t code = entity(ahead.left(length));
        if (code == 0) {
            result += u'&';
            continue;
        }
        result += QStringView(QChar::fromUcs4(code));
        i += length;
        if (i + 1 < text.size() && text[i + 1] == u';')
            ++i;
    }
    return result;
}

} // namespace glasspost::mail
