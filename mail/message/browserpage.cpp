#include "mail/message/browserpage.h"

#include "mail/message/htmlcleaner.h"

namespace glasspost::mail {

namespace {

constexpr qsizetype mostOfPictures = 32 * 1024 * 1024; // each as often as it is shown

// The policy before anything it applies to. DNS is no part of it: browsers look up the servers of links
// ahead.
constexpr char documentHead[] = R"(<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta http-equiv="x-dns-prefetch-control" content="off">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width">
)";

} // namespace

QByteArray browserPage(const HtmlPage &page, const QString &title, const QHash<QString, QString> &pictures)
{
    qsizetype room = mostOfPictures;
    const HtmlPage named = withPicturesNamed(page, [&](const QString &name) {
        const QString address = pictures.value(name);
        if (!address.startsWith(QLatin1String("data:image/")) || address.size() > room)
            return QString();
        room -= address.size();
        return address;
    });
    QByteArray file = named.isInQuirksMode ? QByteArray() : QByteArray("<!DOCTYPE html>\n");
    file += documentHead;
    file += "<title>" + title.toHtmlEscaped().toUtf8() + "</title>\n";
    file += "<style>" + named.styleSheet.toUtf8() + "</style>\n";
    file += named.html.toUtf8() + '\n';
    return file;
}

} // namespace glasspost::mail
