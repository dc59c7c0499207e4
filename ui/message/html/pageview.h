#pragma once

#include "ui/message/html/htmlview.h"
#include "ui/message/html/pageprocess.h"
#include "ui/message/html/pagetiles.h"
#include "ui/message/html/pagewords.h"

namespace glasspost::ui {

/// The programs that lay out.
struct PagePrograms
{
    QString litehtml = PageProcess::standardProgram(mail::HtmlEngine::Litehtml);
    QString webEngine = PageProcess::standardProgram(mail::HtmlEngine::WebEngine);
};

/// HTML as an engine lays it out, in another process (PageProcess), painted by threads of the pool
/// (PageTiles), in the message's own colors, or in dark ones. Selecting, copying, finding and following links
/// work on the Page that came back. Where WebEngine fails, litehtml lays the message out.
class PageView : public HtmlView
{
    Q_OBJECT
public:
    explicit PageView(PagePrograms programs = PagePrograms(), QWidget *parent = nullptr);

    void setEngine(mail::HtmlEngine engine) override;
    void prepare() override { m_process.prepare(); }
    void showHtml(const QString &html, const QString &styleSheet, const PagePictures &pictures) override;
    void setPlaces(const PagePictures &pictures) override;
    void setPictures(const PictureImages &pictures) override;
    void setLook(const PageLook &look) override;
    [[nodiscard]] PageLook look() const override { return m_look; }
    bool find(const QString &words, FindDirection direction) override;
    bool findAhead(const QString &words, FindDirection direction) override;
    [[nodiscard]] int count(const QString &words) const override { return m_words.count(words); }
    void setHits(const mail::SearchHits &hits) override;
    bool nextHit(FindDirection direction) override;
    bool nextHitAhead(FindDirection direction) override;
    [[nodiscard]] const QList<PageRange> &hits() const { return m_hits; } ///< in their order
    [[nodiscard]] QString selectedText() const override;
    void selectAll() override;
    void copy() override;
    [[nodiscard]] PageReach reach() const override { return m_page ? m_page->reach : PageReach(); }
    mail::Task<void> print(std::shared_ptr<Sheets> sheets) override;
    [[nodiscard]] HtmlView *another(QWidget *parent) const override;

    [[nodiscard]] PageProcess &process() { return m_process; }
    /// What is shown; null before the first page came.
    [[nodiscard]] std::shared_ptr<const Page> page() const { return m_page; }
    /// Where a place of the page is on the viewport.
    [[nodiscard]] QRect placeOnView(const QRect &place) const;

protected:
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void scrollContentsBy(int dx, int dy) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    bool focusNextPrevChild(bool next) override;

private:
    void use(mail::HtmlEngine engine);
    [[nodiscard]] int pageWidth() const;
    [[nodiscard]] qreal pageScale() const;
    [[nodiscard]] QSize shownSize() const;
    [[nodiscard]] QPoint origin() const;
    void askForPage();
    void askForOtherWidth();
    void takePage(const std::shared_ptr<const Page> &page);
    void takeFailure(PageFailure failure);
    void updateScrollBars();
    void select(const PageRange &range);
    [[nodiscard]] PagePlace searchStart(FindDirection direction) const;
    [[nodiscard]] QList<PageRange>::const_iterator hitAhead(FindDirection direction) const;
    void selectInSight(const PageRange &range);
    void activate(int link);
    void hover(int link);
    [[nodiscard]] QPoint onPage(const QPoint &place) const;
    [[nodiscard]] int linkAt(const QPoint &place) const; ///< -1 for none
    void showPlace(const QRect &place);
    void drawMarks(QPainter &painter) const;

    const PagePrograms m_programs;
    mail::HtmlEngine m_wanted = mail::HtmlEngine::Litehtml; ///< the one that was set
    mail::HtmlEngine m_engine = mail::HtmlEngine::Litehtml; ///< the same, unless it does not start
    mail::HtmlEngine m_used = mail::HtmlEngine::Litehtml; ///< for this message
    bool m_hasLaidOut = false; ///< m_engine, a page
    PageProcess m_process;
    PageTiles m_tiles;
    PageRequest m_request; ///< as litehtml gets it
    PictureFiles m_files; ///< for an engine that paints by itself
    quint64 m_asked = 0; ///< counts the requests, so that one that was overtaken is known
    PictureImages m_pictures;
    std::shared_ptr<const Page> m_page;
    PageWords m_words;
    PageRange m_selection;
    mail::SearchHits m_searched;
    QList<PageRange> m_hits;
    std::optional<PagePlace> m_anchor; ///< where the button went down
    QPoint m_pressed;
    int m_hovered = -1, m_focused = -1; ///< of Page::links
    PageLook m_look;
    QTimer m_settling; ///< until the new width stays
};

} // namespace glasspost::ui
