#include "mail/message/htmlpictures.h"

#include "mail/message/csscleaner.h"
#include "mail/message/htmltokens.h"

#include <QUrl>

namespace glasspost::mail {

namespace {

constexpr qsizetype mostRemote = 1000;
constexpr qsizetype mostEmbedded = 500;
constexpr qsizetype mostEmbeddedOctets = 32 * 1024 * 1024;
constexpr qsizetype longestAddress = 4096;

/// The address of a picture on a server; empty for any other. Browsers drop blanks at the ends and line ends
/// within.
QString remoteAddress(const QString &reference)
{
    QString address = reference.trimmed();
    address.removeIf([](QChar c) { return c.unicode() < 0x20; });
    if (address.startsWith(QLatin1String("//")))
        address.prepend(QLatin1String("https:"));
    const QUrl url(address);
    const bool isWeb = url.scheme() == QLatin1String("http") || url.scheme() == QLatin1String("https");
    if (!isWeb || !url.isValid() || url.host().isEmpty() || address.size() > longestAddress)
        return {};
    return QString::fromLatin1(url.toEncoded(QUrl::RemoveFragment | QUrl::RemoveUserInfo));
}

} // namespace

HtmlPictures::HtmlPictures(HtmlPage &page, const QSet<QString> &contentIds, Kept kept)
    : m_page(page), m_contentIds(contentIds), m_kept(kept)
{
    for (qsizetype i = 0; i < page.remotePictures.size(); ++i)
        m_numbers.insert(page.remotePictures.at(i), i);
    for (const QByteArray &picture : page.dataPictures)
        m_embedded += picture.size();
}

QString HtmlPictures::name(const QString &reference)
{
    if (const QString id = contentIdOf(reference); !id.isEmpty() && m_contentIds.contains(id))
        return QLatin1String("cid:") + QString::fromLatin1(QUrl::toPercentEncoding(id));
    if (m_kept == Kept::OfMessage)
        return {};
    if (const QStringView data = QStringView(reference).trimmed();
        data.startsWith(QLatin1String("data:image/"), Qt::CaseInsensitive))
        return embedded(data);
    const QString url = remoteAddress(reference);
    return url.isEmpty() ? QString() : numbered(url);
}

QString HtmlPictures::numbered(const QString &url)
{
    if (!m_numbers.contains(url)) {
        if (m_page.remotePictures.size() >= mostRemote)
            return {};
        m_numbers.insert(url, m_page.remotePictures.size());
        m_page.remotePictures += url;
    }
    return QLatin1String("remote:") + QString::number(m_numbers.value(url));
}

/// RFC 2397: base64, or octets in percent-encoding.
QString HtmlPictures::embedded(QStringView data)
{
    const qsizetype comma = data.indexOf(u',');
    if (comma < 0 || m_page.dataPictures.size() >= mostEmbedded)
        return {};
    const QByteArray text = QByteArray::fromPercentEncoding(data.sliced(comma + 1).toLatin1());
    const bool isBase64 = data.first(comma).endsWith(QLatin1String(";base64"), Qt::CaseInsensitive);
    const QByteArray octets = isBase64 ? QByteArray::fromBase64(text) : text;
    m_embedded += octets.size();
    if (octets.isEmpty() || m_embedded > mostEmbeddedOctets)
        return {};
    m_page.dataPictures += octets;
    return QLatin1String("data:") + QString::number(m_page.dataPictures.size() - 1);
}

QSet<QString> contentIdsIn(const QString &html)
{
    QSet<QString> ids;
    const PictureNaming note = [&ids](const QString &reference) {
        if (const QString id = contentIdOf(reference); !id.isEmpty())
            ids.insert(id);
        return QString();
    };
    HtmlTokens tokens(html);
    for (HtmlToken token = tokens.next(); token.kind != HtmlToken::Kind::End; token = tokens.next()) {
        if (token.kind == HtmlToken::Kind::StyleSheet)
            cleanStyleSheet(token.text, note);
        if (token.kind != HtmlToken::Kind::Open)
            continue;
        if (token.name == QLatin1String("img"))
            note(token.attribute(u"src"));
        note(token.attribute(u"background"));
        cleanDeclarations(token.attribute(u"style"), note);
    }
    return ids;
}

} // namespace glasspost::mail
