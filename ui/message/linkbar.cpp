#include "ui/message/linkbar.h"

#include "ui/message/linktarget.h"

#include <QDesktopServices>
#include <QPushButton>

namespace glasspost::ui {

LinkBar::LinkBar(QWidget *content)
{
    floatOver(content);
}

void LinkBar::ask(const QUrl &target, const QString &words)
{
    const bool isWeb = target.scheme() == QLatin1String("http") || target.scheme() == QLatin1String("https");
    if (!isWeb || !target.isValid() || target.host().isEmpty()) {
        say(Kind::Warning, tr("This link does not lead to a web page, so it is not followed."));
        return;
    }
    if (const QString promised = promisedServer(words, target); !promised.isEmpty())
        say(Kind::Warning,
            tr("This link looks like one to %1, but leads to %2").arg(promised, shownTarget(target)));
    else
        say(Kind::Info, tr("This link leads to %1").arg(shownTarget(target)));
    addButton(tr("&Open in browser"), [target] {
        QDesktopServices::openUrl(target);
    })->setToolTip(tr("Open the page in the browser, whose server learns that the link was followed"));
}

} // namespace glasspost::ui
