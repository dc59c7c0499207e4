#include "mail/message/addresslist.h"
#include "mail/message/fieldwriter.h"
#include "mail/message/invisibles.h"
#include "mail/message/messagebuilder.h"
#include "mail/message/mime.h"
#include "smtp/syntax/path.h"

namespace glasspost::mail {

AddressList parseAddressList(const QString &text)
{
    AddressList list;
    const QList<AddressEntry> entries = splitAddressList(text);
    for (const AddressEntry &entry : entries) {
        const QString address = withoutControls(entry.address);
        // A name alone may be a local one: whether it is, checkDraft asks.
        const bool isBare = !address.contains(u'@');
        const QByteArray octets
            = asciiDomainAddress(isBare ? address + QLatin1String("@localhost") : address);
        if (hidesCharacters(address))
            list.malformed += withInvisiblesShown(entry.excerpt);
        else if (entry.isMalformed || address != entry.address || !smtp::parseMailbox(octets))
            list.malformed += entry.excerpt;
        else
            list.mailboxes += AddressView{withoutControls(decodedPhrase(entry.name)).simplified(), address};
    }
    return list;
}

} // namespace glasspost::mail
