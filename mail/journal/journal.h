#pragma once

#include "mail/base/task.h"
#include "mail/journal/transaction.h"

#include <QByteArray>
#include <QList>
#include <QObject>
#include <QString>
#include <QStringList>

#include <memory>

namespace glasspost::mail {

class FileSystemCalls;

/// How a journal works; the defaults are for use, other values for tests.
struct JournalSettings
{
    FileSystemCalls *calls = nullptr; ///< the system's own when null; outlives the journal
    int checkpointMilliseconds = 1000;
    qint64 checkpointBytes = 64 * 1024 * 1024;
    qint64 inlineBytes = 256 * 1024; ///< contents longer than this skip the double write
    int retryMilliseconds = 500; ///< between two tries at a step that failed
};

/// How far a transaction has come.
struct Committed
{
    /// It survives power loss, or nothing of it will happen, for an error that is NoSpace above all.
    Task<void> durable;
    /// After that: its steps stand in the files. With the error that kept it from being durable.
    Task<void> applied;
};

/// The write-ahead log of everything that Glasspost does to files it has answered for. A committed
/// transaction is appended, checksummed, to a segment in journal/, synced once for all that wait (fdatasync),
/// and then said to be durable; its steps are applied to the files afterwards, in order, unsynced; a
/// checkpoint every second or at so many megabytes syncs the files (syncfs) and drops the segments behind it.
/// After a crash the segments are replayed; every step can be replayed over its own result: a Create whose
/// Maildir unique name stands anywhere in that user's mailbox, whatever the folder and flags, or that a later
/// step removed, is left alone. Three threads of its own: one appends and syncs, one applies and checkpoints,
/// one gives the blocks of removed files back. Any thread may call commit().
class Journal : public QObject
{
    Q_OBJECT
public:
    /// Replays what a crash left, then is ready. Blocks on the disk: never called on the GUI thread.
    /// BadSettings when mail/, queue/, journal/ or spool/ lies on another file system than the data folder.
    static Result<std::unique_ptr<Journal>> open(const QString &dataFolder);
    static Result<std::unique_ptr<Journal>> open(const QString &dataFolder, const JournalSettings &settings);
    /// Applies everything, makes a last checkpoint, leaves no segment.
    ~Journal() override;

    /// A content over 256 KiB is written to a file in spool/ and synced there first. A transaction without
    /// steps is written nowhere: it is durable and applied when all before it are, and applied with an error
    /// while the files cannot be written, rather than kept waiting.
    Committed commit(FileTransaction transaction);

    /// How many transactions and steps the last open() found and had to do again.
    struct Replay
    {
        int transactions = 0;
        int stepsRedone = 0;
        int damagedSegments = 0; ///< set aside in journal/ as *.damaged: octets that had been synced read
                                 ///< otherwise; the spooled files of that start lie in spool/damaged/
        QStringList refused; ///< paths that lead out of the data folder: nothing of their transactions was
                             ///< done, and their segments are set aside as damaged
    };
    [[nodiscard]] Replay replay() const;

Q_SIGNALS:
    /// Applying or checkpointing failed; the journal keeps its segments and tries again.
    void troubled(const glasspost::mail::Error &error);

private:
    Journal();
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace glasspost::mail
