// The mbox reader against any octets, and against what the writer makes of them.
#include "mail/message/messagereader.h"
#include "mail/transfer/mboxwriter.h"
#include "tests/fuzz/target.h"

namespace glasspost::fuzz {

using namespace glasspost::mail;

namespace {

QList<CarriedMessage> readInPieces(QByteArrayView input, qsizetype size, qint64 longest)
{
    MboxReader reader(longest);
    QList<CarriedMessage> messages;
    for (Choices left(input); !left.isEmpty();)
        messages += reader.feed(left.take(size));
    return messages + reader.finish();
}

} // namespace

// However an mbox is cut, the same messages come out, and none is longer than allowed; what the writer made
// of a message comes back as it was, flags and all.
void mbox(QByteArrayView input)
{
    constexpr qint64 longest = 512;
    const QList<CarriedMessage> whole = readInPieces(input, qMax<qsizetype>(1, input.size()), longest);
    demand(whole == readInPieces(input, 1, longest), "octet by octet, the same messages");
    for (const CarriedMessage &message : whole)
        demand(message.octets.size() <= longest, "no message is longer than allowed");

    QByteArray text = input.toByteArray();
    if (!text.endsWith('\n'))
        text += '\n';
    text.replace("\r", ""); // a Maildir's messages hold none, and an mbox's line ends are its own
    // Fields of these names would be taken for the file's own.
    if (!looksLikeMessage(text) || text.toLower().contains("status"))
        return;
    const CarriedMessage carried{text, MessageFlag::Seen | MessageFlag::Flagged};
    const QByteArray file = mboxEntry(carried, "alice@example.org", 1) + mboxEntry(carried, {}, 2);
    const QList<CarriedMessage> back = readInPieces(file, 7, 1 << 20);
    demand(back == QList<CarriedMessage>({carried, carried}), "what was written is read back");
}

} // namespace glasspost::fuzz
