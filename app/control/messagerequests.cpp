#include "app/control/messagerequests.h"

#include "app/control/answering.h"
#include "app/messages/checksjson.h"
#include "app/messages/messagejson.h"
#include "mail/base/worker.h"
#include "mail/transfer/transfer.h"

#include <QJsonArray>

#include <memory>

namespace glasspost::app {

namespace {

mail::FolderId folderOf(const QJsonObject &asked, const mail::MailSystem &mail)
{
    const QString name = asked[QStringLiteral("mailbox")].toString();
    return name.isEmpty() ? mail::FolderId() : mail::folderNamed(name, mail.settings().value());
}

mail::Task<mail::MessageRow> rowOf(mail::MailSystem &mail, const QJsonObject &asked, QObject *context)
{
    const QByteArray id = asked[QStringLiteral("id")].toString().toUtf8();
    const mail::FolderId folder = folderOf(asked, mail);
    return id == "latest" ? findLatest(mail.mailboxes(), folder, context)
                          : findMessage(mail.mailboxes(), mail.lookups(), id, folder, context);
}

/// The messages that are meant, and the ids that no message has.
struct Chosen
{
    QList<mail::MessageId> messages;
    QJsonArray missing;
};

mail::Task<Chosen> wholeFolder(mail::Mailboxes &mailboxes, const mail::FolderId &folder, QObject *context)
{
    mail::RowQuery query;
    query.folder = folder;
    return mailboxes.settle()
        .andThen(context, [&mailboxes, query](quint64) { return mailboxes.rowOrder(query); })
        .andThen(context, [&mailboxes](const mail::RowOrder &rows) { return mailboxes.identify(rows); })
        .andThen(context, [](const QList<mail::MessageId> &ids) {
            return Chosen{ids, {}};
        });
}

mail::Task<Chosen> chosenByIds(
    mail::MailSystem &mail, const QJsonArray &ids, const mail::FolderId &folder, QObject *context)
{
    struct Search
    {
        QJsonArray left;
        Chosen chosen;
    };
    const auto search = std::make_shared<Search>(Search{ids, {}});
    const auto step = [&mail, folder, context, search]() -> mail::Task<bool> {
        if (search->left.isEmpty())
            return mail::Result<bool>(false);
        const QString id = search->left.takeAt(0).toString();
        const mail::Promise<bool> promise;
        findMessage(mail.mailboxes(), mail.lookups(), id.toUtf8(), folder, context)
            .then(context, [search, promise, id](const mail::Result<mail::MessageRow> &row) {
                if (row)
                    search->chosen.messages += row->id;
                else if (row.error().code == mail::ErrorCode::NotFound)
                    search->chosen.missing += id;
                promise.answer(row || row.error().code == mail::ErrorCode::NotFound
                        ? mail::Result<bool>(true)
                        : tl::unexpected(row.error()));
            });
        return promise.task();
    };
    return mail::repeat(context, step).andThen(context, [search] { return search->chosen; });
}

mail::Task<Chosen> choose(mail::MailSystem &mail, const QJsonObject &asked, QObject *context)
{
    const QJsonArray ids = asked[QStringLiteral("ids")].toArray();
    const mail::FolderId folder = folderOf(asked, mail);
    if (ids.isEmpty())
        return wholeFolder(mail.mailboxes(), folder, context);
    return chosenByIds(mail, ids, folder, context);
}

/// Does with the chosen messages what work says.
template <typename Work>
void change(
    mail::MailSystem &mail, const QJsonObject &asked, QObject *context, ControlServer::Done done, Work work)
{
    choose(mail, asked, context)
        .andThen(context,
            [context, work](const Chosen &chosen) -> mail::Task<Chosen> {
                if (chosen.messages.isEmpty())
                    return mail::Result<Chosen>(chosen);
                return work(chosen.messages).andThen(context, [chosen](auto &&...) { return chosen; });
            })
        .then(context, answering<Chosen>(std::move(done), [](const Chosen &chosen) {
            return QJsonObject{{QStringLiteral("count"), chosen.messages.size()},
                {QStringLiteral("missing"), chosen.missing}};
        }));
}

QString nameOf(ChangeInvocation::Change change)
{
    switch (change) {
    case ChangeInvocation::Change::Delete:
        return QStringLiteral("delete");
    case ChangeInvocation::Change::Mark:
        return QStringLiteral("mark");
    case ChangeInvocation::Change::Tag:
        break;
    }
    return QStringLiteral("tag");
}

QRegularExpression pattern(const QJsonObject &asked, const QString &key)
{
    return QRegularExpression(asked[key].toString());
}

WaitCondition conditionOf(const QJsonObject &asked, const mail::MailSystem &mail)
{
    WaitCondition condition;
    condition.to = asked[QStringLiteral("to")].toString();
    condition.from = asked[QStringLiteral("from")].toString();
    condition.subject = pattern(asked, QStringLiteral("subject"));
    condition.body = pattern(asked, QStringLiteral("body"));
    for (const auto value : asked[QStringLiteral("headers")].toArray()) {
        const QJsonObject header = value.toObject();
        condition.headers.append(
            {header[QStringLiteral("name")].toString(), pattern(header, QStringLiteral("matches"))});
    }
    condition.folder = folderOf(asked, mail);
    condition.since = {asked[QStringLiteral("sinceMicros")].toInteger(),
        quint64(asked[QStringLiteral("sinceCounter")].toInteger())};
    return condition;
}

} // namespace

QJsonObject showRequest(const QByteArray &id, const QString &mailbox)
{
    return {{requestKey, QStringLiteral("show")}, {QStringLiteral("id"), QString::fromUtf8(id)},
        {QStringLiteral("mailbox"), mailbox}};
}

QJsonObject checkRequest(const QByteArray &id, const QString &mailbox, const QString &spamd)
{
    QJsonObject request = showRequest(id, mailbox);
    request[QStringLiteral("spamd")] = spamd;
    request[requestKey] = QStringLiteral("check");
    return request;
}

QJsonObject saveRequest(
    const QByteArray &id, const QString &mailbox, std::optional<int> part, const QString &path)
{
    QJsonObject request = showRequest(id, mailbox);
    request[requestKey] = QStringLiteral("save");
    request[QStringLiteral("path")] = path;
    if (part)
        request[QStringLiteral("part")] = *part;
    return request;
}

QJsonObject changeRequest(const ChangeInvocation &change)
{
    QJsonArray ids;
    for (const QByteArray &id : change.ids)
        ids += QString::fromUtf8(id);
    return {{requestKey, nameOf(change.change)}, {QStringLiteral("ids"), ids},
        {QStringLiteral("mailbox"), change.mailbox}, {QStringLiteral("set"), int(change.set)},
        {QStringLiteral("clear"), int(change.clear)},
        {QStringLiteral("addTags"), QJsonArray::fromStringList(change.addedTags)},
        {QStringLiteral("removeTags"), QJsonArray::fromStringList(change.removedTags)}};
}

QJsonObject waitRequest(const WaitInvocation &wait)
{
    QJsonArray headers;
    for (const auto &[name, matches] : wait.headers)
        headers += QJsonObject{{QStringLiteral("name"), name}, {QStringLiteral("matches"), matches}};
    return {{requestKey, QStringLiteral("wait")}, {QStringLiteral("to"), wait.to},
        {QStringLiteral("from"), wait.from}, {QStringLiteral("subject"), wait.subject},
        {QStringLiteral("body"), wait.body}, {QStringLiteral("headers"), headers},
        {QStringLiteral("mailbox"), wait.mailbox}, {QStringLiteral("sinceMicros"), wait.since.micros},
        {QStringLiteral("sinceCounter"), qint64(wait.since.counter)}, {QStringLiteral("count"), wait.count},
        {QStringLiteral("rows"), wait.prints == WaitInvocation::Prints::Rows},
        {QStringLiteral("settled"), wait.timeout && wait.timeout->count() == 0}};
}

void answerShow(mail::MailSystem &mail, const QJsonObject &asked, QObject *context, ControlServer::Done done)
{
    rowOf(mail, asked, context)
        .andThen(context,
            [&mail, context](const mail::MessageRow &row) {
                return readContent(mail.mailboxes(), mail.lookups(), row, context);
            })
        .andThen(context,
            [](const MessageContent &content) {
                return mail::runLongWork([content] { return messageJson(content); });
            })
        .then(context, answering<QJsonObject>(std::move(done), [](const QJsonObject &message) {
            return QJsonObject{{QStringLiteral("message"), message}};
        }));
}

void answerCheck(mail::MailSystem &mail, const QJsonObject &asked, QObject *context, ControlServer::Done done)
{
    const QString given = asked[QStringLiteral("spamd")].toString();
    const QString spamd = given.isEmpty() ? mail.settings().value().spamd : given;
    const auto check = [&mail, context, spamd](const mail::MessageRow &row) {
        return mail.mailboxes()
            .octets(row.id)
            .andThen(context,
                [context, spamd](
                    const mail::MessageOctets &octets) { return mail::checkMessage(octets, spamd, context); })
            .andThen(context,
                [id = row.id.unique](const mail::MessageChecks &checks) { return toJson(checks, id); });
    };
    rowOf(mail, asked, context)
        .andThen(context, check)
        .then(context, answering<QJsonObject>(std::move(done), [](const QJsonObject &checks) {
            return QJsonObject{{QStringLiteral("checks"), checks}};
        }));
}

void answerSave(mail::MailSystem &mail, const QJsonObject &asked, QObject *context, ControlServer::Done done)
{
    const QString path = asked[QStringLiteral("path")].toString();
    const QJsonValue part = asked[QStringLiteral("part")];
    rowOf(mail, asked, context)
        .andThen(context,
            [&mail, path, part](const mail::MessageRow &row) {
                return part.isDouble() ? mail.mailboxes().savePart(row.id, part.toInt(), path)
                                       : mail.mailboxes().saveSource(row.id, path);
            })
        .then(context, [done = std::move(done)](const mail::Result<void> &saved) {
            done(saved ? QJsonObject() : toJson(saved.error()));
        });
}

void answerDelete(
    mail::MailSystem &mail, const QJsonObject &asked, QObject *context, ControlServer::Done done)
{
    change(mail, asked, context, std::move(done),
        [&mail](const QList<mail::MessageId> &messages) { return mail.mailboxes().remove(messages); });
}

void answerMark(mail::MailSystem &mail, const QJsonObject &asked, QObject *context, ControlServer::Done done)
{
    constexpr int all = 63;
    const auto set = mail::MessageFlags(asked[QStringLiteral("set")].toInt() & all);
    const auto clear = mail::MessageFlags(asked[QStringLiteral("clear")].toInt() & all);
    change(
        mail, asked, context, std::move(done), [&mail, set, clear](const QList<mail::MessageId> &messages) {
            return mail.mailboxes().setFlags(messages, set, clear);
        });
}

void answerTag(mail::MailSystem &mail, const QJsonObject &asked, QObject *context, ControlServer::Done done)
{
    const auto tags = [&asked](const QString &key) {
        QStringList words;
        for (const auto value : asked[key].toArray())
            words += value.toString();
        return words;
    };
    change(mail, asked, context, std::move(done),
        [&mail, add = tags(QStringLiteral("addTags")), remove = tags(QStringLiteral("removeTags"))](
            const QList<mail::MessageId> &messages) {
            return mail.mailboxes().setTags(messages, add, remove);
        });
}

void answerWait(MessageWaits &waits, mail::MailSystem &mail, const QJsonObject &asked, QObject *context,
    const ControlServer::Done &done)
{
    MessageWait wait;
    wait.condition = conditionOf(asked, mail);
    wait.answer
        = asked[QStringLiteral("rows")].toBool() ? MessageWait::Answer::Row : MessageWait::Answer::Message;
    wait.count = asked[QStringLiteral("count")].toInt();
    wait.found = done;
    wait.caughtUp = [done] { done({{QStringLiteral("caughtUp"), true}}); };
    if (!asked[QStringLiteral("settled")].toBool())
        return waits.add(std::move(wait), context);
    mail.mailboxes().settle().then(
        context, [&waits, wait, context](const mail::Result<quint64> &) { waits.add(wait, context); });
}

} // namespace glasspost::app
