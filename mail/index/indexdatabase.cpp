#include "mail/index/indexdatabase.h"

#include "mail/index/indexedtext.h"
#include "mail/index/indexschema.h"
#include "mail/index/messagepreview.h"
#include "mail/index/messagetags.h"
#include "mail/index/subjectkey.h"

#include <QFile>
#include <QSqlError>
#include <QUuid>
#include <QVariant>

#include <algorithm>
#include <limits>

namespace glasspost::mail {

namespace {

constexpr qsizetype mostPrepared = 64;

Error sqlError(const QSqlError &error)
{
    const QString number = error.nativeErrorCode();
    const int code = number.toInt() & 0xFF;
    if (code == 13) // SQLITE_FULL
        return {ErrorCode::NoSpace, QStringLiteral("index.sqlite"), error.text()};
    // SQLITE_BUSY, LOCKED, NOMEM, READONLY, INTERRUPT, IOERR, CANTOPEN, and what was asked: no word about the
    // file's content.
    static const QList<int> troubles{5, 6, 7, 8, 9, 10, 14};
    const QString said = error.databaseText();
    const bool isOfQuery = code == 1 // SQLITE_ERROR
        && (said.startsWith(QLatin1String("fts5: ")) || said.contains(QLatin1String("parser stack overflow"))
            || said.startsWith(QLatin1String("Expression tree is too large")));
    if (troubles.contains(code) || isOfQuery)
        return {ErrorCode::InputOutput, QStringLiteral("index.sqlite"), error.text()};
    return {ErrorCode::Damaged, QStringLiteral("index.sqlite"), error.text()};
}

/// What the value at a place of a statement is called. QtSql would make such a name anew for each value that
/// is bound by its place, which takes longer than all else about binding it.
QString placeName(qsizetype place)
{
    static const QStringList first = [] {
        QStringList names;
        for (int i = 0; i < 64; ++i)
            names << QStringLiteral(":v%1").arg(i);
        return names;
    }();
    return place < first.size() ? first[place] : QStringLiteral(":v%1").arg(place);
}

QString withNames(const QString &statement)
{
    QString named;
    qsizetype place = 0;
    for (const QChar letter : statement) {
        if (letter == u'?')
            named += placeName(place++);
        else
            named += letter;
    }
    return named;
}

} // namespace

Result<std::unique_ptr<IndexDatabase>> IndexDatabase::open(const QString &path, Access access)
{
    if (const auto own = checkIndexFiles(path); !own)
        return tl::unexpected(own.error());
    std::unique_ptr<IndexDatabase> index(
        new IndexDatabase(QStringLiteral("index-") + QUuid::createUuid().toString(QUuid::WithoutBraces)));
    QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), index->m_name);
    database.setDatabaseName(path);
    database.setConnectOptions(QStringLiteral("QSQLITE_BUSY_TIMEOUT=10000"));
    if (!database.open())
        return tl::unexpected(sqlError(database.lastError()));
    QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner);
    QStringList settings = {QStringLiteral("PRAGMA cache_size = -16000")};
    if (access == Access::Write)
        settings
            += {QStringLiteral("PRAGMA journal_mode = WAL"), QStringLiteral("PRAGMA synchronous = NORMAL")};
    else
        settings += QStringLiteral("PRAGMA query_only = 1");
    for (const QString &setting : settings) {
        if (const auto done = index->run(setting); !done)
            return tl::unexpected(done.error());
    }
    if (access == Access::Write) {
        if (const auto done = index->prepareSchema(); !done)
            return tl::unexpected(done.error());
    }
    return index;
}

void IndexDatabase::removeFiles(const QString &path)
{
    for (const char *suffix : indexSuffixes)
        QFile::remove(path + QLatin1String(suffix));
}

IndexDatabase::~IndexDatabase()
{
    m_prepared.clear();
    database().close();
    QSqlDatabase::removeDatabase(m_name);
}

