#include "app/commands/sendmailmessage.h"

#include "app/console/output.h"
#include "mail/base/posix.h"
#include "mail/message/addresslist.h"
#include "mail/message/charsets.h"
#include "mail/message/fieldwriter.h"
#include "mail/message/headerfields.h"
#include "mail/message/messagereader.h"
#include "mail/message/outgoingmessage.h"
#include "smtp/syntax/path.h"
#include "ui/words/errortext.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <pwd.h>
#include <unistd.h>

namespace glasspost::app {

namespace {

constexpr qint64 mostHeader = 1024 * 1024; // octets that are searched for fields

tl::unexpected<SendFailure> sendmailFailure(ExitCode code, const QString &sentence)
{
    return tl::unexpected(SendFailure{code, sentence});
}

tl::unexpected<SendFailure> diskFailure(const mail::Error &error)
{
    return sendmailFailure(ExitCode::TryLater, ui::errorText(error));
}

/// The message out of the input: up to its end or to the line with a dot; without the line that an mbox puts
/// first.
class InputReader
{
public:
    InputReader(bool dotEnds, const QString &folder) : m_writer(folder), m_dotEnds(dotEnds) { }

    mail::Result<mail::MessageOctets> read(const SendmailInput &input)
    {
        while (!m_isEnded) {
            const auto piece = input();
            if (!piece)
                return tl::unexpected(piece.error());
            if (piece->isEmpty())
                break;
            m_unread += *piece;
            takeLines();
        }
        if (!m_isEnded && !m_unread.isEmpty())
            takeLine(m_unread);
        return m_writer.finish();
    }

private:
    static constexpr qsizetype longestKept = 64 * 1024; // octets of a line, or the line is taken in parts

    void takeLines()
    {
        qsizetype at = 0;
        for (qsizetype end = m_unread.indexOf('\n'); end >= 0 && !m_isEnded;
             end = m_unread.indexOf('\n', at)) {
            takeLine(QByteArrayView(m_unread).sliced(at, end + 1 - at));
            at = end + 1;
        }
        m_unread.remove(0, at);
        if (m_unread.size() > longestKept && !m_isEnded) {
            takeLine(m_unread);
            m_unread.clear();
        }
    }

    void takeLine(QByteArrayView line)
    {
        m_isEnded = m_dotEnds && m_isLineStart && (line == ".\n" || line == ".\r\n" || line == ".");
        if (!m_isEnded && !(m_isFirst && line.startsWith("From ")))
            m_writer.write(line);
        m_isFirst = false;
        m_isLineStart = line.endsWith('\n');
    }

