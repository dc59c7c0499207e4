#pragma once

#include "mail/base/task.h"
#include "mail/index/searchhits.h"
#include "mail/settings/settings.h"
#include "ui/message/html/pagelimits.h"
#include "ui/message/html/pagelook.h"
#include "ui/message/html/pagepainter.h"
#include "ui/message/html/pictures.h"
#include "ui/message/html/sheets.h"
#include "ui/widgets/findrow.h"

#include <QAbstractScrollArea>
#include <QUrl>

#include <memory>

namespace glasspost::ui {

/// What shows cleaned HTML, whichever engine lays it out. It fetches nothing: pictures are given to it. A
/// message that an engine cannot cope with fails, and neither freezes nor ends the window. Its menu holds the
/// actions that are added to it too. GUI thread; never waits.
class HtmlView : public QAbstractScrollArea
{
    Q_OBJECT
public:
    using QAbstractScrollArea::QAbstractScrollArea;

    /// Of the messages that are shown from now on.
    virtual void setEngine(mail::HtmlEngine engine) = 0;
    /// A message may be shown soon: what takes time to start may be started.
    virtual void prepare() = 0;
    /// From the top. shown() or failed() comes. Pictures have their places before they are there.
    virtual void showHtml(const QString &html, const QString &styleSheet, const PagePictures &pictures) = 0;
    /// The same message with other places for pictures; one goes on reading where one is.
    virtual void setPlaces(const PagePictures &pictures) = 0;
    virtual void setPictures(const PictureImages &pictures) = 0;
    /// lookChanged() comes where it is another one.
    virtual void setLook(const PageLook &look) = 0;
    [[nodiscard]] virtual PageLook look() const = 0;
    /// Marks the next occurrence and scrolls to it; false when there is none.
    virtual bool find(const QString &words, FindDirection direction) = 0;
    /// The same as far as the page goes in that direction, and not around its end.
    virtual bool findAhead(const QString &words, FindDirection direction) = 0;
    [[nodiscard]] virtual int count(const QString &words) const = 0; ///< how many find() goes through
    /// What a search found is highlighted, in further messages too.
    virtual void setHits(const mail::SearchHits &hits) = 0;
    /// Marks the next of them as find() does.
    virtual bool nextHit(FindDirection direction) = 0;
    /// As findAhead() does.
    virtual bool nextHitAhead(FindDirection direction) = 0;
    [[nodiscard]] virtual QString selectedText() const = 0;
    virtual void selectAll() = 0;
    virtual void copy() = 0;
    /// What the system left to the process that laid out what is shown.
    [[nodiscard]] virtual PageReach reach() const = 0;
    /// Paints what is shown, in the message's own colors, below what is on the sheets already.
    virtual mail::Task<void> print(std::shared_ptr<Sheets> sheets) = 0;
    /// One of the same engine that shows nothing yet: for what is laid out and not seen.
    [[nodiscard]] virtual HtmlView *another(QWidget *parent) const = 0;

Q_SIGNALS:
    void shown();
    void failed(glasspost::ui::PageFailure failure);
    /// The engine that was set did not lay this message out, and another one does; NotStarted: nor does it
    /// any other, until it is set again.
    void engineFailed(glasspost::ui::PageFailure failure);
    void lookChanged();
    /// The words of the link come with its target: they may promise another one.
    void linkActivated(const QUrl &target, const QString &words);
    void linkHovered(const QString &target, const QString &words); ///< no target when the pointer leaves it
};

} // namespace glasspost::ui
