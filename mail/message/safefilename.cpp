#include "mail/message/messageview.h"

#include <QSet>

namespace glasspost::mail {

namespace {

constexpr int longestName = 150; // octets of UTF-8; file systems take 255 and people add "(2)"
constexpr int longestSuffix = 20;

bool isForbidden(QChar c)
{
    // Separators and what shells and other systems treat as special; C0, C1; characters that turn the reading
    // direction or show nothing (F22: "ABC\u202EE.txt.zip").
    if (QStringView(u"/\\:*?\"<>|").contains(c))
        return true;
    static const QSet<int> categories = {QChar::Other_Control, QChar::Other_Format, QChar::Other_PrivateUse,
        QChar::Other_NotAssigned, QChar::Separator_Line, QChar::Separator_Paragraph};
    return categories.contains(c.category());
}

QString cleaned(const QString &name)
{
    QString result;
    result.reserve(name.size());
    for (qsizetype i = 0; i < name.size(); ++i) {
        const QChar c = name.at(i);
        if (c.isHighSurrogate() && i + 1 < name.size() && name.at(i + 1).isLowSurrogate()) {
            result += c;
            result += name.at(++i);
        } else if (c.isSurrogate() || isForbidden(c)) {
            result += u'_';
        } else {
            result += c.isSpace() ? QChar(u' ') : c;
        }
    }
    return result;
}

/// Neither hidden nor "..", nor with the trailing dots and blanks that some systems drop.
QString trimmedEnds(const QString &name)
{
    qsizetype begin = 0, end = name.size();
    while (begin < end && (name.at(begin) == u'.' || name.at(begin) == u' ' || name.at(begin) == u'-'))
        ++begin;
    while (end > begin && (name.at(end - 1) == u'.' || name.at(end - 1) == u' '))
        --end;
    return name.mid(begin, end - begin);
}

bool isDeviceName(const QString &name)
{
    static const QSet<QString> devices = {QStringLiteral("con"), QStringLiteral("prn"), QStringLiteral("aux"),
        QStringLiteral("nul"), QStringLiteral("conin$"), QStringLiteral("conout$"), QStringLiteral("clock$")};
    const QString stem = name.section(u'.', 0, 0).trimmed().toLower();
    if (devices.contains(stem))
        return true;
    const bool port = stem.startsWith(QLatin1String("com")) || stem.startsWith(QLatin1String("lpt"));
    return port && stem.size() == 4 && stem.at(3).isDigit();
}

QString cutToOctets(QString text, qsizetype octets)
{
    while (text.toUtf8().size() > octets)
        text.chop(text.size() > 1 && text.back().isLowSurrogate() ? 2 : 1);
    return text;
}

QString shortened(const QString &name)
{
    if (name.toUtf8().size() <= longestName)
        return name;
    const qsizetype dot = name.lastIndexOf(u'.');
    QString suffix = dot > 0 ? name.mid(dot) : QString();
    if (suffix.toUtf8().size() > longestSuffix)
        suffix.clear();
    const QString stem = name.left(name.size() - suffix.size()).left(longestName);
    return cutToOctets(stem, longestName - suffix.toUtf8().size()) + suffix;
}

} // namespace

QString safeFileName(const QString &proposed)
{
    // The last component alone, whichever system's separator was meant (CVE-2024-27448: "../" in a name).
    qsizetype from = qMax(proposed.lastIndexOf(u'/'), proposed.lastIndexOf(u'\\')) + 1;
    if (proposed.size() > from + 1 && proposed.at(from + 1) == u':' && proposed.at(from).isLetter())
        from += 2; // "C:evil"
    QString name = trimmedEnds(cleaned(proposed.mid(from, 4096)));
    name = trimmedEnds(shortened(name));
    if (name.isEmpty())
        return QStringLiteral("attachment");
    return isDeviceName(name) ? u'_' + name : name;
}

} // namespace glasspost::mail
