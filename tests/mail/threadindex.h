#pragma once

#include "mail/index/indexdatabase.h"
#include "mail/message/messagereader.h"

#include <QTemporaryDir>

#include <algorithm>

namespace glasspost::test {

using namespace glasspost::mail;

/// A message as far as threads are made of it; the name is its Message-ID without the domain, and its unique
/// name.
struct Letter
{
    QByteArray name;
    QByteArray references; ///< names, with blanks between them
    QByteArray inReplyTo;
    QByteArray subject = "news";
    QString user = QStringLiteral("alice");
    QString folder = QStringLiteral("");
};

inline QByteArray idsOf(const QByteArray &names)
{
    QByteArray ids;
    for (const QByteArray &name : names.split(' '))
        ids += '<' + name + "@example.org> ";
    return ids.trimmed();
}

inline QByteArray textOf(const Letter &letter)
{
    QByteArray text = "From: ann@example.org\nSubject: " + letter.subject + '\n';
    if (!letter.name.isEmpty())
        text += "Message-ID: " + idsOf(letter.name) + '\n';
    if (!letter.references.isEmpty())
        text += "References: " + idsOf(letter.references) + '\n';
    if (!letter.inReplyTo.isEmpty())
        text += "In-Reply-To: " + letter.inReplyTo + '\n';
    return text + "\nhello\n";
}

/// An index without any files: one connection that writes and one that reads, as the program has them.
struct Index
{
    QTemporaryDir folder;
    std::unique_ptr<IndexDatabase> writer = open(IndexDatabase::Access::Write);
    std::unique_ptr<IndexDatabase> reader = open(IndexDatabase::Access::Read);
    qint64 arrived = 1'700'000'000;

    std::unique_ptr<IndexDatabase> open(IndexDatabase::Access access) const
    {
        auto opened = IndexDatabase::open(folder.filePath(QStringLiteral("index.sqlite")), access);
        return opened ? std::move(*opened) : nullptr;
    }
    void add(const Letter &letter, MessageFlags flags = {})
    {
        const auto place = writer->addFolder({letter.user, letter.folder});
        MessageRow facts;
        facts.id.unique = letter.name.isEmpty() ? QByteArray::number(arrived) : letter.name;
        facts.arrivedAt = ++arrived;
        facts.size = 100 + arrived % 7;
        facts.flags = flags;
        const auto added = writer->insert(
            place.value_or(0), "new/" + facts.id.unique, readIndexFields(textOf(letter)), facts);
        if (!added)
            qWarning() << added.error().systemText;
    }
    void remove(const QByteArray &name)
    {
        const auto found = writer->find(1, name);
        if (!found || !*found || !writer->remove((*found)->row))
            qWarning() << "cannot remove" << name;
    }
    RowPage page(const RowQuery &query) const { return reader->rows(query).value_or(RowPage()); }
    /// Each conversation of the whole index as the names of its messages, all of them sorted.
    QByteArray conversations() const
    {
        RowQuery query;
        query.searchText = QStringLiteral("larger:1");
        query.limit = 1000;
        query.grouping = Grouping::Conversations;
        QByteArrayList found;
        for (const MessageRow &row : page(query).rows) {
            const auto ids = reader->identify(QList<qint64>{row.number} + row.conversation.others);
            QByteArrayList names;
            for (const MessageId &id : ids.value_or(QList<MessageId>()))
                names += id.unique;
            std::sort(names.begin(), names.end());
            found += names.join(' ');
        }
        std::sort(found.begin(), found.end());
        return found.join(", ");
    }
};

inline RowQuery inbox()
{
    RowQuery query;
    query.folder = {QStringLiteral("alice"), QStringLiteral("")};
    query.limit = 1000;
    return query;
}

} // namespace glasspost::test
