#include "ui/message/linktarget.h"

#include <algorithm>

namespace glasspost::ui {

namespace {

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

} // namespace

QString promisedServer(const QString &words, const QUrl &target)
{
    const QString text = words.trimmed();
    if (text.isEmpty() || text.contains(u' ') || text.contains(u'@'))
        return {};
    const bool hasScheme = text.startsWith(QLatin1String("http://"), Qt::CaseInsensitive)
        || text.startsWith(QLatin1String("https://"), Qt::CaseInsensitive);
    const QString shown = QUrl(hasScheme ? text : QLatin1String("http://") + text).host().toLower();
    const QString real = withoutWww(target.host().toLower());
    const QString promised = withoutWww(shown);
    if (!looksLikeServer(shown) || isWithin(real, promised) || isWithin(promised, real))
        return {};
    return shown;
}

} // namespace glasspost::ui
