#include "mail/index/messagepreview.h"

#include <QStringView>

#include <algorithm>

namespace glasspost::mail {

namespace {

constexpr qsizetype longestPreview = 120;

bool isSignatureMark(QStringView line) // RFC 3676 4.3
{
    return line == u"-- " || line == u"--";
}

} // namespace

QString messagePreview(const QString &body)
{
    QString preview;
    qsizetype lastLine = 0; // where it begins in the preview
    for (qsizetype at = 0; at < body.size() && preview.size() < longestPreview;) {
        const qsizetype newline = body.indexOf(u'\n', at);
        const qsizetype end = newline < 0 ? body.size() : newline;
        const QStringView line = QStringView(body).sliced(at, end - at);
        at = end + 1;
        if (isSignatureMark(line))
            break;
        if (line.startsWith(u'>')) {
            if (preview.endsWith(u':')) // "On Monday Ann wrote:"
                preview.truncate(lastLine);
            continue;
        }
        const QString words = line.left(2 * longestPreview).toString().simplified();
        if (words.isEmpty())
            continue;
        lastLine = preview.size();
        preview += preview.isEmpty() ? words : u' ' + words;
    }
    qsizetype end = std::min(preview.size(), longestPreview);
    if (end > 0 && end < preview.size() && preview.at(end - 1).isHighSurrogate())
        --end;
    return preview.left(end).trimmed();
}

} // namespace glasspost::mail
