#pragma once

#include <QList>
#include <QString>
#include <QStringList>
#include <QStringView>

#include <utility>

namespace glasspost::mail {

struct HtmlToken
{
    enum class Kind { Text, Open, Close, StyleSheet, End, Comment, Declaration };
    Kind kind = Kind::End;
    QStringView text; ///< as it stands, entities not decoded; StyleSheet: what the style element holds
    QString name; ///< Open, Close: in small letters
    QList<std::pair<QString, QString>>
        attributes; ///< Open, StyleSheet: names in small letters, values decoded
    QStringList repeated; ///< names of attributes that stand there again, and do not count
    qsizetype begin = 0; ///< its first character
    // Of HtmlTokens::Elements::All:
    bool isUnended = false; ///< a tag or comment that the end of the text cuts off
    bool isWhole = false; ///< Open: what it holds was left out, and its end tag with it

    [[nodiscard]] QString attribute(QStringView wanted) const;
    /// Of the elements that are shown: br, hr, col and img have no end tag.
    [[nodiscard]] bool isVoid() const;
};

/// Cuts HTML into tokens in one pass: comments, declarations, and elements whose content is no text for
/// people (script, frames, drawings ...) are left out with all they hold; a style sheet is one token. Any
/// input gives tokens; a tag that never ends is dropped with what follows it.
class HtmlTokens
{
public:
    enum class Elements {
        Shown,
        All ///< comments, declarations and each start tag too; what scripts and the like hold is left out
    };
    explicit HtmlTokens(QStringView html, Elements elements = Elements::Shown)
        : m_html(html), m_elements(elements)
    { }
    HtmlToken next();
    /// So many characters are read once more.
    void goBack(qsizetype characters) { m_at -= characters; }

private:
    bool readMarkup(HtmlToken &token);
    bool readTag(HtmlToken &token);
    bool readAttributes(HtmlToken &token);
    QString readValue();
    void skipBlanks();
    bool skipPast(QStringView end);
    void leaveOut(HtmlToken &token, HtmlToken::Kind kind, bool isEnded) const;
    QStringView takeContent(const QString &name);

    QStringView m_html;
    Elements m_elements;
    qsizetype m_at = 0;
};

/// Character references replaced by their characters: numbers, the names of HTML 4, and common ones of
/// HTML 5.
QString decodedEntities(QStringView text);

/// A link that may be followed: http, https or mailto. Browsers drop blanks and controls before they look at
/// the scheme ("java\nscript:"), and so do we.
QString cleanLink(const QString &href);
/// The Content-ID that a "cid:" reference names (RFC 2392); empty for any other.
QString contentIdOf(const QString &reference);

} // namespace glasspost::mail
