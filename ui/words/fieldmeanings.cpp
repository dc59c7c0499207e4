#include "ui/words/fieldmeanings.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

namespace glasspost::ui {

namespace {

struct FieldRow
{
    const char *name;
    FieldGroup group;
    const char *words;
};

constexpr std::array rows = {
    FieldRow{"From", FieldGroup::Author,
        QT_TRANSLATE_NOOP("FieldMeanings",
            "Who wrote the message. Anyone can write anything here; the verdicts say whether it was "
            "checked.")},
    FieldRow{"Sender", FieldGroup::Author,
        QT_TRANSLATE_NOOP("FieldMeanings", "Who sent the message for its author.")},
    FieldRow{"Reply-To", FieldGroup::Author,
        QT_TRANSLATE_NOOP("FieldMeanings", "Where the author wants replies to go.")},
    FieldRow{"To", FieldGroup::Author,
        QT_TRANSLATE_NOOP("FieldMeanings", "The main recipients, as the author wrote them.")},
    FieldRow{
        "Cc", FieldGroup::Author, QT_TRANSLATE_NOOP("FieldMeanings", "Further recipients, for information.")},
    FieldRow{"Bcc", FieldGroup::Author,
        QT_TRANSLATE_NOOP("FieldMeanings", "Hidden recipients. Normally removed before the message leaves.")},
    FieldRow{"Subject", FieldGroup::Author, QT_TRANSLATE_NOOP("FieldMeanings", "What the message is about.")},
    FieldRow{"Date", FieldGroup::Author,
        QT_TRANSLATE_NOOP(
            "FieldMeanings", "When the author says the message was written, by the author's clock.")},
    FieldRow{"Message-ID", FieldGroup::Author,
        QT_TRANSLATE_NOOP("FieldMeanings",
            "The name of this message, unique in the world. Replies and reports refer to it.")},
    FieldRow{"In-Reply-To", FieldGroup::Author,
        QT_TRANSLATE_NOOP("FieldMeanings", "The message that this one answers.")},
    FieldRow{"References", FieldGroup::Author,
        QT_TRANSLATE_NOOP("FieldMeanings", "The conversation: the messages before this one, oldest first.")},
    FieldRow{
        "Comments", FieldGroup::Author, QT_TRANSLATE_NOOP("FieldMeanings", "A remark about the message.")},
    FieldRow{
        "Keywords", FieldGroup::Author, QT_TRANSLATE_NOOP("FieldMeanings", "Words to find the message by.")},
    FieldRow{"Importance", FieldGroup::Author,
        QT_TRANSLATE_NOOP("FieldMeanings", "How important the sender thinks the message is.")},
    FieldRow{"Priority", FieldGroup::Author,
        QT_TRANSLATE_NOOP("FieldMeanings", "How urgent the sender thinks the message is.")},
    FieldRow{"X-Priority", FieldGroup::Author,
        QT_TRANSLATE_NOOP(
            "FieldMeanings", "How urgent the sender thinks the message is, 1 for most to 5 for least.")},
    FieldRow{"Sensitivity", FieldGroup::Author,
        QT_TRANSLATE_NOOP("FieldMeanings", "How confidential the sender thinks the message is.")},
    FieldRow{"Organization", FieldGroup::Author,
        QT_TRANSLATE_NOOP("FieldMeanings", "Where the author works, in the author's words.")},
    FieldRow{"User-Agent", FieldGroup::Author,
        QT_TRANSLATE_NOOP("FieldMeanings", "The program that wrote the message.")},
    FieldRow{"X-Mailer", FieldGroup::Author,
        QT_TRANSLATE_NOOP("FieldMeanings", "The program that wrote the message.")},
    FieldRow{"Content-Language", FieldGroup::Author,
        QT_TRANSLATE_NOOP("FieldMeanings", "The language of the text.")},
    FieldRow{"Autocrypt", FieldGroup::Author,
        QT_TRANSLATE_NOOP("FieldMeanings", "The sender's OpenPGP key, sent along for encrypted replies.")},
    FieldRow{"Expires", FieldGroup::Author,
        QT_TRANSLATE_NOOP("FieldMeanings", "When the message is no longer useful.")},
    FieldRow{"Supersedes", FieldGroup::Author,
        QT_TRANSLATE_NOOP("FieldMeanings", "The message that this one replaces.")},
    FieldRow{"Resent-From", FieldGroup::Author,
        QT_TRANSLATE_NOOP("FieldMeanings", "Who sent the message on, unchanged.")},
    FieldRow{"Resent-To", FieldGroup::Author,
        QT_TRANSLATE_NOOP("FieldMeanings", "To whom the message was sent on.")},
    FieldRow{"Resent-Cc", FieldGroup::Author,
        QT_TRANSLATE_NOOP("FieldMeanings", "Further recipients of the message that was sent on.")},
    FieldRow{"Resent-Date", FieldGroup::Author,
        QT_TRANSLATE_NOOP("FieldMeanings", "When the message was sent on.")},
    FieldRow{"Resent-Sender", FieldGroup::Author,
        QT_TRANSLATE_NOOP("FieldMeanings", "Who sent the message on for somebody else.")},
    FieldRow{"Resent-Message-ID", FieldGroup::Author,
        QT_TRANSLATE_NOOP("FieldMeanings", "The name of the message as it was sent on.")},
    FieldRow{"Received", FieldGroup::Trace,
        QT_TRANSLATE_NOOP("FieldMeanings",
            "A server that accepted the message, with the time. Each one adds its own on top; those further "
            "down "
            "may be forged.")},
    FieldRow{"Return-Path", FieldGroup::Trace,
        QT_TRANSLATE_NOOP("FieldMeanings",
            "The sender of the envelope: where reports about the delivery go. Added by the last server.")},
    FieldRow{"Delivered-To", FieldGroup::Trace,
        QT_TRANSLATE_NOOP("FieldMeanings", "The mailbox that got the message. Also shows loops.")},
    FieldRow{"X-Original-To", FieldGroup::Trace,
        QT_TRANSLATE_NOOP("FieldMeanings", "The recipient of the envelope, before aliases were resolved.")},
    FieldRow{"Envelope-To", FieldGroup::Trace,
        QT_TRANSLATE_NOOP("FieldMeanings", "The recipient of the envelope.")},
    FieldRow{"X-Received", FieldGroup::Trace,
        QT_TRANSLATE_NOOP("FieldMeanings", "A server's own note of having accepted the message.")},
    FieldRow{"Received-SPF", FieldGroup::Trace,
        QT_TRANSLATE_NOOP("FieldMeanings",
            "What a server says of SPF: whether the sending host may send for the domain of the envelope.")},
    FieldRow{"X-Originating-IP", FieldGroup::Trace,
        QT_TRANSLATE_NOOP(
            "FieldMeanings", "The address of the computer that submitted the message, as its server says.")},
    FieldRow{"X-Glasspost-Tolerated", FieldGroup::Trace,
        QT_TRANSLATE_NOOP(
            "FieldMeanings", "What a strict server would have refused, noted by this program.")},
    FieldRow{"X-Glasspost-Parameters", FieldGroup::Trace,
        QT_TRANSLATE_NOOP("FieldMeanings", "Parameters of the SMTP envelope, noted by this program.")},
    FieldRow{"Authentication-Results", FieldGroup::Authentication,
        QT_TRANSLATE_NOOP("FieldMeanings",
            "What a server says of SPF, DKIM and DMARC. Only worth what that server is worth.")},
    FieldRow{"DKIM-Signature", FieldGroup::Authentication,
        QT_TRANSLATE_NOOP("FieldMeanings",
            "A domain's signature over the message. Glasspost shows it but does not verify it.")},
    FieldRow{"DomainKey-Signature", FieldGroup::Authentication,
        QT_TRANSLATE_NOOP("FieldMeanings", "The predecessor of DKIM.")},
    FieldRow{"ARC-Seal", FieldGroup::Authentication,
        QT_TRANSLATE_NOOP("FieldMeanings",
            "The seal of a server that passed the message on, over the verdicts before it.")},
    FieldRow{"ARC-Message-Signature", FieldGroup::Authentication,
        QT_TRANSLATE_NOOP("FieldMeanings", "The message as a server that passed it on saw it, signed.")},
    FieldRow{"ARC-Authentication-Results", FieldGroup::Authentication,
        QT_TRANSLATE_NOOP("FieldMeanings", "The verdicts of a server that passed the message on.")},
    FieldRow{"BIMI-Selector", FieldGroup::Authentication,
        QT_TRANSLATE_NOOP("FieldMeanings", "Which logo of the sender's domain is to be shown.")},
    FieldRow{"TLS-Required", FieldGroup::Authentication,
        QT_TRANSLATE_NOOP(
            "FieldMeanings", "Whether the sender gives up encryption rather than the delivery.")},
    FieldRow{"X-Spam-Status", FieldGroup::Authentication,
        QT_TRANSLATE_NOOP("FieldMeanings", "What a spam filter made of the message, with its tests.")},
    FieldRow{"X-Spam-Score", FieldGroup::Authentication,
        QT_TRANSLATE_NOOP("FieldMeanings", "The points that a spam filter gave the message.")},
    FieldRow{"X-Spam-Flag", FieldGroup::Authentication,
        QT_TRANSLATE_NOOP("FieldMeanings", "Whether a spam filter considers the message spam.")},
    FieldRow{"X-Spam-Level", FieldGroup::Authentication,
        QT_TRANSLATE_NOOP("FieldMeanings", "The points that a spam filter gave the message, as stars.")},
    FieldRow{"List-Id", FieldGroup::List,
        QT_TRANSLATE_NOOP("FieldMeanings", "The mailing list that sent the message.")},
    FieldRow{
        "List-Unsubscribe", FieldGroup::List, QT_TRANSLATE_NOOP("FieldMeanings", "How to leave the list.")},
    FieldRow{"List-Unsubscribe-Post", FieldGroup::List,
        QT_TRANSLATE_NOOP(
            "FieldMeanings", "The list can be left with one click: a single request is enough.")},
    FieldRow{"List-Subscribe", FieldGroup::List, QT_TRANSLATE_NOOP("FieldMeanings", "How to join the list.")},
    FieldRow{
        "List-Post", FieldGroup::List, QT_TRANSLATE_NOOP("FieldMeanings", "Where to write to the list.")},
    FieldRow{
        "List-Help", FieldGroup::List, QT_TRANSLATE_NOOP("FieldMeanings", "How to get help about the list.")},
    FieldRow{"List-Owner", FieldGroup::List, QT_TRANSLATE_NOOP("FieldMeanings", "Who runs the list.")},
    FieldRow{"List-Archive", FieldGroup::List,
        QT_TRANSLATE_NOOP("FieldMeanings", "Where the list's older messages are.")},
    FieldRow{"Archived-At", FieldGroup::List,
        QT_TRANSLATE_NOOP("FieldMeanings", "Where this very message is in the list's archive.")},
    FieldRow{"Precedence", FieldGroup::List,
        QT_TRANSLATE_NOOP("FieldMeanings", "Mass mail: asks programs not to answer automatically.")},
    FieldRow{"Feedback-ID", FieldGroup::List,
        QT_TRANSLATE_NOOP("FieldMeanings", "How a sender of mass mail recognizes its complaints.")},
    FieldRow{"MIME-Version", FieldGroup::Content,
        QT_TRANSLATE_NOOP(
            "FieldMeanings", "The message follows the standard for attachments and character sets (MIME).")},
    FieldRow{"Content-Type", FieldGroup::Content,
        QT_TRANSLATE_NOOP("FieldMeanings", "What kind of content follows, and in which character set.")},
    FieldRow{"Content-Transfer-Encoding", FieldGroup::Content,
        QT_TRANSLATE_NOOP("FieldMeanings", "How the content was encoded for its way.")},
    FieldRow{"Content-Disposition", FieldGroup::Content,
        QT_TRANSLATE_NOOP(
            "FieldMeanings", "Whether the part is shown in place or is an attachment, and its file name.")},
    FieldRow{"Content-ID", FieldGroup::Content,
        QT_TRANSLATE_NOOP("FieldMeanings", "The name of the part, by which other parts refer to it.")},
    FieldRow{"Content-Description", FieldGroup::Content,
        QT_TRANSLATE_NOOP("FieldMeanings", "What the part is, in words.")},
    FieldRow{"Content-Location", FieldGroup::Content,
        QT_TRANSLATE_NOOP("FieldMeanings", "The address of what the part holds.")},
    FieldRow{"Content-Length", FieldGroup::Content,
        QT_TRANSLATE_NOOP("FieldMeanings", "How long the content is meant to be; unreliable.")},
    FieldRow{
        "Content-MD5", FieldGroup::Content, QT_TRANSLATE_NOOP("FieldMeanings", "A checksum of the content.")},
    FieldRow{"Lines", FieldGroup::Content,
        QT_TRANSLATE_NOOP("FieldMeanings", "How many lines the content is meant to have.")},
    FieldRow{"Disposition-Notification-To", FieldGroup::Reports,
        QT_TRANSLATE_NOOP("FieldMeanings", "Asks for a read receipt, to this address.")},
    FieldRow{"Return-Receipt-To", FieldGroup::Reports,
        QT_TRANSLATE_NOOP("FieldMeanings", "Asks for a receipt, in an old form.")},
    FieldRow{"Original-Recipient", FieldGroup::Reports,
        QT_TRANSLATE_NOOP(
            "FieldMeanings", "The recipient as the sender wrote it, before the message was passed on.")},
    FieldRow{"Auto-Submitted", FieldGroup::Reports,
        QT_TRANSLATE_NOOP("FieldMeanings",
            "Whether a program sent the message by itself. Such mail is not answered automatically.")},
    FieldRow{"X-Auto-Response-Suppress", FieldGroup::Reports,
        QT_TRANSLATE_NOOP("FieldMeanings", "Asks for certain automatic answers not to be sent.")},
    FieldRow{"X-Failed-Recipients", FieldGroup::Reports,
        QT_TRANSLATE_NOOP("FieldMeanings", "The recipients that a report of failure is about.")},
    FieldRow{"X-Loop", FieldGroup::Reports,
        QT_TRANSLATE_NOOP("FieldMeanings", "Marks a message that passed here, against loops.")},
};

const FieldRow *rowOf(const QString &name)
{
    const auto row = std::find_if(rows.begin(), rows.end(), [&name](const FieldRow &known) {
        return name.compare(QLatin1String(known.name), Qt::CaseInsensitive) == 0;
    });
    return row == rows.end() ? nullptr : &*row;
}

} // namespace

FieldGroup fieldGroup(const QString &name)
{
    const FieldRow *row = rowOf(name);
    return row ? row->group : FieldGroup::Unknown;
}

QString fieldMeaning(const QString &name)
{
    const FieldRow *row = rowOf(name);
    return row ? QCoreApplication::translate("FieldMeanings", row->words) : QString();
}

} // namespace glasspost::ui
