#include "app/commands/sendmessage.h"

#include "mail/message/invisibles.h"
#include "mail/message/messagebuilder.h"
#include "mail/message/messagereader.h"
#include "mail/submission.h"
#include "smtp/syntax/path.h"
#include "ui/widgets/errorwords.h"

#include <QFile>
#include <QFileInfo>
#include <QStringDecoder>

#include <algorithm>
#include <cstdio>

namespace glasspost::app {

namespace {

tl::unexpected<SendFailure> failure(ExitCode code, const QString &sentence)
{
    return tl::unexpected(SendFailure{code, sentence});
}

tl::expected<QByteArray, SendFailure> readFile(const QString &path)
{
    QFile file(path);
    const bool open = path == u"-" ? file.open(stdin, QIODevice::ReadOnly) : file.open(QIODevice::ReadOnly);
    if (!open || QFileInfo(path).isDir())
        return failure(ExitCode::BadMessage,
            QStringLiteral("%1 cannot be read: %2")
                .arg(path, open ? QStringLiteral("it is a folder") : file.errorString()));
    const QByteArray octets = file.readAll();
    if (file.error() != QFileDevice::NoError)
        return failure(
            ExitCode::BadMessage, QStringLiteral("%1 cannot be read: %2").arg(path, file.errorString()));
    return octets;
}

/// Text as people's editors write it: UTF-8, or Latin-1 where it is none.
tl::expected<QString, SendFailure> readText(const QString &path)
{
    if (path.isEmpty())
        return QString();
    const auto octets = readFile(path);
    if (!octets)
        return tl::unexpected(octets.error());
    QStringDecoder decoder(QStringDecoder::Utf8);
    const QString text = decoder.decode(*octets);
    return decoder.hasError() ? QString::fromLatin1(*octets) : text;
}

tl::expected<smtp::Mailbox, SendFailure> readMailbox(const QString &address)
{
    const QString bare = mail::withoutInvisibleEnds(address);
    const auto mailbox = smtp::parseMailbox(bare.toUtf8());
    if (!mailbox || mail::hidesCharacters(bare))
        return failure(ExitCode::Usage,
            QStringLiteral("\"%1\" is no mail address; it should look like name@example.org")
                .arg(mail::withInvisiblesShown(bare)));
    return *mailbox;
}

/// Every recipient once, in the order given; each option's value may be a list.
tl::expected<QList<smtp::EnvelopeRecipient>, SendFailure> readRecipients(const SendInvocation &invocation)
{
    QList<smtp::EnvelopeRecipient> recipients;
    for (const QString &text : invocation.to + invocation.cc + invocation.bcc) {
        const mail::AddressList list = mail::parseAddressList(text);
        if (!list.malformed.isEmpty() || list.mailboxes.isEmpty())
            return failure(ExitCode::Usage,
                QStringLiteral("\"%1\" is no mail address; it should look like name@example.org")
                    .arg(list.malformed.value(0, text)));
        for (const mail::AddressView &view : list.mailboxes) {
            const auto mailbox = readMailbox(view.address);
            if (!mailbox)
                return tl::unexpected(mailbox.error());
            const smtp::EnvelopeRecipient recipient{*mailbox, invocation.notify, {}};
            if (!recipients.contains(recipient))
                recipients += recipient;
        }
    }
    return recipients;
}

tl::expected<smtp::Mailbox, SendFailure> readSender(const QString &from)
{
    if (from.isEmpty() || from == u"<>")
        return smtp::Mailbox();
    const mail::AddressList list = mail::parseAddressList(from);
    if (!list.malformed.isEmpty() || list.mailboxes.size() != 1)
        return failure(
            ExitCode::Usage, QStringLiteral("--from takes one mail address, and \"%1\" is none").arg(from));
    return readMailbox(list.mailboxes.first().address);
}

tl::expected<Outgoing, SendFailure> wholeMessage(const SendInvocation &invocation, Outgoing outgoing)
{
    const auto octets = readFile(invocation.messageFile);
    if (!octets)
        return tl::unexpected(octets.error());
    if (!mail::looksLikeMessage(*octets))
        return failure(ExitCode::BadMessage,
            QStringLiteral("%1 is not a mail message: it does not start with a header")
                .arg(invocation.messageFile));
    outgoing.message = mail::withoutBcc(*octets);
    const bool eightBit = std::any_of(
        outgoing.message.cbegin(), outgoing.message.cend(), [](char octet) { return uchar(octet) > 0x7F; });
    outgoing.envelope.body = eightBit ? smtp::BodyType::EightBitMime : smtp::BodyType::SevenBit;
    return outgoing;
}

/// The extensions that the options ask for, in an envelope of a sender, recipients and a body.
smtp::Envelope withWishes(const smtp::Envelope &envelope, const SendInvocation &invocation)
{
    smtp::Envelope whole = invocation.envelope;
    whole.reversePath = envelope.reversePath;
    whole.recipients = envelope.recipients;
    whole.body = envelope.body;
    whole.smtpUtf8 = envelope.smtpUtf8;
    return whole;
}

tl::expected<mail::Draft, SendFailure> readDraft(const SendInvocation &invocation)
{
    mail::Draft draft;
    draft.id = mail::newDraftId();
    draft.from = invocation.from;
    draft.to = invocation.to.join(QStringLiteral(", "));
    draft.cc = invocation.cc.join(QStringLiteral(", "));
    draft.bcc = invocation.bcc.join(QStringLiteral(", "));
    draft.subject = invocation.subject;
    const auto text = readText(invocation.textFile);
    const auto html = readText(invocation.htmlFile);
    if (!text || !html)
        return tl::unexpected(text ? html.error() : text.error());
    draft.text = *text;
    draft.html = *html;
    for (const QString &path : invocation.attachments) {
        const QFileInfo info(path);
        if (!info.isFile() || !info.isReadable())
            return failure(ExitCode::BadMessage,
                QStringLiteral("%1 cannot be attached: there is no such file, or it may not be read")
                    .arg(path));
        draft.attachments += mail::DraftAttachment{path, info.fileName(), {}};
    }
    return draft;
}

} // namespace

tl::expected<Outgoing, SendFailure> readOutgoing(
    const SendInvocation &invocation, const mail::Settings &settings)
{
    Outgoing outgoing;
    outgoing.envelope = invocation.envelope;
    const auto sender = readSender(invocation.from);
    const auto recipients = readRecipients(invocation);
    if (!sender || !recipients)
        return tl::unexpected(sender ? recipients.error() : sender.error());
    outgoing.envelope.reversePath = *sender;
    outgoing.envelope.recipients = *recipients;
    for (const smtp::EnvelopeRecipient &recipient : *recipients)
        outgoing.envelope.smtpUtf8 = outgoing.envelope.smtpUtf8 || recipient.forwardPath.needsSmtpUtf8();
    outgoing.envelope.smtpUtf8 = outgoing.envelope.smtpUtf8 || sender->needsSmtpUtf8();
    if (!invocation.messageFile.isEmpty())
        return wholeMessage(invocation, std::move(outgoing));
    const auto draft = readDraft(invocation);
    if (!draft)
        return tl::unexpected(draft.error());
    const auto built = mail::buildMessage(*draft, settings.hostName, settings.messageIdDomain);
    if (!built)
        return failure(ExitCode::BadMessage, ui::errorWords(built.error()));
    smtp::Envelope envelope = withWishes(built->envelope, invocation);
    envelope.recipients = *recipients; // with their wishes
    return Outgoing{envelope, built->bytes};
}

} // namespace glasspost::app
