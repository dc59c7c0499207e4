#include "ui/words/addresstext.h"

#include <QCoreApplication>

namespace glasspost::ui {

namespace {

bool isUnsafe(QChar character)
{
    const char16_t code = character.unicode();
    const bool direction = (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069)
        || code == 0x200e || code == 0x200f || code == 0x061c;
    return direction || character.category() == QChar::Other_Control || code == 0x2028 || code == 0x2029;
}

} // namespace

QString safeLine(const QString &text)
{
    QString safe;
    safe.reserve(text.size());
    for (const QChar character : text) {
        if (character == QLatin1Char('\n') || character == QLatin1Char('\t'))
            safe.append(QLatin1Char(' '));
        else if (!isUnsafe(character))
            safe.append(character);
    }
    return safe;
}

QString notAnAddressText(const QString &given)
{
    return QCoreApplication::translate(
        "glasspost::ui::AddressText", "“%1” is not an e-mail address. It needs the form name@domain.")
        .arg(safeLine(given));
}

QString addressText(const mail::AddressView &address)
{
    const QString name = safeLine(address.name);
    if (name.isEmpty() || name == address.address)
        return safeLine(address.address);
    return QStringLiteral("%1 <%2>").arg(name, safeLine(address.address));
}

QString addressListText(const QList<mail::AddressView> &addresses)
{
    QStringList texts;
    for (const mail::AddressView &address : addresses)
        texts.append(addressText(address));
    return texts.join(QStringLiteral(", "));
}

} // namespace glasspost::ui
