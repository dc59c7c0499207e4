#pragma once

#include <QHash>
#include <QList>
#include <QString>

namespace glasspost::ui {

/// Takes mail addresses out of texts that leave this computer: each becomes "address-1@its.domain", the same
/// one the same word in all texts, so that what was said can still be followed.
class AddressMask
{
public:
    enum class Addresses { Masked, Shown };

    /// The known ones, "bob@example.org", are found by their local part alone, too: servers say "no user
    /// bob".
    AddressMask(Addresses addresses, const QList<QString> &known);

    [[nodiscard]] QString operator()(const QString &text);

private:
    [[nodiscard]] QString wordFor(const QString &address);

    Addresses m_addresses;
    QHash<QString, int> m_numbers; ///< by the address in small letters
    QHash<QString, QString> m_words; ///< for local parts in small letters
};

} // namespace glasspost::ui
