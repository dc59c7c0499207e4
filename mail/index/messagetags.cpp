#include "mail/index/messagetags.h"

#include "mail/base/posix.h"
#include "mail/maildir/maildirlisting.h"
#include "mail/maildir/maildirname.h"
#include "mail/message/headerfields.h"
#include "mail/message/mime.h"

#include <QRegularExpression>
#include <QSet>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>

namespace glasspost::mail {

namespace {

const QByteArray tagsFolder = QByteArrayLiteral("tags/");
constexpr qsizetype mostTags = 100; ///< of one message

/// Without blanks and line ends, which divide the file.
QByteArray encoded(const QByteArray &text)
{
    return text.toPercentEncoding("=,:+@!()&'/");
}

} // namespace

QString tagOf(const QString &words)
{
    QString tag;
    for (const char32_t c : words.toUcs4()) {
        // Direction marks and the like would rearrange what stands beside it.
        if (QChar::category(c) != QChar::Other_Format)
            tag += QChar::isPrint(c) ? QString::fromUcs4(&c, 1) : QStringLiteral(" ");
    }
    tag = tag.simplified().left(longestTag).trimmed();
    if (!tag.isEmpty() && tag.back().isHighSurrogate())
        tag.chop(1);
    return tag;
}

QString tagKey(const QString &tag)
{
    return tag.toCaseFolded();
}

QStringList mergedTags(QStringList tags, const QStringList &add)
{
    QSet<QString> keys;
    for (const QString &tag : std::as_const(tags))
        keys.insert(tagKey(tag));
    for (const QString &words : add) {
        const QString tag = tagOf(words);
        if (tag.isEmpty() || keys.contains(tagKey(tag)))
            continue;
        keys.insert(tagKey(tag));
        tags.append(tag);
    }
    return tags;
}

QStringList retagged(QStringList tags, const QStringList &add, const QStringList &remove)
{
    for (const QString &words : remove)
        tags.removeIf([key = tagKey(tagOf(words))](const QString &tag) { return tagKey(tag) == key; });
    return mergedTags(tags, add).mid(0, mostTags);
}

QStringList tagsOfField(QByteArrayView source)
{
    static const QRegularExpression others(QStringLiteral("[^\\w .\\-]"));
    QString words;
    visitHeader(source, [&words](const RawField &field) {
        if (!field.isNamed("X-Tags"))
            return true;
        words = decodedText(field.unfolded());
        return false;
    });
    QStringList tags = retagged({}, words.split(u',').replaceInStrings(others, QString()), {});
    tags.sort(Qt::CaseInsensitive);
    return tags;
}

MessageTags::MessageTags(int dataFolder)
{
    const FileDescriptor folder(
        ::openat(dataFolder, tagsFolder.constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder.isOpen() && errno != ENOENT)
        m_folderFailure = systemError(errno, QString::fromUtf8(tagsFolder));
    for (const QByteArray &name : listFolder(dataFolder, tagsFolder)) {
        if (const auto lines = readFileAt(dataFolder, tagsFolder + name))
            read(userOfPath(name), *lines);
        else
            m_failures.insert(userOfPath(name), lines.error());
    }
}

std::optional<Error> MessageTags::failureOf(const QString &user) const
{
    if (m_folderFailure)
        return m_folderFailure;
    const auto failure = m_failures.constFind(user);
    return failure == m_failures.cend() ? std::nullopt : std::optional<Error>(*failure);
}

void MessageTags::read(const QString &user, const QByteArray &lines)
{
    for (const QByteArray &line : lines.split('\n')) {
        const QList<QByteArray> words = line.split(' ');
        QStringList tags;
        for (const QByteArray &word : words.mid(1))
            tags = retagged(tags, {QString::fromUtf8(QByteArray::fromPercentEncoding(word))}, {});
        const MessageId id{{user, {}}, QByteArray::fromPercentEncoding(words.first())};
        if (tags.isEmpty())
            setNone(id);
        else
            set(id, tags);
    }
}

QStringList MessageTags::of(const MessageId &id) const
{
    const auto user = m_users.constFind(id.folder.user);
    return user == m_users.cend() ? QStringList() : user->value(id.unique);
}

void MessageTags::set(const MessageId &id, const QStringList &tags)
{
    count(of(id), -1);
    count(tags, 1);
    if (!tags.isEmpty() && !id.isNull())
        m_users[id.folder.user].insert(id.unique, tags);
    else if (const auto user = m_users.find(id.folder.user); user != m_users.end())
        user->remove(id.unique);
}

bool MessageTags::knows(const MessageId &id) const
{
    const auto user = m_users.constFind(id.folder.user);
    return user != m_users.cend() && user->contains(id.unique);
}

void MessageTags::setNone(const MessageId &id)
{
    set(id, {});
    if (!id.isNull())
        m_users[id.folder.user].insert(id.unique, {});
}

void MessageTags::count(const QStringList &tags, int more)
{
    for (const QString &tag : tags) {
        const QString key = tagKey(tag);
        Use &use = m_uses[key];
        if (use.name.isEmpty())
            use.name = tag;
        use.count += more;
        if (use.count <= 0)
            m_uses.remove(key);
    }
}

QStringList MessageTags::names() const
{
    QStringList names;
    for (const Use &use : m_uses)
        names.append(use.name);
    return names;
}

FileStep MessageTags::step(const QString &user) const
{
    QByteArray lines;
    const QMap<QByteArray, QStringList> all = m_users.value(user);
    for (const auto &[unique, tags] : all.asKeyValueRange()) {
        lines += encoded(unique);
        for (const QString &tag : tags)
            lines += ' ' + encoded(tag.toUtf8());
        lines += '\n';
    }
    const QByteArray name = userPath(user).value_or(QByteArray()).mid(int(qstrlen("mail/")));
    return {FileStep::Kind::Replace, QString::fromUtf8(tagsFolder + name), {}, lines, {}};
}

} // namespace glasspost::mail
