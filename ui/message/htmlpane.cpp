#include "ui/message/htmlpane.h"

#include "mail/base/worker.h"
#include "mail/message/browserpage.h"
#include "ui/message/htmlprint.h"
#include "ui/message/linktarget.h"
#include "ui/message/picturebar.h"
#include "ui/message/textview.h"
#include "ui/theme/theme.h"
#include "ui/widgets/inlinebar.h"
#include "ui/widgets/plaintext.h"

#include <QAction>
#include <QBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStackedWidget>
#include <QToolButton>

#include <utility>

namespace glasspost::ui {

namespace {

constexpr std::chrono::milliseconds gatheringTime(300);
constexpr qsizetype longestDescription = 10000; // of the text, for who hears it

QString failureWords(PageFailure failure)
{
    switch (failure) {
    case PageFailure::NotStarted:
        return HtmlPane::tr(
            "HTML cannot be shown: its program, glasspost-page, is missing or does not start. "
            "This is the message's text.");
    case PageFailure::TookTooLong:
        return HtmlPane::tr("The HTML of this message takes too long to lay out. This is its text.");
    case PageFailure::TookTooMuch:
        return HtmlPane::tr("The HTML of this message is too large to lay out. This is its text.");
    case PageFailure::Stopped:
        return HtmlPane::tr(
            "The program that lays out HTML stopped while laying out this message. This is the "
            "message's text.");
    }
    return {};
}

QString reachWords(const PageReach &reach)
{
    if (reach.network && reach.files)
        return HtmlPane::tr(
            "This system cannot keep the program that lays out HTML from the network and your files.");
    return reach.network
        ? HtmlPane::tr("This system cannot keep the program that lays out HTML from the network.")
        : HtmlPane::tr("This system cannot keep the program that lays out HTML from your files.");
}

} // namespace

HtmlPane::HtmlPane(mail::CurrentSettings &settings, HtmlView *view, QWidget *parent)
    : QWidget(parent), m_settings(settings), m_consent(settings), m_view(view),
      m_text(new TextView(TextView::Look::Prose, this)), m_stack(new QStackedWidget),
      m_pictureBar(new PictureBar), m_bar(new InlineBar), m_target(plainLabel()), m_paging(new QWidget),
      m_number(plainLabel()), m_back(new QToolButton), m_on(new QToolButton),
      m_source(std::make_shared<mail::HtmlPages>(QString()))
{
    build();
    m_arrivals.setSingleShot(true);
    m_arrivals.setInterval(gatheringTime);
    connect(m_view, &HtmlView::linkActivated, this, &HtmlPane::linkActivated);
    connect(m_view, &HtmlView::linkHovered, this, &HtmlPane::tellHovered);
    connect(m_view, &HtmlView::shown, this, &HtmlPane::searchShown);
    connect(m_text, &TextView::filled, this, &HtmlPane::searchText);
    connect(m_view, &HtmlView::failed, this, &HtmlPane::showAsText);
    connect(m_view, &HtmlView::engineFailed, this, &HtmlPane::tellOtherEngine);
    connect(m_view, &HtmlView::shown, this, &HtmlPane::tellReach);
    connect(&m_settings, &mail::CurrentSettings::changed, this, [this](const mail::Settings &now) {
        if (now.htmlEngine != m_engine && !m_pages.isEmpty())
            show(m_message);
    });
    connect(m_text, &TextView::linkActivated, this,
        [this](const QUrl &target) { Q_EMIT linkActivated(target, QString()); });
    connect(m_text, &TextView::zoomRequested, this,
        [this](int steps) { m_view->setLook(m_view->look().zoomed(steps)); });
    connect(m_view, &HtmlView::lookChanged, this, [this] { m_text->setZoom(m_view->look().zoom); });
    connect(m_back, &QToolButton::clicked, this, [this] { turnPage(-1); });
    connect(m_on, &QToolButton::clicked, this, [this] { turnPage(1); });
    connect(m_pictureBar, &PictureBar::loadRequested, this, &HtmlPane::loadPictures);
    connect(m_pictureBar, &PictureBar::senderTrusted, this, &HtmlPane::trustSender);
    connect(m_pictureBar, &PictureBar::everybodyTrusted, this, &HtmlPane::trustEverybody);
    connect(&m_remote, &mail::RemotePictures::got, this, [this](int number, const QByteArray &octets) {
        m_arrived.insert(remotePictureName(number), octets);
        if (!m_arrivals.isActive())
            m_arrivals.start();
    });
    connect(&m_remote, &mail::RemotePictures::finished, this, [this](int failed, int notAsked) {
        if (failed > 0)
            m_pictureBar->tellFailed(failed, notAsked, int(m_message.page.remotePictures.size()));
    });
    connect(&m_arrivals, &QTimer::timeout, this, &HtmlPane::takeRemote);
}

HtmlPane::~HtmlPane()
{
    m_decoding.request_stop();
}

void HtmlPane::build()
{
    m_back->setText(tr("Previous page"));
    m_back->setToolTip(tr("Go to the previous page of a long message"));
    m_on->setText(tr("Next page"));
    m_on->setToolTip(tr("Go to the next page of a long message"));
    for (QToolButton *button : {m_back, m_on})
        button->setAutoRaise(true);
    auto *row = new QHBoxLayout(m_paging);
    row->setContentsMargins(space::two, space::half, space::two, space::half);
    row->addWidget(m_number);
    row->addStretch(1);
    row->addWidget(m_back);
    row->addWidget(m_on);
    const auto offer = [this](const QString &text, auto what) {
        auto *action = new QAction(text, m_view);
        connect(action, &QAction::triggered, this, what);
        m_view->addAction(action);
    };
    offer(tr("Open in the browser"), &HtmlPane::openInBrowser);
    offer(tr("Print…"), &HtmlPane::printRequested);
    offer(tr("Save as PDF…"), &HtmlPane::pdfRequested);
    m_stack->addWidget(m_view);
    m_stack->addWidget(m_text);
    m_text->setAccessibleName(tr("Message text"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_bar);
    column->addWidget(m_pictureBar);
    column->addWidget(m_stack, 1);
    column->addWidget(m_paging);
    m_paging->setVisible(false);
    // Over the message, so that nothing moves when it comes and goes.
    m_target->setParent(m_stack);
    m_target->setAutoFillBackground(true);
    m_target->setContentsMargins(space::one, space::half, space::one, space::half);
    m_target->setAttribute(Qt::WA_TransparentForMouseEvents);
    m_target->setVisible(false);
}

void HtmlPane::takeEngine()
{
    m_engine = m_settings.value().htmlEngine;
    m_view->setEngine(m_engine);
}

void HtmlPane::prepare()
{
    takeEngine();
    m_view->prepare();
}

void HtmlPane::show(const mail::MessageView &message)
{
    takeEngine();
    ++m_shown;
    std::exchange(m_decoding, std::stop_source()).request_stop();
    m_remote.giveUp();
    m_arrivals.stop();
    m_arrived.clear();
    m_message = message;
    m_source = std::make_shared<mail::HtmlPages>(m_message.page.html);
    m_pages.clear();
    m_isWhole = true;
    m_isReading = false;
    m_isLaidOut = false;
    m_search.reset();
    m_page = 0;
    m_files = picturesOf(m_message.page);
    m_sizes.clear();
    m_images.clear();
    m_bar->dismiss();
    m_pictureBar->dismiss();
    turnTo(m_view);
    Q_EMIT pagesChanged();
    m_view->setAccessibleDescription(shortened(m_message.text, longestDescription));
    if (!m_message.page.remotePictures.isEmpty() && !m_consent.holdsFor(sender()))
        m_pictureBar->tellHeldBack(m_message.page.remotePictures, sender());
    loadConsented();
    readSizes();
}

void HtmlPane::loadConsented()
{
    if (m_message.page.remotePictures.isEmpty() || !m_consent.holdsFor(sender()))
        return;
    m_pictureBar->dismiss();
    loadRemote();
}

QString HtmlPane::sender() const
{
    return m_message.from.isEmpty() ? QString() : m_message.from.constFirst().address;
}

void HtmlPane::turnTo(QWidget *view)
{
    m_stack->setCurrentWidget(view);
}

void HtmlPane::focusView()
{
    m_stack->currentWidget()->setFocus();
}

bool HtmlPane::showsText() const
{
    return m_stack->currentWidget() == m_text;
}

/// The places of pictures before the pictures: a header is quickly read, and then nothing moves any more.
void HtmlPane::readSizes()
{
    if (m_files.isEmpty()) {
        showPage(0);
        return;
    }
    mail::runInPool([files = m_files] {
        return sizesOf(files);
    }).andThen(this, [this, files = m_files, shown = m_shown](const PictureSizes &sizes) {
        if (shown != m_shown)
            return;
        m_sizes.insert(sizes);
        showPage(0);
        decodePictures(files);
    });
}

void HtmlPane::decodePictures(const PictureFiles &files)
{
    mail::runInPool([files, stop = m_decoding.get_token()] {
        return decoded(files, stop);
    }).andThen(this, [this, shown = m_shown](const PictureImages &images) {
        if (shown != m_shown)
            return;
        m_images.insert(images);
        m_view->setPictures(m_images);
    });
}

/// The text has no place for them; when the message is shown again, what was consented to holds.
void HtmlPane::loadRemote()
{
    if (showsText())
        return;
    m_remote.fetch(m_message.page.remotePictures, m_servers);
}

void HtmlPane::takeRemote()
{
    const PictureFiles files = std::exchange(m_arrived, PictureFiles());
    m_files.insert(files);
    mail::runInPool([files] {
        return sizesOf(files);
    }).andThen(this, [this, files, shown = m_shown](const PictureSizes &sizes) {
        if (shown != m_shown || showsText())
            return;
        m_sizes.insert(sizes);
        m_view->setPlaces({m_files, m_sizes});
        decodePictures(files);
    });
}

/// One that was not shown yet is read first, and none beside it; none takes the place of the text.
void HtmlPane::showPage(int page)
{
    if (m_isReading || showsText())
        return;
    if (page >= m_pages.size()) {
        m_isReading = true;
        mail::runInPool([source = m_source] {
            const QString html = source->next();
            return std::pair(html, source->atEnd());
        }).andThen(this, [this, shown = m_shown](const std::pair<QString, bool> &read) {
            if (shown != m_shown)
                return;
            m_isReading = false;
            m_pages.append(read.first);
            m_isWhole = read.second;
            showPage(int(m_pages.size()) - 1);
        });
        return;
    }
    m_page = page;
    m_isLaidOut = false;
    m_view->showHtml(m_pages.at(m_page), m_message.page.styleSheet, {m_files, m_sizes});
    m_view->setPictures(m_images);
    m_paging->setVisible(isPaged());
    m_number->setText(tr("This message is long. Page %1").arg(m_page + 1));
    m_back->setEnabled(m_page > 0);
    m_on->setEnabled(hasFurtherPages());
    Q_EMIT pagesChanged();
}

void HtmlPane::turnPage(int by)
{
    const int page = m_page + by;
    if (page >= 0 && (by < 0 || hasFurtherPages()))
        showPage(page);
}

void HtmlPane::tellHovered(const QString &target, const QString &words)
{
    const QString shown = shownTarget(QUrl(target)), promised = promisedServer(words, QUrl(target));
    m_target->setVisible(!target.isEmpty());
    m_target->setText(promised.isEmpty() ? shown : tr("Not %1, but %2").arg(promised, shown));
    m_target->adjustSize();
    m_target->move(0, m_stack->height() - m_target->height());
    m_target->raise();
}

void HtmlPane::showAsText(PageFailure failure)
{
    turnTo(m_text);
    m_text->showText(m_message.text);
    m_paging->setVisible(false);
    Q_EMIT pagesChanged();
    m_pictureBar->dismiss();
    m_remote.giveUp();
    m_arrivals.stop();
    m_bar->say(InlineBar::Kind::Warning, failureWords(failure));
    m_bar->addButton(tr("Open in the browser"), [this] { openInBrowser(); })
        ->setToolTip(tr("Open the message's HTML in the browser, without scripts and remote content"));
    m_bar->addButton(tr("Try again"), [this] { show(m_message); })
        ->setToolTip(tr("Lay the message out once more"));
}

void HtmlPane::tellOtherEngine(PageFailure failure)
{
    m_bar->say(InlineBar::Kind::Warning,
        failure == PageFailure::NotStarted
            ? tr("Qt WebEngine does not start on this computer, so litehtml lays out HTML until Glasspost is "
                 "started again.")
            : tr("Qt WebEngine could not lay out this message. This is how litehtml shows it."));
}

/// Once: it is so for every message.
void HtmlPane::tellReach()
{
    if (m_view->reach() != PageReach() && !std::exchange(m_isReachTold, true))
        m_bar->say(InlineBar::Kind::Warning, reachWords(m_view->reach()));
}

void HtmlPane::openInBrowser()
{
    mail::runLongWork([page = m_message.page, title = m_message.subject, files = m_files] {
        return mail::browserPage(page, title, addressesOf(files));
    }).andThen(this, [this](const QByteArray &page) { Q_EMIT browserRequested(page); });
}

/// What is there when it is painted, since pictures may come until then.
Printing::Content HtmlPane::printed()
{
    return [this, shown = m_shown](const std::shared_ptr<Sheets> &sheets) -> mail::Task<void> {
        if (shown != m_shown)
            return tl::unexpected(mail::Error{mail::ErrorCode::NotFound, tr("The message"), {}});
        if (showsText())
            return printedText(m_message.text, m_text->font())(sheets);
        return print(
            PrintedHtml{m_message.page.html, m_message.page.styleSheet, {m_files, m_sizes}, m_images},
            m_view->another(this), sheets);
    };
}

} // namespace glasspost::ui
