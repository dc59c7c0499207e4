#pragma once

#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

namespace glasspost::mail {

/// A condition, as Sieve has tests (RFC 5228 5): what of a message is looked at, how, and for which words.
/// AllOf, AnyOf and Not hold of their children; Not has one.
struct RuleTest
{
    enum class Kind {
        True,
        False,
        AllOf,
        AnyOf,
        Not,
        Header, ///< names: fields; their whole text, decoded
        Address, ///< names: fields; each address in them, or the part of it
        Envelope, ///< names: "from", "to"
        Exists, ///< names: fields, all of which must be there
        Size, ///< isOver, size
        Body, ///< RFC 5173; isRaw, else its text
        Environment ///< RFC 5183; names: one item of ruleEnvironment()
    };
    enum class Match {
        Is,
        Contains,
        Matches
    }; ///< Matches: * and ?, with \ before one that stands for itself
    enum class Comparator { AsciiCasemap, UnicodeCasemap, Octet }; ///< RFC 4790 9, RFC 5051
    enum class Part { All, LocalPart, Domain };

    Kind kind = Kind::True;
    QList<RuleTest> children = {};
    QStringList names = {};
    QStringList keys = {}; ///< any of which is to match any of the values
    Match match = Match::Is;
    Comparator comparator = Comparator::AsciiCasemap;
    Part part = Part::All; ///< Address, Envelope
    bool isRaw = false;
    bool isOver = true; ///< Size: larger, else smaller
    qint64 size = 0; ///< octets on the wire

    friend bool operator==(const RuleTest &, const RuleTest &) = default;
};

/// What RFC 5183 asks about where a message came from, and what only we know.
struct RuleEnvironment
{
    static constexpr char remoteIp[] = "remote-ip"; ///< of the client
    static constexpr char listener[] = "vnd.glasspost.listener"; ///< "127.0.0.1:2525"
    static constexpr char signIn[] = "vnd.glasspost.sign-in"; ///< the name; empty: nobody signed in
    static constexpr char mailbox[] = "vnd.glasspost.mailbox"; ///< whose Inbox it comes into
    static constexpr char senderKnown[] = "vnd.glasspost.sender-known"; ///< "yes": mail was sent to it; "no"
};

/// What a rule does with a message (RFC 5228 4).
struct RuleAction
{
    enum class Kind {
        Keep, ///< in the Inbox, though another action takes it away
        File, ///< text: a folder; see folderOfRule()
        Forward, ///< text: an address
        Release, ///< words: patterns ("*@example.org"); to those of its own recipients that they allow
        Discard,
        AddFlags, ///< words: RFC 5232's system flags (\Seen), any other word is a tag
        SetFlags,
        RemoveFlags,
        Program, ///< words: the program and its arguments; the message is its standard input
        Notify, ///< text: what the window says, may be empty
        Stop ///< no further rule
    };
    Kind kind = Kind::Keep;
    QString text = {};
    QStringList words = {};
    bool isCopy = false; ///< File, Forward: the message stays in the Inbox as well (RFC 3894)
    std::optional<QStringList> flags = {}; ///< Keep, File: in the place of those that were given so far

    friend bool operator==(const RuleAction &, const RuleAction &) = default;
};

struct Rule
{
    QString name;
    bool isEnabled = true;
    RuleTest test;
    QList<RuleAction> actions;

    friend bool operator==(const Rule &, const Rule &) = default;
};

} // namespace glasspost::mail
