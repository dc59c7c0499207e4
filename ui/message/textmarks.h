#pragma once

#include "ui/message/textview.h"

#include <QPalette>
#include <QSet>
#include <QSyntaxHighlighter>

class QRegularExpression;

namespace glasspost::ui {

/// Prose: quoted lines in a color for each depth, the signature, links. Source: names of header fields.
class TextMarks : public QSyntaxHighlighter
{
    Q_OBJECT
public:
    /// continued: numbers of the blocks that go on with the line before; outlives the marks.
    TextMarks(TextView::Look look, const QSet<int> &continued, QTextDocument *document);

    void setPalette(const QPalette &palette);

protected:
    void highlightBlock(const QString &text) override;

private:
    void markProse(const QString &text);
    void markHeader(const QString &text);

    TextView::Look m_look;
    const QSet<int> &m_continued;
    QPalette m_palette;
};

/// How deep a line is quoted, as it was marked; 0 before that.
[[nodiscard]] int markedDepth(const QTextBlock &block);
/// RFC 3676 4.3: the line above a signature.
[[nodiscard]] bool isSignatureMark(const QString &line);
/// What can be clicked in plain text.
[[nodiscard]] const QRegularExpression &linksInText();

} // namespace glasspost::ui
