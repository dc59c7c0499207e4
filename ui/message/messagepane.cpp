#include "ui/message/messagepane.h"

#include "ui/message/attachmentcard.h"
#include "ui/message/checksview.h"
#include "ui/message/deliverycomparer.h"
#include "ui/message/deliverydeletion.h"
#include "ui/message/deliverypane.h"
#include "ui/message/deliveryreporter.h"
#include "ui/message/html/pageview.h"
#include "ui/message/htmlpane.h"
#include "ui/message/linkbar.h"
#include "ui/message/messageattachments.h"
#include "ui/message/messagecards.h"
#include "ui/message/messageheader.h"
#include "ui/message/messagewindow.h"
#include "ui/message/partactions.h"
#include "ui/message/partsview.h"
#include "ui/message/receiptbar.h"
#include "ui/message/structureview.h"
#include "ui/message/textview.h"
#include "ui/message/unsubscribing.h"
#include "ui/message/warningbar.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/inlinebar.h"
#include "ui/words/errortext.h"
#include "ui/words/format.h"

#include <QBoxLayout>
#include <QDesktopServices>
#include <QFileInfo>
#include <QStackedWidget>
#include <QTabBar>
#include <QUrl>

#include <algorithm>

namespace glasspost::ui {

MessagePane::MessagePane(mail::Mailboxes &mailboxes, mail::Outbox &outbox, mail::Sessions &sessions,
    mail::CurrentSettings &settings, QWidget *parent)
    : QWidget(parent), m_mailboxes(mailboxes), m_outbox(outbox), m_sessions(sessions), m_settings(settings),
      m_pages(new QStackedWidget),
      m_empty(new EmptyState(IconName::MailOpen, tr("No message open"),
          tr("Choose a message in the list to read it, see its source, and follow its delivery."))),
      m_header(new MessageHeader), m_warning(new WarningBar), m_receipt(new ReceiptBar(mailboxes)),
      m_bar(new InlineBar), m_cards(new MessageCards(mailboxes)), m_tabs(new QTabBar),
      m_views(new QStackedWidget), m_link(new LinkBar(m_views)),
      m_text(new TextView(TextView::Look::Prose, this)), m_html(new HtmlPane(settings, new PageView)),
      m_source(new TextView(TextView::Look::Source, this)), m_structure(new StructureView),
      m_delivery(new DeliveryPane), m_checks(new ChecksView(mailboxes, settings)),
      m_reporter(new DeliveryReporter({mailboxes, outbox, sessions}, *m_bar, *m_delivery)),
      m_comparer(new DeliveryComparer(mailboxes, outbox, *m_bar, *m_delivery)),
      m_deletion(new DeliveryDeletion(outbox, *m_bar, *m_delivery)), m_attachments(new MessageAttachments),
      m_parts(new PartActions(mailboxes, *m_bar, this)), m_printing(new Printing(*m_bar, this)),
      m_find(new FindRow(
          [this](const QString &words, FindDirection direction) { return find(words, direction); },
          [this](const QString &words) { return matchesText(words); }))
{
    build();
    connect(m_tabs, &QTabBar::currentChanged, this, &MessagePane::showView);
    connect(m_tabs, &QTabBar::tabBarClicked, this, [this](int tab) { prefer(View(tab)); });
    connect(m_text, &TextView::linkActivated, this, [this](const QUrl &url) { openLink(url, QString()); });
    connect(m_html, &HtmlPane::linkActivated, this, &MessagePane::openLink);
    connect(m_html, &HtmlPane::browserRequested, this, [this](const QByteArray &octets) {
        m_mailboxes.copyOctets(octets, tr("message") + QStringLiteral(".html"))
            .then(this, [this](const mail::Result<QString> &path) { openFile(path); });
    });
    connectZoom();
    connect(m_html, &HtmlPane::findEnded, m_find, &FindRow::tell);
    connect(m_html, &HtmlPane::hitEnded, this, &MessagePane::tellHit);
    connect(m_html, &HtmlPane::printRequested, this, &MessagePane::print);
    connect(m_html, &HtmlPane::pdfRequested, this, &MessagePane::savePdf);
    connect(m_find, &FindRow::closed, this, &MessagePane::focusView);
    connect(m_delivery, &DeliveryPane::sessionRequested, this, &MessagePane::sessionRequested);
    connect(m_delivery, &DeliveryPane::stepRequested, this, &MessagePane::takeStep);
    connect(m_delivery, &DeliveryPane::messageRequested, this, &MessagePane::messageRequested);
    connect(&m_outbox, &mail::Outbox::journeysRemoved, this, &MessagePane::loadRecord);
    connect(&m_sessions, &mail::Sessions::recorded, this, &MessagePane::takeSessions);
    connect(m_checks, &ChecksView::lineRequested, this, &MessagePane::goToLine);
    connectHeader();
    connectParts();
}

/// The look of HTML, which the window remembers, says how large the text is, too.
void MessagePane::connectZoom()
{
    for (TextView *text : {m_text, m_source}) {
        connect(text, &TextView::zoomRequested, this, &MessagePane::zoom);
        connect(m_html->view(), &HtmlView::lookChanged, text,
            [this, text] { text->setZoom(m_html->view()->look().zoom); });
    }
}

void MessagePane::zoom(int steps)
{
    PageLook look = m_html->view()->look();
    if (steps == 0)
        look.zoom = 1;
    m_html->view()->setLook(steps == 0 ? look : look.zoomed(steps));
}

void MessagePane::connectHeader()
{
    connect(m_header, &MessageHeader::deliveryRequested, this, [this] { turnTo(View::Delivery); });
    connect(m_header, &MessageHeader::editRequested, this, [this] { Q_EMIT editRequested(m_message.id); });
    connect(m_header, &MessageHeader::writeRequested, this, &MessagePane::composeRequested);
    connect(m_header, &MessageHeader::findRequested, this, &MessagePane::findRequested);
    connect(m_header, &MessageHeader::unsubscribeRequested, this, [this] {
        askToUnsubscribe(*m_bar, m_message.unsubscribe,
            {[this](const QUrl &mailto) { Q_EMIT composeRequested(mailto); },
                [this](const QUrl &page) { openLink(page, QString()); }});
    });
    connect(m_cards, &MessageCards::composeRequested, this, &MessagePane::composeRequested);
}

void MessagePane::connectParts()
{
    const PartsView *tree = m_structure->parts();
    connect(tree, &PartsView::inspectRequested, m_parts, &PartActions::inspect);
    connect(tree, &PartsView::openRequested, m_parts, &PartActions::open);
    connect(tree, &PartsView::saveRequested, m_parts, &PartActions::save);
    connect(m_attachments, &MessageAttachments::inspectRequested, m_parts, &PartActions::inspect);
    connect(m_attachments, &MessageAttachments::openRequested, m_parts, &PartActions::open);
    connect(m_attachments, &MessageAttachments::saveRequested, m_parts, &PartActions::save);
    connect(m_attachments, &MessageAttachments::saveAllRequested, m_parts, &PartActions::saveAll);
    connect(m_attachments, &MessageAttachments::dragRequested, m_parts, &PartActions::copyForDrag);
    connect(m_parts, &PartActions::pictureRead, m_attachments, &MessageAttachments::setPicture);
    connect(m_parts, &PartActions::textRead, m_attachments, &MessageAttachments::setExcerpt);
    connect(m_parts, &PartActions::copied, m_attachments, &MessageAttachments::drag);
    connect(m_parts, &PartActions::messageOpened, this, &MessagePane::openAttached);
}

void MessagePane::build()
{
    setAccessibleName(tr("Message"));
    m_text->setAccessibleName(tr("Message text"));
    m_text->setPlaceholderText(tr("This message has no text."));
    m_source->setAccessibleName(tr("Message source"));
    for (const QString &title :
        {tr("Message"), tr("HTML"), tr("Source"), tr("Headers"), tr("Delivery"), tr("Checks")})
        m_tabs->addTab(title);
    m_tabs->setTabToolTip(int(View::Message), tr("The message as text"));
    m_tabs->setTabToolTip(int(View::Html), tr("The message as its sender designed it"));
    m_tabs->setTabToolTip(int(View::Source), tr("The message as stored on disk"));
    m_tabs->setTabToolTip(int(View::Structure), tr("Every header field and MIME part"));
    m_tabs->setTabToolTip(int(View::Delivery), tr("How the message arrived, and where it went"));
    m_tabs->setTabToolTip(int(View::Checks), tr("What is wrong with this captured message, line by line"));
    m_tabs->setExpanding(false);
    m_tabs->setDrawBase(true);
    m_tabs->setAccessibleName(tr("Views of the message"));
    for (QWidget *view :
        std::initializer_list<QWidget *>{m_text, m_html, m_source, m_structure, m_delivery, m_checks})
        m_views->addWidget(view);

    auto *page = new QWidget;
    page->setAutoFillBackground(true);
    page->setBackgroundRole(QPalette::Base);
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_header);
    column->addWidget(m_warning);
    column->addWidget(m_receipt);
    column->addWidget(m_bar);
    column->addWidget(m_cards);
    column->addWidget(m_tabs);
    column->addWidget(m_views, 1);
    column->addWidget(m_find);
    column->addWidget(m_attachments);

