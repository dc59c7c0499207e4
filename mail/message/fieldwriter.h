#pragma once

#include "mail/message/messageview.h"

#include <QByteArray>
#include <QList>
#include <QString>

namespace glasspost::mail {

/// Header fields made from anything a person typed. Each is one field that ends in LF, folded at 78 octets
/// where it can be (RFC 5322 2.1.1), in ASCII by RFC 2047 words. Line ends, NUL and other controls become
/// blanks, so no text can begin another field (F6).
QByteArray textField(const QByteArray &name, const QString &text);
/// addresses must have been checked: parseAddressList.
QByteArray addressField(const QByteArray &name, const QList<AddressView> &addresses);
QByteArray messageIdField(const QByteArray &name, const QList<QByteArray> &ids);

/// The text without controls, on one line, blanks kept.
QString withoutControls(const QString &text);
/// The domain by A-labels where that can be had (RFC 5891); the local-part stays.
QByteArray asciiDomainAddress(const QString &address);
/// "name <address>" as a person would type it, the name in quotes where it must be.
QString typedAddress(const AddressView &address);

} // namespace glasspost::mail
