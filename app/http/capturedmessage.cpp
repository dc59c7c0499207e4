#include "app/http/capturedmessage.h"

#include "mail/message/messagebuilder.h"
#include "mail/message/messagereader.h"
#include "mail/message/parttree.h"
#include "mail/message/shownparts.h"

#include <QCryptographicHash>
#include <QRegularExpression>

#include <algorithm>

namespace glasspost::app {

namespace {

constexpr qint64 mostHtml = 8 * 1024 * 1024; // octets

bool isIn(const QList<mail::AddressView> &list, const QString &address)
{
    return std::any_of(list.begin(), list.end(), [&address](const mail::AddressView &one) {
        return one.address.compare(address, Qt::CaseInsensitive) == 0;
    });
}

QList<mail::AddressView> bccOf(const mail::MessageView &view, const mail::RawHeader &header)
{
    const QByteArray field = header.value("Bcc");
    QList<mail::AddressView> bcc = mail::parseAddressList(mail::decodedText(field)).mailboxes;
    for (const QByteArray &recipient : view.deliveredTo) {
        const QString address = QString::fromUtf8(recipient);
        if (!isIn(view.to, address) && !isIn(view.cc, address) && !isIn(bcc, address))
            bcc.append({{}, address});
    }
    return bcc;
}

/// Our own trace says who signed in.
QString userOf(const mail::RawHeader &header)
{
    static const QRegularExpression sender(
        QStringLiteral("\\(Authenticated sender: ([^,)]+)(, not checked)?\\)"));
    return sender.match(QString::fromUtf8(header.value("Received"))).captured(1);
}

void hash(const mail::PartTree &tree, AttachedPart &part)
{
    QCryptographicHash md5(QCryptographicHash::Md5), sha1(QCryptographicHash::Sha1),
        sha256(QCryptographicHash::Sha256);
    const auto pieces = tree.pieces(part.index);
    for (auto piece = pieces ? (*pieces)() : mail::Result<QByteArray>(); piece && !piece->isEmpty();
         piece = (*pieces)()) {
        for (QCryptographicHash *one : {&md5, &sha1, &sha256})
            one->addData(*piece);
    }
    part.md5 = md5.result().toHex();
    part.sha1 = sha1.result().toHex();
    part.sha256 = sha256.result().toHex();
}

AttachedPart attachedPart(const mail::PartView &view, GMimeObject *object)
{
    AttachedPart part;
    part.index = view.index;
    part.contentId = QString::fromUtf8(g_mime_object_get_content_id(object));
    part.fileName = view.fileName.isEmpty() ? part.contentId : view.fileName;
    part.contentType = view.contentType;
    part.size = view.size;
    const char *disposition = g_mime_object_get_disposition(object);
    part.isInline = disposition ? qstricmp(disposition, "inline") == 0 : !part.contentId.isEmpty();
    return part;
}

void readParts(CapturedMessage &message, const mail::PartTree &tree, Hashes hashes)
{
    for (const mail::PartView &view : message.view.parts) {
        const mail::PartTree::Node &node = tree.nodes().at(view.index);
        if (node.messages > 0 || GMIME_IS_MULTIPART(node.object))
            continue;
        const bool isText = view.contentType.startsWith(u"text/") && !view.isAttachment;
        if (isText) {
            if (message.html.isEmpty() && view.contentType == u"text/html")
                message.html = mail::textOfPart(node.object, tree.content(view.index, mostHtml),
                    view.size > mostHtml ? mail::Extent::Cut : mail::Extent::Whole);
            continue;
        }
        AttachedPart part = attachedPart(view, node.object);
        if (part.fileName.isEmpty())
            continue; // no name and no id: nothing refers to it
        if (hashes == Hashes::Made)
            hash(tree, part);
        message.attached += part;
    }
}

} // namespace

mail::Result<CapturedMessage> readCaptured(const mail::MessageOctets &octets, Hashes hashes)
{
    const auto reader = mail::OctetsReader::open(octets);
    auto view = reader.and_then([](const mail::OctetsReader &source) { return mail::readMessage(source); });
    if (!view)
        return tl::unexpected(view.error());
    const auto tree = mail::PartTree::read(*reader);
    if (!tree)
        return tl::unexpected(tree.error());
    CapturedMessage message;
    const mail::RawHeader header = mail::readHeader(view->source);
    message.header = view->source.left(header.bodyOffset);
    message.bcc = bccOf(*view, header);
    message.user = userOf(header);
    view->source.clear();
    message.view = std::move(*view);
    readParts(message, *tree, hashes);
    if (tree->failure())
        return tl::unexpected(*tree->failure());
    return message;
}

} // namespace glasspost::app
