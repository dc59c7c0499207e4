#include "mail/store/storereader.h"

#include "mail/base/freefile.h"
#include "mail/base/posix.h"
#include "mail/maildir/maildirlisting.h"
#include "mail/maildir/maildirname.h"
#include "mail/message/messagereader.h"
#include "mail/message/parttree.h"
#include "mail/message/receivedfacts.h"

#include <QFile>
#include <QSaveFile>
#include <QTemporaryDir>

#include <fcntl.h>
#include <sys/stat.h>

namespace glasspost::mail {

namespace {

tl::unexpected<Error> failureOf(const QSaveFile &file)
{
    const bool isRefused
        = file.error() == QFileDevice::OpenError || file.error() == QFileDevice::PermissionsError;
    return tl::unexpected(Error{
        isRefused ? ErrorCode::NotPermitted : ErrorCode::InputOutput, file.fileName(), file.errorString()});
}

Result<void> save(const QString &path, const OctetPieces &pieces)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return failureOf(file);
    for (;;) {
        const Result<QByteArray> piece = pieces();
        if (!piece)
            return tl::unexpected(piece.error());
        if (piece->isEmpty())
            return file.commit() ? Result<void>() : failureOf(file);
        if (file.write(*piece) != piece->size())
            return failureOf(file);
    }
}

} // namespace

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

Result<RowPage> StoreReader::rows(const RowQuery &query)
{
    for (int attempt = 0; attempt < 2; ++attempt) {
        if (IndexDatabase *open = index()) {
            auto page = open->rows(query);
            if (page) {
                page->generation = m_opened;
                return page;
            }
            m_index.reset();
            if (attempt > 0 && page.error().code == ErrorCode::Damaged)
                m_damaged(m_opened, page.error());
        }
    }
    RowPage none; // the index is being built: rows come with changed()
    none.query = query;
    none.isMissing = true;
    return none;
}

Result<RowOrder> StoreReader::order(const RowQuery &query)
{
    IndexDatabase *open = index();
    if (!open)
        return tl::unexpected(Error{ErrorCode::IndexIncomplete, QStringLiteral("index.sqlite"), {}});
    auto numbers = open->order(query);
    if (!numbers)
        return tl::unexpected(numbers.error());
    return RowOrder{m_opened, std::move(*numbers)};
}

Result<QList<MessageId>> StoreReader::identify(const RowOrder &rows)
{
    IndexDatabase *open = index();
    if (!open || m_opened != rows.generation)
        return tl::unexpected(Error{ErrorCode::IndexIncomplete, QStringLiteral("index.sqlite"), {}});
    return open->identify(rows.numbers);
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
    view->sessionId = sessionIdOf(view->source);
    view->queueId = queueIdOf(id.unique);
    if (IndexDatabase *open = index()) {
        if (const auto row = open->row(id); row && *row) {
            view->sessionId = (*row)->sessionId;
            view->queueId = (*row)->queueId;
        }
    }
    return view;
}

Result<void> StoreReader::savePart(const MessageId &id, int partIndex, const QString &path)
{
    return open(id)
        .and_then(PartTree::read)
        .and_then([partIndex](const PartTree &tree) { return tree.pieces(partIndex); })
        .and_then([&path](const OctetPieces &pieces) { return save(path, pieces); });
}

Result<QStringList> StoreReader::saveParts(
    const MessageId &id, const QList<NamedPart> &parts, const QString &folder)
{
    const Result<PartTree> tree = open(id).and_then(PartTree::read);
    if (!tree)
        return tl::unexpected(tree.error());
    QStringList paths;
    for (const NamedPart &part : parts) {
        const Result<QString> path = tree->pieces(part.index).and_then([&](const OctetPieces &pieces) {
            return writeFreeFile(folder, part.name, pieces, 0666);
        });
        if (!path)
            return tl::unexpected(path.error());
        paths.append(*path);
    }
    return paths;
}

Result<QString> StoreReader::copyPart(const MessageId &id, const NamedPart &part, const QString &folder)
{
    if (const int failed = makeFolders(AT_FDCWD, QFile::encodeName(folder)); failed != 0)
        return systemFailure(failed, folder);
    QTemporaryDir own(folder + QStringLiteral("/XXXXXX"));
    own.setAutoRemove(false);
    if (!own.isValid())
        return tl::unexpected(Error{ErrorCode::InputOutput, folder, own.errorString()});
    return open(id)
        .and_then(PartTree::read)
        .and_then([&part](const PartTree &tree) { return tree.pieces(part.index); })
        .and_then(
            [&](const OctetPieces &pieces) { return writeFreeFile(own.path(), part.name, pieces, 0400); });
}

Result<MessageFlags> StoreReader::flags(const MessageId &id)
{
    return pathOf(id).map([](const QByteArray &path) { return flagsOf(path); });
}

Result<void> StoreReader::saveSource(const MessageId &id, const QString &path)
{
    return open(id).and_then(
        [&path](const OctetsReader &source) { return save(path, source.pieces(0, source.size())); });
}

} // namespace glasspost::mail
