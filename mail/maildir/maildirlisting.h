#pragma once

#include <QByteArray>
#include <QList>

#include <functional>

namespace glasspost::mail {

/// Visits the entries of a folder as listFolder() has them, without a list of them all.
void readFolder(
    int dataFolder, const QByteArray &path, const std::function<void(QByteArrayView name)> &visit);
/// The entries of a folder but for "." and "..", in no order; empty when it cannot be read. Relative to
/// dataFolder.
QList<QByteArray> listFolder(int dataFolder, const QByteArray &path);
/// The Maildirs of a user: "mail/alice", "mail/alice/.Sent" ...
QList<QByteArray> listMaildirs(int dataFolder, const QByteArray &userPath);
/// The message's path in this Maildir's new/ or cur/ by its unique name, whatever its flags; empty when it is
/// not there.
QByteArray findInMaildir(int dataFolder, const QByteArray &maildir, const QByteArray &unique);

} // namespace glasspost::mail
