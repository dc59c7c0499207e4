#pragma once

#include "mail/base/posix.h"
#include "mail/journal/transaction.h"

namespace glasspost::mail {

/// Long contents of transactions: each goes to a file in spool/ that is synced on its own, and the journal's
/// record names the file. The appender's.
class LargeContents
{
public:
    /// Contents longer than inlineBytes are long.
    LargeContents(FileSystemCalls &calls, int spoolFolder, qint64 inlineBytes)
        : m_calls(calls), m_folder(spoolFolder), m_inlineBytes(inlineBytes)
    { }

    /// Spools what is long in a transaction, under names with that number in them, which no earlier start has
    /// used. After a failure none of its files is left.
    Result<void> spool(FileTransaction &steps, quint64 number);
    /// The transactions since the last call are in the journal, or were refused: then their files go, since a
    /// full disk is not to be filled by what was refused.
    void keepSpooled() { m_spooled.clear(); }
    void dropSpooled() { dropFrom(0); }

private:
    Result<void> spoolStep(FileStep &step, quint64 number);
    Result<void> linkShared(const FileStep &step, const QByteArray &name);
    Result<void> writeContent(const FileStep &step, const QByteArray &name);
    void dropFrom(qsizetype from);

    FileSystemCalls &m_calls;
    const int m_folder;
    const qint64 m_inlineBytes;
    QList<QByteArray> m_spooled; ///< names of files whose transactions are not in the journal yet
    quint64 m_count = 0;
};

} // namespace glasspost::mail