Result<void> IndexDatabase::prepareSchema()
{
    const auto version = count(QStringLiteral("PRAGMA user_version"), {});
    const auto tables = count(QStringLiteral("SELECT count(*) FROM sqlite_schema"), {});
    if (!version || !tables)
        return tl::unexpected(version ? tables.error() : version.error());
    if (*version == indexVersion)
        return checkSchema();
    if (*tables != 0)
        return tl::unexpected(Error{
            ErrorCode::Damaged, QStringLiteral("index.sqlite"), QStringLiteral("version %1").arg(*version)});
    for (const QString &statement : indexSchema()) {
        if (const auto done = run(statement); !done)
            return tl::unexpected(done.error());
    }
    const auto done = run(QStringLiteral("PRAGMA user_version = %1").arg(indexVersion));
    return done ? Result<void>() : tl::unexpected(done.error());
}

// F12: with a schema that somebody edited no type and no NOT NULL is sure any more, and a trigger would work
// for him.
Result<void> IndexDatabase::checkSchema()
{
    auto query = run(QStringLiteral("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL"));
    if (!query)
        return tl::unexpected(query.error());
    QStringList expected = indexSchema();
    while (query->next()) {
        if (!expected.removeOne(query->value(1).toString()) && !isOwnTable(query->value(0).toString()))
            return tl::unexpected(Error{ErrorCode::Damaged, QStringLiteral("index.sqlite"),
                QStringLiteral("not our schema: ") + query->value(0).toString()});
    }
    if (!expected.isEmpty())
        return tl::unexpected(Error{ErrorCode::Damaged, QStringLiteral("index.sqlite"),
            QStringLiteral("missing: ") + expected.first()});
    return checkNumbers();
}

// Behind the highest number there is none: SQLite would say of every new row that the disk is full.
Result<void> IndexDatabase::checkNumbers()
{
    constexpr qint64 most = std::numeric_limits<qint64>::max() / 2;
    for (const char *statement : {"SELECT max(id) FROM messages", "SELECT max(id) FROM folders",
             "SELECT max(CASE typeof(seq) WHEN 'integer' THEN seq ELSE 9e18 END) FROM sqlite_sequence"}) {
        const auto highest = count(QLatin1String(statement), {});
        if (!highest)
            return tl::unexpected(highest.error());
        if (*highest > most)
            return tl::unexpected(
                Error{ErrorCode::Damaged, QStringLiteral("index.sqlite"), QStringLiteral("a row's number")});
    }
    return {};
}

Result<SqlRows> IndexDatabase::run(const QString &statement, const QVariantList &values)
{
    std::shared_ptr<QSqlQuery> query = m_prepared.value(statement);
    if (query) {
        query->finish();
    } else {
        query = std::make_shared<QSqlQuery>(database());
        query->setForwardOnly(true);
        if (!query->prepare(withNames(statement)))
            return tl::unexpected(sqlError(query->lastError()));
        // Searches are of any number of shapes; what is asked for often comes back soon.
        if (m_prepared.size() >= mostPrepared)
            m_prepared.clear();
        if (!values.isEmpty())
            m_prepared.insert(statement, query);
    }
    for (qsizetype i = 0; i < values.size(); ++i)
        query->bindValue(placeName(i), values[i]);
    if (!query->exec())
        return tl::unexpected(sqlError(query->lastError()));
    return SqlRows(std::move(query));
}

Result<qint64> IndexDatabase::count(const QString &statement, const QVariantList &values)
{
    auto query = run(statement, values);
    if (!query)
        return tl::unexpected(query.error());
    const qint64 number = query->next() ? query->value(0).toLongLong() : 0;
    query->finish();
    return number;
}

Result<void> IndexDatabase::finished(SqlRows &rows)
{
    const QSqlError error = rows.lastError();
    rows.finish();
    return error.isValid() ? tl::unexpected(sqlError(error)) : Result<void>();
}

Result<void> IndexDatabase::begin()
{
    const auto done = run(QStringLiteral("BEGIN IMMEDIATE"));
    m_isInTransaction = done.has_value();
    return done ? Result<void>() : tl::unexpected(done.error());
}

Result<void> IndexDatabase::commit()
{
    const auto done = run(QStringLiteral("COMMIT"));
    m_isInTransaction = false;
    return done ? Result<void>() : tl::unexpected(done.error());
}

