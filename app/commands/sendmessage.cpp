#include "app/commands/sendmessage.h"

#include "app/console/output.h"
#include "mail/message/charsets.h"
#include "mail/message/invisibles.h"
#include "mail/message/messagebuilder.h"
#include "mail/message/mime.h"
#include "mail/message/outgoingmessage.h"
#include "smtp/syntax/path.h"
#include "ui/words/errortext.h"

#include <QFile>
#include <QFileInfo>
#include <QStringConverter>

#include <cstdio>
#include <memory>

namespace glasspost::app {

namespace {

tl::unexpected<SendFailure> failure(ExitCode code, const QString &sentence)
{
    return tl::unexpected(SendFailure{code, sentence});
}

SendFailure unreadable(const QString &path, const QString &why)
{
    return {ExitCode::BadMessage, QStringLiteral("%1 cannot be read: %2").arg(path, why)};
}

/// The file, or standard input, open for reading.
tl::expected<std::unique_ptr<QFile>, SendFailure> openFile(const QString &path)
{
    auto file = std::make_unique<QFile>(path);
    if (path != u"-" && QFileInfo(path).isDir())
        return tl::unexpected(unreadable(path, QStringLiteral("it is a folder")));
    const bool open = path == u"-" ? file->open(stdin, QIODevice::ReadOnly) : file->open(QIODevice::ReadOnly);
    if (!open)
        return tl::unexpected(unreadable(path, file->errorString()));
    return file;
}

/// Octets of one unit of the encoding.
qsizetype unitOf(QStringConverter::Encoding encoding)
{
    switch (encoding) {
    case QStringConverter::Utf16:
    case QStringConverter::Utf16LE:
    case QStringConverter::Utf16BE:
        return 2;
    case QStringConverter::Utf32:
    case QStringConverter::Utf32LE:
    case QStringConverter::Utf32BE:
        return 4;
    case QStringConverter::Utf8:
    case QStringConverter::Latin1:
    case QStringConverter::System:
        break;
    }
    return 1;
}

/// Text as people's editors write it: UTF-8, UTF-16 and UTF-32 with a byte order mark, or Windows-1252 where
/// it is none of them.
tl::expected<QString, SendFailure> readText(const QString &path)
{
    if (path.isEmpty())
        return QString();
    const auto file = openFile(path);
    if (!file)
        return tl::unexpected(file.error());
    const QByteArray octets = (*file)->readAll();
    if ((*file)->error() != QFileDevice::NoError)
        return tl::unexpected(unreadable(path, (*file)->errorString()));
    const auto encoding = QStringConverter::encodingForData(octets);
    QStringDecoder decoder(encoding.value_or(QStringDecoder::Utf8));
    QString text = decoder.decode(octets);
    // The decoder takes half a unit or half a pair of surrogates at the end for more to come.
    const bool isWhole = !decoder.hasError() && text.isValidUtf16()
        && octets.size() % unitOf(encoding.value_or(QStringConverter::Utf8)) == 0;
    if (!isWhole && encoding)
        return failure(ExitCode::BadMessage,
            QStringLiteral("%1 is not valid text: it starts as %2 but does not continue as such")
                .arg(path, QLatin1String(decoder.name())));
    if (!isWhole)
        text = mail::decodedCharset(octets, "windows-1252");
    if (text.contains(QChar(u'\0')))
        return failure(ExitCode::BadMessage,
            QStringLiteral("%1 is not text in a known encoding: it contains NUL characters").arg(path));
    return text;
}

tl::expected<smtp::Mailbox, SendFailure> readMailbox(const QString &address)
{
    const QString bare = mail::withoutInvisibleEnds(address);
    const auto mailbox = smtp::parseMailbox(bare.toUtf8());
    if (!mailbox || mail::hidesCharacters(bare))
        return failure(ExitCode::Usage,
            QStringLiteral("\"%1\" is not an e-mail address; it should look like name@example.org")
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
                QStringLiteral("\"%1\" is not an e-mail address; it should look like name@example.org")
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
            ExitCode::Usage, QStringLiteral("--from takes one e-mail address, not \"%1\"").arg(from));
    return readMailbox(list.mailboxes.first().address);
}

/// Standard input cannot be read twice.
mail::Result<mail::MessageOctets> spooled(QIODevice &input, const QString &folder)
{
    constexpr qint64 pieceSize = 256 * 1024;
    mail::OctetsWriter writer(folder);
    for (QByteArray piece = input.read(pieceSize); !piece.isEmpty(); piece = input.read(pieceSize))
        writer.write(piece);
    return writer.finish();
}

mail::Result<mail::OutgoingMessage> prepared(QFile &file, const QString &folder)
{
    if (!file.isSequential())
        return mail::prepareOutgoing(file, folder);
    return spooled(file, folder).and_then([&folder](const mail::MessageOctets &octets) {
        return mail::prepareOutgoing(*mail::deviceOver(octets), folder);
    });
}

tl::expected<Outgoing, SendFailure> wholeMessage(
    const SendInvocation &invocation, Outgoing outgoing, const QString &spoolFolder)
{
    const auto file = openFile(invocation.messageFile);
    if (!file)
        return tl::unexpected(file.error());
    const auto message = prepared(**file, spoolFolder);
    if (!message && message.error().code == mail::ErrorCode::NotAMessage)
        return failure(ExitCode::BadMessage,
            QStringLiteral("%1 is not a mail message: %2")
                .arg(invocation.messageFile, message.error().systemText));
    if (!message)
        return failure(exitCodeFor(message.error()), ui::errorText(message.error()));
    outgoing.message = message->octets;
    outgoing.envelope.body = message->body;
    return outgoing;
}

/// The extensions that the options ask for, in an envelope of a sender, recipients and a body.
smtp::Envelope withOptions(const smtp::Envelope &envelope, const SendInvocation &invocation)
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
                QStringLiteral("%1 cannot be attached: it does not exist or cannot be read").arg(path));
        draft.attachments += mail::DraftAttachment{path, info.fileName(), {}};
    }
    return draft;
}

} // namespace

tl::expected<Outgoing, SendFailure> readOutgoing(
    const SendInvocation &invocation, const mail::Settings &settings, const QString &spoolFolder)
{
    Outgoing outgoing;
    outgoing.envelope = invocation.envelope;
    const auto sender = readSender(invocation.from);
    const auto recipients = readRecipients(invocation);
    if (!sender || !recipients)
        return tl::unexpected(sender ? recipients.error() : sender.error());
    outgoing.envelope.reversePath = *sender;
    outgoing.envelope.recipients = *recipients;
    outgoing.envelope.smtpUtf8 = outgoing.envelope.smtpUtf8 || outgoing.envelope.hasUtf8Paths();
    if (!invocation.messageFile.isEmpty())
        return wholeMessage(invocation, std::move(outgoing), spoolFolder);
    const auto draft = readDraft(invocation);
    if (!draft)
        return tl::unexpected(draft.error());
    const auto built = mail::buildMessage(*draft, settings.hostName, settings.messageIdDomain, spoolFolder);
    if (!built)
        return failure(ExitCode::BadMessage, ui::errorText(built.error()));
    smtp::Envelope envelope = withOptions(built->envelope, invocation);
    envelope.recipients = *recipients; // with their parameters
    return Outgoing{envelope, built->octets};
}

} // namespace glasspost::app