    m_pages->addWidget(m_empty);
    m_pages->addWidget(page);
    auto *whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(m_pages);
}

void MessagePane::clear()
{
    m_wanted = {};
    m_message = {};
    m_pages->setCurrentIndex(0);
}

void MessagePane::prepare()
{
    if (m_preferred == View::Html)
        m_html->prepare();
}

void MessagePane::open(const mail::MessageId &id)
{
    m_wanted = id;
    prepare();
    m_mailboxes.message(id).then(this, [this, id](mail::Result<mail::MessageView> message) {
        if (m_wanted != id)
            return;
        if (message) {
            show(*message);
            return;
        }
        showFailure(message.error());
    });
}

void MessagePane::openQueued(const mail::QueueEntry &entry)
{
    m_queue.insert(entry.id, entry);
    m_outbox.message(entry.id).then(this, [this](const mail::Result<mail::MessageView> &message) {
        if (message)
            show(*message);
        else
            showFailure(message.error());
    });
}

void MessagePane::showFailure(const mail::Error &error)
{
    clear();
    m_empty->setContent(IconName::Warning, tr("This message cannot be shown"), errorText(error));
}

void MessagePane::show(const mail::MessageView &message)
{
    m_message = message;
    m_wanted = message.id;
    m_arrival.reset();
    m_endsAsked.reset();
    m_ends = {};
    m_html->setPictureServers(mail::PictureServers::Public);
    m_record.reset();
    m_filled.clear();
    m_bar->dismiss();
    m_link->dismiss();
    m_find->forget();
    m_header->show(message);
    m_warning->show(message);
    m_receipt->show(message);
    m_cards->show(message);
    // A message of the queue is in no mailbox to save parts from.
    m_attachments->show(message.id.isNull() ? QList<mail::PartView>() : message.parts);
    m_parts->setMessage(message, m_attachments->previewed());
    m_tabs->setTabVisible(int(View::Html), !message.page.html.isEmpty());
    m_tabs->setTabVisible(int(View::Delivery), !message.isAttached);
    m_tabs->setTabVisible(int(View::Checks), canCheck());
    showDelivery();
    const bool isMissing = (m_preferred == View::Html && message.page.html.isEmpty())
        || (m_preferred == View::Checks && !canCheck());
    const View wanted = isMissing ? View::Message : m_preferred;
    m_tabs->setCurrentIndex(int(wanted));
    showView();
    loadArrival();
    loadRecord();
    m_pages->setCurrentIndex(1);
    Q_EMIT shown(m_message);
}

