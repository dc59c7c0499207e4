#pragma once

#include "mail/maildir/messageid.h"
#include "mail/message/authenticationresults.h"
#include "mail/message/listunsubscribe.h"
#include "mail/message/mdn.h"
#include "mail/message/receivedroute.h"
#include "mail/message/statusreport.h"

#include <QByteArray>
#include <QList>
#include <QString>

#include <optional>

namespace glasspost::mail {

struct HeaderField
{
    QString name;
    QString value; ///< decoded (RFC 2047), unfolded
    friend bool operator==(const HeaderField &, const HeaderField &) = default;
};

/// A mailbox in From, To, Cc: decoded name and addr-spec.
struct AddressView
{
    QString name;
    QString address;
    friend bool operator==(const AddressView &, const AddressView &) = default;
};

/// One MIME part. Parts stand in depth-first order, so index names a part for as long as the message lives.
struct PartView
{
    int index = 0;
    int depth = 0;
    QString contentType; ///< "text/plain"
    QString charset;
    QString fileName; ///< as given, unsafe: saving goes through safeFileName()
    qint64 size = 0; ///< octets decoded
    bool isAttachment = false;
    friend bool operator==(const PartView &, const PartView &) = default;
};

/// A part of a message and the name of the file it is saved as.
struct NamedPart
{
    int index = 0;
    QString name;
};

/// A picture that came with the message and that its HTML shows in its place.
struct InlinePicture
{
    QString contentId; ///< as in "cid:" references
    QByteArray octets; ///< the file, decoded from its transfer encoding
    friend bool operator==(const InlinePicture &, const InlinePicture &) = default;
};

/// What is shown of a message as HTML: cleaned, so that neither the markup nor the style sheet runs, fetches
/// or overlays anything. Pictures go by names: "cid:ID" (percent-encoded) of pictures, "data:N" of
/// dataPictures, "remote:N" of remotePictures, which nobody fetches unless a person asks for it.
struct HtmlPage
{
    QString html; ///< empty when nothing of the message is HTML
    QString styleSheet;
    QList<InlinePicture> pictures; ///< at most 32 MiB
    QList<QByteArray> dataPictures; ///< likewise
    QStringList remotePictures; ///< addresses, http and https
    bool isInQuirksMode = false; ///< as some of its HTML came (mail/message/htmldoctype.h)
    friend bool operator==(const HtmlPage &, const HtmlPage &) = default;
};

/// How the sender protected a message, as its form says. Nothing of it is verified or decrypted here.
enum class Protection : quint8 {
    None,
    OpenPgpSigned, ///< RFC 3156 5
    OpenPgpEncrypted, ///< RFC 3156 4
    OpenPgpText, ///< armored text in place of a structure, signed or encrypted
    SmimeSigned, ///< RFC 8551 3.5
    SmimeEncrypted, ///< RFC 8551 3.3
    OtherSigned, ///< multipart/signed by another protocol (RFC 1847 2.1)
    OtherEncrypted ///< multipart/encrypted likewise (RFC 1847 2.2)
};

/// A message read for people. Everything in it is decoded; source is the file as it lies, with its trace
/// fields.
struct MessageView
{
    MessageId id;
    QString subject;
    QList<AddressView> from, to, cc, replyTo;
    qint64 date = 0; ///< seconds since the Unix epoch, 0 when there is no readable Date
    QList<HeaderField> header; ///< every field in order, 10,000 at most
    QString text; ///< all that is shown, in order, as plain text; made from HTML where there is no text
    HtmlPage page; ///< the same as cleaned HTML: no script, no remote content, no forms
    QList<PartView> parts;
    QByteArray source; ///< at most 8 MiB; sourceSize tells the whole
    qint64 sourceSize = 0;
    QByteArray messageIdField, inReplyTo;
    QList<QByteArray> references;
    QByteArray sessionId;
    QByteArray queueId;
    QByteArray returnPath; ///< of the Return-Path field
    QList<QByteArray> deliveredTo;
    QList<QByteArray> tolerated; ///< X-Glasspost-Tolerated above the first Received: ours
    QList<QByteArray> parameters; ///< X-Glasspost-Parameters, likewise
    QStringList warnings; ///< keys the window words: "several-from", "name-looks-like-address", ...
    QList<ReceivedHop> route; ///< the first hop first
    QList<AuthenticationVerdict> verdicts;
    ListUnsubscribe unsubscribe;
    Protection protection = Protection::None;
    bool isProtectedInPart = false; ///< it is of a part, and others lie beside that
    std::optional<StatusReport> report; ///< of a message that is a delivery status notification
    std::optional<MdnReceipt> receipt; ///< of one that answers a request for a receipt
    bool isAttached = false; ///< in the message that id names, whose numbers its parts have
};

/// A file name that can be saved anywhere: no path, no control or direction characters, no device name, <=
/// 150 octets.
QString safeFileName(const QString &proposed);

} // namespace glasspost::mail
