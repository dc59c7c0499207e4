#include "ui/message/screenwindow.h"

#include "mail/base/worker.h"
#include "ui/message/html/pageview.h"
#include "ui/message/screensview.h"
#include "ui/widgets/inlinebar.h"
#include "ui/widgets/windowsize.h"

#include <QScrollBar>
#include <QShortcut>
#include <QVBoxLayout>

namespace glasspost::ui {

ScreenWindow::ScreenWindow(
    const std::shared_ptr<const SchemePage> &page, const ReaderScreen &screen, QWidget *parent)
    : QWidget(parent, Qt::Window), m_view(new PageView)
{
    constexpr int height = 720; // pixels of the window
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(screenText(screen));
    auto *bar = new InlineBar;
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(bar);
    column->addWidget(m_view, 1);
    connect(m_view, &HtmlView::failed, this,
        [bar] { bar->say(InlineBar::Kind::Warning, tr("The message could not be laid out.")); });
    for (const QKeySequence &keys : {QKeySequence(Qt::Key_Escape), QKeySequence(QKeySequence::Close)})
        connect(new QShortcut(keys, this), &QShortcut::activated, this, &QWidget::close);
    m_view->setLook({1, screen.width, page->rendering});
    m_view->showHtml(page->html, page->styleSheet, page->pictures);
    mail::runInPool([page, stop = m_decoding.get_token()] {
        return decoded(page->pictures.files, stop);
    }).andThen(this, [this](const PictureImages &images) { m_view->setPictures(images); });
    resizeWithinScreen(*this, {screen.width + m_view->verticalScrollBar()->sizeHint().width(), height});
    m_view->setFocus();
}

ScreenWindow::~ScreenWindow()
{
    m_decoding.request_stop();
}

} // namespace glasspost::ui
