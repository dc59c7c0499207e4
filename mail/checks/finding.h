#pragma once

#include <QList>
#include <QString>
#include <QStringList>

namespace glasspost::mail {

/// How much a finding matters to whoever sends the message.
enum class Severity {
    Note, ///< good to know
    Warning, ///< some readers, clients or servers will have trouble with it
    Error ///< against a standard, or broken for everybody
};

/// What a check looks at.
enum class CheckArea { Header, Format, Size, List, Html, Clients, Accessibility, Links, Spam };

/// What was found. The numbers pass between two starts of the program by their keys (findingKey()) alone.
enum class FindingKind {
    // Header: RFC 5322 3.6
    DateMissing,
    DateInvalid,
    DateFarOff, ///< facts: seconds between the field and the arrival, below 0 for a date in the future
    FromMissing,
    SenderMissing, ///< several authors, and none of them is named as the sender
    AddressInvalid, ///< facts: field, what is no address
    SubjectMissing,
    RecipientsMissing,
    BccShown,
    MessageIdMissing,
    MessageIdInvalid, ///< facts: the field's value
    FieldRepeated, ///< facts: field, how often
    // Format: RFC 5322, RFC 2045 to 2047
    FieldInvalid, ///< facts: the line
    LineTooLong, ///< facts: octets of the longest, how many lines
    BareCarriageReturn,
    NulOctet,
    HeaderNotAscii, ///< facts: field
    EncodedWordInvalid, ///< facts: the word
    MimeVersionMissing,
    EncodingUnknown, ///< facts: encoding
    MultipartEncoded, ///< facts: encoding
    BodyNotSevenBit, ///< facts: encoding that was named
    CharsetMissing,
    CharsetUnknown, ///< facts: charset
    QuotedPrintableInvalid, ///< facts: the line
    Base64Invalid, ///< facts: the line
    BoundaryUnclosed,
    // Size
    GmailClips, ///< facts: octets of HTML, octets at which Gmail clips
    GmailNearlyClips, ///< the same
    MessageLarge, ///< facts: octets
    // List: RFC 2369, RFC 8058
    UnsubscribeMissing,
    UnsubscribeInvalid, ///< facts: the field's value
    UnsubscribeNotSecure, ///< no mailto and no https among its targets
    OneClickMissing,
    OneClickInvalid, ///< facts: the field's value
    OneClickWithoutHttps,
    // Html
    DoctypeMissing,
    TagUnended, ///< facts: element; empty of a comment
    ElementUnclosed, ///< facts: element
    EndTagStray, ///< facts: element
    AttributeRepeated, ///< facts: element, attribute
    IdRepeated, ///< facts: id
    CellOutsideTable, ///< facts: element
    ScriptIgnored,
    // Clients: facts: feature, clients without it, of how many, their names; then of those with it in part
    FeatureOftenMissing, ///< at least a third of the clients do not have it
    FeatureSometimesMissing,
    // Accessibility: WCAG 2.1
    AltMissing, ///< facts: the picture
    LanguageMissing,
    ContrastLow, ///< facts: ratio, ratio that is asked for, text color, background color, words
    LinkWithoutWords, ///< facts: target
    TableRoleMissing, ///< facts: how many
    TextAlternativeMissing,
    // Links and pictures
    LinkEmpty,
    LinkInvalid, ///< facts: target
    LinkNotSecure, ///< facts: target
    LinkPrivate, ///< facts: target
    LinkDisguised, ///< facts: target, server that the words name
    PictureMissing, ///< facts: Content-ID
    PictureInvalid, ///< facts: address
    PictureNotSecure, ///< facts: address
    PicturePrivate, ///< facts: address
    // Spam: what a spamd says (spamcheck.h)
    SpamFound, ///< facts: score, from which score on a message is spam
    SpamScored, ///< the same of what is no spam
    SpamRuleMet, ///< facts: rule, its score (empty where the daemon does not say it), the daemon's words
    SpamNotAsked ///< facts: why
};

struct Finding
{
    FindingKind kind;
    QStringList facts; ///< what its reason names, as listed above; from the message, so plain text
    int part = -1; ///< index of MessageView::parts; -1: the message's header, or all of it
    qint64 line = 0; ///< of the message as it lies, from 1; 0: no line of it more than others
    qint64 partLine = 0; ///< of the part's text, decoded; 0: as line

    friend bool operator==(const Finding &, const Finding &) = default;
};

/// A link or a picture of a message, at the first place where it is.
struct Reference
{
    enum class Kind { Link, Picture, StyleSheet };
    Kind kind = Kind::Link;
    QString target; ///< as written, entities decoded
    QString words; ///< of a link; the alt text of a picture
    int part = -1;
    qint64 line = 0, partLine = 0; ///< as in Finding

    friend bool operator==(const Reference &, const Reference &) = default;
};

/// "date-missing": what the command line and JSON call it. Does not change.
QString findingKey(FindingKind kind);
Severity severityOf(FindingKind kind);
CheckArea areaOf(FindingKind kind);
const QList<FindingKind> &allFindingKinds();
QString severityKey(Severity severity); ///< "note", "warning", "error"
QString areaKey(CheckArea area); ///< "header", "format" ...

} // namespace glasspost::mail
