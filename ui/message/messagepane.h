#pragma once

#include "mail/index/searchhits.h"
#include "mail/system/currentsettings.h"
#include "mail/system/deliveryends.h"
#include "mail/system/mailboxes.h"
#include "mail/system/outbox.h"
#include "mail/system/sessions.h"
#include "ui/message/printing.h"
#include "ui/widgets/chip.h"
#include "ui/widgets/findrow.h"

#include <QWidget>

#include <optional>

class QStackedWidget;
class QTabBar;

namespace glasspost::ui {

enum class NextStep;
class ChecksView;
class DeliveryComparer;
class DeliveryDeletion;
class DeliveryPane;
class DeliveryReporter;
class EmptyState;
class HtmlPane;
class InlineBar;
class LinkBar;
class MessageAttachments;
class MessageCards;
class MessageHeader;
class PartActions;
class ReceiptBar;
class StructureView;
class TextView;
class WarningBar;

/// One message: header block, the views of it, attachments, and what is to be known about it as bars.
class MessagePane : public QWidget
{
    Q_OBJECT
public:
    enum class View { Message, Html, Source, Structure, Delivery, Checks };

    /// All of them outlive it; outbox and sessions are for the message's journey, settings for its pictures.
    MessagePane(mail::Mailboxes &mailboxes, mail::Outbox &outbox, mail::Sessions &sessions,
        mail::CurrentSettings &settings, QWidget *parent = nullptr);

    /// Nothing is open; the words say what the pane is for.
    void clear();
    /// Asks for the message and shows it when it is there.
    void open(const mail::MessageId &id);
    /// The same for one that waits in the queue.
    void openQueued(const mail::QueueEntry &entry);
    void show(const mail::MessageView &message);
    [[nodiscard]] const mail::MessageView &message() const { return m_message; }
    void setQueueEntries(const QHash<QByteArray, mail::QueueEntry> &entries);
    /// Also what further messages open with; those without HTML as text where that is HTML.
    void setView(View view);
    /// This message alone that way.
    void turnTo(View view);
    [[nodiscard]] View view() const;
    /// What messages open with: at first the HTML.
    [[nodiscard]] View preferredView() const { return m_preferred; }
    void setPreferredView(View view) { m_preferred = view; }
    /// A message may be opened soon; the first HTML one waits less then.
    void prepare();
    void saveSource();
    // What one reads of it, the text or the HTML; a dialog asks where to.
    void print();
    void savePdf();
    void focusView(); ///< for the keyboard to read on
    void openFind(); ///< for the text, the HTML or the source
    /// What a search found is highlighted in text and HTML, of further messages too.
    void setHits(const mail::SearchHits &hits);
    [[nodiscard]] bool hasHits() const { return !m_hits.isEmpty(); } ///< something is looked for
    /// Goes to the next of them in the view that is shown, or says that there is none.
    void goToHit(FindDirection direction);
    void zoom(int steps); ///< text, source and HTML alike; 0 for their actual size
    [[nodiscard]] TextView &text() const { return *m_text; }
    [[nodiscard]] HtmlPane &html() const { return *m_html; }
    [[nodiscard]] MessageHeader &header() const { return *m_header; }
    [[nodiscard]] MessageAttachments &attachments() const { return *m_attachments; }
    [[nodiscard]] DeliveryPane &delivery() const { return *m_delivery; }
    [[nodiscard]] ChecksView &checks() const { return *m_checks; }
    [[nodiscard]] bool canCheck() const; ///< a captured message is open
    [[nodiscard]] bool hasDeliveryRecord() const { return !journeys().isEmpty(); }
    [[nodiscard]] bool canDeleteDeliveryRecord() const;
    /// Of how it left, or how it came.
    [[nodiscard]] bool hasDeliveryReport() const { return hasDeliveryRecord() || m_arrival.has_value(); }

Q_SIGNALS:
    void shown(const glasspost::mail::MessageView &message); ///< it is on the screen
    void viewChanged(); ///< another view, or that of another message
    void sessionRequested(const QByteArray &sessionId, qint64 at); ///< 0: from its first line
    void composeRequested(const QUrl &mailto);
    void findRequested(const QString &query); ///< in all mail
    void editRequested(const glasspost::mail::MessageId &draft);
    void entryRequested(const QByteArray &queueId); ///< in the queue
    /// Another one, by where it is and its Message-ID.
    void messageRequested(const glasspost::mail::MessageId &id, const QByteArray &messageId);
    void routeSettingsRequested();
    /// The sessions that brought the message and carried it away, as far as they are known by now.
    void sessionsKnown(const QList<QByteArray> &sessionIds);

private:
    void build();
    void showFailure(const mail::Error &error);
    [[nodiscard]] Printing::Content printed();
    [[nodiscard]] static bool canFind(View view);
    bool find(const QString &words, FindDirection direction);
    void tellHit(bool isFound);
    [[nodiscard]] QString matchesText(const QString &words) const;
    void prefer(View view);
    void showView();
    void goToLine(int line);
    void showDelivery();
    void fillDelivery();
    void takeStep(NextStep step, const QByteArray &queueId);
    void loadArrival();
    void allowAnyPictureServer();
    void loadRecord();
    void loadEnds(const mail::DeliveredMessage &delivered);
    void takeSessions(const mail::TranscriptBatch &batch);
    void connectHeader();
    void connectZoom();
    void connectParts();
    void openAttached(const mail::MessageView &message);
    void openFile(const mail::Result<QString> &path);
    void openLink(const QUrl &url, const QString &words);
    [[nodiscard]] QList<mail::Journey> journeys() const;

    mail::Mailboxes &m_mailboxes;
    mail::Outbox &m_outbox;
    mail::Sessions &m_sessions;
    mail::CurrentSettings &m_settings;
    mail::MessageView m_message;
    mail::MessageId m_wanted;
    QHash<QByteArray, mail::QueueEntry> m_queue; ///< what waits
    std::optional<QList<mail::Journey>> m_record; ///< what is kept of its delivery, once that was read
    std::optional<smtp::SessionFacts> m_arrival;
    std::optional<mail::DeliveredMessage> m_endsAsked; ///< the ends of whose sessions were asked for last
    mail::DeliveryEnds m_ends; ///< as far as they are known
    View m_preferred = View::Html;
    mail::SearchHits m_hits;
    QSet<int> m_filled; ///< views that show m_message already

    QStackedWidget *m_pages;
    EmptyState *m_empty;
    MessageHeader *m_header;
    WarningBar *m_warning;
    ReceiptBar *m_receipt;
    InlineBar *m_bar;
    MessageCards *m_cards;
    QTabBar *m_tabs;
    QStackedWidget *m_views;
    LinkBar *m_link;
    TextView *m_text;
    HtmlPane *m_html;
    TextView *m_source;
    StructureView *m_structure;
    DeliveryPane *m_delivery;
    ChecksView *m_checks;
    DeliveryReporter *m_reporter;
    DeliveryComparer *m_comparer;
    DeliveryDeletion *m_deletion;
    MessageAttachments *m_attachments;
    PartActions *m_parts;
    Printing *m_printing;
    FindRow *m_find;
};

} // namespace glasspost::ui