/// The text is no choice where there is nothing else.
void MessagePane::prefer(View view)
{
    if (view != View::Message || !m_message.page.html.isEmpty())
        m_preferred = view;
}

void MessagePane::setView(View view)
{
    prefer(view);
    turnTo(view);
}

void MessagePane::turnTo(View view)
{
    m_tabs->setCurrentIndex(int(view));
}

MessagePane::View MessagePane::view() const
{
    return View(m_tabs->currentIndex());
}

void MessagePane::focusView()
{
    if (view() == View::Html)
        m_html->focusView();
    else
        m_views->currentWidget()->setFocus();
}

bool MessagePane::canFind(View view)
{
    return view != View::Structure && view != View::Delivery && view != View::Checks;
}

void MessagePane::openFind()
{
    if (view() == View::Structure)
        return m_structure->openFind();
    if (!canFind(view()))
        turnTo(View::Message);
    m_find->open();
}

bool MessagePane::find(const QString &words, FindDirection direction)
{
    if (view() == View::Html)
        return m_html->find(words, direction);
    return (view() == View::Source ? m_source : m_text)->findNext(words, direction);
}

void MessagePane::showView()
{
    const View now = view();
    m_views->setCurrentIndex(int(now));
    Q_EMIT viewChanged();
    if (!canFind(now))
        m_find->hide();
    if (m_filled.contains(int(now)))
        return;
    m_filled.insert(int(now));
    switch (now) {
    case View::Message:
        m_text->showText(m_message.text);
        break;
    case View::Html:
        m_html->show(m_message);
        break;
    case View::Source:
        m_source->showText(QString::fromUtf8(m_message.source));
        break;
    case View::Structure:
        m_structure->show(m_message);
        break;
    case View::Delivery:
        fillDelivery();
        break;
    case View::Checks:
        m_checks->show(m_message.id);
        break;
    }
}

