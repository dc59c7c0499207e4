#include "mail/message/partdetails.h"

#include "mail/message/parttree.h"
#include "mail/message/shownparts.h"

#include <QCryptographicHash>

namespace glasspost::mail {

namespace {

constexpr qint64 mostHeader = 64 * 1024;
constexpr qint64 mostBody = 1024 * 1024;

} // namespace

Result<QByteArray> readPart(const OctetsReader &message, int partIndex, qint64 limit)
{
    const Result<PartTree> tree = PartTree::read(message);
    if (!tree)
        return tl::unexpected(tree.error());
    return tree->pieces(partIndex).and_then([&](const OctetPieces &) -> Result<QByteArray> {
        const QByteArray octets = tree->content(partIndex, limit);
        if (tree->failure())
            return tl::unexpected(*tree->failure());
        return octets;
    });
}

Result<PartDetails> readPartDetails(const OctetsReader &message, int partIndex)
{
    const Result<PartTree> tree = PartTree::read(message);
    const Result<OctetPieces> pieces
        = tree.and_then([partIndex](const PartTree &parts) { return parts.pieces(partIndex); });
    if (!pieces)
        return tl::unexpected(pieces.error());
    const PartTree::Node &node = tree->nodes().at(partIndex);
    PartDetails details;
    details.header = tree->header(partIndex, mostHeader);
    details.raw = tree->raw(partIndex, mostBody);
    details.rawSize = node.place.body.end - node.place.body.begin;
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (;;) {
        const Result<QByteArray> piece = (*pieces)();
        if (!piece)
            return tl::unexpected(piece.error());
        if (piece->isEmpty())
            break;
        hash.addData(*piece);
        details.size += piece->size();
        details.decoded += piece->left(mostBody - details.decoded.size());
    }
    details.sha256 = hash.result();
    details.text = textOfPart(
        node.object, details.decoded, details.decoded.size() < details.size ? Extent::Cut : Extent::Whole);
    if (tree->failure())
        return tl::unexpected(*tree->failure());
    return details;
}

} // namespace glasspost::mail
