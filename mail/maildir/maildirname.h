#pragma once

#include "mail/base/error.h"
#include "mail/maildir/messageid.h"

#include <QByteArray>
#include <QByteArrayView>

#include <optional>

namespace glasspost::mail {

/// Names in Maildir++ as Dovecot, mutt and notmuch read them. Total functions over bytes; any thread.

/// The folder of a user below the data folder: "mail/alice". Octets that a file system or shell takes amiss
/// stand as %XX. Nothing when the name is empty or too long (200 octets).
std::optional<QByteArray> userPath(const QString &user);
QString userOfPath(QByteArrayView folderName); ///< "alice" or "a%2Fb" back to the name
/// "mail/alice" for the Inbox, "mail/alice/.Sent" else; the name in modified UTF-7 (RFC 3501 5.1.3), '.'
/// between levels. Nothing when the name has '/', control characters, empty levels, or is too long.
std::optional<QByteArray> folderPath(const FolderId &folder);
/// ".Sent" as it lies on disk back to "Sent"; "" for the Inbox itself.
QString folderOfName(QByteArrayView name);

/// A new unique name: seconds.MmicrosPpidQcounter.host,S=octets in the file,W=octets on the wire, and
/// ",Q=queueId" when there is one: the link from a Sent copy to its queue entry stands in the name, because
/// the message's own octets stay as they were sent and every Maildir program keeps the name up to the colon.
QByteArray newUniqueName(qint64 fileSize, qint64 wireSize, const QByteArray &queueId = {});
QByteArrayView uniqueOf(QByteArrayView fileName); ///< the name up to ":2,"
QByteArray queueIdOf(QByteArrayView uniqueName);
/// The value of ",W=" (octets on the wire), or -1.
qint64 wireSizeOf(QByteArrayView uniqueName);
qint64 arrivalOf(QByteArrayView uniqueName); ///< seconds since the Unix epoch, 0 when the name does not tell
/// The moment at which the name was made, microseconds since the Unix epoch; 0 when it does not tell.
qint64 momentOf(QByteArrayView uniqueName);

MessageFlags flagsOf(QByteArrayView fileName);
/// ":2,FS": our flags, and those letters of the old name that are not ours (Dovecot's keywords a to z).
QByteArray infoFor(MessageFlags flags, QByteArrayView oldFileName = {});

/// A path of a message in a Maildir, taken apart: "mail/alice/.Sent" "cur" "name:2,S".
struct MaildirPath
{
    QByteArray user; ///< "mail/alice"
    QByteArray folder; ///< "mail/alice/.Sent"
    QByteArray part; ///< "new" or "cur"
    QByteArray name;
};
std::optional<MaildirPath> maildirPath(const QByteArray &path);

} // namespace glasspost::mail