void IndexDatabase::rollback()
{
    run(QStringLiteral("ROLLBACK"));
    m_isInTransaction = false;
}

Result<QList<IndexDatabase::Folder>> IndexDatabase::folders()
{
    auto query = run(QStringLiteral(
        "SELECT f.id, f.user, f.name, f.stamp, count(m.folder), coalesce(sum(m.unread), 0) FROM folders f "
        "LEFT JOIN messages m ON m.folder = f.id GROUP BY f.id"));
    if (!query)
        return tl::unexpected(query.error());
    QList<Folder> folders;
    while (query->next())
        folders.append(
            {query->value(0).toLongLong(), {query->value(1).toString(), query->value(2).toString()},
                query->value(3).toByteArray(), query->value(4).toInt(), query->value(5).toInt()});
    return finished(*query).map([&folders] { return folders; });
}

Result<qint64> IndexDatabase::addFolder(const FolderId &id)
{
    const QString name = id.folder.isNull() ? QStringLiteral("") : id.folder;
    const QString key = name.isEmpty() ? QStringLiteral("inbox") : name.toCaseFolded();
    const auto added = run(
        QStringLiteral("INSERT OR IGNORE INTO folders (user, name, user_key, name_key) VALUES (?, ?, ?, ?)"),
        {id.user, name, id.user.toCaseFolded(), key});
    if (!added)
        return tl::unexpected(added.error());
    return count(QStringLiteral("SELECT id FROM folders WHERE user = ? AND name = ?"), {id.user, name});
}

Result<void> IndexDatabase::removeFolder(qint64 folder)
{
    if (const auto left = leaveThreadsOf(folder); !left)
        return left;
    for (const char *statement :
        {"DELETE FROM words WHERE rowid IN (SELECT id FROM messages WHERE folder = ?)",
            "DELETE FROM tags WHERE message IN (SELECT id FROM messages WHERE folder = ?)",
            "DELETE FROM messages WHERE folder = ?", "DELETE FROM folders WHERE id = ?"}) {
        if (const auto done = run(QLatin1String(statement), {folder}); !done)
            return tl::unexpected(done.error());
    }
    return {};
}

Result<void> IndexDatabase::setStamp(qint64 folder, const QByteArray &stamp)
{
    const auto done = run(QStringLiteral("UPDATE folders SET stamp = ? WHERE id = ?"),
        {stamp.isNull() ? QByteArray("") : stamp, folder});
    return done ? Result<void>() : tl::unexpected(done.error());
}

Result<bool> IndexDatabase::insert(
    qint64 folder, const QByteArray &file, const IndexFields &fields, const MessageRow &facts)
{
    const QString sender = fields.fromName.isEmpty() ? fields.fromAddress : fields.fromName;
    const qint64 date = fields.date != 0 ? fields.date : facts.arrivedAt;
    const int unread = facts.flags.testFlag(MessageFlag::Seen) ? 0 : 1;
    auto place = placeInThreads(folder, fields);
    if (!place)
        return tl::unexpected(place.error());
    auto added = run(
        QStringLiteral(
            "INSERT OR IGNORE INTO messages (folder, uniq, file, flags, unread, date, arrived, size, "
            "attachments, from_name, from_address, recipients, subject, from_key, subject_key, "
            "message_id, in_reply_to, reference_ids, session, queue, preview, thread) VALUES "
            "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"),
        {folder, facts.id.unique, file, int(facts.flags), unread, date, facts.arrivedAt, facts.size,
            fields.hasAttachments ? 1 : 0, sender, fields.fromAddress, fields.to, fields.subject,
            sender.left(200).toCaseFolded(), subjectKey(fields.subject), fields.messageIdField,
            fields.inReplyTo, fields.references, facts.sessionId, facts.queueId, messagePreview(fields.body),
            place->threads.size() == 1 ? QVariant(place->threads.first()) : QVariant()});
    if (!added)
        return tl::unexpected(added.error());
    if (added->numRowsAffected() == 0) {
        const auto noted
            = run(QStringLiteral("UPDATE messages SET session = ?, queue = ? WHERE folder = ? AND uniq = ?"),
                {facts.sessionId, facts.queueId, folder, facts.id.unique});
        return noted ? Result<bool>(false) : tl::unexpected(noted.error());
    }
    const qint64 row = added->lastInsertId().toLongLong();
    if (const auto threaded = noteThread(row, *place); !threaded)
        return tl::unexpected(threaded.error());
    const auto words = run(
        QStringLiteral("INSERT INTO words (rowid, sender, recipients, cc, bcc, subject, body, file_names, "
                       "list, envelope_from, envelope_to) VALUES (?,?,?,?,?,?,?,?,?,?,?)"),
        {row, indexedText(fields.senders), indexedText(fields.recipients), indexedText(fields.cc),
            indexedText(fields.bcc), indexedText(fields.subject), indexedText(fields.body),
            indexedText(fields.fileNames), indexedText(fields.list), indexedText(fields.envelopeFrom),
            indexedText(fields.envelopeTo)});
    if (!words)
        return tl::unexpected(words.error());
    if (facts.tags.isEmpty())
        return true;
    const auto tagged = setTags(row, facts.tags);
    return tagged ? Result<bool>(true) : tl::unexpected(tagged.error());
}

