#include "ui/mailbox/savedsearches.h"

#include <algorithm>

namespace glasspost::ui {

namespace {

constexpr qsizetype longestSearchName = 60; // characters
constexpr qsizetype longestSearch = 2000; // likewise
constexpr qsizetype mostSearches = 200;
const QString searchesKey = QStringLiteral("searches/saved");

QString searchName(const QString &typed)
{
    return typed.simplified().left(longestSearchName).trimmed();
}

bool isSameName(const QString &a, const QString &b)
{
    return a.compare(b, Qt::CaseInsensitive) == 0;
}

} // namespace

SavedSearch unifiedInbox()
{
    return {SavedSearches::tr("All inboxes"), QStringLiteral("in:inbox")};
}

QList<SavedSearch> SavedSearches::all() const
{
    return QList<SavedSearch>{unifiedInbox()} + m_saved;
}

int SavedSearches::find(const QString &name) const
{
    const auto found = std::find_if(m_saved.cbegin(), m_saved.cend(),
        [&name](const SavedSearch &search) { return isSameName(search.name, name); });
    return found == m_saved.cend() ? -1 : int(found - m_saved.cbegin());
}

bool SavedSearches::contains(const QString &name) const
{
    return find(name) >= 0 || isSameName(name, unifiedInbox().name);
}

QString SavedSearches::save(const QString &name, const QString &words)
{
    const SavedSearch search{searchName(name), words.trimmed().left(longestSearch)};
    const int place = find(search.name);
    if (search.name.isEmpty() || search.words.isEmpty() || isSameName(search.name, unifiedInbox().name)
        || (place < 0 && m_saved.size() >= mostSearches))
        return {};
    if (place < 0)
        m_saved.append(search);
    else
        m_saved[place] = search;
    Q_EMIT changed();
    return search.name;
}

bool SavedSearches::rename(const QString &name, const QString &newName)
{
    const QString renamed = searchName(newName);
    const int place = find(name);
    // Another way to write its own name is none of another one.
    if (place < 0 || renamed.isEmpty() || (contains(renamed) && find(renamed) != place))
        return false;
    m_saved[place].name = renamed;
    Q_EMIT changed();
    return true;
}

void SavedSearches::remove(const QString &name)
{
    if (const int place = find(name); place >= 0) {
        m_saved.removeAt(place);
        Q_EMIT changed();
    }
}

void SavedSearches::putBack(const SavedSearch &search, qsizetype place)
{
    if (contains(search.name) || m_saved.size() >= mostSearches)
        return;
    m_saved.insert(std::clamp<qsizetype>(place - 1, 0, m_saved.size()), search); // the first is not saved
    Q_EMIT changed();
}

QVariantMap SavedSearches::written() const
{
    QStringList lines;
    for (const SavedSearch &search : m_saved)
        lines << search.name << search.words;
    return {{searchesKey, lines}};
}

void SavedSearches::read(const QVariantMap &remembered)
{
    const QStringList lines = remembered.value(searchesKey).toStringList();
    m_saved.clear();
    for (qsizetype i = 0; i + 1 < lines.size() && m_saved.size() < mostSearches; i += 2) {
        const QString name = searchName(lines[i]);
        const QString words = lines[i + 1].trimmed().left(longestSearch);
        if (!name.isEmpty() && !words.isEmpty() && !contains(name))
            m_saved.append({name, words});
    }
    Q_EMIT loaded();
}

} // namespace glasspost::ui
