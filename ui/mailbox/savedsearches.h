#pragma once

#include <QList>
#include <QObject>
#include <QString>
#include <QVariantMap>

namespace glasspost::ui {

/// A search that is a place of its own.
struct SavedSearch
{
    QString name;
    QString words; ///< in the language of mail/index/searchtree.h

    friend bool operator==(const SavedSearch &, const SavedSearch &) = default;
};

/// The Inboxes of everybody, which is always there.
[[nodiscard]] SavedSearch unifiedInbox();

/// The searches that a person has saved, in the order in which they were, each under a name of its own, which
/// differs from the others in more than case.
class SavedSearches : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    /// The unified inbox first.
    [[nodiscard]] QList<SavedSearch> all() const;
    [[nodiscard]] bool contains(const QString &name) const;

    /// Under a name that there is already it takes that one's place; the unified inbox keeps its own. The
    /// name as it was saved: on one line, shortened. Null when nothing is left of it or of the words.
    QString save(const QString &name, const QString &words);
    /// False when the new name is another one's, or none.
    bool rename(const QString &name, const QString &newName);
    void remove(const QString &name);
    /// After a removal that is taken back, behind as many as were before it; the others stay as they are now.
    /// Not when there is one of that name again.
    void putBack(const SavedSearch &search, qsizetype place);

    /// To be remembered, and back; what is no search is left out.
    [[nodiscard]] QVariantMap written() const;
    void read(const QVariantMap &remembered);

Q_SIGNALS:
    void changed(); ///< by a person
    void loaded(); ///< read() was called

private:
    [[nodiscard]] int find(const QString &name) const;

    QList<SavedSearch> m_saved;
};

} // namespace glasspost::ui
