#include "mail/message/messagebuilder.h"

#include "mail/base/posix.h"
#include "mail/message/bodywriter.h"
#include "mail/message/fieldwriter.h"
#include "mail/message/headerfields.h"
#include "mail/message/htmlcleaner.h"
#include "mail/message/messagereader.h"
#include "mail/message/mime.h"
#include "mail/message/parttree.h"
#include "mail/message/trace.h"
#include "smtp/syntax/path.h"

#include <QDir>
#include <QFile>
#include <QSet>

namespace glasspost::mail {

namespace {

constexpr qsizetype mostReferences = 30; // the first and the newest: enough for any threading

/// An identifier that can stand in angle brackets (RFC 5322 3.6.4); nothing else gets into the header.
bool isMessageId(const QByteArray &id)
{
    return !id.isEmpty() && id.size() <= 900 && std::all_of(id.begin(), id.end(), [](char c) {
        return uchar(c) > ' ' && uchar(c) < 0x7F && c != '<' && c != '>';
    });
}

QList<QByteArray> referencesOf(const Draft &draft)
{
    QList<QByteArray> ids;
    for (const QByteArray &id : draft.references + QList<QByteArray>{draft.inReplyTo})
        if (isMessageId(id) && !ids.contains(id))
            ids += id;
    if (ids.size() > mostReferences)
        ids = ids.mid(0, 1) + ids.mid(ids.size() - mostReferences + 1);
    return ids;
}

/// A local name gets this host for its domain.
QList<AddressView> complete(QList<AddressView> mailboxes, const QString &hostName)
{
    for (AddressView &mailbox : mailboxes)
        if (!mailbox.address.contains(u'@'))
            mailbox.address += u'@' + hostName;
    return mailboxes;
}

/// The four lists of a draft, read once.
struct Lists
{
    AddressList from, to, cc, bcc;
};

Lists listsOf(const Draft &draft, const QString &hostName)
{
    Lists lists{parseAddressList(draft.from), parseAddressList(draft.to), parseAddressList(draft.cc),
        parseAddressList(draft.bcc)};
    for (AddressList *list : {&lists.from, &lists.to, &lists.cc, &lists.bcc})
        list->mailboxes = complete(list->mailboxes, hostName);
    return lists;
}

smtp::Mailbox mailboxOf(const AddressView &address)
{
    const auto mailbox = smtp::parseMailbox(asciiDomainAddress(address.address));
    return mailbox ? *mailbox : smtp::Mailbox();
}

/// Every To, Cc and Bcc once. Local-parts are told apart by case (RFC 5321 2.4), domains are not.
smtp::Envelope envelopeOf(const Lists &lists)
{
    smtp::Envelope envelope;
    if (!lists.from.mailboxes.isEmpty())
        envelope.reversePath = mailboxOf(lists.from.mailboxes.constFirst());
    QSet<QByteArray> seen;
    for (const AddressList *list : {&lists.to, &lists.cc, &lists.bcc}) {
        for (const AddressView &address : list->mailboxes) {
            const smtp::Mailbox mailbox = mailboxOf(address);
            const QByteArray key = mailbox.localPart + '@' + mailbox.domain.toLower();
            if (mailbox.isNull() || seen.contains(key))
                continue;
            seen.insert(key);
            envelope.recipients.append({mailbox, {}, {}});
        }
    }
    envelope.smtpUtf8 = envelope.hasUtf8Paths();
    return envelope;
}

/// The list as a field, or as it was typed when that is no list (a draft).
QByteArray listField(const QByteArray &name, const AddressList &list, const QString &typed)
{
    if (!list.malformed.isEmpty())
        return textField(name, typed);
    return list.mailboxes.isEmpty() ? QByteArray() : addressField(name, list.mailboxes);
}

struct Header
{
    QByteArray fields; ///< without Bcc
    QByteArray copyOnly; ///< Bcc, and what only a draft needs
    QByteArray messageId;
};

/// From's domain; the host's name where there is none.
QString senderDomain(const Lists &lists, const QString &hostName)
{
    const QString from = lists.from.mailboxes.isEmpty() ? QString() : lists.from.mailboxes.first().address;
    const QString domain = from.mid(from.lastIndexOf(u'@') + 1);
    return domain.isEmpty() || domain.startsWith(u'[') ? hostName : domain;
}

Header headerOfDraft(const Draft &draft, const Lists &lists, const QString &messageIdDomain)
{
    Header header;
    header.messageId = newMessageId(asciiDomainAddress(u'@' + messageIdDomain).mid(1));
    QByteArray recipients = listField("To", lists.to, draft.to) + listField("Cc", lists.cc, draft.cc);
    if (recipients.isEmpty())
        recipients = "To: undisclosed-recipients:;\n"; // RFC 5322 3.6.3 and the minimum header of RFC 822
    header.fields = listField("From", lists.from, draft.from) + recipients;
    if (!draft.subject.trimmed().isEmpty())
        header.fields += textField("Subject", draft.subject);
    header.fields
        += "Date: " + dateTime(QDateTime::currentDateTime()) + "\nMessage-ID: <" + header.messageId + ">\n";
    if (isMessageId(draft.inReplyTo))
        header.fields += messageIdField("In-Reply-To", {draft.inReplyTo});
    if (const QList<QByteArray> references = referencesOf(draft); !references.isEmpty())
        header.fields += messageIdField("References", references);
    if (draft.asksForMdn)
        header.fields += listField("Disposition-Notification-To", lists.from, draft.from);
    header.copyOnly = listField("Bcc", lists.bcc, draft.bcc);
    return header;
}

Result<BuiltMessage> assembled(
    const Header &header, const MessageBody &body, const smtp::Envelope &envelope, const QString &folder)
{
    static const QByteArray mime = "MIME-Version: 1.0\n";
    const auto target = MimeTarget::open(folder, body.expectedSize);
    if (!target)
        return tl::unexpected(target.error());
    if (!target->write(header.fields + mime))
        return systemFailure(errno, folder);
    if (const auto written = body.writeTo(*target); !written)
        return tl::unexpected(written.error());
    BuiltMessage message;
    message.envelope = envelope;
    message.messageIdField = header.messageId;
    const auto octets = target->finish();
    if (!octets)
        return tl::unexpected(octets.error());
    message.octets = *octets;
    // The fields in front are the same, in another order.
    const auto copy = header.copyOnly.isEmpty() ? octets : withHead(header.copyOnly, *octets, folder);
    if (!copy)
        return tl::unexpected(copy.error());
    message.sentCopy = *copy;
    return message;
}

Error addressError(const QString &excerpt)
{
    return {ErrorCode::BadAddress, excerpt, {}};
}

QString typedList(const RawHeader &header, QByteArrayView name)
{
    const RawField *field = header.first(name);
    if (!field)
        return {};
    const QString text = QString::fromUtf8(field->unfolded());
    if (text == QLatin1String("undisclosed-recipients:;"))
        return {};
    const AddressList list = parseAddressList(text);
    // What a draft keeps as typed is text, perhaps in encoded words, and no list.
    if (list.mailboxes.isEmpty() || !list.malformed.isEmpty())
        return decodedText(field->unfolded());
    QStringList typed;
    for (const AddressView &mailbox : list.mailboxes)
        typed += typedAddress(mailbox);
    return typed.join(QLatin1String(", "));
}

Result<DraftAttachment> unpacked(const PartTree &tree, const PartView &part, const QString &folder)
{
    DraftAttachment attachment;
    attachment.name = part.fileName.isEmpty() ? QStringLiteral("attachment") : part.fileName;
    attachment.contentType = part.contentType;
    // The number keeps two of one name apart.
    attachment.path
        = QDir(folder).filePath(QString::number(part.index) + u'-' + safeFileName(attachment.name));
    return tree.pieces(part.index)
        .and_then([&](const OctetPieces &pieces) { return replaceFile(attachment.path, pieces); })
        .map([&] { return attachment; });
}

Result<QList<DraftAttachment>> unpacked(
    const OctetsReader &message, const QList<PartView> &parts, const QString &folder)
{
    const Result<PartTree> tree = PartTree::read(message);
    if (!tree)
        return tl::unexpected(tree.error());
    QList<DraftAttachment> attachments;
    for (const PartView &part : parts) {
        if (!part.isAttachment)
            continue;
        const Result<DraftAttachment> attachment = unpacked(*tree, part, folder);
        if (!attachment)
            return tl::unexpected(attachment.error());
        attachments += *attachment;
    }
    return attachments;
}

// The message that a draft answers or forwards, for the mark it gets when the draft is sent. In Drafts alone.
constexpr const char *originUser = "X-Glasspost-Origin-User";
constexpr const char *originFolder = "X-Glasspost-Origin-Folder";
constexpr const char *originName = "X-Glasspost-Origin-Name";

QByteArray originFields(const MessageId &origin)
{
    if (origin.isNull())
        return {};
    return textField(originUser, origin.folder.user) + textField(originFolder, origin.folder.folder)
        + textField(originName, QString::fromUtf8(origin.unique));
}

MessageId readOrigin(const RawHeader &header)
{
    const auto text = [&header](const char *name) {
        const RawField *field = header.first(name);
        return field ? decodedText(field->unfolded()).trimmed() : QString();
    };
    return {{text(originUser), text(originFolder)}, text(originName).toUtf8()};
}

/// Without style sheets and pictures on servers, which are no part of a draft.
QString draftHtml(const HtmlPage &page)
{
    QSet<QString> contentIds;
    for (const InlinePicture &picture : page.pictures)
        contentIds.insert(picture.contentId);
    return cleanHtml(page.html, contentIds);
}

} // namespace

Result<BuiltMessage> buildMessage(
    const Draft &draft, const QString &hostName, const QString &messageIdDomain, const QString &spoolFolder)
{
    const Lists lists = listsOf(draft, hostName);
    for (const AddressList *list : {&lists.from, &lists.to, &lists.cc, &lists.bcc})
        if (!list->malformed.isEmpty())
            return tl::unexpected(addressError(list->malformed.constFirst()));
    if (lists.from.mailboxes.size() != 1)
        return tl::unexpected(addressError(draft.from.trimmed()));
    return composeBody(draft, spoolFolder).and_then([&](const MessageBody &body) {
        const QString idDomain = messageIdDomain.isEmpty() ? senderDomain(lists, hostName) : messageIdDomain;
        return assembled(headerOfDraft(draft, lists, idDomain), body, envelopeOf(lists), spoolFolder);
    });
}

Result<BuiltMessage> buildDraft(const Draft &draft, const QString &hostName, const QString &spoolFolder)
{
    const Lists lists = listsOf(draft, hostName);
    return composeBody(draft, spoolFolder).and_then([&](const MessageBody &body) {
        Header header = headerOfDraft(draft, lists, senderDomain(lists, hostName));
        header.copyOnly.prepend(originFields(draft.origin));
        return assembled(header, body, envelopeOf(lists), spoolFolder);
    });
}

Result<Draft> readDraft(const MessageOctets &message, const QString &attachmentFolder)
{
    const Result<OctetsReader> octets = OctetsReader::open(message);
    const Result<MessageView> read
        = octets.and_then([](const OctetsReader &source) { return readMessage(source); });
    if (!read)
        return tl::unexpected(read.error());
    const MessageView &view = *read;
    const RawHeader header = readHeader(view.source);
    Draft draft;
    draft.id = newDraftId();
    draft.from = typedList(header, "From");
    draft.to = typedList(header, "To");
    draft.cc = typedList(header, "Cc");
    draft.bcc = typedList(header, "Bcc");
    draft.subject = view.subject;
    draft.text = view.text;
    draft.inReplyTo = view.inReplyTo;
    draft.references = view.references;
    draft.origin = readOrigin(header);
    draft.asksForMdn = header.first("Disposition-Notification-To") != nullptr;
    const bool hasHtml = std::any_of(view.parts.cbegin(), view.parts.cend(), [](const PartView &part) {
        return !part.isAttachment && part.contentType == QLatin1String("text/html");
    });
    if (hasHtml)
        draft.html = draftHtml(view.page);
    return unpacked(*octets, view.parts, attachmentFolder).map([&](const QList<DraftAttachment> &files) {
        draft.attachments = files;
        return draft;
    });
}

Result<QList<DraftAttachment>> unpackAttachments(const MessageOctets &message, const QString &folder)
{
    return OctetsReader::open(message).and_then([&folder](const OctetsReader &source) {
        return readMessage(source).and_then(
            [&](const MessageView &view) { return unpacked(source, view.parts, folder); });
    });
}

} // namespace glasspost::mail
