#pragma once

#include "mail/message/messageview.h"

#include <QUrl>

#include <functional>

class QMenu;

namespace glasspost::ui {

/// What is done with an address besides copying it.
struct AddressHandlers
{
    std::function<void(const QUrl &mailto)> write;
    std::function<void(const QString &query)> find;
};

/// The rows for one address: copy it, alone or with its name; write to it; find the mail from it and to it.
void addAddressActions(QMenu &menu, const mail::AddressView &address, const AddressHandlers &handlers);

[[nodiscard]] QUrl mailtoOf(const QString &address);
/// A search for the mail whose field ("from", "to") has the address.
[[nodiscard]] QString queryFor(QLatin1String field, const QString &address);

} // namespace glasspost::ui
