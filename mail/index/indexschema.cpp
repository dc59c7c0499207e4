#include "mail/index/indexschema.h"

#include <QFile>

#include <sys/stat.h>

namespace glasspost::mail {

const QStringList &indexSchema()
{
    // STRICT: whoever edits the file with SQLite cannot put text where a number is read (F12).
    static const QStringList schema{
        QStringLiteral(
            "CREATE TABLE folders (id INTEGER PRIMARY KEY, user TEXT NOT NULL, name TEXT NOT NULL, "
            "user_key TEXT NOT NULL, name_key TEXT NOT NULL, stamp BLOB NOT NULL DEFAULT x'', UNIQUE (user, "
            "name)) STRICT"),
        QStringLiteral(
            "CREATE TABLE messages (id INTEGER PRIMARY KEY AUTOINCREMENT, folder INTEGER NOT NULL, uniq BLOB "
            "NOT NULL, file BLOB NOT NULL, flags INTEGER NOT NULL, unread INTEGER NOT NULL, date INTEGER NOT "
            "NULL, arrived INTEGER NOT NULL, size INTEGER NOT NULL, attachments INTEGER NOT NULL, from_name "
            "TEXT, from_address TEXT, recipients TEXT, subject TEXT, from_key TEXT, subject_key TEXT, "
            "message_id BLOB, in_reply_to BLOB, reference_ids BLOB, session BLOB, queue BLOB, tags TEXT, "
            "thread INTEGER, preview TEXT, UNIQUE (folder, uniq)) STRICT"),
        // With the thread a grouped list is read off each of them alone.
        QStringLiteral("CREATE INDEX by_time ON messages (date, id, thread)"),
        QStringLiteral("CREATE INDEX by_date ON messages (folder, date, id, thread)"),
        QStringLiteral("CREATE INDEX by_arrival ON messages (folder, arrived, id, thread)"),
        QStringLiteral("CREATE INDEX by_sender ON messages (folder, from_key, date, id, thread)"),
        QStringLiteral("CREATE INDEX by_subject ON messages (folder, subject_key, date, id, thread)"),
        QStringLiteral("CREATE INDEX by_size ON messages (folder, size, date, id, thread)"),
        QStringLiteral(
            "CREATE INDEX by_unread ON messages (folder, unread, date, id, flags, attachments, thread)"),
        // Of the few that have one. A search must ask for the same to be led there (stateCondition()).
        QStringLiteral("CREATE INDEX by_mark ON messages (folder, date, id, flags, thread) WHERE flags & 15"),
        QStringLiteral("CREATE INDEX by_attachment ON messages (folder, date, id, attachments, thread) "
                       "WHERE attachments = 1"),
        QStringLiteral("CREATE INDEX by_message_id ON messages (message_id)"),
        QStringLiteral("CREATE INDEX by_session ON messages (session)"),
        QStringLiteral("CREATE INDEX by_thread ON messages (thread) WHERE thread IS NOT NULL"),
        QStringLiteral(
            "CREATE TABLE thread_ids (message_id BLOB NOT NULL PRIMARY KEY, thread INTEGER NOT NULL) "
            "STRICT, WITHOUT ROWID"),
        QStringLiteral("CREATE INDEX ids_of_thread ON thread_ids (thread)"),
        QStringLiteral("CREATE TABLE tags (tag_key TEXT NOT NULL, message INTEGER NOT NULL, "
                       "PRIMARY KEY (tag_key, message)) STRICT, WITHOUT ROWID"),
        QStringLiteral("CREATE INDEX by_message ON tags (message)"),
        // A letter alone begins so many words that their lists would take long to be made one. Longer
        // beginnings do not, and would make the index larger by two fifths and its making slower by three
        // quarters.
        QStringLiteral("CREATE VIRTUAL TABLE words USING fts5 (sender, recipients, cc, bcc, subject, body, "
                       "file_names, list, envelope_from, envelope_to, tokenize = "
                       "\"unicode61 remove_diacritics 2 categories 'L* N* Co So'\", prefix = '1')"),
    };
    return schema;
}

bool isOwnTable(const QString &name)
{
    static const QStringList names{QStringLiteral("sqlite_sequence"), QStringLiteral("words_data"),
        QStringLiteral("words_idx"), QStringLiteral("words_content"), QStringLiteral("words_docsize"),
        QStringLiteral("words_config")};
    return names.contains(name);
}

Result<void> checkIndexFiles(const QString &path)
{
    for (const char *suffix : indexSuffixes) {
        const QString file = path + QLatin1String(suffix);
        struct stat facts = {};
        if (::lstat(QFile::encodeName(file).constData(), &facts) == 0
            && (!S_ISREG(facts.st_mode) || facts.st_nlink > 1))
            return tl::unexpected(Error{ErrorCode::Damaged, file, QStringLiteral("a link, or no file")});
    }
    return {};
}

} // namespace glasspost::mail
