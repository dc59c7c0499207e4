#pragma once

#include <QByteArray>
#include <QList>
#include <QString>
#include <QStringList>

namespace glasspost::mail {

/// What a vCard says of one person (RFC 6350, RFC 2426, and vCard 2.1 as telephones write it). Values of a
/// stranger: plain text.
struct ContactCard
{
    QString name; ///< FN, else N in the order in which it is read
    QString organization, title;
    QStringList emails, telephones, addresses, urls;
    QString birthday; ///< as it is written
    QString note;

    friend bool operator==(const ContactCard &, const ContactCard &) = default;
};

/// Reads at most 256 KiB, 100 cards, and of each 20 values of a kind, each at most 1,000 characters. What is
/// no vCard gives none.
QList<ContactCard> readContactCards(const QByteArray &octets);

} // namespace glasspost::mail
