#include "mail/message/deceivingnames.h"

#include "mail/message/invisibles.h"

#include <QRegularExpression>
#include <QSet>
#include <QStringList>
#include <QUrl>

#include <algorithm>

namespace glasspost::mail {

namespace {

constexpr qsizetype longestName = 1000;

bool turnsDirection(char16_t c)
{
    return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/// The marks of a single direction turn nothing round, and right-to-left names are written with them.
bool isDirectionMark(char16_t c)
{
    return c == 0x200e || c == 0x200f || c == 0x061c;
}

Deceits hiddenIn(const QString &text)
{
    Deceits found;
    QString rest;
    for (const QChar c : text) {
        if (turnsDirection(c.unicode()))
            found |= Deceit::TurnedDirection;
        else if (!isDirectionMark(c.unicode()))
            rest += c;
    }
    // Joiners within words, and within emoji, are no deceit.
    rest.remove(QChar(0x200d));
    if (hidesCharacters(rest))
        found |= Deceit::HiddenCharacters;
    return found;
}

/// A display name as a reader sees it: fullwidth and small forms of "@" and of the dot look like these.
QString plainForms(const QString &name)
{
    return name.normalized(QString::NormalizationForm_KC).replace(QChar(0x3002), u'.');
}

/// The first thing in a display name that a reader takes for an address; empty when there is none.
QString addressIn(const QString &name)
{
    static const QRegularExpression address(
        QStringLiteral("[^\\s<>()\\[\\]\"',;:@]+@[^\\s<>()\\[\\]\"',;:@]+"
                       "\\.[^\\s<>()\\[\\]\"',;:@]*[^\\s<>()\\[\\]\"',;:@.]"));
    return address.match(plainForms(name).left(longestName)).captured();
}

using Scripts = QSet<QChar::Script>;

/// The scripts of a label's letters; digits, hyphens and combining marks have none of their own.
Scripts scriptsOf(const QString &label)
{
    Scripts scripts;
    for (const char32_t point : label.toUcs4()) {
        const QChar::Script script = QChar::script(point);
        if (script != QChar::Script_Common && script != QChar::Script_Inherited)
            scripts.insert(script);
    }
    return scripts;
}

/// UTS 39 5.2, "highly restrictive": one script, or those that are written together.
bool areWrittenTogether(const Scripts &scripts)
{
    static const QList<Scripts> together
        = {{QChar::Script_Latin, QChar::Script_Han, QChar::Script_Hiragana, QChar::Script_Katakana},
            {QChar::Script_Latin, QChar::Script_Han, QChar::Script_Bopomofo},
            {QChar::Script_Latin, QChar::Script_Han, QChar::Script_Hangul}};
    return scripts.size() <= 1
        || std::any_of(together.cbegin(), together.cend(),
            [&scripts](const Scripts &allowed) { return allowed.contains(scripts); });
}

/// Whether all letters are Cyrillic or Greek ones that look like Latin: UTS 39 4's whole-script confusables,
/// those of its data file that lower case leaves.
bool looksLatin(const QString &label)
{
    static const QString alike = QStringLiteral(
        u"\u0430\u0433\u0435\u0455\u0456\u0458\u043e\u043f\u0440\u0441\u0443\u0445\u044a\u044c"
        u"\u0461\u0475\u04bb\u04bd\u04cf\u0501\u051b\u051d"
        u"\u03b1\u03b3\u03b9\u03ba\u03bd\u03bf\u03c1\u03c3\u03c4\u03c5\u03c7\u03c9\u03f2");
    bool hasLetter = false;
    for (const QChar c : label) {
        if (c.isLetter() && !alike.contains(c))
            return false;
        hasLetter = hasLetter || c.isLetter();
    }
    return hasLetter;
}

bool looksAlike(const QString &domain)
{
    const QStringList labels = domain.toLower().split(u'.');
    return std::any_of(labels.cbegin(), labels.cend(),
        [](const QString &label) { return !areWrittenTogether(scriptsOf(label)) || looksLatin(label); });
}

bool isAsciiText(const QString &text)
{
    return std::all_of(text.cbegin(), text.cend(), [](QChar c) { return c.unicode() < 0x80; });
}

QString lastEnding(const QString &name)
{
    const qsizetype dot = name.lastIndexOf(u'.');
    return dot < 0 ? QString() : name.mid(dot + 1).trimmed().toLower();
}

QSet<QString> endings(const QString &words)
{
    const QStringList list = words.split(u' ');
    return {list.cbegin(), list.cend()};
}

} // namespace

AddressDeceit deceitOf(const AddressView &address)
{
    const QString name = address.name.left(longestName), addrSpec = address.address.left(longestName);
    AddressDeceit deceit;
    deceit.reasons = hiddenIn(name) | hiddenIn(addrSpec);
    if (hidesCharacters(addrSpec))
        deceit.reasons |= Deceit::HiddenCharacters;
    const QString claimed = addressIn(name);
    if (!claimed.isEmpty() && claimed.compare(addrSpec, Qt::CaseInsensitive) != 0) {
        deceit.reasons |= Deceit::AddressInName;
        deceit.claimed = claimed;
    }
    // What came in A-labels is looked at in its letters, since these are what other programs show.
    const QString domain = addrSpec.mid(addrSpec.lastIndexOf(u'@') + 1);
    const QString letters = domain.contains(QLatin1String("xn--"), Qt::CaseInsensitive)
        ? QUrl::fromAce(domain.toLatin1(), QUrl::IgnoreIDNWhitelist)
        : domain;
    if (addrSpec.contains(u'@') && !isAsciiText(letters)) {
        deceit.asciiDomain = QString::fromLatin1(QUrl::toAce(letters, QUrl::IgnoreIDNWhitelist));
        if (looksAlike(letters) || deceit.asciiDomain.isEmpty())
            deceit.reasons |= Deceit::LookAlikeDomain;
    }
    return deceit;
}

Deceits fileNameDeceit(const QString &fileName)
{
    static const QSet<QString> documents = endings(
        QStringLiteral("pdf doc docx xls xlsx ppt pptx odt ods odp rtf txt csv jpg jpeg png gif bmp "
                       "webp tif tiff mp3 mp4 avi mov wav zip eml msg ics"));
    static const QRegularExpression gap(QStringLiteral("\\s{4,}\\S*$"));
    const QString name = fileName.left(longestName).trimmed();
    Deceits found = hiddenIn(name);
    if (!name.contains(u'.') || !mayRun(name, {}))
        return found;
    if (documents.contains(lastEnding(name.left(name.lastIndexOf(u'.')))))
        found |= Deceit::DoubleEnding;
    if (gap.match(name).hasMatch())
        found |= Deceit::FarEnding;
    return found;
}

bool mayRun(const QString &fileName, const QString &contentType)
{
    // Names of formats from before they were registered, and archives, which are opened and not run.
    static const QSet<QString> harmless = endings(QStringLiteral(
        "x-pdf x-zip-compressed x-zip x-gzip x-tar x-gtar x-compressed-tar x-bzip x-bzip2 x-xz "
        "x-7z-compressed x-rar x-rar-compressed x-tex x-latex x-rtf x-csv"));
    static const QSet<QString> runs = endings(QStringLiteral(
        "exe com bat cmd ps1 vbs vbe js jse wsf wsh msi msp scr pif cpl hta jar lnk url desktop sh bash py "
        "pl "
        "rb run appimage deb rpm apk dmg pkg app command reg inf chm iso img docm xlsm pptm dotm xltm html "
        "htm xhtml xht shtml mht mhtml xml xsl xslt svg svgz"));
    const QString ending = lastEnding(fileName);
    const bool isUnregistered = contentType.startsWith(QLatin1String("application/x-"));
    return ending.isEmpty() || runs.contains(ending)
        || (isUnregistered && !harmless.contains(contentType.section(u'/', 1)));
}

} // namespace glasspost::mail