    mail::OctetsWriter m_writer;
    QByteArray m_unread;
    bool m_dotEnds;
    bool m_isEnded = false;
    bool m_isFirst = true;
    bool m_isLineStart = true;
};

QString qualified(const QString &address, const mail::Settings &settings)
{
    return address.isEmpty() || address.contains(u'@') ? address : address + u'@' + settings.hostName;
}

tl::expected<smtp::Mailbox, SendFailure> mailboxOf(const QString &address, const mail::Settings &settings)
{
    const auto mailbox = smtp::parseMailbox(qualified(address, settings).toUtf8());
    if (!mailbox)
        return sendmailFailure(ExitCode::BadMessage,
            QStringLiteral("\"%1\" is not an e-mail address; it should look like name@example.org")
                .arg(address));
    return *mailbox;
}

/// The lists that name the recipients: RFC 5322 3.6.6 has a resent message go to those of the Resent fields.
QStringList recipientFields(const mail::RawHeader &header)
{
    static const QList<QByteArray> usual{"To", "Cc", "Bcc"};
    QStringList original, resent;
    for (const mail::RawField &field : header.fields) {
        for (const QByteArray &name : usual) {
            if (field.isNamed(name))
                original += mail::decodedCharset(field.unfolded(), {});
            else if (field.isNamed("Resent-" + name))
                resent += mail::decodedCharset(field.unfolded(), {});
        }
    }
    return resent.isEmpty() ? original : resent;
}

tl::expected<QList<smtp::EnvelopeRecipient>, SendFailure> recipientsOf(
    const QStringList &lists, smtp::NotifyFlags notify, const mail::Settings &settings)
{
    QList<smtp::EnvelopeRecipient> recipients;
    for (const QString &list : lists) {
        for (const mail::AddressEntry &entry : mail::splitAddressList(list)) {
            const auto mailbox = mailboxOf(entry.isMalformed ? entry.excerpt : entry.address, settings);
            if (!mailbox)
                return tl::unexpected(mailbox.error());
            const smtp::EnvelopeRecipient recipient{*mailbox, notify, {}};
            if (!recipients.contains(recipient))
                recipients += recipient;
        }
    }
    if (recipients.isEmpty())
        return sendmailFailure(ExitCode::Usage, QStringLiteral("no recipient was found in the message"));
    return recipients;
}

/// The address of the identity that the caller's mailbox has, or of the caller at this host.
QString senderOf(const SendmailInvocation &invocation, const mail::Settings &settings, const Caller &caller)
{
    if (invocation.sender)
        return qualified(*invocation.sender, settings);
    const auto own = std::find_if(settings.identities.cbegin(), settings.identities.cend(),
        [&caller](const mail::Identity &identity) { return identity.user == caller.login; });
    return own != settings.identities.cend() && !own->address.isEmpty() ? own->address
                                                                        : qualified(caller.login, settings);
}

/// What the message lacks in front of it: From, and the end of a header where it begins with its text.
QByteArray missingHead(
    const QByteArray &front, const mail::RawHeader &header, const mail::AddressView &sender)
{
    const bool isTextAlone = !mail::looksLikeMessage(front);
    QByteArray head;
    if (!header.first("From") || isTextAlone)
        head = sender.address.isEmpty() ? QByteArrayLiteral("From: MAILER-DAEMON\n")
                                        : mail::addressField("From", {sender});
    if (isTextAlone && !front.startsWith('\n') && !front.startsWith("\r\n"))
        head += '\n';
    return head;
}

} // namespace

Caller Caller::current()
{
    std::array<char, 16384> buffer{};
    passwd entry{};
    passwd *found = nullptr;
    ::getpwuid_r(::getuid(), &entry, buffer.data(), buffer.size(), &found);
    if (!found)
        return {QString::number(::getuid()), {}};
    return {
        QString::fromLocal8Bit(found->pw_name), QString::fromLocal8Bit(found->pw_gecos).section(u',', 0, 0)};
}

// By the system's call: what is read by lines through stdio ends at a NUL.
mail::Result<QByteArray> readStandardInput()
{
    constexpr qsizetype pieceSize = 64 * 1024;
    QByteArray piece(pieceSize, Qt::Uninitialized);
    ssize_t count = 0;
    do {
        count = ::read(STDIN_FILENO, piece.data(), size_t(piece.size()));
    } while (count < 0 && errno == EINTR);
    if (count < 0)
        return mail::systemFailure(errno, QStringLiteral("standard input"));
    piece.truncate(count);
    return piece;
}

tl::expected<Outgoing, SendFailure> readSendmail(const SendmailInvocation &invocation,
    const SendmailInput &input, const mail::Settings &settings, const Caller &caller,
    const QString &spoolFolder)
{
    const auto given = InputReader(invocation.dotEnds, spoolFolder).read(input);
    const auto front
        = given.and_then([](const mail::MessageOctets &octets) { return octets.front(mostHeader); });
    if (!front)
        return diskFailure(front.error());
    const mail::RawHeader header
        = mail::looksLikeMessage(*front) ? mail::readHeader(*front) : mail::RawHeader();
    QStringList lists = invocation.recipients;
    if (invocation.readsRecipients)
        lists += recipientFields(header);
    const QString address = senderOf(invocation, settings, caller);
    const auto sender = address.isEmpty() ? smtp::Mailbox() : mailboxOf(address, settings);
    const auto recipients = recipientsOf(lists, invocation.notify, settings);
    if (!sender || !recipients)
        return tl::unexpected(sender ? recipients.error() : sender.error());
    const QString name = invocation.fullName.isEmpty() ? caller.fullName : invocation.fullName;
    const QByteArray head = missingHead(*front, header, {name, address});
    const auto whole = head.isEmpty() ? given : mail::withHead(head, *given, spoolFolder);
    if (!whole)
        return diskFailure(whole.error());
    const auto message = mail::prepareOutgoing(*mail::deviceOver(*whole), spoolFolder);
    if (!message && message.error().code != mail::ErrorCode::NotAMessage)
        return diskFailure(message.error());
    if (!message)
        return sendmailFailure(ExitCode::BadMessage, ui::errorText(message.error()));
    Outgoing outgoing{invocation.envelope, message->octets};
    outgoing.envelope.reversePath = *sender;
    outgoing.envelope.recipients = *recipients;
    outgoing.envelope.body = message->body;
    outgoing.envelope.smtpUtf8 = outgoing.envelope.hasUtf8Paths();
    return outgoing;
}

} // namespace glasspost::app
