#pragma once

#include <QString>
#include <QStringView>

namespace glasspost::mail {

struct CssToken
{
    enum class Kind {
        Identifier,
        Function, ///< its name; the "(" is read
        AtKeyword, ///< without "@"
        Hash, ///< without "#"
        Text, ///< a string, escapes resolved
        Url, ///< of an unquoted url(...)
        Number, ///< number and unit, which is "%" for a percentage and empty for a plain number
        Blank, ///< any number of blanks and comments
        Delimiter, ///< one character, brackets, ":", ";" and "," among them
        Bad, ///< a string or url that is cut off
        End
    };
    Kind kind = Kind::End;
    QString text;
    double number = 0;
    QChar delimiter;

    [[nodiscard]] bool is(char16_t wanted) const { return kind == Kind::Delimiter && delimiter == wanted; }
    [[nodiscard]] bool isIdentifier(QLatin1String wanted) const
    {
        return kind == Kind::Identifier && text.compare(wanted, Qt::CaseInsensitive) == 0;
    }
    /// Whether a bracket opens here, the one of a function among them.
    [[nodiscard]] bool opens() const { return kind == Kind::Function || is(u'(') || is(u'[') || is(u'{'); }
    [[nodiscard]] bool closes() const { return is(u')') || is(u']') || is(u'}'); }
};

/// Cuts a style sheet into tokens in one pass, as CSS Syntax Level 3 (section 4) has it, so that no escape,
/// comment or string hides from who looks at them. Any input gives tokens; linear in its size.
class CssTokens
{
public:
    explicit CssTokens(QStringView css) : m_css(css) { }
    CssToken next();
    [[nodiscard]] qsizetype position() const { return m_at; } ///< of what next() reads

private:
    [[nodiscard]] QChar at(qsizetype ahead = 0) const;
    [[nodiscard]] bool startsEscape(qsizetype ahead = 0) const;
    [[nodiscard]] bool startsName(qsizetype ahead = 0) const;
    [[nodiscard]] bool startsNumber() const;
    bool skipBlanks();
    void appendEscape(QString &text);
    QString readName();
    CssToken readNumber();
    CssToken readText();
    CssToken readUrl();
    CssToken readNamed();

    QStringView m_css;
    qsizetype m_at = 0;
};

} // namespace glasspost::mail
