#pragma once

#include "mail/base/worker.h"
#include "mail/settings/settings.h"
#include "mail/system/mailboxes.h"
#include "mail/transfer/messagefiles.h"

#include <QObject>

#include <memory>

namespace glasspost::mail {

/// What an import or export has done so far.
struct TransferCount
{
    int messages = 0; ///< carried
    int permille = 0; ///< of the whole, 0 to 1000
    QStringList leftOut; ///< files that hold no message, or are no plain files
    int doubtful = 0; ///< places where it was not certain that a message begins or ends
    bool isCancelled = false;

    friend bool operator==(const TransferCount &, const TransferCount &) = default;
};

/// One import of files into a folder, or export of a folder into files, at work. Files are read and written
/// on a thread of its own, in batches, so that memory stays flat; a batch that was imported is durable. Lives
/// on the thread that made it; the mailboxes outlive it. Destroyed in the middle, it stops behind the
/// batch.
class Transfer : public QObject
{
    Q_OBJECT
public:
    enum class Direction { Import, Export };
    struct Request
    {
        Direction direction = Direction::Import;
        QString path;
        TransferFormat format = TransferFormat::Detect; ///< an export writes mbox then
        FolderId folder; ///< a folder that is missing is made; its user has to be there
    };

    Transfer(Mailboxes &mailboxes, Request request, QObject *parent = nullptr);
    ~Transfer() override;

    void start(); ///< once
    /// Ends behind the batch at work: what was imported stays, an unfinished mbox does not appear.
    void cancel();
    [[nodiscard]] const Request &request() const { return m_request; }
    [[nodiscard]] const TransferCount &count() const { return m_count; }

Q_SIGNALS:
    void progressed(const glasspost::mail::TransferCount &count);
    /// Once, at the end.
    void finished(const glasspost::mail::Result<glasspost::mail::TransferCount> &result);

private:
    struct Files; ///< used on the worker's thread alone

    Task<void> importFiles();
    Task<void> makeFolder(const QList<FolderInfo> &folders);
    Task<void> openSource();
    Task<bool> importBatch();
    Task<bool> keep(const QList<CarriedMessage> &messages);

    Task<void> exportFolder();
    Task<void> settle();
    Task<bool> listAll();
    Task<bool> listSome();
    Task<void> openSink();
    Task<bool> exportRow();
    Task<bool> write(const MessageRow &row, const MessageOctets &octets);
    Task<void> closeSink();

    [[nodiscard]] bool isThere(const QList<FolderInfo> &folders) const;
    [[nodiscard]] Error folderNotFound() const;
    void end(const Result<void> &result);

    Mailboxes &m_mailboxes;
    Request m_request;
    TransferCount m_count;
    QList<MessageRow> m_rows;
    quint64 m_index = 0; ///< the one that m_rows are of
    int m_listings = 0;
    bool m_missedRows = false;
    std::shared_ptr<Files> m_files;
    Worker m_worker;
};

/// "user" or "user/folder" as the command line names a mailbox; an empty name is the first identity's Inbox.
FolderId folderNamed(const QString &name, const Settings &settings);

} // namespace glasspost::mail
