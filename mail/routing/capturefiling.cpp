#include "mail/routing/capturefiling.h"

#include "mail/message/headerfields.h"

namespace glasspost::mail {

namespace {

/// As Postfix's recipient_delimiter has it: what stands behind the first "+".
QByteArray tagOf(const smtp::Mailbox &path)
{
    const qsizetype plus = path.localPart.indexOf('+');
    return plus < 0 ? QByteArray() : path.localPart.mid(plus + 1);
}

/// What the message says; an empty one says nothing.
QByteArrayList valuesOf(const CaptureRule &rule, const IncomingMessage &message)
{
    using By = CaptureRule::By;
    QByteArrayList values;
    switch (rule.by) {
    case By::Binding:
        break;
    case By::SignIn:
        return {message.session.user};
    case By::Client:
        return {message.session.peerAddress.toString().toUtf8()};
    case By::Domain:
        for (const smtp::EnvelopeRecipient &recipient : message.envelope.recipients)
            values += recipient.forwardPath.domain;
        break;
    case By::Tag:
        for (const smtp::EnvelopeRecipient &recipient : message.envelope.recipients)
            values += tagOf(recipient.forwardPath);
        break;
    case By::Header: {
        const auto *copies = std::get_if<MessageCopies>(&message.content);
        const QByteArray front = message.front().mid(copies ? copies->mailboxHead : 0);
        return {readHeader(front).value(rule.field.toLatin1())};
    }
    }
    return values;
}

} // namespace

QString captureInboxName(const QByteArray &given)
{
    constexpr qsizetype longestInboxName
        = 64; // characters: 192 octets of the 200 that a folder's name may have
    QString name;
    const QString whole = QString::fromUtf8(given).trimmed().toLower().left(longestInboxName);
    for (const QChar c : whole)
        name += c.isLetterOrNumber() || QStringView(u"._-+@").contains(c) ? c : QChar(u'_');
    if (name.startsWith(u'.') || name.startsWith(u'-'))
        name[0] = u'_';
    return name;
}

QList<FolderId> captureFolders(const CaptureRule &rule, const IncomingMessage &message)
{
    QList<FolderId> folders;
    for (const QByteArray &value : valuesOf(rule, message)) {
        const QString name = captureInboxName(value);
        const FolderId folder = name.isEmpty() ? message.folder : FolderId{name, {}};
        if (!folders.contains(folder))
            folders.append(folder);
    }
    return folders.isEmpty() ? QList<FolderId>{message.folder} : folders;
}

} // namespace glasspost::mail
