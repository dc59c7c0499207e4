#pragma once

#include <QList>
#include <QString>
#include <QStringView>

#include <utility>

namespace glasspost::mail {

struct HtmlToken
{
    enum class Kind { Text, Open, Close, End };
    Kind kind = Kind::End;
    QStringView text; ///< Text: as it stands, entities not decoded
    QString name; ///< Open, Close: in small letters
    QList<std::pair<QString, QString>> attributes; ///< Open: names in small letters, values decoded

    [[nodiscard]] QString attribute(QStringView wanted) const;
};

/// Cuts HTML into tokens in one pass: comments, declarations, and elements whose content is no text for
/// people (script, style, frames, drawings ...) are left out with all they hold. Any input gives tokens; a
/// tag that never ends is dropped with what follows it.
class HtmlTokens
{
public:
    explicit HtmlTokens(QStringView html) : m_html(html) { }
    HtmlToken next();

private:
    bool readMarkup(HtmlToken &token);
    bool readTag(HtmlToken &token);
    bool readAttributes(HtmlToken &token);
    QString readValue();
    void skipBlanks();
    void skipPast(QStringView end);
    void skipElement(const QString &name);

    QStringView m_html;
    qsizetype m_at = 0;
};

/// Character references replaced by their characters: numbers, and the names of Latin-1 and common marks.
QString decodedEntities(QStringView text);

} // namespace glasspost::mail
