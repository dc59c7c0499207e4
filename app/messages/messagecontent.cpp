#include "app/messages/messagecontent.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace glasspost::app {

namespace {

/// -1 when nothing of the message is HTML.
int htmlPart(const mail::MessageView &view)
{
    const auto part = std::find_if(view.parts.cbegin(), view.parts.cend(),
        [](const mail::PartView &one) { return one.contentType == u"text/html" && !one.isAttachment; });
    return part == view.parts.cend() ? -1 : part->index;
}

mail::Task<MessageContent> withHtml(mail::Mailboxes &mailboxes, MessageContent content, QObject *context)
{
    const int part = htmlPart(content.view);
    if (part < 0)
        return mail::Result<MessageContent>(content);
    return mailboxes.partDetails(content.row.id, part)
        .andThen(context, [content](const mail::PartDetails &details) mutable {
            content.html = details.text;
            content.isHtmlCut = details.decoded.size() < details.size;
            return content;
        });
}

mail::Task<MessageContent> withSession(mail::Lookups &lookups, MessageContent content, QObject *context)
{
    if (content.view.sessionId.isEmpty())
        return mail::Result<MessageContent>(content);
    const mail::Promise<MessageContent> promise;
    lookups.session(content.view.sessionId)
        .then(context, [promise, content](const mail::Result<smtp::SessionFacts> &facts) mutable {
            if (facts)
                content.session = *facts;
            promise.answer(content);
        });
    return promise.task();
}

/// The one of these that is in the folder.
mail::Result<mail::MessageRow> pick(
    const QList<mail::MessageRow> &rows, const QByteArray &unique, const mail::FolderId &folder)
{
    const auto row = std::find_if(rows.cbegin(), rows.cend(),
        [&folder](const mail::MessageRow &one) { return folder.user.isEmpty() || one.id.folder == folder; });
    if (row == rows.cend())
        return tl::unexpected(mail::Error{mail::ErrorCode::NotFound, QString::fromUtf8(unique), {}});
    return *row;
}

/// The message that arrived last in any of the folders.
mail::Task<mail::MessageRow> latestOf(
    mail::Mailboxes &mailboxes, const QList<mail::FolderId> &folders, QObject *context)
{
    struct Search
    {
        qsizetype open = 0;
        mail::MessageRow latest;
    };
    const mail::Promise<mail::MessageRow> promise;
    if (folders.isEmpty())
        promise.answer(tl::unexpected(mail::Error{mail::ErrorCode::NotFound, QStringLiteral("latest"), {}}));
    const auto search = std::make_shared<Search>(Search{folders.size(), {}});
    for (const mail::FolderId &folder : folders) {
        mail::RowQuery query;
        query.folder = folder;
        query.sort = mail::SortKey::Arrival;
        query.limit = 1;
        mailboxes.rows(query).then(context, [search, promise](const mail::Result<mail::RowPage> &page) {
            const auto place
                = [](const mail::MessageRow &row) { return std::pair(row.arrivedAt, row.number); };
            for (const mail::MessageRow &row : page.value_or(mail::RowPage()).rows) {
                if (search->latest.id.isNull() || place(search->latest) < place(row))
                    search->latest = row;
            }
            if (--search->open > 0)
                return;
            promise.answer(pick(search->latest.id.isNull() ? QList<mail::MessageRow>()
                                                           : QList<mail::MessageRow>{search->latest},
                QByteArrayLiteral("latest"), {}));
        });
    }
    return promise.task();
}

mail::Task<mail::RowPage> readSettled(
    mail::Mailboxes &mailboxes, const mail::RowQuery &query, int triesLeft, QObject *context)
{
    const auto read = [&mailboxes, query, context](quint64 index) {
        return mailboxes.rows(query).andThen(
            context, [index](const mail::RowPage &page) { return std::pair(index, page); });
    };
    const auto check = [&mailboxes, query, triesLeft, context](
                           const std::pair<quint64, mail::RowPage> &settled) -> mail::Task<mail::RowPage> {
        const auto &[index, page] = settled;
        if (!page.isMissing && page.generation == index)
            return mail::Result<mail::RowPage>(page);
        if (triesLeft == 0)
            return tl::unexpected(
                mail::Error{mail::ErrorCode::IndexIncomplete, QStringLiteral("index.sqlite"), {}});
        return readSettled(mailboxes, query, triesLeft - 1, context);
    };
    return mailboxes.settle().andThen(context, read).andThen(context, check);
}

} // namespace

mail::Task<MessageContent> completed(mail::Mailboxes &mailboxes, mail::Lookups &lookups,
    const mail::MessageRow &row, const mail::MessageView &view, QObject *context)
{
    return withHtml(mailboxes, {row, view, {}, false, {}}, context)
        .andThen(context, [&lookups, context](const MessageContent &content) {
            return withSession(lookups, content, context);
        });
}

mail::Task<MessageContent> readContent(
    mail::Mailboxes &mailboxes, mail::Lookups &lookups, const mail::MessageRow &row, QObject *context)
{
    return mailboxes.message(row.id).andThen(
        context, [&mailboxes, &lookups, row, context](const mail::MessageView &view) {
            return completed(mailboxes, lookups, row, view, context);
        });
}

mail::Task<mail::MessageRow> findMessage(mail::Mailboxes &mailboxes, mail::Lookups &lookups,
    const QByteArray &unique, const mail::FolderId &folder, QObject *context)
{
    const mail::Promise<mail::MessageRow> promise;
    lookups.named(unique).then(
        context, [=, &mailboxes, &lookups](const mail::Result<QList<mail::MessageRow>> &known) {
            if (const auto row = pick(known.value_or(QList<mail::MessageRow>()), unique, folder))
                return promise.answer(row);
            promise.answerWith([&] {
                return mailboxes.settle()
                    .andThen(context, [&lookups, unique](quint64) { return lookups.named(unique); })
                    .andThen(context, [unique, folder](const QList<mail::MessageRow> &rows) {
                        return pick(rows, unique, folder);
                    });
            });
        });
    return promise.task();
}

mail::Task<mail::MessageRow> findLatest(
    mail::Mailboxes &mailboxes, const mail::FolderId &folder, QObject *context)
{
    const auto inFolders = [&mailboxes, folder, context](const QList<mail::FolderInfo> &all) {
        QList<mail::FolderId> folders;
        for (const mail::FolderInfo &info : all) {
            if (folder.user.isEmpty() ? mail::isMailComingInto(info.id) : info.id == folder)
                folders += info.id;
        }
        return latestOf(mailboxes, folders, context);
    };
    return mailboxes.settle()
        .andThen(context, [&mailboxes](quint64) { return mailboxes.folders(); })
        .andThen(context, inFolders);
}

mail::Task<mail::RowPage> readWholeIndex(
    mail::Mailboxes &mailboxes, const mail::RowQuery &query, QObject *context)
{
    constexpr int tries = 5;
    return readSettled(mailboxes, query, tries, context);
}

} // namespace glasspost::app
