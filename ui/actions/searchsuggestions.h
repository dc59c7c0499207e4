#pragma once

#include <QList>
#include <QString>
#include <QStringList>

namespace glasspost::ui {

struct SearchSuggestion
{
    QString text; ///< what replaces the piece that is typed
    QString meaning; ///< in a few words

    friend bool operator==(const SearchSuggestion &, const SearchSuggestion &) = default;
};

struct SearchSuggestions
{
    qsizetype begin = 0; ///< of the piece that is typed, which ends at the cursor
    QList<SearchSuggestion> list;
};

/// What in: and tag: may name.
struct SearchNames
{
    QStringList folders;
    QStringList tags;
};

/// How the word before the cursor may go on: operators that begin so, and behind one what it takes. With
/// Asked::Yes every operator where no word has begun.
enum class Asked { No, Yes };
SearchSuggestions suggestionsFor(
    const QString &text, qsizetype cursor, const SearchNames &names, Asked asked = Asked::No);

} // namespace glasspost::ui
