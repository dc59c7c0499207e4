#pragma once

#include "mail/journal/transaction.h"
#include "mail/maildir/messageid.h"

#include <QHash>
#include <QMap>
#include <QStringList>

#include <optional>

namespace glasspost::mail {

/// The words as a tag has them: on one line, with single blanks, of at most longestTag characters; empty when
/// nothing is left.
QString tagOf(const QString &words);
constexpr qsizetype longestTag = 60;
/// What two tags are told apart by: "Work" is "work".
QString tagKey(const QString &tag);
/// Both, each once, in their order.
QStringList mergedTags(QStringList tags, const QStringList &add);
/// A message's tags with some more and without others, in their order.
QStringList retagged(QStringList tags, const QStringList &add, const QStringList &remove);

/// The tags that a message says it has, in its X-Tags field: words between commas, of which letters, digits,
/// blanks, "-", "." and "_" are kept. In alphabetical order.
QStringList tagsOfField(QByteArrayView source);

/// The tags of all messages, as tags/USER of the data folder has them. They belong to a message's unique
/// name, so that they stay with it whatever its flags and folder, and whatever becomes of the index. What
/// changes is written by the journal: step() goes into a transaction. One thread.
class MessageTags
{
public:
    /// dataFolder: an open one. Reads the files: blocks on the disk.
    explicit MessageTags(int dataFolder);

    /// Why the user's file could not be read: it must not be replaced, for its tags are not known.
    [[nodiscard]] std::optional<Error> failureOf(const QString &user) const;
    [[nodiscard]] QStringList of(const MessageId &id) const;
    /// Whether it was said which it has, if only that it has none.
    [[nodiscard]] bool knows(const MessageId &id) const;
    void set(const MessageId &id, const QStringList &tags); ///< none: nothing is known of it any more
    void setNone(const MessageId &id); ///< whatever the message says itself
    [[nodiscard]] QStringList names() const; ///< every tag that a message has, in alphabetical order
    /// Writes the user's tags as they are now.
    [[nodiscard]] FileStep step(const QString &user) const;

private:
    struct Use
    {
        QString name; ///< as it was written first
        int count = 0; ///< of messages
    };

    void read(const QString &user, const QByteArray &lines);
    void count(const QStringList &tags, int more);

    std::optional<Error> m_folderFailure; ///< nobody's file was read
    QHash<QString, Error> m_failures; ///< by user
    QHash<QString, QMap<QByteArray, QStringList>> m_users; ///< by name and unique name
    QMap<QString, Use> m_uses; ///< by key
};

} // namespace glasspost::mail
