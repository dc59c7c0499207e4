#include "ui/message/htmlview.h"

#include "ui/theme/theme.h"

#include <QUrl>

namespace glasspost::ui {

HtmlView::HtmlView(QWidget *parent) : QTextBrowser(parent)
{
    setFrameShape(QFrame::NoFrame);
    setOpenLinks(false);
    setOpenExternalLinks(false);
    setPalette(lightPalette());
    document()->setDocumentMargin(space::two);
    setAccessibleName(tr("Message as HTML"));
    connect(this, &QTextBrowser::anchorClicked, this, &HtmlView::linkActivated);
    connect(this, &QTextBrowser::highlighted, this, [this](const QUrl &url) {
        setToolTip(url.toString());
        Q_EMIT linkHovered(url.toString());
    });
}

QVariant HtmlView::loadResource(int, const QUrl &)
{
    return {};
}

} // namespace glasspost::ui
