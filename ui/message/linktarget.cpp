#include "ui/message/linktarget.h"

#include "ui/widgets/plaintext.h"

#include <algorithm>

namespace glasspost::ui {

namespace {

constexpr qsizetype longestTarget = 300;

/// A name as people write servers: two labels or more, the last one of letters. The name of a file is none.
bool looksLikeServer(const QString &host)
{
    static const QStringList files
        = QStringLiteral("pdf doc docx xls xlsx ppt pptx odt ods txt png jpg jpeg gif csv ics html htm zip")
              .split(u' ');
    const QStringList labels = host.split(u'.');
    const QString &last = labels.constLast();
    return labels.size() >= 2 && last.size() >= 2 && !labels.contains(QString()) && !files.contains(last)
        && std::all_of(last.cbegin(), last.cend(), [](QChar c) { return c.isLetter(); });
}

QString withoutWww(const QString &host)
{
    return host.startsWith(QLatin1String("www.")) ? host.mid(4) : host;
}

/// The same server, or one within its domain.
bool isWithin(const QString &host, const QString &domain)
{
    return host == domain || host.endsWith(u'.' + domain);
}

/// What a word is as an address: without the marks around it, and without those that cannot be seen.
QString bare(QString word)
{
    word.removeIf([](QChar c) { return c.category() == QChar::Other_Format; });
    static const QString around = QStringLiteral("()[]<>\"'.,;:!?");
    while (!word.isEmpty() && around.contains(word.back()))
        word.chop(1);
    while (!word.isEmpty() && around.contains(word.front()))
        word.remove(0, 1);
    return word;
}

bool isWebAddress(const QString &word)
{
    return word.startsWith(QLatin1String("http://"), Qt::CaseInsensitive)
        || word.startsWith(QLatin1String("https://"), Qt::CaseInsensitive)
        || word.startsWith(QLatin1String("www."), Qt::CaseInsensitive);
}

/// The server that a word names; empty when it is none, or a mail address.
QString serverOf(const QString &word)
{
    const qsizetype at = word.indexOf(u'@');
    if (at >= 0 && !word.first(at).contains(u'/'))
        return {};
    const QString host
        = QUrl(word.contains(QLatin1String("://")) ? word : QLatin1String("http://") + word).host().toLower();
    return looksLikeServer(host) ? host : QString();
}

} // namespace

QString shownTarget(const QUrl &target)
{
    return shortened(target.toString(QUrl::FullyEncoded), longestTarget);
}

QString promisedServer(const QString &words, const QUrl &target)
{
    const QString real = withoutWww(target.host().toLower());
    const QStringList all = words.simplified().split(u' ');
    for (const QString &one : all) {
        const QString word = bare(one);
        if (all.size() > 1 && !isWebAddress(word))
            continue;
        const QString shown = serverOf(word), promised = withoutWww(shown);
        if (!shown.isEmpty() && !isWithin(real, promised) && !isWithin(promised, real))
            return shown;
    }
    return {};
}

} // namespace glasspost::ui
