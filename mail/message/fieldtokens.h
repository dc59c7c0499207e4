#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

namespace glasspost::mail {

/// A piece of a structured field's value (RFC 5322 3.2): a word, a quoted string without its quotes, a
/// comment without its brackets, or one separator.
struct FieldToken
{
    enum class Kind { Word, Quoted, Comment, Separator };
    Kind kind = Kind::Word;
    QByteArray text;

    [[nodiscard]] bool isSeparator(char separator) const
    {
        return kind == Kind::Separator && text.front() == separator;
    }
    [[nodiscard]] bool isText() const { return kind == Kind::Word || kind == Kind::Quoted; }
    friend bool operator==(const FieldToken &, const FieldToken &) = default;
};

/// Splits an unfolded value at blanks and at these separators, of which each is a token. Linear and without
/// recursion: comments lie in each other as deep as they like, and what is left open ends with the value.
QList<FieldToken> fieldTokens(QByteArrayView value, QByteArrayView separators);

} // namespace glasspost::mail
