#include "app/http/capturedmail.h"

#include "app/http/mailpitjson.h"
#include "app/messages/messagecontent.h"
#include "mail/base/worker.h"

#include <QUrl>

#include <algorithm>

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

} // namespace

CapturedMail::CapturedMail(mail::MailSystem &mail) : m_mail(mail), m_summaries(mostSummaries)
{
    m_start.start();
    connect(&m_mail.mailboxes(), &mail::Mailboxes::received, this, &CapturedMail::count);
}

mail::Result<mail::FolderId> CapturedMail::folder(const QString &mailbox) const
{
    const mail::Settings settings = m_mail.settings().value();
    QStringList captured;
    for (const mail::ListenerBinding &binding : settings.listener.bindings)
        captured += binding.captureMailbox;
    const QString usual = captured.value(0, mail::ListenerBinding().captureMailbox);
    const QString name = mailbox.isEmpty() ? usual : mailbox;
    const bool isPersons = std::any_of(settings.users.cbegin(), settings.users.cend(),
        [&name](const mail::LocalUser &user) { return user.name.compare(name, Qt::CaseInsensitive) == 0; });
    // An empty name would ask everywhere.
    const bool isCaptured = settings.listener.policy == mail::RecipientPolicy::CatchAll && !name.isEmpty()
        && (name == usual || captured.contains(name)) && !isPersons;
    if (isCaptured)
        return mail::FolderId{name, {}};
    return tl::unexpected(mail::Error{mail::ErrorCode::BadSettings,
        QStringLiteral("Nothing is captured into a mailbox \"%1\"").arg(name), {}});
}

QString CapturedMail::nameOf(const mail::MessageId &id)
{
    return QString::fromLatin1(id.unique.toPercentEncoding(",=+"));
}

mail::Result<mail::MessageId> CapturedMail::idOf(const QString &name) const
{
    return folder().map([&name](const mail::FolderId &folder) {
        return mail::MessageId{folder, QByteArray::fromPercentEncoding(name.toUtf8())};
    });
}

mail::Task<mail::MessageId> CapturedMail::named(const HttpRequest &request, QObject *context)
{
    const QString name = request.captured.value(0);
    if (name != u"latest")
        return idOf(name);
    return page(request.argument(QStringLiteral("query")).trimmed(), 0, 1, context)
        .andThen(context, [](const mail::RowPage &page) -> mail::Result<mail::MessageId> {
            if (page.rows.isEmpty())
                return tl::unexpected(mail::Error{mail::ErrorCode::NotFound, QStringLiteral("latest"), {}});
            return page.rows.first().id;
        });
}

mail::Task<mail::RowPage> CapturedMail::page(const QString &search, int start, int limit, QObject *context)
{
    const mail::Result<mail::FolderId> inbox = folder();
    if (!inbox)
        return mail::Result<mail::RowPage>(tl::unexpected(inbox.error()));
    mail::RowQuery query;
    query.folder = *inbox;
    query.searchText = search;
    query.sort = mail::SortKey::Arrival;
    query.offset = start;
    query.limit = limit;
    return readWholeIndex(m_mail.mailboxes(), query, context);
}

mail::Task<QList<mail::MessageId>> CapturedMail::all(const QString &search, QObject *context)
{
    const mail::Result<mail::FolderId> inbox = folder();
    if (!inbox)
        return mail::Result<QList<mail::MessageId>>(tl::unexpected(inbox.error()));
    mail::RowQuery query;
    query.folder = *inbox;
    query.searchText = search;
    const auto order = [this, query](quint64) { return m_mail.mailboxes().rowOrder(query); };
    const auto identify = [this](const mail::RowOrder &rows) { return m_mail.mailboxes().identify(rows); };
    return m_mail.mailboxes().settle().andThen(context, order).andThen(context, identify);
}

mail::Task<mail::FolderInfo> CapturedMail::counts(QObject *context)
{
    const auto ask = [this](quint64) { return m_mail.mailboxes().folders(); };
    const mail::Result<mail::FolderId> inbox = folder();
    if (!inbox)
        return mail::Result<mail::FolderInfo>(mail::FolderInfo());
    const auto pick = [id = *inbox](const QList<mail::FolderInfo> &folders) {
        for (const mail::FolderInfo &one : folders) {
            if (one.id == id)
                return one;
        }
        return mail::FolderInfo{id, 0, 0};
    };
    return m_mail.mailboxes().settle().andThen(context, ask).andThen(context, pick);
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
