#pragma once

#include "mail/base/deferredunlinker.h"
#include "mail/base/posix.h"
#include "mail/journal/transaction.h"
#include "mail/maildir/maildirname.h"

#include <QByteArray>
#include <QHash>
#include <QSet>

#include <memory>

namespace glasspost::mail {

/// Does the journal's steps on files below the data folder. One thread at a time.
class StepExecutor
{
public:
    /// Live: once, in order. Replay: after a crash, over whatever part of its own result stands there;
    /// content is written again even where it reads well, because a power loss may keep a name and lose the
    /// octets, and a failed sync leaves pages in memory that never reach the disk. Rewrite: after such a
    /// sync, in the same process; like Replay, but what stands nowhere was moved or removed by others and
    /// stays away.
    enum class Mode { Live, Replay, Rewrite };

    /// Without an unlinker, and in a replay, files are deleted there and then.
    StepExecutor(FileSystemCalls &calls, int dataFolder, DeferredUnlinker *unlinker = nullptr)
        : m_calls(calls), m_data(dataFolder), m_unlinker(unlinker)
    { }

    void setMode(Mode mode);
    /// Whether anything had to be changed, or what kept it from being done. Trying again is safe.
    Result<bool> apply(const FileStep &step);

private:
    Result<bool> create(const QByteArray &path, const FileStep &step);
    Result<bool> replace(const QByteArray &path, const QByteArray &content);
    Result<bool> link(const QByteArray &path, const QByteArray &other);
    Result<bool> relink(const QByteArray &source, const QByteArray &path, const QByteArray &standing);
    Result<bool> rename(const QByteArray &path, const QByteArray &other);
    Result<bool> remove(const QByteArray &path);

    int writeWhole(const QByteArray &path, const QByteArray &content);
    int writeInPlace(const QByteArray &path, const QByteArray &content);
    int writeFile(const QByteArray &path, const QByteArray &content);
    int renameMaking(const QByteArray &from, const QByteArray &to);
    int linkOrCopy(const QByteArray &from, const QByteArray &to);
    int makeParents(const QByteArray &path);
    [[nodiscard]] bool exists(const QByteArray &path) const;
    [[nodiscard]] bool isSameFile(const QByteArray &path, const QByteArray &other) const;
    QByteArray locate(const QByteArray &path);
    void noteMoved(const QByteArray &path, const QByteArray &other);
    QHash<QByteArray, QByteArray> &namesOf(const QByteArray &user);
    int folderOf(const QByteArray &path, const char **name);

    FileSystemCalls &m_calls;
    int m_data;
    DeferredUnlinker *m_unlinker;
    Mode m_mode = Mode::Live;
    QHash<QByteArray, std::shared_ptr<FileDescriptor>> m_folders;
    QHash<QByteArray, QHash<QByteArray, QByteArray>> m_names; ///< replay: user -> unique name -> path
    QSet<QByteArray> m_redone; ///< replay: unique names that had to be written again
    QSet<QByteArray> m_removed; ///< rewrite: paths that a step of this pass removed
    QHash<QByteArray, QByteArray> m_unwritten; ///< rewrite: path -> content of files that stand nowhere
};

} // namespace glasspost::mail
