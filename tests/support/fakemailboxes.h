#pragma once

#include "mail/system/mailboxes.h"

#include <QHash>
#include <QSet>

#include <algorithm>
#include <functional>
#include <optional>

namespace glasspost::test {

/// Mailboxes in memory, for what is done to any number of messages: each is its number in the index, and its
/// unique name is that number, too. Answers come from the event loop. What it does not keep is not found.
class FakeMailboxes : public mail::Mailboxes
{
public:
    QHash<qint64, mail::FolderId> places; ///< where each message lies
    QSet<qint64> flagged;
    quint64 generation = 1;
    QList<qsizetype> identified; ///< how many were asked for, each time
    QList<qsizetype> changed; ///< in how many a change was asked for, each time
    std::function<void()> onChange; ///< behind each change
    std::optional<mail::Error> refusal; ///< of every change

    /// So many more in that folder; their numbers.
    QList<qint64> add(const mail::FolderId &folder, int count)
    {
        QList<qint64> numbers;
        for (int i = 0; i < count; ++i) {
            numbers.append(++m_newest);
            places.insert(m_newest, folder);
        }
        return numbers;
    }
    [[nodiscard]] QList<qint64> in(const mail::FolderId &folder) const
    {
        QList<qint64> numbers = places.keys(folder);
        std::sort(numbers.begin(), numbers.end());
        return numbers;
    }

    mail::Task<QList<mail::MessageId>> identify(const mail::RowOrder &rows) override
    {
        identified.append(rows.numbers.size());
        return mail::runOn(&m_place, [this, rows]() -> mail::Result<QList<mail::MessageId>> {
            if (rows.generation != generation)
                return tl::unexpected(mail::Error{mail::ErrorCode::IndexIncomplete, {}, {}});
            QList<mail::MessageId> ids;
            for (const qint64 number : rows.numbers) {
                if (const auto place = places.constFind(number); place != places.cend())
                    ids.append({*place, QByteArray::number(number)});
            }
            return ids;
        });
    }
    mail::Task<QList<mail::MessageId>> move(
        const QList<mail::MessageId> &ids, const QString &toFolder) override
    {
        return change(ids, [this, toFolder](mail::MessageId &id) {
            id.folder.folder = toFolder;
            places.insert(id.unique.toLongLong(), id.folder);
            return true;
        });
    }
    mail::Task<QList<mail::MessageId>> setFlags(
        const QList<mail::MessageId> &ids, mail::MessageFlags set, mail::MessageFlags /*clear*/) override
    {
        const bool on = set.testFlag(mail::MessageFlag::Flagged);
        return change(ids, [this, on](const mail::MessageId &id) {
            const qint64 number = id.unique.toLongLong();
            if (flagged.contains(number) == on)
                return false;
            on ? void(flagged.insert(number)) : void(flagged.remove(number));
            return true;
        });
    }
    mail::Task<void> remove(const QList<mail::MessageId> &ids) override
    {
        return change(ids, [this](const mail::MessageId &id) {
            return places.remove(id.unique.toLongLong()) > 0;
        }).andThen(&m_place, [](const QList<mail::MessageId> &) {});
    }

    mail::Task<QList<mail::FolderInfo>> folders() override { return missing(); }
    mail::Task<mail::RowPage> rows(const mail::RowQuery &, const std::stop_token &) override
    {
        return missing();
    }
    mail::Task<mail::RowOrder> rowOrder(const mail::RowQuery &, const std::stop_token &) override
    {
        return missing();
    }
    /// By number alone.
    mail::Task<QList<mail::MessageId>> surplus(const mail::SurplusQuery &query) override
    {
        return mail::runOn(&m_place, [this, query] {
            QList<mail::MessageId> ids;
            for (const qint64 number : in(query.folder)) {
                if (!flagged.contains(number))
                    ids.append({query.folder, QByteArray::number(number)});
            }
            return ids.first(
                std::min<qsizetype>(query.limit, std::max<qsizetype>(0, ids.size() - query.mostMessages)));
        });
    }
    mail::Task<quint64> settle() override { return missing(); }
    mail::Task<mail::MessageView> message(const mail::MessageId &) override { return missing(); }
    mail::Task<mail::MessageOctets> octets(const mail::MessageId &) override { return missing(); }
    mail::Task<mail::MessageView> attachedMessage(const mail::MessageId &, int) override { return missing(); }
    mail::Task<QByteArray> part(const mail::MessageId &, int, qint64) override { return missing(); }
    mail::Task<mail::PartDetails> partDetails(const mail::MessageId &, int) override { return missing(); }
    mail::Task<void> saveSource(const mail::MessageId &, const QString &) override { return missing(); }
    mail::Task<void> savePart(const mail::MessageId &, int, const QString &) override { return missing(); }
    mail::Task<QStringList> saveParts(
        const mail::MessageId &, const QList<mail::NamedPart> &, const QString &) override
    {
        return missing();
    }
    mail::Task<QString> copyPart(const mail::MessageId &, const mail::NamedPart &) override
    {
        return missing();
    }
    mail::Task<QString> copyOctets(const QByteArray &, const QString &) override { return missing(); }
    mail::Task<QList<mail::MessageId>> setTags(
        const QList<mail::MessageId> &, const QStringList &, const QStringList &) override
    {
        return missing();
    }
    mail::Task<QStringList> tags() override { return missing(); }
    mail::Task<QList<mail::TagCount>> tagCounts(const mail::FolderId &) override { return missing(); }
    mail::Task<void> createFolder(const mail::FolderId &) override { return missing(); }
    mail::Task<void> removeFolder(const mail::FolderId &) override { return missing(); }
    mail::Task<int> keepMessages(const mail::FolderId &, const QList<mail::CarriedMessage> &) override
    {
        return missing();
    }
    mail::Task<mail::MessageId> capture(
        const mail::FolderId &, const smtp::Envelope &, const mail::MessageOctets &) override
    {
        return missing();
    }
    QString spoolFolder() const override { return {}; }
    mail::Task<QList<mail::RuleLogLine>> ruleDeeds(const QByteArray &) override
    {
        return mail::Result<QList<mail::RuleLogLine>>();
    }
    mail::Task<mail::MdnRequest> mdnRequest(const mail::MessageId &) override { return missing(); }
    mail::Task<void> answerMdn(const mail::MessageId &, mail::MdnDecision) override { return missing(); }

private:
    static tl::unexpected<mail::Error> missing()
    {
        return tl::unexpected(mail::Error{mail::ErrorCode::NotFound, {}, {}});
    }
    /// One after another, of those that lie where they are said to lie.
    template <typename Work>
    mail::Task<QList<mail::MessageId>> change(const QList<mail::MessageId> &ids, Work work)
    {
        changed.append(ids.size());
        return mail::runOn(&m_place, [this, ids, work]() -> mail::Result<QList<mail::MessageId>> {
            if (refusal)
                return tl::unexpected(*refusal);
            QList<mail::MessageId> done;
            bool isAnyThere = false;
            for (mail::MessageId id : ids) {
                if (places.value(id.unique.toLongLong()) != id.folder)
                    continue;
                isAnyThere = true;
                if (work(id))
                    done.append(id);
            }
            if (onChange)
                onChange();
            if (!isAnyThere)
                return missing();
            return done;
        });
    }

    QObject m_place;
    qint64 m_newest = 0;
};

} // namespace glasspost::test
