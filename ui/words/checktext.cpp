#include "ui/words/checktext.h"

#include "ui/words/format.h"

#include <QCoreApplication>

#include <algorithm>
#include <cstdlib>
#include <iterator>

namespace glasspost::ui {

namespace {

struct CheckText
{
    Q_DECLARE_TR_FUNCTIONS(glasspost::ui::CheckText)
};

using mail::FindingKind;

/// %1, %2 and so on are the finding's facts.
struct ReasonRow
{
    FindingKind kind;
    const char *words;
};

constexpr ReasonRow reasonRows[] = {
    {FindingKind::DateMissing,
        QT_TRANSLATE_NOOP("glasspost::ui::CheckText",
            "There is no Date field, which every message must have (RFC 5322 3.6).")},
    {FindingKind::DateInvalid,
        QT_TRANSLATE_NOOP(
            "glasspost::ui::CheckText", "The Date field is not a valid date (RFC 5322 3.3): %1")},
    {FindingKind::FromMissing,
        QT_TRANSLATE_NOOP("glasspost::ui::CheckText",
            "There is no From field, which every message must have (RFC 5322 3.6).")},
    {FindingKind::SenderMissing,
        QT_TRANSLATE_NOOP("glasspost::ui::CheckText",
            "From names several authors, and no Sender field says which of them sent it (RFC 5322 3.6.2).")},
    {FindingKind::AddressInvalid,
        QT_TRANSLATE_NOOP(
            "glasspost::ui::CheckText", "The %1 field contains what is not a valid address: %2")},
    {FindingKind::SubjectMissing,
        QT_TRANSLATE_NOOP("glasspost::ui::CheckText", "The message has no subject.")},
    {FindingKind::RecipientsMissing,
        QT_TRANSLATE_NOOP("glasspost::ui::CheckText",
            "Neither To nor Cc names a recipient: spam filters count that against a message.")},
    {FindingKind::BccShown,
        QT_TRANSLATE_NOOP(
            "glasspost::ui::CheckText", "The Bcc field was sent along: every recipient can read it.")},
    {FindingKind::MessageIdMissing,
        QT_TRANSLATE_NOOP("glasspost::ui::CheckText",
            "There is no Message-ID field: replies cannot refer to the message (RFC 5322 3.6.4).")},
    {FindingKind::MessageIdInvalid,
        QT_TRANSLATE_NOOP("glasspost::ui::CheckText",
            "The Message-ID is not of the form <name@domain> (RFC 5322 3.6.4): %1")},
    {FindingKind::FieldRepeated,
        QT_TRANSLATE_NOOP("glasspost::ui::CheckText",
            "The %1 field may occur once and is in the header %2 times (RFC 5322 3.6).")},
    {FindingKind::FieldInvalid,
        QT_TRANSLATE_NOOP(
            "glasspost::ui::CheckText", "This line of the header is not a field (RFC 5322 2.2): %1")},
    {FindingKind::LineTooLong,
        QT_TRANSLATE_NOOP("glasspost::ui::CheckText",
            "The longest line has %1 octets, of 998 that are allowed (RFC 5322 2.1.1). Lines that are too "
            "long: %2")},
    {FindingKind::BareCarriageReturn,
        QT_TRANSLATE_NOOP(
            "glasspost::ui::CheckText", "A carriage return is here without a line feed (RFC 5322 2.3).")},
    {FindingKind::NulOctet,
        QT_TRANSLATE_NOOP("glasspost::ui::CheckText",
            "A NUL octet is here: servers refuse it or end the message at it (RFC 5322 4).")},
    {FindingKind::HeaderNotAscii,
        QT_TRANSLATE_NOOP("glasspost::ui::CheckText",
            "The %1 field has characters beyond ASCII that are not encoded (RFC 2047), and the message was "
            "not sent as SMTPUTF8.")},
    {FindingKind::EncodedWordInvalid,
        QT_TRANSLATE_NOOP("glasspost::ui::CheckText",
            "This encoded word is longer than 75 characters, has a blank in it, or names an unknown charset "
            "or encoding (RFC 2047 2): %1")},
    {FindingKind::MimeVersionMissing,
        QT_TRANSLATE_NOOP("glasspost::ui::CheckText",
            "There is no MIME-Version field although other fields are of MIME (RFC 2045 4).")},
    {FindingKind::EncodingUnknown,
        QT_TRANSLATE_NOOP("glasspost::ui::CheckText",
            "The transfer encoding is unknown, so the part cannot be read (RFC 2045 6.1): %1")},
    {FindingKind::MultipartEncoded,
        QT_TRANSLATE_NOOP("glasspost::ui::CheckText",
            "A multipart cannot be encoded, only its parts can (RFC 2045 6.4): %1")},
    {FindingKind::BodyNotSevenBit,
        QT_TRANSLATE_NOOP("glasspost::ui::CheckText",
            "The part has octets beyond 7 bits, and its transfer encoding says %1 (RFC 2045 2.7).")},
    {FindingKind::CharsetMissing,
        QT_TRANSLATE_NOOP("glasspost::ui::CheckText",
            "The text has characters beyond ASCII and names no charset (RFC 2046 4.1.2).")},
    {FindingKind::CharsetUnknown,
        QT_TRANSLATE_NOOP("glasspost::ui::CheckText", "The charset is unknown: %1")},
    {FindingKind::QuotedPrintableInvalid,
        QT_TRANSLATE_NOOP("glasspost::ui::CheckText",
            "This line is not quoted-printable: longer than 76 characters, or an invalid “=” (RFC 2045 6.7): "
            "%1")},
    {FindingKind::Base64Invalid,
        QT_TRANSLATE_NOOP("glasspost::ui::CheckText",
            "This line is not base64: longer than 76 characters, or characters of no meaning (RFC 2045 6.8): "
            "%1")},
    {FindingKind::BoundaryUnclosed,
        QT_TRANSLATE_NOOP("glasspost::ui::CheckText",
            "The closing boundary of this multipart is missing (RFC 2046 5.1.1): the message may have been "
            "cut off.")},
    {FindingKind::UnsubscribeMissing,
        QT_TRANSLATE_NOOP("glasspost::ui::CheckText",
            "The message is of a list or bulk mail and has no List-Unsubscribe field (RFC 2369 3.2). Gmail "
            "and Yahoo require one of bulk senders.")},
    {FindingKind::UnsubscribeInvalid,
        QT_TRANSLATE_NOOP("glasspost::ui::CheckText",
            "List-Unsubscribe is not a list of URLs in angle brackets (RFC 2369 2): %1")},
    {FindingKind::UnsubscribeNotSecure,
        QT_TRANSLATE_NOOP("glasspost::ui::CheckText",
            "List-Unsubscribe has no mailto and no https target: clients offer neither to their users.")},
    {FindingKind::OneClickMissing,
        QT_TRANSLATE_NOOP("glasspost::ui::CheckText",
            "There is no List-Unsubscribe-Post field: one click does not leave the list (RFC 8058 3.1).")},
    {FindingKind::OneClickInvalid,
        QT_TRANSLATE_NOOP("glasspost::ui::CheckText",
            "List-Unsubscribe-Post must be “List-Unsubscribe=One-Click” (RFC 8058 3.1), and is: %1")},
    {FindingKind::OneClickWithoutHttps,
        QT_TRANSLATE_NOOP("glasspost::ui::CheckText",
            "List-Unsubscribe-Post needs an https target in List-Unsubscribe (RFC 8058 3.1).")},
    {FindingKind::DoctypeMissing,
        QT_TRANSLATE_NOOP(
            "glasspost::ui::CheckText", "The HTML has no doctype: clients lay it out in quirks mode.")},
    {FindingKind::ElementUnclosed,
        QT_TRANSLATE_NOOP("glasspost::ui::CheckText",
            "The element <%1> is never closed, or closed after an element around it.")},
    {FindingKind::EndTagStray,
        QT_TRANSLATE_NOOP("glasspost::ui::CheckText", "The end tag </%1> closes nothing that is open.")},
    {FindingKind::AttributeRepeated,
        QT_TRANSLATE_NOOP(
            "glasspost::ui::CheckText", "<%1> has the attribute %2 more than once: the first one counts.")},
    {FindingKind::IdRepeated,
        QT_TRANSLATE_NOOP("glasspost::ui::CheckText", "Another element has the id “%1” already.")},
    {FindingKind::CellOutsideTable,
        QT_TRANSLATE_NOOP("glasspost::ui::CheckText", "<%1> is outside of a table: clients ignore the tag.")},
    {FindingKind::ScriptIgnored,
        QT_TRANSLATE_NOOP("glasspost::ui::CheckText",
            "No client runs scripts in mail, and some refuse a message that has one.")},
    {FindingKind::AltMissing,
        QT_TRANSLATE_NOOP("glasspost::ui::CheckText",
            "The picture has no alt text, which is shown where pictures are not (WCAG 1.1.1); alt=\"\" for "
            "decoration: %1")},
    {FindingKind::LanguageMissing,
        QT_TRANSLATE_NOOP("glasspost::ui::CheckText",
            "The HTML does not say its language: add lang to the outermost element, so that screen readers "
            "pronounce it correctly (WCAG 3.1.1).")},
    {FindingKind::ContrastLow,
        QT_TRANSLATE_NOOP("glasspost::ui::CheckText",
            "The contrast is %1 to 1 and should be at least %2 to 1 (WCAG 1.4.3), %3 on %4: %5")},
    {FindingKind::LinkWithoutWords,
        QT_TRANSLATE_NOOP("glasspost::ui::CheckText",
            "The link has neither words nor a picture with alt text (WCAG 2.4.4): %1")},
    {FindingKind::TableRoleMissing,
        QT_TRANSLATE_NOOP("glasspost::ui::CheckText",
            "Tables without header cells and without role=\"presentation\", which screen readers read out as "
            "data: %1")},
    {FindingKind::TextAlternativeMissing,
        QT_TRANSLATE_NOOP("glasspost::ui::CheckText",
            "The message is HTML without a plain text alternative (RFC 2046 5.1.4).")},
    {FindingKind::LinkEmpty, QT_TRANSLATE_NOOP("glasspost::ui::CheckText", "The link has no target.")},
    {FindingKind::LinkInvalid,
        QT_TRANSLATE_NOOP("glasspost::ui::CheckText",
            "The target of the link is not an address that a mail client can open: %1")},
    {FindingKind::LinkNotSecure,
        QT_TRANSLATE_NOOP("glasspost::ui::CheckText", "The link is http, not https: %1")},
    {FindingKind::LinkPrivate,
        QT_TRANSLATE_NOOP(
            "glasspost::ui::CheckText", "Only this machine or network can reach the target of the link: %1")},
    {FindingKind::LinkDisguised,
        QT_TRANSLATE_NOOP("glasspost::ui::CheckText",
            "The words of the link name the server %2, and its target is another one, which looks like "
            "phishing: %1")},
    {FindingKind::PictureMissing,
        QT_TRANSLATE_NOOP(
            "glasspost::ui::CheckText", "No part of the message has the Content-ID of this picture: %1")},
    {FindingKind::PictureInvalid,
        QT_TRANSLATE_NOOP("glasspost::ui::CheckText",
            "The address of the picture is not one that a mail client can load: %1")},
    {FindingKind::PictureNotSecure,
        QT_TRANSLATE_NOOP("glasspost::ui::CheckText",
            "The picture is loaded over http, not https, which clients may block: %1")},
    {FindingKind::PicturePrivate,
        QT_TRANSLATE_NOOP("glasspost::ui::CheckText",
            "Only this machine or network can reach the address of the picture: %1")},
    {FindingKind::SpamFound,
        QT_TRANSLATE_NOOP("glasspost::ui::CheckText",
            "The spam filter takes the message for spam: score %1, of %2 from which it does.")},
    {FindingKind::SpamScored,
        QT_TRANSLATE_NOOP("glasspost::ui::CheckText",
            "The spam filter does not take the message for spam: score %1, of %2 from which it would.")},
    {FindingKind::SpamNotAsked,
        QT_TRANSLATE_NOOP("glasspost::ui::CheckText", "The spam filter gave no report: %1")}};

QString sizeReason(const mail::Finding &finding)
{
    const QString size = sizeText(finding.facts.value(0).toLongLong());
    const QString limit = sizeText(finding.facts.value(1).toLongLong());
    if (finding.kind == FindingKind::GmailClips)
        return CheckText::tr("The HTML has %1: Gmail clips it at about %2 and hides the rest behind a link.")
            .arg(size, limit);
    if (finding.kind == FindingKind::GmailNearlyClips)
        return CheckText::tr("The HTML has %1, and Gmail clips at about %2: links that are rewritten on the "
                             "way make it longer.")
            .arg(size, limit);
    return CheckText::tr("The message has %1: many servers refuse more than 10 MB.").arg(size);
}

QString dateReason(const mail::Finding &finding)
{
    const qint64 seconds = finding.facts.value(0).toLongLong();
    const QString span = durationText(std::abs(seconds) * 1'000'000);
    return seconds < 0 ? CheckText::tr("The Date field is %1 after the arrival of the message.").arg(span)
                       : CheckText::tr("The Date field is %1 before the arrival of the message.").arg(span);
}

QString tagReason(const mail::Finding &finding)
{
    const QString element = finding.facts.value(0);
    return element.isEmpty() ? CheckText::tr("A comment or declaration begins here that does not end.")
                             : CheckText::tr("The tag <%1 begins here and does not end.").arg(element);
}

/// All at once: a "%1" in what the message says is no place for another fact.
QString filled(const QString &words, const QStringList &facts)
{
    switch (facts.size()) {
    case 1:
        return words.arg(facts.at(0));
    case 2:
        return words.arg(facts.at(0), facts.at(1));
    case 5:
        return words.arg(facts.at(0), facts.at(1), facts.at(2), facts.at(3), facts.at(4));
    default:
        return words;
    }
}

QString clientsReason(const mail::Finding &finding)
{
    const QStringList &facts = finding.facts;
    QStringList sentences;
    if (facts.value(1) != u"0")
        sentences += CheckText::tr("%1 is not supported by %2 of %3 clients: %4.")
                         .arg(facts.value(0), facts.value(1), facts.value(2), facts.value(3));
    if (facts.value(4) != u"0")
        sentences += CheckText::tr("%1 is supported in part by %2: %3.")
                         .arg(facts.value(0), facts.value(4), facts.value(5));
    return sentences.join(u' ');
}

QString ruleReason(const mail::Finding &finding)
{
    const QString rule = finding.facts.value(0), score = finding.facts.value(1),
                  words = finding.facts.value(2);
    return score.isEmpty()
        ? CheckText::tr("A rule of the spam filter: %1").arg(rule)
        : CheckText::tr("A rule of the spam filter: %1, score %2: %3").arg(rule, score, words);
}

} // namespace

QString reasonText(const mail::Finding &finding)
{
    if (finding.kind == FindingKind::DateFarOff)
        return dateReason(finding);
    if (finding.kind == FindingKind::TagUnended)
        return tagReason(finding);
    if (finding.kind == FindingKind::SpamRuleMet)
        return ruleReason(finding);
    if (mail::areaOf(finding.kind) == mail::CheckArea::Size)
        return sizeReason(finding);
    if (mail::areaOf(finding.kind) == mail::CheckArea::Clients)
        return clientsReason(finding);
    const auto *const row = std::find_if(std::begin(reasonRows), std::end(reasonRows),
        [&finding](const ReasonRow &one) { return one.kind == finding.kind; });
    return row == std::end(reasonRows) ? mail::findingKey(finding.kind)
                                       : filled(CheckText::tr(row->words), finding.facts);
}

QString severityText(mail::Severity severity)
{
    switch (severity) {
    case mail::Severity::Note:
        return CheckText::tr("Note");
    case mail::Severity::Warning:
        return CheckText::tr("Warning");
    case mail::Severity::Error:
        return CheckText::tr("Error");
    }
    return {};
}

QString checkAreaText(mail::CheckArea area)
{
    switch (area) {
    case mail::CheckArea::Header:
        return CheckText::tr("Header");
    case mail::CheckArea::Format:
        return CheckText::tr("Format");
    case mail::CheckArea::Size:
        return CheckText::tr("Size");
    case mail::CheckArea::List:
        return CheckText::tr("Unsubscribing");
    case mail::CheckArea::Html:
        return CheckText::tr("HTML");
    case mail::CheckArea::Clients:
        return CheckText::tr("Mail clients");
    case mail::CheckArea::Accessibility:
        return CheckText::tr("Accessibility");
    case mail::CheckArea::Links:
        return CheckText::tr("Links and pictures");
    case mail::CheckArea::Spam:
        return CheckText::tr("Spam");
    }
    return {};
}

QString placeText(const mail::Finding &finding)
{
    if (finding.line <= 0)
        return CheckText::tr("The whole message");
    if (finding.partLine > 0 && finding.part >= 0)
        return CheckText::tr("Line %1 (line %2 of part %3)")
            .arg(countText(finding.line), countText(finding.partLine), QString::number(finding.part));
    return CheckText::tr("Line %1").arg(countText(finding.line));
}

} // namespace glasspost::ui
