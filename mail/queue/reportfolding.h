#pragma once

#include "mail/message/mdn.h"
#include "mail/message/statusreport.h"
#include "mail/queue/queuevalues.h"

#include <QByteArray>
#include <QDateTime>
#include <QHash>
#include <QSet>
#include <QString>

#include <utility>

namespace glasspost::mail {

/// What a message in a file reports, if it is a report: a status (RFC 3464) or a disposition (RFC 8098); and
/// the entry that it is about when that is done.
struct FoundReport
{
    StatusReport report; ///< without recipients: the file holds none
    MdnReceipt receipt; ///< a null originalMessageId: the file holds none
    QByteArray doneId; ///< empty: not among the records of entries that are done

    [[nodiscard]] bool isNull() const;
    [[nodiscard]] bool isAbout(const QueueEntry &entry) const; ///< by envelope id or Message-ID
};

/// The records of entries that are done, by Message-ID. Each is read once, however many reports come: anybody
/// can send those. Blocks on the disk; one thread at a time.
class DoneRecords
{
public:
    explicit DoneRecords(QString dataFolder) : m_dataFolder(std::move(dataFolder)) { }

    /// The entry that a report is about; empty when none of these is.
    QByteArray idFor(const FoundReport &found);
    [[nodiscard]] int recordsRead() const { return m_recordsRead; }

private:
    void readNew();

    QString m_dataFolder;
    QSet<QByteArray> m_known; ///< ids
    QHash<QByteArray, QByteArray> m_ids; ///< by Message-ID
    QDateTime m_changed; ///< the folder, when it was last looked through
    int m_recordsRead = 0;
};

/// Blocks on the disk.
FoundReport findReport(DoneRecords &records, const QString &file);

/// The entry that it is about, one of these or one whose record is filed; empty when there is none.
QByteArray entryAbout(const FoundReport &found, const QList<QueueEntry> &unfiled);

} // namespace glasspost::mail
