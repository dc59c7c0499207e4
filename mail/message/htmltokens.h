#pragma once

#include <QList>
#include <QString>
#include <QStringView>

#include <utility>

namespace glasspost::mail {

struct HtmlToken
{
    enum class Kind { Text, Open, Close, StyleSheet, End };
    Kind kind = Kind::End;
    QStringView text; ///< as it stands, entities not decoded; StyleSheet: what the style element holds
    QString name; ///< Open, Close: in small letters
    QList<std::pair<QString, QString>>
        attributes; ///< Open, StyleSheet: names in small letters, values decoded

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
    explicit HtmlTokens(QStringView html) : m_html(html) { }
    HtmlToken next();
    /// So many characters are read once more.
    void goBack(qsizetype characters) { m_at -= characters; }

private:
    bool readMarkup(HtmlToken &token);
    bool readTag(HtmlToken &token);
    bool readAttributes(HtmlToken &token);
    QString readValue();
    void skipBlanks();
    void skipPast(QStringView end);
    QStringView takeContent(const QString &name);

    QStringView m_html;
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
