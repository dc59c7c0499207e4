#pragma once

#include <QHash>
#include <QList>
#include <QString>
#include <QStringList>
#include <QStringView>

#include <utility>

namespace glasspost::mail {

struct HtmlToken;

/// An element of HTML as its sender wrote it.
struct HtmlElement
{
    QString name; ///< in small letters
    QList<std::pair<QString, QString>> attributes; ///< names in small letters, values decoded
    QStringList repeated; ///< attributes that are there again
    int parent = -1;
    qsizetype begin = 0; ///< of its start tag, in characters

    [[nodiscard]] bool has(QStringView attribute) const;
    [[nodiscard]] QString attribute(QStringView wanted) const; ///< null where it is not there
};

/// Text between tags.
struct HtmlTextRun
{
    QString text; ///< entities decoded
    int parent = -1;
    qsizetype begin = 0;
};

/// What a style element holds.
struct HtmlStyleSheet
{
    QString text;
    int element = 0; ///< among HtmlDocument::elements
    qsizetype begin = 0; ///< of the text
};

/// Where the markup is not as it should be.
struct MarkupFault
{
    enum class Kind { TagUnended, ElementUnclosed, EndTagStray };
    Kind kind = Kind::TagUnended;
    QString element; ///< empty of a comment
    qsizetype begin = 0;
};

/// HTML as a tree, in the order of its text. Linear in its size, never recursive: elements deeper than 256
/// lie side by side, and of text that goes on past the first hundred thousand elements nothing more is read.
class HtmlDocument
{
public:
    explicit HtmlDocument(const QString &html);

    [[nodiscard]] const QList<HtmlElement> &elements() const { return m_elements; }
    [[nodiscard]] const QList<HtmlTextRun> &texts() const { return m_texts; }
    [[nodiscard]] const QList<HtmlStyleSheet> &styleSheets() const { return m_styleSheets; }
    [[nodiscard]] const QList<MarkupFault> &faults() const { return m_faults; }
    [[nodiscard]] const QList<qsizetype> &comments() const { return m_comments; } ///< where they begin
    [[nodiscard]] bool hasDoctype() const { return m_hasDoctype; }
    [[nodiscard]] qint64 lineAt(qsizetype offset) const; ///< from 1
    /// Whether it is within one of these elements.
    [[nodiscard]] bool isIn(int element, const QStringList &names) const;

private:
    void read(const QString &html);
    void open(const HtmlToken &token, const QString &html);
    void close(const QString &name, qsizetype begin);
    void endImplied(const QString &name);
    void popTo(qsizetype size);
    void add(const HtmlToken &token);

    QList<HtmlElement> m_elements;
    QList<HtmlTextRun> m_texts;
    QList<HtmlStyleSheet> m_styleSheets;
    QList<MarkupFault> m_faults;
    QList<qsizetype> m_comments;
    QList<qsizetype> m_lineBegins;
    QList<int> m_open; ///< elements, the innermost last
    QHash<QString, int> m_counts; ///< of the open ones, by name
    bool m_hasDoctype = false;
};

} // namespace glasspost::mail
