#pragma once

#include "smtp/session/transcript.h"
#include "smtp/syntax/enhancedstatuscode.h"

#include <QList>
#include <QString>

namespace glasspost::ui {

struct TranscriptExchange;
struct TranscriptSession;

/// What a term of a filter looks at: the line itself, the exchange that it belongs to (a command with its
/// reply, so that "verb:RCPT code:5xx" shows both), or its session.
enum class FilterField {
    Text, ///< the line has it, without case
    Verb, ///< of the exchange's command
    Code, ///< of the exchange's reply: "550", "55x", "5xx", "5", or its status code: "5.1.1", "5.1"
    From, ///< part of the sender of the transaction; "<>" for the null reverse-path
    To, ///< part of the recipient, of RCPT and its reply
    Peer, ///< part of the session's other end: address, port or name
    User, ///< part of the name that signed in
    Session, ///< the session's short name or its id, or the beginning of either
    Who ///< client, server or event
};

struct FilterTerm
{
    FilterField field = FilterField::Text;
    QString text; ///< as typed, without quotes and angle brackets
    QString digits; ///< of Code: what each character of a reply code must be, "5xx"; empty for a status code
    QList<int> status; ///< of Code: class, subject, detail, as many as were given; -1 for any
    smtp::Speaker who = smtp::Speaker::Event;

    friend bool operator==(const FilterTerm &, const FilterTerm &) = default;
};

/// All and Any hold of their children; Not has one; a Term has none.
struct FilterNode
{
    enum class Kind { All, Any, Not, Term };
    Kind kind = Kind::All;
    QList<FilterNode> children;
    FilterTerm term;

    friend bool operator==(const FilterNode &, const FilterNode &) = default;
};

/// What of a filter was not understood, and what became of it.
struct FilterNotice
{
    enum class Kind {
        UnknownField, ///< text is its name; the term looks for text
        InvalidValue, ///< text is the term, "code:abc"; it looks for that text
        MissingValue, ///< text is the field's name; the term is ignored
        UnclosedBracket, ///< it ends with the text
        UnopenedBracket, ///< ignored
        UnclosedQuote, ///< it ends with the text
        NothingToJoin, ///< OR or NOT without something to join; ignored
        TooLong ///< what follows the first mostFilterTerms terms, or is deeper than deepestFilter, is ignored
    };
    Kind kind = Kind::UnknownField;
    QString text;

    friend bool operator==(const FilterNotice &, const FilterNotice &) = default;
};

constexpr int mostFilterTerms = 100;
constexpr int deepestFilter = 16; ///< brackets within brackets

/// A filter of transcript lines, parsed once. The default one shows every line.
struct LineFilter
{
    FilterNode root;
    QList<FilterNotice> notices;
    bool asksForReply = false; ///< a command is not judged before its reply is there

    [[nodiscard]] bool isEmpty() const { return root == FilterNode(); }
    friend bool operator==(const LineFilter &, const LineFilter &) = default;
};

/// Reads what a person typed:
///
///     filter = all *("OR" all)
///     all    = *(["AND"] not)
///     not    = *("-" / "NOT") (term / "(" filter ")")
///     term   = [field ":"] (word / DQUOTE phrase DQUOTE)
///
/// Fields in whatever case; OR, AND and NOT are written large. Total: the notices say what was not
/// understood.
LineFilter parseLineFilter(const QString &text);

/// The exchange is null for an event.
bool matches(const LineFilter &filter, const smtp::TranscriptEntry &entry, const TranscriptExchange *exchange,
    const TranscriptSession &session);

/// One sentence for people; the typed text in it is made harmless.
QString noticeText(const FilterNotice &notice);
/// How a filter is written, for people: the fields with an example each, a line each.
QString filterHelp();

} // namespace glasspost::ui
