// What mail/ reads from strangers: messages, HTML, calendars and contacts, address lists; and from its own
// disk: the journal.
#include "mail/journal/journalrecord.h"
#include "mail/message/calendarcard.h"
#include "mail/message/contactcard.h"
#include "mail/message/deceivingnames.h"
#include "mail/message/htmlcleaner.h"
#include "mail/message/htmlpages.h"
#include "mail/message/messagebuilder.h"
#include "mail/message/messagereader.h"
#include "tests/fuzz/target.h"

#include <QRegularExpression>

namespace glasspost::fuzz {

using namespace glasspost::mail;

namespace {

/// Each page of cleaned HTML is clean itself, and small enough to be laid out.
void readPages(const QString &clean)
{
    HtmlPages pages(clean);
    qsizetype size = 0;
    while (!pages.atEnd()) {
        const QString page = pages.next();
        demand(!page.isEmpty(), "a page holds something");
        demand(page.count(QLatin1String("<td")) <= 1000, "a page has few cells");
        size += page.size();
        demand(size <= 64 * (clean.size() + 1024), "pages are no more than what they are made of");
    }
}

/// A style sheet that was cleaned cannot end its element, and names nothing but the page's own pictures.
void readStyle(const QString &css)
{
    for (const char *word : {"<", "\\", "@import", "@font-face", "expression(", "/*", "javascript:", "http:"})
        demand(!css.contains(QLatin1String(word)), "nothing but rules");
    static const QRegularExpression foreign(QStringLiteral("url\\((?!'(?:cid|data|remote):)"));
    demand(!foreign.match(css).hasMatch(), "pictures go by their names");
}

} // namespace

void message(QByteArrayView input)
{
    const QByteArray source = input.toByteArray();
    const MessageView view = readMessage(source);
    demand(view.sourceSize == source.size(), "the size is the source's");
    demand(view.parts.size() <= 10000, "the number of parts is capped");
    for (const PartView &part : view.parts) {
        demand(part.depth <= 100, "the depth is capped");
        (void)readPart(source, part.index);
        const QString name = safeFileName(part.fileName);
        demand(!name.contains(u'/') && !name.contains(u'\\') && name != u".." && !name.isEmpty(),
            "a file name names no folder");
        demand(name.toUtf8().size() <= 150, "a file name is short");
    }
    for (const InlinePicture &picture : view.page.pictures)
        demand(
            !picture.contentId.isEmpty() && !view.page.html.isEmpty(), "a picture has a place in the HTML");
    for (const AddressView &address : view.from.mid(0, 10))
        demand(deceitOf(address).claimed.size() <= 1000, "what a name claims is short");
    demand(view.route.size() <= 100 && view.verdicts.size() <= 50, "the way is capped");
    demand(view.unsubscribe.web.isEmpty() || view.unsubscribe.web.scheme() == QLatin1String("https"),
        "a list is left by https alone");
    demand(view.from.size() <= 10000 && view.to.size() <= 10000, "the number of addresses is capped");
    demand(view.text.size() <= 8 * input.size() + 64, "text does not grow");
    readPages(view.page.html);
    const IndexFields fields = readIndexFields(source);
    demand(fields.body.toUtf8().size() <= 1024 * 1024, "the index takes no more than it says");
    (void)looksLikeMessage(source);
}

void card(QByteArrayView input)
{
    const CalendarCard calendar = readCalendarCard(input.toByteArray());
    demand(calendar.events.size() <= 50, "the number of events is capped");
    for (const CalendarEvent &event : calendar.events)
        demand(event.people.size() <= 200 && event.description.size() <= 4000 && event.interval >= 1,
            "an event is bounded");
    const QList<ContactCard> contacts = readContactCards(input.toByteArray());
    demand(contacts.size() <= 100, "the number of contacts is capped");
    for (const ContactCard &contact : contacts)
        demand(contact.emails.size() <= 20 && contact.name.size() <= 1000, "a contact is bounded");
}

void html(QByteArrayView input)
{
    const QString dirty = QString::fromUtf8(input);
    const QString clean = cleanHtml(dirty).toLower();
    for (const char *element : {"<script", "<iframe", "<object", "<embed", "<form", "<input", "<style",
             "<link", "<meta", "<base", "<svg", "<math", "<frame", "<video", "<audio"})
        demand(!clean.contains(QLatin1String(element)), "no element outside the list");
    // Text may say what it likes; tags may not.
    static const QRegularExpression tag(QStringLiteral("<[^>]*>"));
    for (auto tags = tag.globalMatch(clean); tags.hasNext();) {
        const QString text = tags.next().captured();
        for (const char *word :
            {"javascript:", "vbscript:", "data:text", " onclick", " onerror", " onload", " style="})
            demand(!text.contains(QLatin1String(word)) || text.contains(u"href=\"http")
                    || text.contains(u"=\"mailto:"),
                "no script, no style in a tag");
    }
    (void)htmlToText(dirty);
    readPages(cleanHtml(dirty));
    HtmlPage page;
    cleanInto(page, dirty, {});
    readStyle(page.styleSheet.toLower());
}

void addressList(QByteArrayView input)
{
    const AddressList list = parseAddressList(QString::fromUtf8(input));
    for (const AddressView &mailbox : list.mailboxes) {
        demand(!mailbox.address.isEmpty(), "a mailbox has an address");
        for (const QChar c : mailbox.address)
            demand(c != u'\r' && c != u'\n' && c != QChar(u'\0'), "no line end hides in an address");
    }
    for (const QString &excerpt : list.malformed)
        demand(!excerpt.trimmed().isEmpty(), "what is malformed can be shown");
}

void journalRecord(QByteArrayView input)
{
    // As a segment: what stands there is read or not, but never past the end.
    for (qint64 offset = 0; const auto record = readRecord(input, offset, 7);) {
        demand(record->end > offset && record->end <= input.size(), "the next record lies ahead");
        offset = record->end;
    }
    // As content: what is written is read back, and not when an octet has changed.
    Choices choices(input);
    const auto kind = FileStep::Kind(choices.octet() % 5);
    const qsizetype place = qsizetype(choices.octet());
    const FileTransaction transaction = {{kind, QStringLiteral("mail/a/new/x"),
        QStringLiteral("mail/b/new/x"), choices.rest().toByteArray(), {}}};
    QByteArray segment(place, 's');
    appendRecord(segment, transaction, 7, place);
    const auto record = readRecord(segment, place, 7);
    demand(record && record->transaction == transaction && record->end == segment.size(),
        "a record reads back as it was written");
    demand(!readRecord(segment, place, 8), "a record belongs to its segment");
    demand(!readRecord(QByteArrayView(segment).chopped(1), place, 7), "a torn record is none");
    const qsizetype flipped = place + (place * 31) % (segment.size() - place);
    segment[flipped] = char(segment.at(flipped) ^ 1);
    demand(!readRecord(segment, place, 7), "a damaged record is none");
}

} // namespace glasspost::fuzz
