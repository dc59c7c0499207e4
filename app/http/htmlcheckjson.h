#pragma once

#include "mail/checks/messagechecks.h"

#include <QJsonObject>
#include <QString>

namespace glasspost::app {

/// Mailpit's HTMLCheckResponse: what the HTML uses, what each client makes of that, and a score. A client of
/// which the table does not know it is left out.
QJsonObject htmlCheckJson(const mail::HtmlSupport &support);
/// The inline marks of Markdown (`code`, **strong**, [words](address)) as HTML; everything else is text.
QString markdownToHtml(const QString &markdown);

} // namespace glasspost::app
