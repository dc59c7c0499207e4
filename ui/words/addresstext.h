#pragma once

#include "mail/message/messageview.h"

#include <QList>
#include <QString>

namespace glasspost::ui {

/// "Alice <alice@example.org>", or the address alone. Control and direction characters are taken out, so that
/// a name cannot rearrange what is beside it.
[[nodiscard]] QString addressText(const mail::AddressView &address);
/// A list of them, separated by commas.
[[nodiscard]] QString addressListText(const QList<mail::AddressView> &addresses);
/// What is wrong with what was given for an address, and how to mend it.
[[nodiscard]] QString notAnAddressText(const QString &given);
/// One line that is safe to show: no line breaks, control or direction characters.
[[nodiscard]] QString safeLine(const QString &text);

} // namespace glasspost::ui