Result<void> IndexDatabase::setTags(qint64 row, const QStringList &tags)
{
    const auto shown = run(
        QStringLiteral("UPDATE messages SET tags = ? WHERE id = ?"), {tags.join(QLatin1Char('\n')), row});
    const auto cleared = run(QStringLiteral("DELETE FROM tags WHERE message = ?"), {row});
    if (!shown || !cleared)
        return tl::unexpected(shown ? cleared.error() : shown.error());
    for (const QString &tag : tags) {
        const auto added = run(QStringLiteral("INSERT OR IGNORE INTO tags (tag_key, message) VALUES (?, ?)"),
            {tagKey(tag), row});
        if (!added)
            return tl::unexpected(added.error());
    }
    return {};
}

Result<std::optional<IndexedMessage>> IndexDatabase::find(qint64 folder, const QByteArray &unique)
{
    auto query = run(QStringLiteral("SELECT id, file, flags FROM messages WHERE folder = ? AND uniq = ?"),
        {folder, unique});
    if (!query)
        return tl::unexpected(query.error());
    std::optional<IndexedMessage> found;
    if (query->next())
        found = IndexedMessage{query->value(0).toLongLong(), unique, query->value(1).toByteArray(),
            flagsFromIndex(query->value(2).toInt())};
    query->finish();
    return found;
}

Result<void> IndexDatabase::forEach(qint64 folder, const std::function<void(const IndexedMessage &)> &visit)
{
    auto query = run(QStringLiteral("SELECT id, uniq, file, flags FROM messages WHERE folder = ?"), {folder});
    if (!query)
        return tl::unexpected(query.error());
    while (query->next())
        visit({query->value(0).toLongLong(), query->value(1).toByteArray(), query->value(2).toByteArray(),
            flagsFromIndex(query->value(3).toInt())});
    query->finish();
    return {};
}

Result<void> IndexDatabase::update(qint64 row, qint64 folder, const QByteArray &file, MessageFlags flags)
{
    const auto done
        = run(QStringLiteral("UPDATE messages SET folder = ?, file = ?, flags = ?, unread = ? WHERE id = ?"),
            {folder, file, int(flags), flags.testFlag(MessageFlag::Seen) ? 0 : 1, row});
    return done ? Result<void>() : tl::unexpected(done.error());
}

Result<void> IndexDatabase::remove(qint64 row)
{
    if (const auto done = leaveThread(row); !done)
        return done;
    for (const char *statement : {"DELETE FROM words WHERE rowid = ?", "DELETE FROM tags WHERE message = ?",
             "DELETE FROM messages WHERE id = ?"}) {
        if (const auto done = run(QLatin1String(statement), {row}); !done)
            return tl::unexpected(done.error());
    }
    return {};
}

} // namespace glasspost::mail
