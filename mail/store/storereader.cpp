#include "mail/store/storereader.h"

#include "mail/base/posix.h"
#include "mail/maildir/maildirlisting.h"
#include "mail/maildir/maildirname.h"
#include "mail/message/messagereader.h"
#include "mail/message/receivedfacts.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>

namespace glasspost::mail {

/// The connection, opened again when the database has been built anew since.
IndexDatabase *StoreReader::index()
{
    const quint64 generation = *m_generation;
    if (m_index && m_opened == generation)
        return m_index.get();
    m_index.reset();
    if (generation == 0)
        return nullptr;
    auto opened = IndexDatabase::open(m_path, IndexDatabase::Access::Read);
    if (!opened)
        return nullptr;
    m_index = std::move(*opened);
    m_opened = generation;
    return m_index.get();
}

/// What read() gives of the index; a page without rows while that is being built.
template <typename Read> Result<RowPage> StoreReader::page(Read read, const std::stop_token &stop)
{
    for (int attempt = 0; attempt < 2; ++attempt) {
        if (stop.stop_requested()) // says nothing about the database
            return systemFailure(ECANCELED, QStringLiteral("index.sqlite"));
        if (IndexDatabase *open = index()) {
            Result<RowPage> page = read(*open);
            if (page) {
                page->generation = m_opened;
                return page;
            }
            if (stop.stop_requested())
                return page;
            m_index.reset();
            if (attempt > 0 && page.error().code == ErrorCode::Damaged)
                m_damaged(m_opened, page.error());
        }
    }
    RowPage none; // rows come with changed()
    none.isMissing = true;
    return none;
}

Result<RowPage> StoreReader::rows(const RowQuery &query, const std::stop_token &stop)
{
    return page([&](IndexDatabase &open) { return open.rows(query, stop); }, stop).map([&](RowPage page) {
        page.query = query;
        return page;
    });
}

Result<RowPage> StoreReader::arrivals(const ArrivalQuery &query)
{
    return page([&query](IndexDatabase &open) { return open.arrivals(query); });
}

Result<QList<MessageRow>> StoreReader::named(const QByteArray &unique)
{
    IndexDatabase *open = index();
    if (!open)
        return tl::unexpected(Error{ErrorCode::IndexIncomplete, QStringLiteral("index.sqlite"), {}});
    return open->named(unique);
}

Result<QList<MessageId>> StoreReader::surplus(const SurplusQuery &query)
{
    IndexDatabase *open = index();
    if (!open)
        return tl::unexpected(Error{ErrorCode::IndexIncomplete, QStringLiteral("index.sqlite"), {}});
    return open->surplus(query);
}

Result<RowOrder> StoreReader::order(const RowQuery &query, const std::stop_token &stop)
{
    if (stop.stop_requested())
        return systemFailure(ECANCELED, QStringLiteral("index.sqlite"));
    IndexDatabase *open = index();
    if (!open)
        return tl::unexpected(Error{ErrorCode::IndexIncomplete, QStringLiteral("index.sqlite"), {}});
    return open->order(query, stop).map([this](RowOrder order) {
        order.generation = m_opened;
        return order;
    });
}

Result<QByteArray> StoreReader::pathOf(const MessageId &id)
{
    const auto maildir = folderPath(id.folder);
    if (!maildir || id.isNull() || id.unique.contains('/'))
        return tl::unexpected(Error{ErrorCode::NotFound, QString::fromUtf8(id.unique), {}});
    if (IndexDatabase *open = index()) {
        const auto file = open->fileOf(id);
        struct stat facts = {};
        if (file && *file && !(*file)->contains("..")) {
            const QByteArray path = *maildir + '/' + **file;
            if (::fstatat(m_dataFolder, path.constData(), &facts, 0) == 0)
                return path;
        }
    }
    // Renamed by another program, or by us a moment ago.
    const QByteArray path = findInMaildir(m_dataFolder, *maildir, id.unique);
    if (path.isEmpty())
        return tl::unexpected(Error{ErrorCode::NotFound, QString::fromUtf8(id.unique), {}});
    return path;
}

Result<QByteArray> StoreReader::read(const MessageId &id, qint64 limit)
{
    for (int attempt = 0;; ++attempt) {
        const auto path = pathOf(id);
        if (!path)
            return tl::unexpected(path.error());
        auto content = readFileAt(m_dataFolder, *path, limit);
        if (content || content.error().code != ErrorCode::NotFound || attempt == 3)
            return content;
    }
}

Result<MessageOctets> StoreReader::octets(const MessageId &id, const QString &spoolFolder)
{
    for (int attempt = 0;; ++attempt) {
        const auto path = pathOf(id);
        if (!path)
            return tl::unexpected(path.error());
        auto octets = linkedOctets(m_dataFolder, *path, spoolFolder);
        if (octets || octets.error().code != ErrorCode::NotFound || attempt == 3)
            return octets;
    }
}

Result<OctetsReader> StoreReader::open(const MessageId &id)
{
    for (int attempt = 0;; ++attempt) {
        const auto path = pathOf(id);
        if (!path)
            return tl::unexpected(path.error());
        auto source = OctetsReader::open(m_dataFolder, *path);
        if (source || source.error().code != ErrorCode::NotFound || attempt == 3)
            return source;
    }
}

Result<MessageView> StoreReader::view(const MessageId &id)
{
    auto view = open(id).and_then([](const OctetsReader &source) { return readMessage(source); });
    if (!view)
        return view;
    view->id = id;
    view->queueId = queueIdOf(id.unique);
    if (IndexDatabase *open = index()) {
        if (const auto row = open->row(id); row && *row) {
            view->sessionId = (*row)->sessionId;
            view->queueId = (*row)->queueId;
        }
    }
    return view;
}

Result<MessageFlags> StoreReader::flags(const MessageId &id)
{
    return pathOf(id).map([](const QByteArray &path) { return flagsOf(path); });
}

} // namespace glasspost::mail
