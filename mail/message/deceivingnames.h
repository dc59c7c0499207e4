#pragma once

#include "mail/message/messageview.h"

#include <QFlags>
#include <QString>

namespace glasspost::mail {

/// Why a name may be taken for what it is not.
enum class Deceit : quint8 {
    AddressInName = 1, ///< the display name holds another address than the real one
    HiddenCharacters = 2, ///< zero-width characters, soft hyphens
    TurnedDirection = 4, ///< bidirectional controls: "exe.fdp" is shown as "pdf.exe" and the other way round
    LookAlikeDomain = 8, ///< letters of several scripts in one label, or of another one that look like Latin
    DoubleEnding = 16, ///< "invoice.pdf.exe": a document's ending before a program's
    FarEnding = 32 ///< blanks push the ending out of sight
};
Q_DECLARE_FLAGS(Deceits, Deceit)
Q_DECLARE_OPERATORS_FOR_FLAGS(Deceits)

struct AddressDeceit
{
    Deceits reasons;
    QString claimed; ///< the address that the display name holds
    QString asciiDomain; ///< the real domain as the mail system has it, in A-labels (RFC 5890 2.3.2.1); empty
                         ///< unless it holds letters past ASCII

    friend bool operator==(const AddressDeceit &, const AddressDeceit &) = default;
};

/// Of the first 1,000 characters of name and address.
[[nodiscard]] AddressDeceit deceitOf(const AddressView &address);
/// Of an attachment's name as it was sent.
[[nodiscard]] Deceits fileNameDeceit(const QString &fileName);
/// Whether a file of that name or type is something that a system would run rather than show: programs,
/// scripts, shortcuts, installers, documents that carry macros, and pages that a browser runs.
[[nodiscard]] bool mayRun(const QString &fileName, const QString &contentType);

} // namespace glasspost::mail
