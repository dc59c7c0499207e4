#include "mail/transfer/transfer.h"

#include "mail/base/contextlink.h"

#include <algorithm>

namespace glasspost::mail {

namespace {

constexpr int rowsAtOnce = 500;
constexpr int tellEvery = 50; ///< messages
constexpr int mostListings = 5;

} // namespace

struct Transfer::Files
{
    std::unique_ptr<MessageSource> source;
    std::unique_ptr<MessageSink> sink;
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

Transfer::Transfer(MailSystem &mail, Request request, QObject *parent)
    : QObject(parent), m_mail(mail), m_request(std::move(request)), m_files(std::make_shared<Files>()),
      m_worker(std::make_unique<Worker>())
{ }

Transfer::~Transfer() = default;

template <typename T> void Transfer::onWorker(std::function<T()> work, std::function<void(const T &)> then)
{
    m_worker->run([link = ContextLink::to(this), work = std::move(work), then = std::move(then)] {
        link->run([result = work(), then] { then(result); });
    });
}

void Transfer::start()
{
    if (m_request.direction == Direction::Import)
        findFolder();
    else
        settle([this] { findFolder(); });
}

void Transfer::findFolder()
{
    m_mail.folders(this, [this](const Result<QList<FolderInfo>> &folders) {
        if (folders)
            takeFolders(*folders);
        else
            fail(folders.error());
    });
}

void Transfer::cancel()
{
    m_count.isCancelled = true;
}

void Transfer::takeFolders(const QList<FolderInfo> &folders)
{
    const auto isIt = [this](const FolderInfo &info) { return info.id == m_request.folder; };
    const auto isUser = [this](const FolderInfo &info) { return info.id.user == m_request.folder.user; };
    const bool imports = m_request.direction == Direction::Import;
    if (std::any_of(folders.cbegin(), folders.cend(), isIt)) {
        imports ? openSource() : listAnew();
    } else if (imports && std::any_of(folders.cbegin(), folders.cend(), isUser)) {
        m_mail.createFolder(m_request.folder, this, [this](const Result<void> &made) {
            if (made)
                openSource();
            else
                fail(made.error());
        });
    } else {
        const FolderId &id = m_request.folder;
        fail({ErrorCode::NotFound, id.folder.isEmpty() ? id.user : id.user + QLatin1Char('/') + id.folder,
            {}});
    }
}

void Transfer::openSource()
{
    using Opened = Result<void>;
    onWorker<Opened>(
        [files = m_files, request = m_request,
            spoolFolder = m_mail.dataFolder() + QStringLiteral("/spool")]() -> Opened {
            auto source = MessageSource::open(request.path, request.format, spoolFolder);
            if (!source)
                return tl::unexpected(source.error());
            files->source = std::move(*source);
            return {};
        },
        [this](const Opened &opened) {
            if (opened)
                readSome();
            else
                fail(opened.error());
        });
}

void Transfer::readSome()
{
    struct Batch
    {
        Result<QList<CarriedMessage>> messages;
        int permille = 0;
        QStringList leftOut;
        int doubtful = 0;
    };
    if (m_count.isCancelled) {
        end();
        return;
    }
    onWorker<Batch>(
        [files = m_files] {
            Batch batch{files->source->next(), 0, {}, 0};
            batch.permille = files->source->permille();
            batch.leftOut = files->source->leftOut();
            batch.doubtful = files->source->doubtful();
            return batch;
        },
        [this](const Batch &batch) {
            if (!batch.messages) {
                fail(batch.messages.error());
                return;
            }
            m_count.permille = batch.permille;
            m_count.leftOut = batch.leftOut;
            m_count.doubtful = batch.doubtful;
            if (!batch.messages->isEmpty())
                keep(*batch.messages);
            else if (m_count.messages == 0)
                fail({ErrorCode::NotAMessage, m_request.path, {}});
            else
                end();
        });
}

void Transfer::keep(const QList<CarriedMessage> &messages)
{
    m_mail.keepMessages(m_request.folder, messages, this, [this](const Result<int> &kept) {
        if (!kept) {
            fail(kept.error());
            return;
        }
        m_count.messages += *kept;
        Q_EMIT progressed(m_count);
        readSome();
    });
}

void Transfer::settle(std::function<void()> then)
{
    m_mail.settleIndex(this, [this, then = std::move(then)](const Result<quint64> &index) {
        if (!index) {
            fail(index.error());
            return;
        }
        m_missedRows = m_missedRows || *index != m_index;
        m_index = *index;
        then();
    });
}

void Transfer::listAnew()
{
    m_rows.clear();
    m_missedRows = false;
    listRows();
}

// Listed first as a whole, so that mail which arrives meanwhile moves nothing under our hands.
void Transfer::listRows()
{
    RowQuery query;
    query.folder = m_request.folder;
    query.order = Qt::AscendingOrder;
    query.offset = int(m_rows.size());
    query.limit = rowsAtOnce;
    m_mail.rows(query, this, [this](const Result<RowPage> &page) {
        if (!page) {
            fail(page.error());
            return;
        }
        m_rows += page->rows;
        m_missedRows = m_missedRows || page->isMissing;
        if (!page->rows.isEmpty() && m_rows.size() < page->total)
            listRows();
        else
            settle([this] { checkRows(); });
    });
}

// An index that was made anew meanwhile had a part of the mail for a while.
void Transfer::checkRows()
{
    if (!m_missedRows) {
        openSink();
    } else if (++m_listings < mostListings) {
        listAnew();
    } else {
        fail({ErrorCode::Damaged, QStringLiteral("index.sqlite"), {}});
    }
}

void Transfer::openSink()
{
    using Opened = Result<void>;
    onWorker<Opened>(
        [files = m_files, request = m_request]() -> Opened {
            auto sink = MessageSink::open(request.path, request.format);
            if (!sink)
                return tl::unexpected(sink.error());
            files->sink = std::move(*sink);
            return {};
        },
        [this](const Opened &opened) {
            if (opened)
                readRow();
            else
                fail(opened.error());
        });
}

void Transfer::readRow()
{
    if (m_count.isCancelled) {
        end();
        return;
    }
    const int done = m_count.messages + int(m_count.leftOut.size());
    m_count.permille = m_rows.isEmpty() ? 1000 : int(qint64(done) * 1000 / m_rows.size());
    if (done % tellEvery == 0)
        Q_EMIT progressed(m_count);
    if (done >= m_rows.size()) {
        finishSink();
        return;
    }
    m_mail.octets(m_rows[done].id, this, [this, done](const Result<MessageOctets> &octets) {
        if (octets) {
            writeRow(*octets);
        } else if (octets.error().code == ErrorCode::NotFound) {
            m_count.leftOut.append(m_rows[done].subject); // removed since it was listed
            readRow();
        } else {
            fail(octets.error());
        }
    });
}

void Transfer::writeRow(const MessageOctets &octets)
{
    using Written = Result<void>;
    const MessageRow &row = m_rows[m_count.messages + m_count.leftOut.size()];
    const CarriedFacts facts{
        row.subject, row.fromAddress.toUtf8(), row.arrivedAt > 0 ? row.arrivedAt : row.date};
    onWorker<Written>([files = m_files, message = CarriedMessage{octets, row.flags},
                          facts] { return files->sink->write(message, facts); },
        [this](const Written &written) {
            if (!written) {
                fail(written.error());
                return;
            }
            ++m_count.messages;
            readRow();
        });
}

void Transfer::finishSink()
{
    using Finished = Result<void>;
    onWorker<Finished>([files = m_files] { return files->sink->finish(); },
        [this](const Finished &finished) {
            if (finished)
                end();
            else
                fail(finished.error());
        });
}

void Transfer::fail(const Error &error)
{
    Q_EMIT finished(tl::unexpected(error));
}

void Transfer::end()
{
    if (!m_count.isCancelled)
        m_count.permille = 1000;
    Q_EMIT finished(m_count);
}

} // namespace glasspost::mail
