#pragma once

#include "mail/base/messageoctets.h"

#include <QByteArray>
#include <QList>
#include <QString>

#include <memory>

namespace glasspost::mail {

/// One step on files below the data folder. Paths are relative to it, with '/'.
struct FileStep
{
    enum class Kind : quint8 {
        Create, ///< path with content (or by renaming contentFile into place); in a Maildir through tmp/ into
                ///< new/
        Replace, ///< path with content; what a crash leaves of it is made whole by the replay
        Link, ///< other becomes a hard link to path; a copy where the file system cannot link
        Rename, ///< path becomes other
        Remove ///< path is no more
    };
    Kind kind = Kind::Create;
    QString path;
    QString other;
    QByteArray content;
    QString contentFile; ///< a spooled large file, already synced, to be renamed to path (Create alone)
    /// A synced file on the same file system that goes on to exist: path becomes another name of it, or a
    /// copy where it has none to give (Create alone). Held until the transaction is durable.
    std::shared_ptr<const SpoolFile> shared = nullptr;

    friend bool operator==(const FileStep &, const FileStep &) = default;
};

/// Steps that happen all or not at all, whatever dies meanwhile.
using FileTransaction = QList<FileStep>;

} // namespace glasspost::mail
