#pragma once

#include "mail/message/messageview.h"

#include <QHash>

namespace glasspost::mail {

/// The file in which a browser shows a message: cleaned HTML, pictures within it, and a content policy (CSP)
/// under which nothing runs and nothing is fetched, should the cleaning have left something.
/// pictures: by their names in the page, as "data:image/..." addresses; of any other, the words that stand
/// for it are shown, as they are once the file holds 32 MiB of pictures. Begins with a doctype unless the
/// page is in quirks mode. UTF-8. Linear in what it writes.
QByteArray browserPage(const HtmlPage &page, const QString &title, const QHash<QString, QString> &pictures);

} // namespace glasspost::mail
