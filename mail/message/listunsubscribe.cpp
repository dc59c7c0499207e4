#include "mail/message/listunsubscribe.h"

#include "mail/message/mime.h"

namespace glasspost::mail {

namespace {

constexpr qsizetype longestUrlList = 16 * 1024;
constexpr qsizetype longestUrl = 4 * 1024;
constexpr qsizetype longestListId = 512;

/// RFC 2369 2: URLs in angle brackets, white space within them to be ignored.
QList<QUrl> urlsIn(const QByteArray &value)
{
    QList<QUrl> urls;
    qsizetype at = 0;
    while ((at = value.indexOf('<', at)) >= 0) {
        const qsizetype end = value.indexOf('>', at);
        if (end < 0)
            break;
        QByteArray text = value.mid(at + 1, end - at - 1);
        text.replace(' ', "").replace('\t', "");
        if (text.size() <= longestUrl)
            urls += QUrl::fromEncoded(text, QUrl::StrictMode);
        at = end + 1;
    }
    return urls;
}

bool isWeb(const QUrl &url)
{
    return url.scheme() == QLatin1String("https") && !url.host().isEmpty() && url.userInfo().isEmpty();
}

} // namespace

ListUnsubscribe listUnsubscribe(const RawHeader &header)
{
    ListUnsubscribe found;
    for (const RawField &field : header.fields) {
        if (!field.isNamed("List-Unsubscribe"))
            continue;
        for (const QUrl &url : urlsIn(field.unfolded().left(longestUrlList))) {
            if (found.mailto.isEmpty() && url.scheme() == QLatin1String("mailto") && !url.path().isEmpty())
                found.mailto = url;
            else if (found.web.isEmpty() && isWeb(url))
                found.web = url;
        }
    }
    if (found.isNull())
        return found;
    // RFC 8058 3.1: that pair and no other.
    const QByteArray post = header.value("List-Unsubscribe-Post").replace(' ', "");
    found.isOneClick
        = !found.web.isEmpty() && post.compare("List-Unsubscribe=One-Click", Qt::CaseInsensitive) == 0;
    found.list = decodedText(header.value("List-Id").left(longestListId));
    return found;
}

} // namespace glasspost::mail
