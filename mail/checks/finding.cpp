#include "mail/checks/finding.h"

#include <algorithm>
#include <iterator>

namespace glasspost::mail {

namespace {

struct FindingRow
{
    FindingKind kind;
    const char *key;
    CheckArea area;
    Severity severity;
};

constexpr FindingRow findingRows[] = {
    {FindingKind::DateMissing, "date-missing", CheckArea::Header, Severity::Error},
    {FindingKind::DateInvalid, "date-invalid", CheckArea::Header, Severity::Error},
    {FindingKind::DateFarOff, "date-far-off", CheckArea::Header, Severity::Warning},
    {FindingKind::FromMissing, "from-missing", CheckArea::Header, Severity::Error},
    {FindingKind::SenderMissing, "sender-missing", CheckArea::Header, Severity::Error},
    {FindingKind::AddressInvalid, "address-invalid", CheckArea::Header, Severity::Error},
    {FindingKind::SubjectMissing, "subject-missing", CheckArea::Header, Severity::Warning},
    {FindingKind::RecipientsMissing, "recipients-missing", CheckArea::Header, Severity::Note},
    {FindingKind::BccShown, "bcc-shown", CheckArea::Header, Severity::Warning},
    {FindingKind::MessageIdMissing, "message-id-missing", CheckArea::Header, Severity::Warning},
    {FindingKind::MessageIdInvalid, "message-id-invalid", CheckArea::Header, Severity::Warning},
    {FindingKind::FieldRepeated, "field-repeated", CheckArea::Header, Severity::Error},
    {FindingKind::FieldInvalid, "field-invalid", CheckArea::Format, Severity::Error},
    {FindingKind::LineTooLong, "line-too-long", CheckArea::Format, Severity::Error},
    {FindingKind::BareCarriageReturn, "bare-carriage-return", CheckArea::Format, Severity::Error},
    {FindingKind::NulOctet, "nul-octet", CheckArea::Format, Severity::Error},
    {FindingKind::HeaderNotAscii, "header-not-ascii", CheckArea::Format, Severity::Warning},
    {FindingKind::EncodedWordInvalid, "encoded-word-invalid", CheckArea::Format, Severity::Warning},
    {FindingKind::MimeVersionMissing, "mime-version-missing", CheckArea::Format, Severity::Error},
    {FindingKind::EncodingUnknown, "encoding-unknown", CheckArea::Format, Severity::Error},
    {FindingKind::MultipartEncoded, "multipart-encoded", CheckArea::Format, Severity::Error},
    {FindingKind::BodyNotSevenBit, "body-not-seven-bit", CheckArea::Format, Severity::Error},
    {FindingKind::CharsetMissing, "charset-missing", CheckArea::Format, Severity::Warning},
    {FindingKind::CharsetUnknown, "charset-unknown", CheckArea::Format, Severity::Warning},
    {FindingKind::QuotedPrintableInvalid, "quoted-printable-invalid", CheckArea::Format, Severity::Warning},
    {FindingKind::Base64Invalid, "base64-invalid", CheckArea::Format, Severity::Warning},
    {FindingKind::BoundaryUnclosed, "boundary-unclosed", CheckArea::Format, Severity::Error},
    {FindingKind::GmailClips, "gmail-clips", CheckArea::Size, Severity::Warning},
    {FindingKind::GmailNearlyClips, "gmail-nearly-clips", CheckArea::Size, Severity::Note},
    {FindingKind::MessageLarge, "message-large", CheckArea::Size, Severity::Warning},
    {FindingKind::UnsubscribeMissing, "unsubscribe-missing", CheckArea::List, Severity::Note},
    {FindingKind::UnsubscribeInvalid, "unsubscribe-invalid", CheckArea::List, Severity::Error},
    {FindingKind::UnsubscribeNotSecure, "unsubscribe-not-secure", CheckArea::List, Severity::Warning},
    {FindingKind::OneClickMissing, "one-click-missing", CheckArea::List, Severity::Warning},
    {FindingKind::OneClickInvalid, "one-click-invalid", CheckArea::List, Severity::Error},
    {FindingKind::OneClickWithoutHttps, "one-click-without-https", CheckArea::List, Severity::Error},
    {FindingKind::DoctypeMissing, "doctype-missing", CheckArea::Html, Severity::Note},
    {FindingKind::TagUnended, "tag-unended", CheckArea::Html, Severity::Error},
    {FindingKind::ElementUnclosed, "element-unclosed", CheckArea::Html, Severity::Warning},
    {FindingKind::EndTagStray, "end-tag-stray", CheckArea::Html, Severity::Warning},
    {FindingKind::AttributeRepeated, "attribute-repeated", CheckArea::Html, Severity::Warning},
    {FindingKind::IdRepeated, "id-repeated", CheckArea::Html, Severity::Warning},
    {FindingKind::CellOutsideTable, "cell-outside-table", CheckArea::Html, Severity::Error},
    {FindingKind::ScriptIgnored, "script-ignored", CheckArea::Html, Severity::Warning},
    {FindingKind::FeatureOftenMissing, "feature-often-missing", CheckArea::Clients, Severity::Warning},
    {FindingKind::FeatureSometimesMissing, "feature-sometimes-missing", CheckArea::Clients, Severity::Note},
    {FindingKind::AltMissing, "alt-missing", CheckArea::Accessibility, Severity::Warning},
    {FindingKind::LanguageMissing, "language-missing", CheckArea::Accessibility, Severity::Warning},
    {FindingKind::ContrastLow, "contrast-low", CheckArea::Accessibility, Severity::Warning},
    {FindingKind::LinkWithoutWords, "link-without-words", CheckArea::Accessibility, Severity::Warning},
    {FindingKind::TableRoleMissing, "table-role-missing", CheckArea::Accessibility, Severity::Note},
    {FindingKind::TextAlternativeMissing, "text-alternative-missing", CheckArea::Accessibility,
        Severity::Warning},
    {FindingKind::LinkEmpty, "link-empty", CheckArea::Links, Severity::Warning},
    {FindingKind::LinkInvalid, "link-invalid", CheckArea::Links, Severity::Error},
    {FindingKind::LinkNotSecure, "link-not-secure", CheckArea::Links, Severity::Note},
    {FindingKind::LinkPrivate, "link-private", CheckArea::Links, Severity::Warning},
    {FindingKind::LinkDisguised, "link-disguised", CheckArea::Links, Severity::Warning},
    {FindingKind::PictureMissing, "picture-missing", CheckArea::Links, Severity::Error},
    {FindingKind::PictureInvalid, "picture-invalid", CheckArea::Links, Severity::Error},
    {FindingKind::PictureNotSecure, "picture-not-secure", CheckArea::Links, Severity::Note},
    {FindingKind::PicturePrivate, "picture-private", CheckArea::Links, Severity::Warning},
    {FindingKind::SpamFound, "spam-found", CheckArea::Spam, Severity::Warning},
    {FindingKind::SpamScored, "spam-score", CheckArea::Spam, Severity::Note},
    {FindingKind::SpamRuleMet, "spam-rule", CheckArea::Spam, Severity::Note},
    {FindingKind::SpamNotAsked, "spam-not-asked", CheckArea::Spam, Severity::Warning}};

const FindingRow &rowOf(FindingKind kind)
{
    return *std::find_if(std::begin(findingRows), std::end(findingRows),
        [kind](const FindingRow &row) { return row.kind == kind; });
}

} // namespace

QString findingKey(FindingKind kind)
{
    return QString::fromLatin1(rowOf(kind).key);
}

Severity severityOf(FindingKind kind)
{
    return rowOf(kind).severity;
}

CheckArea areaOf(FindingKind kind)
{
    return rowOf(kind).area;
}

const QList<FindingKind> &allFindingKinds()
{
    static const QList<FindingKind> kinds = [] {
        QList<FindingKind> all;
        for (const FindingRow &row : findingRows)
            all += row.kind;
        return all;
    }();
    return kinds;
}

QString severityKey(Severity severity)
{
    static const QStringList keys
        = {QStringLiteral("note"), QStringLiteral("warning"), QStringLiteral("error")};
    return keys.at(int(severity));
}

QString areaKey(CheckArea area)
{
    static const QStringList keys = {QStringLiteral("header"), QStringLiteral("format"),
        QStringLiteral("size"), QStringLiteral("list"), QStringLiteral("html"), QStringLiteral("clients"),
        QStringLiteral("accessibility"), QStringLiteral("links"), QStringLiteral("spam")};
    return keys.at(int(area));
}

} // namespace glasspost::mail
