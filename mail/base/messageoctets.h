#pragma once

#include "mail/base/error.h"
#include "mail/base/posix.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

#include <functional>
#include <memory>

namespace glasspost::mail {

/// A file that holds a message: one of our own, mode 0600 in a spool folder, deleted with its last owner; or
/// somebody else's, which stays. Any thread.
class SpoolFile
{
public:
    enum class Ownership { Ours, Theirs };
    explicit SpoolFile(QString path, Ownership ownership = Ownership::Ours)
        : m_path(std::move(path)), m_ownership(ownership)
    { }
    ~SpoolFile();
    SpoolFile(const SpoolFile &) = delete;
    SpoolFile &operator=(const SpoolFile &) = delete;
    [[nodiscard]] const QString &path() const { return m_path; }

private:
    const QString m_path;
    const Ownership m_ownership;
};

/// The octets of one message on its way: in memory when they are few, else in a spool file that all copies of
/// the value share. Never changed once made.
class MessageOctets
{
public:
    static constexpr qint64 mostInMemory = 256 * 1024;

    MessageOctets() = default;
    // Implicit: octets in memory are the usual case.
    MessageOctets(QByteArray octets);
    MessageOctets(const char *octets) : MessageOctets(QByteArray(octets)) { }
    MessageOctets(std::shared_ptr<const SpoolFile> file, qint64 size, qint64 wireSize);

    /// Somebody else's file, which is there for as long as the value. Its size is not known; no disk is
    /// asked.
    static MessageOctets inFile(const QString &path);

    [[nodiscard]] bool isSpooled() const { return m_file != nullptr; }
    [[nodiscard]] const QByteArray &inMemory() const { return m_octets; } ///< empty when spooled
    [[nodiscard]] const std::shared_ptr<const SpoolFile> &file() const { return m_file; } ///< null when not
    [[nodiscard]] qint64 size() const { return m_size; } ///< -1 when not known
    [[nodiscard]] qint64 wireSize() const { return m_wireSize; } ///< with CRLF line ends; -1 when not known
    /// At most limit octets from the front, all with -1. Blocks on the disk when spooled.
    [[nodiscard]] Result<QByteArray> front(qint64 limit) const;
    friend bool operator==(const MessageOctets &, const MessageOctets &)
        = default; ///< the same file, or octets

private:
    QByteArray m_octets;
    std::shared_ptr<const SpoolFile> m_file;
    qint64 m_size = 0;
    qint64 m_wireSize = 0;
};

/// A new empty file in folder, open for reading and writing.
struct NewSpoolFile
{
    std::shared_ptr<const SpoolFile> file;
    FileDescriptor descriptor;
};
Result<NewSpoolFile> makeSpoolFile(const QString &folder);

/// Takes octets in pieces and makes one value of them; past MessageOctets::mostInMemory they go to a file in
/// folder, so that memory stays flat. Blocks on the disk. The first error is kept and told by finish().
class OctetsWriter
{
public:
    explicit OctetsWriter(QString folder) : m_folder(std::move(folder)) { }

    void write(QByteArrayView octets);
    [[nodiscard]] qint64 size() const { return m_size; }
    /// The last octet written; NUL before the first.
    [[nodiscard]] char last() const { return m_last; }
    /// What was written; a file is synced. The writer is empty again.
    Result<MessageOctets> finish();

private:
    void spill();

    QString m_folder;
    QByteArray m_octets;
    NewSpoolFile m_spooled;
    Result<void> m_state;
    qint64 m_size = 0;
    qint64 m_bareLineFeeds = 0; ///< each is one octet more on the wire
    char m_last = 0;
};

/// What a file of ours holds: a small one is read, a large one is there for as long as the value.
Result<MessageOctets> openOctets(const QString &path);
/// The same for a file that others may rename or remove: a large one gets a second name in spoolFolder, on
/// the same file system, or a copy there where it can have none.
Result<MessageOctets> linkedOctets(int folder, const QByteArray &path, const QString &spoolFolder);
/// Reads the octets piece by piece and gives each to take; what keeps a file from being read.
Result<void> forEachPiece(const MessageOctets &octets, const std::function<void(QByteArrayView)> &take);
/// head, then the octets, as a value of its own in folder.
Result<MessageOctets> withHead(const QByteArray &head, const MessageOctets &octets, const QString &folder);

} // namespace glasspost::mail