/// Of a mailbox that no person has.
bool MessagePane::canCheck() const
{
    const QList<mail::LocalUser> users = m_settings.value().users;
    const bool isSomebodys = std::any_of(users.cbegin(), users.cend(),
        [this](const mail::LocalUser &user) { return user.name == m_message.id.folder.user; });
    return !m_message.id.isNull() && !m_message.isAttached && !isSomebodys;
}

/// This time alone: further messages open with the checks.
void MessagePane::goToLine(int line)
{
    turnTo(View::Source);
    m_source->goToLine(line);
    m_source->setFocus();
}

void MessagePane::openAttached(const mail::MessageView &message)
{
    auto *window = new MessageWindow(m_mailboxes, m_outbox, m_sessions, m_settings, message, this->window());
    connect(window->pane(), &MessagePane::composeRequested, this, &MessagePane::composeRequested);
    connect(window->pane(), &MessagePane::sessionRequested, this, &MessagePane::sessionRequested);
    connect(window->pane(), &MessagePane::findRequested, this, &MessagePane::findRequested);
    window->show();
}

void MessagePane::openFile(const mail::Result<QString> &path)
{
    if (!path)
        m_bar->say(InlineBar::Kind::Error, errorText(path.error()));
    else if (!QDesktopServices::openUrl(QUrl::fromLocalFile(*path)))
        m_bar->say(InlineBar::Kind::Warning,
            tr("No program is set up to open %1. Save it instead.").arg(QFileInfo(*path).fileName()));
}

void MessagePane::openLink(const QUrl &url, const QString &words)
{
    if (url.scheme() == QLatin1String("mailto"))
        Q_EMIT composeRequested(url);
    else
        m_link->ask(url, words);
}

} // namespace glasspost::ui
