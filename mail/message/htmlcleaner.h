#pragma once

#include <QSet>
#include <QString>

namespace glasspost::mail {

/// Mail HTML made safe to show: an allow-list of elements and attributes; no script, form, frame, style
/// sheet, remote image or any reference that would be fetched; links kept as text and href for http, https
/// and mailto alone. Numbers, depth and tables in tables are bounded. Pictures named by their Content-ID stay
/// when it is among those given. Linear in the size of its input, never recursive.
QString cleanHtml(const QString &html, const QSet<QString> &pictures = {});
/// The text of HTML for reading and searching.
QString htmlToText(const QString &html);

} // namespace glasspost::mail
