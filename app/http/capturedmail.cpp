#include "app/http/capturedmail.h"

#include "app/http/mailpitjson.h"
#include "app/http/mailpitsearch.h"
#include "app/messages/messagecontent.h"
#include "mail/accept/captureinboxes.h"
#include "mail/base/worker.h"
#include "mail/index/messagetags.h"

#include <QUrl>

#include <algorithm>
#include <limits>

namespace glasspost::app {

namespace {

constexpr int mostSummaries = 2000; // about a kilobyte each

/// What is gone already needs no removing, nor marking.
template <typename T> mail::Result<void> unlessGone(const mail::Result<T> &result)
{
    if (result || result.error().code == mail::ErrorCode::NotFound)
        return {};
    return tl::unexpected(result.error());
}

mail::FolderInfo countsOf(const QList<mail::FolderInfo> &folders, const mail::FolderId &id)
{
    const auto found = std::find_if(
        folders.cbegin(), folders.cend(), [&id](const mail::FolderInfo &folder) { return folder.id == id; });
    return found == folders.cend() ? mail::FolderInfo{id, 0, 0} : *found;
}

} // namespace

CapturedMail::CapturedMail(mail::MailSystem &mail) : m_mail(mail), m_summaries(mostSummaries)
{
    m_start.start();
    connect(&m_mail.mailboxes(), &mail::Mailboxes::received, this, &CapturedMail::count);
}

mail::Task<mail::FolderId> CapturedMail::inbox(const QString &mailbox)
{
    const mail::Result<mail::FolderId> bound = mail::bindingInbox(m_mail.settings().value(), mailbox);
    if (bound || mailbox.isEmpty())
        return bound;
    return m_mail.lookups().captureInbox(mailbox);
}

mail::Result<mail::FolderId> CapturedMail::usualInbox() const
{
    return mail::bindingInbox(m_mail.settings().value());
}

QString CapturedMail::nameOf(const mail::MessageId &id)
{
    return QString::fromLatin1(id.unique.toPercentEncoding(",=+"));
}

mail::Task<QList<mail::MessageId>> CapturedMail::identify(
    const QString &mailbox, const QStringList &names, QObject *context)
{
    return inbox(mailbox).andThen(context, [names](const mail::FolderId &folder) {
        QList<mail::MessageId> ids;
        for (const QString &name : names)
            ids.append({folder, QByteArray::fromPercentEncoding(name.toUtf8())});
        return ids;
    });
}

mail::Task<mail::MessageId> CapturedMail::named(const HttpRequest &request, QObject *context)
{
    const QString name = request.captured.value(0);
    if (name != u"latest")
        return identify(request.mailbox, {name}, context)
            .andThen(context, [](const QList<mail::MessageId> &ids) { return ids.constFirst(); });
    const mail::Result<QString> search = searchOfMailpit(request.argument(QStringLiteral("query")));
    if (!search)
        return tl::unexpected(search.error());
    return page(request.mailbox, *search, 0, 1, context)
        .andThen(context, [](const mail::RowPage &page) -> mail::Result<mail::MessageId> {
            if (page.rows.isEmpty())
                return tl::unexpected(mail::Error{mail::ErrorCode::NotFound, QStringLiteral("latest"), {}});
            return page.rows.first().id;
        });
}

mail::Task<mail::RowPage> CapturedMail::page(
    const QString &mailbox, const QString &search, int start, int limit, QObject *context)
{
    mail::RowQuery query;
    query.searchText = search;
    query.sort = mail::SortKey::Arrival;
    query.offset = start;
    query.limit = limit;
    return inbox(mailbox).andThen(context, [this, query, context](const mail::FolderId &folder) mutable {
        query.folder = folder;
        return readWholeIndex(m_mail.mailboxes(), query, context);
    });
}

mail::Task<QList<mail::MessageId>> CapturedMail::all(
    const QString &mailbox, const QString &search, QObject *context)
{
    const auto order = [this, search](const mail::FolderId &folder) {
        mail::RowQuery query;
        query.folder = folder;
        query.searchText = search;
        return m_mail.mailboxes().rowOrder(query);
    };
    const auto identifyRows
        = [this](const mail::RowOrder &rows) { return m_mail.mailboxes().identify(rows); };
    return m_mail.mailboxes()
        .settle()
        .andThen(context, [this, mailbox](quint64) { return inbox(mailbox); })
        .andThen(context, order)
        .andThen(context, identifyRows);
}

mail::Task<mail::FolderInfo> CapturedMail::counts(const QString &mailbox, QObject *context)
{
    if (mailbox.isEmpty() && !usualInbox())
        return mail::Result<mail::FolderInfo>(mail::FolderInfo());
    const auto count = [this, context](const mail::FolderId &id) {
        return m_mail.mailboxes().folders().andThen(
            context, [id](const QList<mail::FolderInfo> &folders) { return countsOf(folders, id); });
    };
    return m_mail.mailboxes()
        .settle()
        .andThen(context, [this, mailbox](quint64) { return inbox(mailbox); })
        .andThen(context, count);
}

mail::Task<QList<mail::FolderInfo>> CapturedMail::inboxes(QObject *context)
{
    const auto count = [this, context](const QList<mail::FolderId> &ids) {
        return m_mail.mailboxes().folders().andThen(context, [ids](const QList<mail::FolderInfo> &folders) {
            QList<mail::FolderInfo> counted;
            for (const mail::FolderId &id : ids)
                counted.append(countsOf(folders, id));
            return counted;
        });
    };
    return m_mail.mailboxes()
        .settle()
        .andThen(context, [this](quint64) { return m_mail.lookups().captureInboxes(); })
        .andThen(context, count);
}

mail::Task<QJsonArray> CapturedMail::summaries(const QList<mail::MessageRow> &rows, QObject *context)
{
    const auto known = std::make_shared<Summaries>();
    return readMissing(rows, known, context).andThen(context, [known, rows] {
        QJsonArray array;
        for (const mail::MessageRow &row : rows) {
            const auto one = known->constFind(row.id.unique);
            if (one == known->constEnd())
                continue;
            QJsonObject summary = *one;
            summary[QStringLiteral("Read")] = row.flags.testFlag(mail::MessageFlag::Seen);
            summary[QStringLiteral("Tags")] = tagsJson(row.tags);
            summary[QStringLiteral("Created")] = mailpitTime(row.arrivedAt);
            summary[QStringLiteral("Size")] = row.size;
            array += summary;
        }
        return array;
    });
}

/// Those that are not in the cache are read, one after the other: a page takes the memory of one message.
mail::Task<void> CapturedMail::readMissing(
    const QList<mail::MessageRow> &rows, const std::shared_ptr<Summaries> &known, QObject *context)
{
    auto missing = std::make_shared<QList<mail::MessageId>>();
    for (const mail::MessageRow &row : rows) {
        if (const QJsonObject *cached = m_summaries.object(row.id.unique))
            known->insert(row.id.unique, *cached);
        else
            missing->append(row.id);
    }
    return mail::repeat(context, [this, missing, known, context]() -> mail::Task<bool> {
        if (missing->isEmpty())
            return mail::Result<bool>(false);
        const mail::MessageId id = missing->takeFirst();
        const mail::Promise<bool> done;
        read(id, Hashes::Left, context).then(context, [this, id, known, done](const auto &message) {
            if (message) {
                const QJsonObject summary = summaryJson(*message);
                known->insert(id.unique, summary);
                m_summaries.insert(id.unique, new QJsonObject(summary));
            }
            done.answer(unlessGone(message).map([] { return true; }));
        });
        return done.task();
    });
}

mail::Task<CapturedMessage> CapturedMail::read(const mail::MessageId &id, Hashes hashes, QObject *context)
{
    return m_mail.mailboxes().octets(id).andThen(context, [id, hashes](const mail::MessageOctets &octets) {
        return mail::runLongWork([octets, id, hashes] {
            return readCaptured(octets, hashes).map([&id](CapturedMessage message) {
                message.view.id = id;
                return message;
            });
        });
    });
}

mail::Task<void> CapturedMail::remove(const QList<mail::MessageId> &ids, QObject *context)
{
    const mail::Promise<void> done;
    if (ids.isEmpty())
        return mail::Result<void>();
    m_mail.mailboxes().remove(ids).then(context, [this, count = ids.size(), done](const auto &removed) {
        m_totals.removed += removed ? count : 0;
        done.answer(unlessGone(removed));
    });
    return done.task();
}

mail::Task<void> CapturedMail::setRead(const QList<mail::MessageId> &ids, bool isRead, QObject *context)
{
    const mail::Promise<void> done;
    if (ids.isEmpty())
        return mail::Result<void>();
    const mail::MessageFlags seen = mail::MessageFlag::Seen;
    m_mail.mailboxes()
        .setFlags(ids, isRead ? seen : mail::MessageFlags(), isRead ? mail::MessageFlags() : seen)
        .then(context, [done](const auto &changed) { done.answer(unlessGone(changed)); });
    return done.task();
}

mail::Task<QList<mail::TagCount>> CapturedMail::tagCounts(const QString &mailbox, QObject *context)
{
    return m_mail.mailboxes()
        .settle()
        .andThen(context, [this, mailbox](quint64) { return inbox(mailbox); })
        .andThen(
            context, [this](const mail::FolderId &folder) { return m_mail.mailboxes().tagCounts(folder); });
}

/// A search finds those and, where its words may go on or need another form, others too.
mail::Task<QList<mail::MessageId>> CapturedMail::tagged(
    const QString &mailbox, const QString &tag, QObject *context)
{
    mail::RowQuery query;
    query.searchText = QStringLiteral("tag:* ");
    query.limit = std::numeric_limits<int>::max();
    const auto withTag = [key = mail::tagKey(tag)](const mail::RowPage &page) {
        QList<mail::MessageId> ids;
        for (const mail::MessageRow &row : page.rows) {
            const bool has = std::any_of(row.tags.cbegin(), row.tags.cend(),
                [&key](const QString &one) { return mail::tagKey(one) == key; });
            if (has)
                ids.append(row.id);
        }
        return ids;
    };
    return inbox(mailbox)
        .andThen(context,
            [this, query, context](const mail::FolderId &folder) mutable {
                query.folder = folder;
                return readWholeIndex(m_mail.mailboxes(), query, context);
            })
        .andThen(context, withTag);
}

mail::Task<QStringList> CapturedMail::tagsOf(const mail::MessageId &id, QObject *context)
{
    const mail::Promise<QStringList> done;
    findMessage(m_mail.mailboxes(), m_mail.lookups(), id.unique, id.folder, context)
        .then(context, [done](const mail::Result<mail::MessageRow> &row) {
            done.answer(mail::Result<QStringList>(row ? row->tags : QStringList()));
        });
    return done.task();
}

mail::Task<void> CapturedMail::retag(
    const QList<mail::MessageId> &ids, const QStringList &add, const QStringList &remove, QObject *context)
{
    const mail::Promise<void> done;
    if (ids.isEmpty())
        return mail::Result<void>();
    m_mail.mailboxes().setTags(ids, add, remove).then(context, [done](const auto &changed) {
        done.answer(unlessGone(changed));
    });
    return done.task();
}

void CapturedMail::count(const QList<mail::ReceptionEvent> &events)
{
    for (const mail::ReceptionEvent &event : events) {
        const bool isStored = event.kind == mail::ReceptionEvent::Kind::Stored;
        m_totals.accepted += isStored ? 1 : 0;
        m_totals.acceptedOctets += isStored ? event.size : 0;
        m_totals.refused += event.kind == mail::ReceptionEvent::Kind::Refused ? 1 : 0;
    }
}

CapturedMail::Totals CapturedMail::totals() const
{
    Totals totals = m_totals;
    totals.seconds = m_start.elapsed() / 1000;
    return totals;
}

} // namespace glasspost::app
