#pragma once

#include "mail/base/error.h"
#include "mail/base/messageoctets.h"
#include "mail/base/posix.h"

#include <QByteArray>
#include <QString>

#include <functional>
#include <memory>
#include <stop_token>

namespace glasspost::mail {

/// Octets piece by piece; an empty piece is their end.
using OctetPieces = std::function<Result<QByteArray>()>;

/// The octets of a message read where they lie, from any place on: in memory, or in a file that stays open,
/// so that it may be renamed or deleted meanwhile. Copies share the file. Blocks on the disk.
class OctetsReader
{
public:
    explicit OctetsReader(const QByteArray &octets) : m_octets(octets), m_size(octets.size()) { }
    static Result<OctetsReader> open(const MessageOctets &octets);
    static Result<OctetsReader> open(int folder, const QByteArray &path);

    [[nodiscard]] qint64 size() const { return m_size; }
    /// The same message, of which nothing more can be read once the stop is requested.
    [[nodiscard]] OctetsReader stoppedBy(std::stop_token stop) const;
    /// At most so many octets; fewer at the end.
    [[nodiscard]] Result<QByteArray> read(qint64 from, qint64 most) const;
    /// What lies from one place to before another.
    [[nodiscard]] OctetPieces pieces(qint64 from, qint64 to) const;
    /// The same octets as if there were no others: a message within the message.
    [[nodiscard]] OctetsReader within(qint64 from, qint64 to) const;

private:
    OctetsReader(std::shared_ptr<const FileDescriptor> file, QString path, qint64 size)
        : m_file(std::move(file)), m_path(std::move(path)), m_size(size)
    { }

    QByteArray m_octets;
    std::shared_ptr<const FileDescriptor> m_file; ///< null: in memory
    QString m_path;
    qint64 m_begin = 0; ///< in the file
    qint64 m_size = 0;
    std::stop_token m_stop;
};

/// Writes piece after piece; the path is what an error names.
Result<void> writeAll(FileSystemCalls &calls, int file, const OctetPieces &pieces, const QString &path);
/// As replaceFile() of posix.h.
Result<void> replaceFile(const QString &path, const OctetPieces &pieces);

} // namespace glasspost::mail
