#include "mail/message/deliveryhead.h"

#include "mail/base/octetsreader.h"
#include "mail/message/headerfields.h"

namespace glasspost::mail {

namespace {

constexpr qint64 mostHead = 1024 * 1024;

bool isOfDelivery(const RawField &field)
{
    return field.isNamed("Return-Path") || field.isNamed("Delivered-To")
        || field.isNamed("X-Glasspost-Parameters") || field.isNamed("X-Glasspost-Tolerated");
}

QByteArray bare(const QByteArray &path)
{
    return path.startsWith('<') && path.endsWith('>') ? path.sliced(1).chopped(1) : path;
}

} // namespace

DeliveryHead deliveryHeadOf(const QByteArray &front)
{
    DeliveryHead head;
    visitHeader(front, [&](const RawField &field) {
        // One behind a line that is no field is not on top.
        if (!isOfDelivery(field) || field.name.data() != front.constData() + head.size)
            return false;
        if (field.isNamed("Return-Path"))
            head.returnPath = bare(field.unfolded());
        else if (field.isNamed("Delivered-To"))
            head.deliveredTo.append(bare(field.unfolded()));
        const qsizetype lineEnd
            = front.indexOf('\n', field.value.data() + field.value.size() - front.constData());
        head.size = lineEnd < 0 ? front.size() : lineEnd + 1;
        return true;
    });
    return head;
}

Result<MessageOctets> withoutDeliveryHead(
    const MessageOctets &octets, const QByteArray &fields, const QString &spoolFolder)
{
    const auto reader = OctetsReader::open(octets);
    const auto front = reader.and_then([](const OctetsReader &from) { return from.read(0, mostHead); });
    if (!front)
        return tl::unexpected(front.error());
    OctetsWriter writer(spoolFolder);
    writer.write(fields);
    const OctetPieces pieces = reader->pieces(deliveryHeadOf(*front).size, reader->size());
    for (auto piece = pieces();; piece = pieces()) {
        if (!piece)
            return tl::unexpected(piece.error());
        if (piece->isEmpty())
            return writer.finish();
        writer.write(*piece);
    }
}

} // namespace glasspost::mail
