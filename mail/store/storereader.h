#pragma once

#include "mail/base/octetsreader.h"
#include "mail/index/indexdatabase.h"
#include "mail/message/messageview.h"

#include <QObject>

#include <atomic>
#include <functional>
#include <memory>
#include <stop_token>

namespace glasspost::mail {

/// Reads rows and messages on a thread of its own, with a connection of its own, so that no view ever waits
/// for the indexing.
class StoreReader : public QObject
{
public:
    /// damaged: the database of that generation cannot be read; its owner makes it anew.
    using Damaged = std::function<void(quint64 generation, const Error &why)>;
    StoreReader(QString databasePath, int dataFolder, const std::atomic<quint64> *generation, Damaged damaged)
        : m_path(std::move(databasePath)), m_dataFolder(dataFolder), m_generation(generation),
          m_damaged(std::move(damaged))
    { }

    /// ECANCELED, and soon, once the stop is requested.
    Result<RowPage> rows(const RowQuery &query, const std::stop_token &stop);
    Result<RowPage> arrivals(const ArrivalQuery &query);
    Result<QList<MessageId>> surplus(const SurplusQuery &query);
    Result<QList<MessageRow>> named(const QByteArray &unique);
    Result<RowOrder> order(const RowQuery &query, const std::stop_token &stop); ///< likewise
    Result<QByteArray> read(const MessageId &id, qint64 limit);
    Result<MessageView> view(const MessageId &id);
    /// The message, its file open: what renames it meanwhile does not matter.
    Result<OctetsReader> open(const MessageId &id);
    Result<MessageOctets> octets(const MessageId &id, const QString &spoolFolder);
    /// What the file's name says.
    Result<MessageFlags> flags(const MessageId &id);

private:
    IndexDatabase *index();
    template <typename Read> Result<RowPage> page(Read read, const std::stop_token &stop = {});
    Result<QByteArray> pathOf(const MessageId &id);
    QString m_path;
    int m_dataFolder;
    const std::atomic<quint64> *m_generation;
    Damaged m_damaged;
    quint64 m_opened = 0;
    std::unique_ptr<IndexDatabase> m_index;
};

} // namespace glasspost::mail
