#include "mail/message/messagereader.h"

#include "mail/message/addresslist.h"
#include "mail/message/charsets.h"
#include "mail/message/deceivingnames.h"
#include "mail/message/headerfields.h"
#include "mail/message/parttree.h"
#include "mail/message/protection.h"
#include "mail/message/receivedfacts.h"
#include "mail/message/shownparts.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <optional>

namespace glasspost::mail {

namespace {

constexpr qsizetype mostSource = 8 * 1024 * 1024; // octets that a MessageView carries
constexpr qsizetype mostText = 4 * 1024 * 1024; // octets of text that are shown
constexpr qsizetype mostIndexed = 256 * 1024; // octets of words that the index keeps
constexpr int mostAddresses = 10000; // of one kind
constexpr qsizetype mostListed = 1000; // characters of a name or address, or of a subject in a list
constexpr qsizetype mostIndexedReferences = 100; // ids that the index keeps
constexpr qsizetype mostFieldText = 64 * 1024; // octets of one field decoded for showing

/// One line without controls: what a name, subject or address may show (F24, F25). Of the marks upon one
/// letter 32 stay: laying them out costs the square of their number.
QString shownLine(QString text)
{
    int marks = 0;
    text.removeIf([&marks](QChar c) {
        marks = c.isMark() ? marks + 1 : 0;
        return marks > 32;
    });
    for (QChar &c : text)
        if (c.category() == QChar::Other_Control || c == QChar::LineSeparator
            || c == QChar::ParagraphSeparator)
            c = u' ';
    return text.simplified();
}

/// At most so many code units, the last one not half of a character.
void cut(QString &text, qsizetype most)
{
    text.truncate(most);
    if (!text.isEmpty() && text.back().isHighSurrogate())
        text.chop(1);
}

QString fieldText(const RawField &field)
{
    return shownLine(decodedText(field.unfolded().left(mostFieldText)));
}

QString firstText(const RawHeader &header, QByteArrayView name)
{
    const RawField *field = header.first(name);
    return field ? fieldText(*field) : QString();
}

/// Every entry of every field of that name.
QList<AddressEntry> entries(const RawHeader &header, QByteArrayView name)
{
    QList<AddressEntry> result;
    for (const RawField &field : header.fields) {
        if (!field.isNamed(name) || result.size() >= mostAddresses)
            continue;
        result += splitAddressList(decodedCharset(field.unfolded(), {}), mostAddresses - int(result.size()));
    }
    return result;
}

AddressView addressView(const AddressEntry &entry)
{
    const QString name = entry.nameWasQuoted && !entry.name.startsWith(QLatin1String("=?"))
        ? entry.name
        : decodedPhrase(entry.name);
    AddressView view = {shownLine(name), shownLine(entry.address)};
    const bool isNameAlone
        = view.name.isEmpty() && view.address.contains(u' ') && !view.address.contains(u'@');
    if (isNameAlone)
        view.name.swap(view.address);
    cut(view.name, mostListed);
    cut(view.address, mostListed);
    return view;
}

QList<AddressView> addresses(const QList<AddressEntry> &list)
{
    QList<AddressView> result;
    for (const AddressEntry &entry : list)
        result += addressView(entry);
    return result;
}

QList<AddressView> addresses(const RawHeader &header, QByteArrayView name)
{
    return addresses(entries(header, name));
}

/// Message identifiers in angle brackets, or the bare word where somebody left them off.
QList<QByteArray> messageIds(const QByteArray &value)
{
    QList<QByteArray> ids;
    qsizetype at = 0;
    while ((at = value.indexOf('<', at)) >= 0 && ids.size() < 1000) {
        const qsizetype end = value.indexOf('>', at);
        if (end < 0)
            break;
        const QByteArray id = value.mid(at + 1, end - at - 1).simplified().replace(' ', "");
        if (!id.isEmpty())
            ids += id;
        at = end + 1;
    }
    if (ids.isEmpty() && !value.isEmpty() && !value.contains(' ') && !value.contains('<'))
        ids += value;
    return ids;
}

QByteArray firstMessageId(const RawHeader &header, QByteArrayView name)
{
    const QList<QByteArray> ids = messageIds(header.value(name).left(8192));
    return ids.isEmpty() ? QByteArray() : ids.constFirst();
}

QByteArray withoutBrackets(QByteArray path)
{
    path = path.trimmed();
    return path.startsWith('<') && path.endsWith('>') ? path.mid(1, path.size() - 2) : path;
}

QString partType(GMimeObject *object)
{
    const GString8 type(g_mime_content_type_get_mime_type(g_mime_object_get_content_type(object)));
    return shownLine(QString::fromUtf8(type.get())).toLower().left(200);
}

PartView partView(const PartTree &tree, int index, const ShownParts &shown)
{
    const PartTree::Node &node = tree.nodes().at(index);
    PartView view;
    view.index = index;
    view.depth = node.depth;
    view.contentType = partType(node.object);
    view.charset = QString::fromLatin1(charsetOf(node.object));
    view.fileName = fileNameOf(node.object);
    view.isAttachment = shown.isAttachment(index);
    view.size = tree.size(index);
    return view;
}

QStringList fromWarnings(const RawHeader &header, const QList<AddressEntry> &from)
{
    QStringList warnings;
    const auto fields = std::count_if(header.fields.cbegin(), header.fields.cend(),
        [](const RawField &field) { return field.isNamed("From"); });
    if (fields > 1 || from.size() > 1)
        warnings += QStringLiteral("several-from");
    const QByteArray value = header.value("From");
    const bool isEmptyGroup = from.isEmpty() && value.contains(':') && value.contains(';');
    if (isEmptyGroup
        || std::any_of(from.cbegin(), from.cend(), [](const auto &entry) { return entry.inGroup; }))
        warnings += QStringLiteral("group-from");
    if (std::any_of(from.cbegin(), from.cend(), [](const AddressEntry &entry) {
            return deceitOf(addressView(entry)).reasons.testFlag(Deceit::AddressInName);
        }))
        warnings += QStringLiteral("name-looks-like-address");
    return warnings;
}

void readHeaderInto(MessageView &view, const RawHeader &header)
{
    const QList<AddressEntry> from = entries(header, "From");
    view.from = addresses(from);
    view.to = addresses(header, "To");
    view.cc = addresses(header, "Cc");
    view.replyTo = addresses(header, "Reply-To");
    view.warnings = fromWarnings(header, from);
    view.subject = firstText(header, "Subject");
    view.date = decodedDate(header.value("Date"));
    view.messageIdField = firstMessageId(header, "Message-ID");
    view.inReplyTo = firstMessageId(header, "In-Reply-To");
    view.references = messageIds(header.value("References").left(mostFieldText));
    view.sessionId = sessionIdOf(view.source);
    view.returnPath = withoutBrackets(header.value("Return-Path"));
    view.route = receivedRoute(header);
    view.verdicts = authenticationVerdicts(header);
    view.unsubscribe = listUnsubscribe(header);
    bool isOurs = true; // the trace on top of the message
    for (const RawField &field : header.fields) {
        view.header.append({QString::fromLatin1(field.name), fieldText(field)});
        isOurs = isOurs && !field.isNamed("Received");
        if (isOurs && field.isNamed("X-Glasspost-Tolerated"))
            view.tolerated += field.unfolded();
        if (isOurs && field.isNamed("X-Glasspost-Parameters"))
            view.parameters += field.unfolded();
        if (field.isNamed("Delivered-To"))
            view.deliveredTo += field.unfolded();
    }
}

QString joined(const QList<AddressView> &list, qsizetype limit)
{
    QString result;
    for (const AddressView &address : list) {
        if (result.size() > limit)
            break;
        result += address.name.isEmpty() ? address.address : address.name + u' ' + address.address;
        result += u' ';
    }
    return result;
}

QString shortNames(const QList<AddressView> &list)
{
    static constexpr int shown = 5;
    QStringList names;
    for (const AddressView &address : list.mid(0, shown))
        names += address.name.isEmpty() ? address.address : address.name;
    return names.join(QLatin1String(", "));
}

/// A message that says nothing of its content is one text (RFC 2045 5.2), and needs no parser, which takes
/// half of the time that indexing a short one does.
bool isOneText(const RawHeader &header)
{
    return std::none_of(header.fields.cbegin(), header.fields.cend(), [](const RawField &field) {
        return field.name.size() > 8 && qstrnicmp(field.name.data(), 8, "content-", 8) == 0;
    });
}

/// Whether more was there than a list of addresses may hold.
bool hasFullList(const MessageView &view)
{
    const QList<AddressView> *lists[] = {&view.from, &view.to, &view.cc, &view.replyTo};
    return std::any_of(std::begin(lists), std::end(lists),
        [](const QList<AddressView> *list) { return list->size() >= mostAddresses; });
}

Result<MessageView> readWith(const OctetsReader &source, Interruption interruption)
{
    const Result<QByteArray> front = source.read(0, mostSource);
    const Result<PartTree> tree
        = front.and_then([&](const QByteArray &) { return PartTree::readWith(source, interruption); });
    if (!tree)
        return tl::unexpected(tree.error());
    MessageView view;
    view.source = *front;
    view.sourceSize = source.size();
    const RawHeader header = readHeader(view.source);
    readHeaderInto(view, header);
    const ShownParts shown(*tree, mostText);
    for (int i = 0; i < tree->nodes().size(); ++i)
        view.parts += partView(*tree, i, shown);
    view.text = shown.text();
    view.page = shown.page();
    view.report = statusReportOf(*tree);
    view.receipt = mdnOf(*tree);
    readProtectionInto(view, *tree);
    if (shown.isCut() || header.fields.size() >= mostFields || hasFullList(view))
        view.warnings += QStringLiteral("truncated");
    if (tree->failure())
        return tl::unexpected(*tree->failure());
    return view;
}

} // namespace

Result<MessageView> readMessage(const OctetsReader &source)
{
    return readWith(source, Interruption::Obeyed);
}

MessageView readMessage(const QByteArray &source)
{
    return readWith(OctetsReader(source), Interruption::Ignored).value();
}

Result<HtmlPage> readHtmlPage(const OctetsReader &source, ColorScheme scheme)
{
    const Result<PartTree> tree = PartTree::readWith(source, Interruption::Obeyed);
    if (!tree)
        return tl::unexpected(tree.error());
    const HtmlPage page = ShownParts(*tree, mostText).page(scheme);
    if (tree->failure())
        return tl::unexpected(*tree->failure());
    return page;
}

IndexFields readIndexFields(const QByteArray &source)
{
    const RawHeader header = readHeader(source);
    IndexFields fields;
    const QList<AddressView> from = addresses(header, "From");
    if (!from.isEmpty()) {
        fields.fromAddress = from.constFirst().address;
        fields.fromName = (from.constFirst().name.isEmpty() ? fields.fromAddress : from.constFirst().name)
                              .left(mostListed);
    }
    const QList<AddressView> to = addresses(header, "To"), cc = addresses(header, "Cc");
    fields.to = shortNames(to.isEmpty() ? cc : to).left(mostListed);
    fields.senders = joined(from, mostFieldText);
    fields.recipients = joined(to, mostFieldText);
    fields.cc = joined(cc, mostFieldText);
    fields.bcc = joined(addresses(header, "Bcc"), mostFieldText);
    fields.list = firstText(header, "List-Id");
    fields.subject = firstText(header, "Subject").left(mostListed);
    fields.date = decodedDate(header.value("Date"));
    fields.messageIdField = firstMessageId(header, "Message-ID");
    // "Your message to <ann@example.org>", RFC 822's free words: what stands in brackets there may be
    // anything.
    const QByteArray inReplyTo = header.value("In-Reply-To").trimmed();
    if (inReplyTo.startsWith('<') || !inReplyTo.contains('<'))
        fields.inReplyTo = firstMessageId(header, "In-Reply-To");
    const QList<QByteArray> references = messageIds(header.value("References").left(mostFieldText));
    fields.references
        = references.mid(std::max<qsizetype>(0, references.size() - mostIndexedReferences)).join(' ');
    if (isOneText(header)) {
        const QByteArray body = source.mid(header.bodyOffset, mostIndexed * 2);
        fields.body = decodedCharset(body, {}, body.size() < mostIndexed * 2 ? Extent::Whole : Extent::Cut);
        fields.body.replace(QLatin1String("\r\n"), QLatin1String("\n")).remove(QChar(u'\0'));
    } else {
        const PartTree tree = PartTree::read(OctetsReader(source)).value();
        const ShownParts shown(tree, mostIndexed * 2);
        for (int i = 0; i < tree.nodes().size() && !fields.hasAttachments; ++i)
            fields.hasAttachments = shown.isAttachment(i);
        fields.body = shown.words(mostIndexed);
        fields.fileNames = shown.fileNames(mostFieldText);
    }
    cut(fields.body, mostIndexed);
    while (fields.body.toUtf8().size() > mostIndexed)
        cut(fields.body, fields.body.size() * 3 / 4);
    return fields;
}

Result<MessageView> readAttachedMessage(const OctetsReader &source, int partIndex)
{
    const Result<PartTree> tree = PartTree::read(source);
    if (!tree)
        return tl::unexpected(tree.error());
    const PartTree::Node node = tree->nodes().value(partIndex);
    if (!node.object || !GMIME_IS_MESSAGE_PART(node.object))
        return tl::unexpected(Error{ErrorCode::NotFound, QString::number(partIndex), {}});
    Result<MessageView> view = readMessage(source.within(node.place.body.begin, node.place.body.end));
    if (!view)
        return view;
    view->isAttached = true;
    // Its parts follow it in the depth-first order of the message that it lies in.
    for (PartView &part : view->parts)
        part.index += partIndex + 1;
    return view;
}

Result<QByteArray> readPart(const QByteArray &source, int partIndex)
{
    const PartTree tree = PartTree::read(OctetsReader(source)).value();
    return tree.pieces(partIndex).map(
        [&](const OctetPieces &) { return tree.content(partIndex, std::numeric_limits<qint64>::max()); });
}

bool looksLikeMessage(const QByteArray &source)
{
    // RFC 5322 2.1: a header field comes first; an mbox "From " line may stand before it.
    const qsizetype skipped = source.startsWith("From ") ? source.indexOf('\n') + 1 : 0;
    const QByteArrayView view = QByteArrayView(source).sliced(skipped);
    std::optional<RawField> field;
    visitHeader(view, [&field](const RawField &first) {
        field = first;
        return false;
    });
    return field && field->name.data() == view.data();
}

} // namespace glasspost::mail
