#pragma once

#include "mail/base/task.h"
#include "mail/journal/journalreplay.h"
#include "mail/journal/journalsettings.h"
#include "mail/journal/transaction.h"

#include <QByteArray>
#include <QList>
#include <QObject>
#include <QString>

#include <memory>

namespace glasspost::mail {

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

    /// What the last open() found and had to do again.
    [[nodiscard]] JournalReplay replay() const;

Q_SIGNALS:
    /// Applying or checkpointing failed; the journal keeps its segments and tries again.
    void troubled(const glasspost::mail::Error &error);

private:
    Journal();
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace glasspost::mail
