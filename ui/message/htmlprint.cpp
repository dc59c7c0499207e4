#include "ui/message/htmlprint.h"

#include "mail/base/worker.h"
#include "mail/message/htmlcleaner.h"
#include "mail/message/htmlpages.h"
#include "ui/message/html/pageprint.h"
#include "ui/message/html/paperthread.h"
#include "ui/message/textprint.h"

namespace glasspost::ui {

namespace {

constexpr qreal paperZoom = 2; // for an engine that paints by itself: twice the pixels of a screen

/// Whether it could be laid out.
mail::Task<bool> laidOut(HtmlView *view, const QString &page, const PrintedHtml &printed)
{
    const mail::Promise<bool> promise;
    auto *once = new QObject(view);
    const auto answer = [promise, once](bool isShown) {
        once->deleteLater();
        promise.answer(isShown);
    };
    QObject::connect(view, &HtmlView::shown, once, [answer] { answer(true); });
    QObject::connect(view, &HtmlView::failed, once, [answer] { answer(false); });
    view->showHtml(page, printed.styleSheet, printed.pictures);
    view->setPictures(printed.images);
    return promise.task();
}

mail::Task<void> printAsText(const QString &page, const std::shared_ptr<Sheets> &sheets)
{
    return runOnPaper([page, sheets]() -> mail::Result<void> {
        if (!print(mail::htmlToText(page), QFont(), *sheets))
            return tl::unexpected(sheets->error());
        return {};
    });
}

} // namespace

mail::Task<void> print(const PrintedHtml &printed, HtmlView *view, const std::shared_ptr<Sheets> &sheets)
{
    view->setVisible(false);
    view->setLook({paperZoom, paperWidth, Rendering::AsSent});
    const auto pages = std::make_shared<mail::HtmlPages>(printed.html);
    const auto printNext = [=] {
        return mail::runInPool([pages] { return pages->next(); })
            .andThen(view,
                [=](const QString &page) {
                    return laidOut(view, page, printed).andThen(view, [=](bool isLaidOut) {
                        return isLaidOut ? view->print(sheets) : printAsText(page, sheets);
                    });
                })
            .andThen(view, [pages] { return !pages->atEnd(); });
    };
    const mail::Promise<void> done;
    mail::repeat(view, printNext).then(view, [view, done](const mail::Result<void> &result) {
        view->deleteLater();
        done.answer(result);
    });
    return done.task();
}

} // namespace glasspost::ui
