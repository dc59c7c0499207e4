#include "mail/message/textforms.h"

#include <QStringList>

namespace glasspost::mail {

QString unflowed(const QString &text, DelSp delSp)
{
    QString result;
    qsizetype openDepth = -1; // of the paragraph that the last line left open; -1: none is
    const auto closeParagraph = [&result, &openDepth] {
        if (openDepth >= 0)
            result += u'\n';
        openDepth = -1;
    };
    const QStringList lines = text.split(u'\n');
    for (qsizetype i = 0; i < lines.size(); ++i) {
        if (i + 1 == lines.size() && lines.at(i).isEmpty())
            break; // behind the last line's end
        QStringView line(lines.at(i));
        qsizetype depth = 0;
        while (depth < line.size() && line[depth] == u'>')
            ++depth;
        line = line.sliced(depth);
        if (line.startsWith(u' '))
            line = line.sliced(1); // RFC 3676 4.4
        const bool isSignature = line == QLatin1String("-- ");
        if (isSignature || depth != openDepth)
            closeParagraph();
        const bool isFlowed = line.endsWith(u' ') && !isSignature;
        if (openDepth < 0 && depth > 0)
            result += QString(depth, u'>') + u' ';
        result += isFlowed && delSp == DelSp::Yes ? line.chopped(1) : line;
        if (isFlowed) {
            openDepth = depth;
        } else {
            result += u'\n';
            openDepth = -1;
        }
    }
    closeParagraph();
    return result;
}

int quoteDepth(QStringView line)
{
    int depth = 0;
    for (qsizetype at = 0; at < line.size(); ++at) {
        if (line[at] == u'>')
            ++depth;
        else if (line[at] != u' ' || depth == 0)
            break;
    }
    return depth;
}

QString textOfEnriched(const QString &enriched)
{
    QString result;
    const QStringView all(enriched);
    for (qsizetype at = 0; at < all.size(); ++at) {
        if (all[at] != u'<') {
            result += all[at];
        } else if (all.sliced(at).startsWith(QLatin1String("<<"))) {
            result += all[at++];
        } else {
            // <param> holds what its command needs, which is no text.
            const bool isParameter = all.sliced(at).startsWith(QLatin1String("<param>"), Qt::CaseInsensitive);
            const qsizetype end = isParameter
                ? all.indexOf(QLatin1String("</param>"), at, Qt::CaseInsensitive) + 7
                : all.indexOf(u'>', at);
            if (end < at)
                break;
            if (all.sliced(at).startsWith(QLatin1String("<nl>"), Qt::CaseInsensitive))
                result += u'\n';
            at = end;
        }
    }
    return result;
}

} // namespace glasspost::mail
