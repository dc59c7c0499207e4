#pragma once

#include "mail/message/htmlpages.h"
#include "mail/pictures/remotepictures.h"
#include "ui/message/html/htmlview.h"
#include "ui/message/html/pictures.h"
#include "ui/message/pictureconsent.h"
#include "ui/message/printing.h"

#include <QTimer>
#include <QWidget>

#include <memory>
#include <optional>
#include <stop_token>

class QLabel;
class QStackedWidget;
class QToolButton;

namespace glasspost::ui {

class InlineBar;
class PictureBar;
class TextView;

/// The HTML of a message, a page at a time when it is long, with its pictures: its own ones at once, those of
/// servers once the person consented. A bar says where the engine that was chosen fails and another one lays
/// the message out, and where none can and the message is shown as text.
class HtmlPane : public QWidget
{
    Q_OBJECT
public:
    /// The settings, which keep whose pictures are loaded, outlive it. The view, an engine's, becomes its
    /// child.
    HtmlPane(mail::CurrentSettings &settings, HtmlView *view, QWidget *parent = nullptr);
    ~HtmlPane() override;

    /// A message may be shown soon.
    void prepare();
    void show(const mail::MessageView &message);
    /// Which servers pictures may come from: any for a message that was captured from this computer.
    void setPictureServers(mail::PictureServers servers) { m_servers = servers; }
    /// Loads remote pictures of the message that is shown, where the person consented before: once more when
    /// other servers may be asked.
    void loadConsented();
    // What the person says about remote pictures, which are loaded then.
    void loadPictures(); ///< of this message
    void trustSender(); ///< from now on of the sender's too
    void trustEverybody();
    /// Of a long message; beyond its ends nothing is turned.
    void turnPage(int by);
    /// All of the message, with the pictures that are there; browserRequested() comes.
    void openInBrowser();
    /// All of the message that is shown, on paper: as the engine lays it out, or as text where that is shown.
    [[nodiscard]] Printing::Content printed();
    /// Marks the next occurrence on any page of the message, around its end if need be, or in the text where
    /// that replaces the HTML; false when there is none. Other pages are read first: true, isSearching(), and
    /// findEnded() comes.
    bool find(const QString &words, FindDirection direction);
    [[nodiscard]] bool isSearching() const { return m_search && !m_search->words.isEmpty(); }
    /// Of the page that is shown.
    [[nodiscard]] int count(const QString &words) const;
    /// Whether pages can be turned.
    [[nodiscard]] bool isPaged() const { return !showsText() && (m_page > 0 || hasFurtherPages()); }
    void setHits(const mail::SearchHits &hits);
    /// The same for what a search found; hitEnded() comes. While words are looked for, these go before.
    bool nextHit(FindDirection direction);
    [[nodiscard]] bool hasFurtherPages() const { return m_page + 1 < m_pages.size() || !m_isWhole; }
    [[nodiscard]] HtmlView *view() const { return m_view; }
    /// The HTML, or the text in its place. No focus proxy: Tab would go right to it, past the bars above.
    void focusView();

Q_SIGNALS:
    void linkActivated(const QUrl &target, const QString &words);
    void browserRequested(const QByteArray &page); ///< a file for a browser (mail::browserPage())
    void findEnded(bool isFound);
    void hitEnded(bool isFound);
    void pagesChanged(); ///< another page, or others to turn to
    void printRequested();
    void pdfRequested();

private:
    void build();
    void takeEngine();
    void showPage(int page);
    /// What is looked for on all pages.
    struct Search
    {
        QString words; ///< empty for the hits
        FindDirection direction = FindDirection::Forward;
        int origin = -1; ///< the page on which it began, and the last one; -1: it waits for a page
    };
    bool findOnPages(const Search &wanted);
    void beginSearch();
    void searchFrom(int page);
    void searchShown();
    void searchText();
    [[nodiscard]] bool mark(const Search &wanted);
    void endSearch(bool isFound);
    void readSizes();
    void decodePictures(const PictureFiles &files);
    void loadRemote();
    void takeRemote();
    void tellHovered(const QString &target, const QString &words);
    void showAsText(PageFailure failure);
    void tellOtherEngine(PageFailure failure);
    void tellReach();
    void turnTo(QWidget *view);
    [[nodiscard]] bool showsText() const; ///< in place of the HTML
    [[nodiscard]] QString sender() const; ///< empty for nobody

    mail::CurrentSettings &m_settings;
    PictureConsent m_consent;
    HtmlView *m_view;
    mail::HtmlEngine m_engine = mail::HtmlEngine::Litehtml;
    TextView *m_text; ///< in its place when it failed
    QStackedWidget *m_stack;
    PictureBar *m_pictureBar;
    InlineBar *m_bar; ///< what failed, what was saved
    QLabel *m_target; ///< of the link under the pointer
    QWidget *m_paging;
    QLabel *m_number;
    QToolButton *m_back, *m_on;

    mail::MessageView m_message;
    std::shared_ptr<mail::HtmlPages> m_source; ///< its next() is called in the pool, once at a time
    QStringList m_pages; ///< those that were shown, each as it is
    bool m_isWhole = true; ///< no page but those
    bool m_isReading = false; ///< the next one
    bool m_isLaidOut = false; ///< the page that is shown
    bool m_isReachTold = false;
    int m_page = 0;
    mail::SearchHits m_hits;
    std::optional<Search> m_search; ///< that goes on
    PictureFiles m_files; ///< those that came with the message, and those that were fetched
    PictureSizes m_sizes;
    PictureImages m_images;
    mail::RemotePictures m_remote;
    mail::PictureServers m_servers = mail::PictureServers::Public;
    PictureFiles m_arrived; ///< remote ones that are not shown yet
    QTimer m_arrivals; ///< gathers them, so that the page is laid out once for some
    quint64 m_shown = 0; ///< counts the messages, so that pictures of one before are known
    std::stop_source m_decoding; ///< of the pictures of this one
};

} // namespace glasspost::ui
