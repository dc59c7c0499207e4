// The mbox reader against any octets, and against what the writer makes of them.
#include "mail/message/messagereader.h"
#include "mail/transfer/mboxwriter.h"
#include "tests/fuzz/target.h"

namespace glasspost::fuzz {

using namespace glasspost::mail;

namespace {

QList<CarriedMessage> readInPieces(QByteArrayView input, qsizetype size)
{
    MboxReader reader;
    QList<CarriedMessage> messages;
    for (Choices left(input); !left.isEmpty();)
        messages += reader.feed(left.take(size)).value();
    return messages + reader.finish().value();
}

QByteArray mboxEntry(const CarriedMessage &message, const QByteArray &sender, qint64 date)
{
    QByteArray entry;
    (void)writeMboxEntry(message, sender, date, [&entry](QByteArrayView octets) { entry += octets; });
    return entry;
}

} // namespace

// However an mbox is cut, the same messages come out; what the writer made of a message comes back as it was,
// flags and all.
void mbox(QByteArrayView input)
{
    const QList<CarriedMessage> whole = readInPieces(input, qMax<qsizetype>(1, input.size()));
    demand(whole == readInPieces(input, 1), "octet by octet, the same messages");

    QByteArray text = input.toByteArray();
    if (!text.endsWith('\n'))
        text += '\n';
    text.replace("\r", ""); // a Maildir's messages hold none, and an mbox's line ends are its own
    // Fields of these names would be taken for the file's own.
    if (!looksLikeMessage(text) || text.startsWith("From ") || text.toLower().contains("status")
        || text.toLower().contains("x-gmail-labels"))
        return;
    const CarriedMessage carried{text, MessageFlag::Seen | MessageFlag::Flagged};
    const QByteArray file = mboxEntry(carried, "alice@example.org", 1) + mboxEntry(carried, {}, 2);
    const QList<CarriedMessage> back = readInPieces(file, 7);
    demand(back == QList<CarriedMessage>({carried, carried}), "what was written is read back");
}

} // namespace glasspost::fuzz
