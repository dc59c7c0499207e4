#pragma once

#include <QList>
#include <QString>
#include <QStringList>

namespace glasspost::mail {

/// Where a term looks.
enum class SearchField {
    Anywhere,
    From,
    To,
    Cc,
    Bcc,
    Subject,
    Body,
    FileName,
    List,
    EnvelopeFrom,
    EnvelopeTo,
    Has,
    Is,
    In,
    Tag,
    Id,
    Session,
    Before,
    After,
    Date,
    Larger,
    Smaller
};

/// Whether a term of that field is words of a message's text: the fields up to EnvelopeTo.
constexpr bool takesWords(SearchField field)
{
    return field <= SearchField::EnvelopeTo;
}

struct SearchOperator
{
    SearchField field;
    QString name; ///< without the colon
    QStringList values; ///< the words it takes, where it takes certain ones only
};
/// In the order in which they are offered.
const QList<SearchOperator> &searchOperators();

struct SearchTerm
{
    SearchField field = SearchField::Anywhere;
    QString text;
    bool isPrefix = false; ///< it may go on: the last word, unless a blank follows it, and "inv*"

    friend bool operator==(const SearchTerm &, const SearchTerm &) = default;
};

/// A search as a tree: All and Any hold of their children, which may be none; Not of its only child; a Term
/// has none.
struct SearchNode
{
    enum class Kind { All, Any, Not, Term };
    Kind kind = Kind::All;
    QList<SearchNode> children;
    SearchTerm term;

    friend bool operator==(const SearchNode &, const SearchNode &) = default;
};

/// What of a search was not understood, and became words.
struct SearchNotice
{
    enum class Kind {
        UnknownOperator, ///< text is its name
        UnknownValue, ///< text is the term, "before:soon"
        TooLong ///< what follows the first mostSearchTerms terms was left out
    };
    Kind kind = Kind::UnknownOperator;
    QString text;

    friend bool operator==(const SearchNotice &, const SearchNotice &) = default;
};

constexpr int mostSearchTerms = 200;
/// Brackets within brackets; deeper ones are read as blanks. The parsers of SQLite hold a hundred tokens.
constexpr int deepestSearch = 6;

struct SearchTree
{
    SearchNode root;
    QList<SearchNotice> notices;
};

/// Reads what a person typed:
///
///     search = all *("OR" all)
///     all    = *(["AND"] not)
///     not    = *("-" / "NOT") (term / [operator ":"] "(" search ")")
///     term   = [operator ":"] (word / DQUOTE phrase DQUOTE)
///
/// The operators are those of searchOperators(), in whatever case; OR, AND and NOT are written large. Total:
/// what is left open ends with the text, a closing bracket too many is a word, an operator word without
/// something to join is one too or, at the end, nothing yet. An operator before a bracket is that of its bare
/// words.
SearchTree readSearch(const QString &text);

} // namespace glasspost::mail
