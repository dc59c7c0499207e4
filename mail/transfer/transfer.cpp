#include "mail/transfer/transfer.h"

#include <algorithm>

namespace glasspost::mail {

namespace {

constexpr int rowsAtOnce = 500;
constexpr int tellEvery = 50; ///< messages
constexpr int mostListings = 5;

} // namespace

struct Transfer::Files
{
    std::unique_ptr<ImportSource> source;
    std::unique_ptr<ExportSink> sink;
};

FolderId folderNamed(const QString &name, const Settings &settings)
{
    if (name.isEmpty()) {
        if (!settings.identities.isEmpty() && !settings.identities.first().user.isEmpty())
            return {settings.identities.first().user, {}};
        return {settings.users.isEmpty() ? QString() : settings.users.first().name, {}};
    }
    const qsizetype slash = name.indexOf(QLatin1Char('/'));
    const QString folder = slash < 0 ? QString() : name.mid(slash + 1);
    const bool isInbox = folder.compare(QLatin1String("inbox"), Qt::CaseInsensitive) == 0;
    return {name.left(slash), isInbox ? QString() : folder};
}

Transfer::Transfer(Mailboxes &mailboxes, Request request, QObject *parent)
    : QObject(parent), m_mailboxes(mailboxes), m_request(std::move(request)),
      m_files(std::make_shared<Files>())
{ }

Transfer::~Transfer() = default;

void Transfer::start()
{
    const Task<void> work = m_request.direction == Direction::Import ? importFiles() : exportFolder();
    work.then(this, [this](const Result<void> &result) { end(result); });
}

void Transfer::cancel()
{
    m_count.isCancelled = true;
}

void Transfer::end(const Result<void> &result)
{
    if (!result) {
        Q_EMIT finished(tl::unexpected(result.error()));
        return;
    }
    if (!m_count.isCancelled)
        m_count.permille = 1000;
    Q_EMIT finished(m_count);
}

bool Transfer::isThere(const QList<FolderInfo> &folders) const
{
    return std::any_of(folders.cbegin(), folders.cend(),
        [this](const FolderInfo &info) { return info.id == m_request.folder; });
}

Error Transfer::folderNotFound() const
{
    const FolderId &id = m_request.folder;
    return {ErrorCode::NoMailbox, id.folder.isEmpty() ? id.user : id.user + QLatin1Char('/') + id.folder, {}};
}

Task<void> Transfer::importFiles()
{
    return m_mailboxes.folders()
        .andThen(this, [this](const QList<FolderInfo> &folders) { return makeFolder(folders); })
        .andThen(this, [this] { return openSource(); })
        .andThen(this, [this] { return repeat(this, [this] { return importBatch(); }); });
}

Task<void> Transfer::makeFolder(const QList<FolderInfo> &folders)
{
    const auto isUsers = [this](const FolderInfo &info) { return info.id.user == m_request.folder.user; };
    if (isThere(folders))
        return Result<void>();
    if (std::any_of(folders.cbegin(), folders.cend(), isUsers))
        return m_mailboxes.createFolder(m_request.folder);
    return tl::unexpected(folderNotFound());
}

Task<void> Transfer::openSource()
{
    return m_worker.run([files = m_files, request = m_request, spoolFolder = m_mailboxes.spoolFolder()] {
        return ImportSource::open(request.path, request.format, spoolFolder)
            .map([&files](std::unique_ptr<ImportSource> &&source) { files->source = std::move(source); });
    });
}

Task<bool> Transfer::importBatch()
{
    struct Batch
    {
        QList<CarriedMessage> messages;
        int permille = 0;
        QStringList leftOut;
        int doubtful = 0;
    };
    if (m_count.isCancelled)
        return Result<bool>(false);
    const auto read = [files = m_files] {
        return files->source->next().map([&source = *files->source](const QList<CarriedMessage> &messages) {
            return Batch{messages, source.permille(), source.leftOut(), source.doubtful()};
        });
    };
    return m_worker.run(read).andThen(this, [this](const Batch &batch) -> Task<bool> {
        m_count.permille = batch.permille;
        m_count.leftOut = batch.leftOut;
        m_count.doubtful = batch.doubtful;
        if (!batch.messages.isEmpty())
            return keep(batch.messages);
        if (m_count.messages == 0)
            return tl::unexpected(Error{ErrorCode::NotAMessage, m_request.path, {}});
        return Result<bool>(false);
    });
}

Task<bool> Transfer::keep(const QList<CarriedMessage> &messages)
{
    return m_mailboxes.keepMessages(m_request.folder, messages).andThen(this, [this](int kept) {
        m_count.messages += kept;
        Q_EMIT progressed(m_count);
        return true;
    });
}

// Listed first as a whole, so that mail which arrives meanwhile moves nothing under our hands.
Task<void> Transfer::exportFolder()
{
    return settle()
        .andThen(this, [this] { return m_mailboxes.folders(); })
        .andThen(this,
            [this](const QList<FolderInfo> &folders) -> Result<void> {
                if (isThere(folders))
                    return {};
                return tl::unexpected(folderNotFound());
            })
        .andThen(this, [this] { return repeat(this, [this] { return listAll(); }); })
        .andThen(this, [this] { return openSink(); })
        .andThen(this, [this] { return repeat(this, [this] { return exportRow(); }); })
        .andThen(this, [this] { return closeSink(); });
}

Task<void> Transfer::settle()
{
    return m_mailboxes.settle().andThen(this, [this](quint64 index) {
        m_missedRows = m_missedRows || index != m_index;
        m_index = index;
    });
}

// An index that was rebuilt meanwhile had only a part of the mail for a while: then once more.
Task<bool> Transfer::listAll()
{
    m_rows.clear();
    m_missedRows = false;
    return repeat(this, [this] {
        return listSome();
    }).andThen(this, [this] {
          return settle();
      }).andThen(this, [this]() -> Result<bool> {
        if (m_missedRows && ++m_listings >= mostListings)
            return tl::unexpected(Error{ErrorCode::Damaged, QStringLiteral("index.sqlite"), {}});
        return m_missedRows;
    });
}

Task<bool> Transfer::listSome()
{
    RowQuery query;
    query.folder = m_request.folder;
    query.order = Qt::AscendingOrder;
    query.offset = int(m_rows.size());
    query.limit = rowsAtOnce;
    return m_mailboxes.rows(query).andThen(this, [this](const RowPage &page) {
        m_rows += page.rows;
        m_missedRows = m_missedRows || page.isMissing;
        return !page.rows.isEmpty() && m_rows.size() < page.total;
    });
}

Task<void> Transfer::openSink()
{
    return m_worker.run([files = m_files, request = m_request] {
        return ExportSink::open(request.path, request.format)
            .map([&files](std::unique_ptr<ExportSink> &&sink) { files->sink = std::move(sink); });
    });
}

Task<bool> Transfer::exportRow()
{
    if (m_count.isCancelled)
        return Result<bool>(false);
    const int done = m_count.messages + int(m_count.leftOut.size());
    m_count.permille = m_rows.isEmpty() ? 1000 : int(qint64(done) * 1000 / m_rows.size());
    if (done % tellEvery == 0)
        Q_EMIT progressed(m_count);
    if (done >= m_rows.size())
        return Result<bool>(false);
    const Promise<bool> exported;
    m_mailboxes.octets(m_rows[done].id)
        .then(this, [this, row = m_rows[done], exported](const Result<MessageOctets> &octets) {
            if (octets) {
                exported.answerWith([&] { return write(row, *octets); });
            } else if (octets.error().code == ErrorCode::NotFound) {
                m_count.leftOut.append(row.subject); // removed since it was listed
                exported.answer(true);
            } else {
                exported.answer(tl::unexpected(octets.error()));
            }
        });
    return exported.task();
}

Task<bool> Transfer::write(const MessageRow &row, const MessageOctets &octets)
{
    const CarriedFacts facts{
        row.subject, row.fromAddress.toUtf8(), row.arrivedAt > 0 ? row.arrivedAt : row.date};
    return m_worker
        .run([files = m_files, message = CarriedMessage{octets, row.flags}, facts] {
            return files->sink->write(message, facts);
        })
        .andThen(this, [this] {
            ++m_count.messages;
            return true;
        });
}

Task<void> Transfer::closeSink()
{
    if (m_count.isCancelled) // an unfinished mbox does not appear
        return Result<void>();
    return m_worker.run([files = m_files] { return files->sink->finish(); });
}

} // namespace glasspost::mail
